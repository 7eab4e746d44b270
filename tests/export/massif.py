#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""massif.py TARGET GOLDEN SAMPLED EXTREME: ms_print reads the file, and finds the report's trees in it."""

import collections
import re
import sys

import exporting
import harness
from harness import check, check_equal

NODE = re.compile(r"( *)n(\d+): (\d+) (.*)")
SHARE = re.compile(r"([| ]*)(?:->)?\d+\.\d+% \(([\d,]+)B\) (.*)")


class Snapshot:
    """A moment of a file, with the lines of its tree: [(depth, children, bytes, text)]."""

    def __init__(self, fields, tree):
        self.time, self.bytes, self.kind = (fields[name] for name in ("time", "mem_heap_B", "heap_tree"))
        self.bytes, self.tree = int(self.bytes), tree


def read(text):
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    head = [line for line in lines[:lines.index("time_unit: ms")]]
    check(all(re.match("desc: |cmd: ", line) for line in head), f"head: {head}")
    fields, tree = {}, []
    for line in lines[len(head) + 1:] + ["snapshot=end"]:
        name, _, value = line.partition("=")
        node = NODE.fullmatch(line)
        if node and "heap_tree" in fields:
            tree.append((len(node[1]), int(node[2]), int(node[3]), node[4]))
            continue
        if name == "snapshot" and fields:
            yield Snapshot(fields, tree)
            fields, tree = {}, []
        fields[name] = value


def label(frame):
    return exporting.label_of(frame).replace("#", "_")


def outward(truth, field):
    """{frames, innermost first: bytes of all stacks that begin so}"""
    sums = collections.Counter()
    for stack, size in truth.by_stack(field, label).items():
        for depth in range(1, len(stack) + 1):
            sums[stack[::-1][:depth]] += size
    return sums


def check_tree(what, snapshot, wanted):
    """Each line has what the stacks have, and no line is missing but those below the threshold."""
    path, found, small, left = [], {}, {}, []
    for depth, children, size, text in snapshot.tree:
        check(len(left) == depth, f"{what}: depth {depth} of {text}")
        del path[max(depth - 1, 0):]
        if "below heapmark's threshold" in text:
            small[tuple(path)] = (size, int(re.match(r"in (\d+) place", text)[1]))
        elif depth:
            path.append(re.fullmatch(r"0x[0-9A-F]+: (.*)", text)[1])
            found[tuple(path)] = size
        left.append(children)
        while left and left[-1] == 0:
            left.pop()
            if left:
                left[-1] -= 1
    check_equal(left, [], f"{what}: children that were announced")
    shown = {stack: size for stack, size in wanted.items()
             if size * 1000 >= snapshot.bytes and (len(stack) == 1 or stack[:-1] in found)}
    exporting.same(found, shown, f"{what}: tree")
    rest = collections.defaultdict(lambda: (0, 0))
    for stack, size in wanted.items():
        if stack not in found and (len(stack) == 1 or stack[:-1] in found):
            rest[stack[:-1]] = (rest[stack[:-1]][0] + size, rest[stack[:-1]][1] + 1)
    exporting.same(small, rest, f"{what}: what is below the threshold")


def check_file(what, moment):
    truth = exporting.Truth(moment)
    path = exporting.exported("massif", moment)
    snapshots = list(read(path.read_text()))
    times = [float(snapshot.time) for snapshot in snapshots]
    check_equal(times, sorted(times), f"{what}: times")
    detailed = [snapshot for snapshot in snapshots if snapshot.kind != "empty"]
    check_equal([s.kind for s in detailed].count("peak"), 1, f"{what}: one peak")
    fields = {"peak": "peak_bytes", "detailed": "end_bytes"}
    if truth.when["kind"] == "snapshot":
        check_equal(len(detailed), 3, f"{what}: the moment besides")
    for snapshot in detailed:
        is_moment = len(detailed) == 3 and snapshot.kind == "detailed" and snapshot != detailed[-1]
        field = "bytes" if is_moment else fields[snapshot.kind]
        wanted = outward(truth, field)
        check_equal(snapshot.bytes, sum(row[field] for row in truth.rows), f"{what}: {field}")
        check_tree(f"{what}: {field}", snapshot, wanted)
    return path, snapshots


def check_ms_print(what, path, snapshots):
    """That it reads all, and shows the peak and the first level of its tree."""
    done = harness.run([ms_print, "--threshold=0", path], cwd=exporting.work)
    check_equal((done.status, done.err), (0, b""), f"{what}: ms_print")
    text = done.out.decode()
    check_equal(int(re.search(r"Number of snapshots: (\d+)", text)[1]), len(snapshots), what)
    shown = [line.split()[:3] for line in text.splitlines() if re.match(r" *\d+ +[\d.,]+ +[\d,]+ ", line)]
    check_equal([int(row[2].replace(",", "")) for row in shown], [s.bytes for s in snapshots],
                f"{what}: bytes in ms_print")
    lines = [SHARE.fullmatch(line) for line in text.splitlines()]
    found = [(int(line[2].replace(",", "")), line[3]) for line in lines if line]
    wanted = [(size, text) for snapshot in snapshots for _, _, size, text in snapshot.tree]
    check_equal(found, wanted, f"{what}: trees in ms_print")


moments = exporting.moments(*sys.argv[1:])
ms_print = exporting.tool("ms_print")
for what, moment in moments.items():
    check_ms_print(what, *check_file(what, moment))
_, snapshots = check_file("target", moments["target at a mark"])
held = collections.Counter()
for depth, _, size, text in snapshots[-1].tree:
    held[re.sub(r"0x\w+: (.*) \(.*", r"\1", text)] += size if depth == 1 else 0
exporting.same({name: held[name] for name in exporting.AT_END},
               {name: size for name, (size, _) in exporting.AT_END.items()}, "by arithmetic")
check_equal(len(list(read(exporting.export("massif", moments["target at the end"], "-x", "dive")
                          .decode()))), 2, "of a selection only the moments are known")
harness.finish()
