#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""callgrind.py TARGET GOLDEN SAMPLED EXTREME: callgrind_annotate finds the report's numbers, by itself and
with callees, also where functions call themselves and each other."""

import collections
import re
import sys

import exporting
import harness
from harness import check, check_equal

WHOLE = "???:[all]"
NUMBER = r"(?:[\d,]+ \( *[\d.]+%\)|0|\.) +"


def function(frame):
    """As callgrind_annotate knows functions."""
    return f"{exporting.printable(frame['file'] or '???')}:{exporting.name_of(frame)}"


def annotate(path, *options):
    """The totals by event, and {function: by event}."""
    done = harness.run([annotator, "--threshold=100", "--auto=no", *options, path],
                       cwd=exporting.work)
    check_equal((done.status, done.err), (0, b""), f"callgrind_annotate {options}")
    text = done.out.decode()
    events = re.search(r"Events recorded: +(.*)", text)[1].split()
    rows = {}
    for line in text.splitlines():
        row = re.fullmatch("(" + NUMBER * len(events) + r")(.+?)(?: \[.*\])?", line.strip())
        if row:
            numbers = re.sub(r"\( *[\d.]+%\)|,", "", row[1]).replace(".", "0").split()
            rows[row[2].strip()] = dict(zip(events, map(int, numbers)))
    return rows.pop("PROGRAM TOTALS"), rows


def of(rows, event):
    return {name: row[event] for name, row in rows.items() if row[event]}


def check_file(what, moment):
    path = exporting.exported("callgrind", moment)
    truth = exporting.Truth(moment)
    totals, itself = annotate(path)
    _, below = annotate(path, "--inclusive=yes")
    for event, total in totals.items():
        wanted = sum(row[event] for row in truth.rows)
        check_equal(total, wanted, f"{what}: total of {event}")
        exporting.same(of(itself, event), truth.flat(event, function), f"{what}: {event}")
        with_callees = truth.below(event, function)
        if wanted:
            with_callees[WHOLE] = wanted
        exporting.same(of(below, event), with_callees, f"{what}: {event} with callees")
    return path


def lines_of(path):
    """{(function, line): its own bytes}; and {(caller, callee): (calls, bytes)}."""
    names, lines, calls = {}, collections.Counter(), {}
    current = callee = None
    for line in path.read_text().splitlines():
        name = re.fullmatch(r"(fn|cfn)=\((\d+)\)(?: (.*))?", line)
        if name:
            names.setdefault(name[2], name[3])
            current, callee = (names[name[2]], None) if name[1] == "fn" else (current, names[name[2]])
        elif line.startswith("calls="):
            count = int(line[6:].split()[0])
        elif re.match(r"\d", line):
            at, size = map(int, line.split()[:2])
            if callee:
                before = calls.get((current, callee), (0, 0))
                calls[current, callee] = (before[0] + count, before[1] + size)
            else:
                lines[current, at] += size
            callee = None
    return lines, calls


moments = exporting.moments(*sys.argv[1:])
annotator = exporting.tool("callgrind_annotate")
for what, moment in moments.items():
    check_file(what, moment)

path = check_file("target", moments["target at the end"])
_, itself = annotate(path)
_, below = annotate(path, "--inclusive=yes")
held = {name.rpartition(":")[2]: row["bytes"] for name, row in itself.items()}
held_below = {name.rpartition(":")[2]: row["bytes"] for name, row in below.items()}
exporting.same({name: held.get(name) for name in exporting.AT_END},
               {name: size for name, (size, _) in exporting.AT_END.items()}, "by arithmetic")
exporting.same({name: held_below.get(name) for name in exporting.BELOW_AT_END},
               exporting.BELOW_AT_END, "with callees, by arithmetic")
check_equal(exporting.strange_of({name: row["bytes"] for name, row in itself.items()}), 333,
            "a strange name")

source = harness.pathlib.Path(__file__).with_name("target.c")
lines, calls = lines_of(path)
check_equal(lines["dive", harness.line_of(source, "malloc(64);")], 51 * 64, "a line's own")
check_equal(calls["dive", "dive"], (49 + 48 * 49 // 2, 0), "a call of itself has nothing")
check_equal((calls["ping", "pong"][1], calls["pong", "ping"][1]), (3020, 0),
            "of calls in turns the outermost has all")
check_equal(calls["main", "dive"], (51, 51 * 64), "a call from outside")
check_equal(calls["outer", "inner"], (10, 1000), "an inlined call")
harness.finish()
