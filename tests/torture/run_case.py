#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""run_case.py BUILT NAME: runs a case of the torture suite plain and recorded.

The program must behave the same, and each page of the book that its processes keep (torture.h) must
be what the trace of that process says. BUILT is where the programs were built.
"""

import ctypes.util
import os
import pathlib
import re
import shutil
import struct
import sys

import cases
import harness
from harness import check, check_equal

WHOLE, NONE, CUT, RACING, MAYBE, SNAPSHOT, LACKING, EMPTY = range(8)
PAGE = struct.Struct("<2Q4Q4Q4Q16s")
PAGES = 16384
NUMBERS = ("allocations", "allocated_bytes", "end_blocks", "end_bytes")
NOTHING = (0, 0, 0, 0)
MOST_REPORTS = 40  # of a case that leaves thousands of traces, so many are read to the end

built = pathlib.Path(sys.argv[1]).resolve()
theme, case = cases.find(sys.argv[2])
scratch = harness.scratch()
scratch.chmod(0o777)  # some become another user


class Page:
    """What one process says of itself."""

    def __init__(self, raw):
        fields = PAGE.unpack(raw)
        self.pid, self.due = fields[:2]
        self.places = {"hold": fields[2:6], "churn": fields[6:10]}
        self.marked = fields[10:14]
        self.program = fields[14].rstrip(b"\0").decode()


def pages_of(path):
    raw = path.read_bytes()
    used = struct.unpack_from("<Q", raw)[0]
    return [Page(raw[8 + i * PAGE.size:8 + (i + 1) * PAGE.size]) for i in range(used)]


def fill(text, where):
    return str(text).format(built=built / theme, scratch=where, lib=harness.LIBRARY)


def program():
    return built / theme / ("torture-" + case.source())


def run(where, libraries, heapmark):
    """Runs the program in a folder of its own, with those libraries preloaded."""
    where.mkdir()
    where.chmod(0o777)
    book = where / "book"
    with book.open("wb") as file:  # some may not make a file of that size
        file.truncate(8 + PAGES * PAGE.size)
    book.chmod(0o666)
    variables = {"TORTURE_BOOK": book, **case.env}
    if harness.TRUTH in libraries:
        variables["TRUTH_OUT"] = where / "truth"
    preloaded = [*case.before, *libraries, *case.after]
    if preloaded:
        variables["LD_PRELOAD"] = " ".join(preloaded)
    if heapmark is not None:
        variables["HEAPMARK"] = heapmark
    argv = [program(), *case.args]
    if case.under:  # the variables are for the program alone
        argv = [*case.under, "env", *(f"{name}={value}" for name, value in variables.items()),
                *argv]
        variables = {}
    done = harness.run([fill(word, where) for word in argv], cwd=where, timeout=case.timeout,
                       env={name: fill(value, where) for name, value in variables.items()})
    return done, pages_of(book)


def check_behaviour(recorded, plain):
    """The same status and output, but for the lines that heapmark has to say."""
    lines = recorded.err.decode(errors="replace").splitlines(keepends=True)
    said = [line for line in lines if line.startswith("heapmark: ")]
    recorded.err = "".join(line for line in lines if line not in said).encode()
    check_equal(recorded.behaviour(), plain.behaviour(), "recorded")
    check(plain.status not in (98, 99, 126, 127), f"the case itself failed: {plain.err!r}")
    for line in said:
        check(any(re.search(words, line) for words in case.says), f"it said {line!r}")
    for words in case.says:
        check(any(re.search(words, line) for line in said), f"it did not say {words!r}: {said}")


def place_of(row):
    """By the name alone: C++ has hold(unsigned long, int) and Thing::hold() too."""
    if not row["function"]:
        return "in " + pathlib.Path(row["module"] or "no module").name
    name = row["function"].replace("(anonymous namespace)::", "")
    return name.split("(", maxsplit=1)[0].rsplit("::", maxsplit=1)[-1]


def rows_of(answer):
    """By function, or by module where there is no name. Several modules may have one name."""
    rows = {}
    for row in answer["rows"]:
        before = rows.get(place_of(row), NOTHING)
        rows[place_of(row)] = tuple(has + row[name] for has, name in zip(before, NUMBERS))
    return rows


def numbers_of(rows, place):
    return rows.get(place, NOTHING)


def check_losses(answer, what):
    found = harness.losses_of(answer)
    wanted = {name: found.get(name) if count is None else count
              for name, count in case.losses.items() if count is not None or name in found}
    check_equal(found, wanted, f"{what}: losses")


def check_page(page, answer, what):
    rows = rows_of(answer)
    due = page.due
    if due == LACKING:
        due = RACING if harness.losses_of(answer) else WHOLE
    if due == MAYBE:
        due = RACING if answer["trace"]["complete"] else CUT
    if due == WHOLE and "own_allocator" in case.losses:
        due = RACING  # heapmark is told of little
    check_equal(answer["trace"]["complete"], due in (WHOLE, RACING), f"{what}: complete")
    for place, wanted in page.places.items():
        found = numbers_of(rows, place)
        if due == SNAPSHOT:
            if place == "hold":
                check_equal(found, page.marked, f"{what}: {place} when the snapshot was taken")
        elif due == WHOLE:
            if not case.inherits:
                found, wanted = found[:2], wanted[:2]
            check_equal(found, wanted, f"{what}: {place}")
        else:
            check(all(has <= most for has, most in zip(found[:2], wanted[:2])),
                  f"{what}: {place}: {found} is more than {wanted}")


def check_rows(answer, what):
    rows = rows_of(answer)
    for place, wanted in case.rows.items():
        if wanted is None:
            check(place not in rows, f"{what}: {place} is in it: {rows.get(place)}")
        else:
            check_equal(numbers_of(rows, place), wanted, f"{what}: {place}")


def check_totals(where):
    """The totals of the first process, counted in the same run."""
    _, counted = run(where, [harness.TRUTH, harness.LIBRARY], options)
    traces = [path for path in where.glob("**/*.hmk") if f".{counted[0].pid}." in path.name]
    check_equal(len(traces), 1, "traces of the first process")
    for trace in traces:
        totals = harness.report(trace).get("totals")
        truth = harness.truth_beside(where / "truth", trace)
        check_equal(harness.differences(totals, truth, set(truth) & set(totals)), {},
                    "more than libtruth.so")


def check_refused(where):
    where.mkdir()
    done = harness.record(where / "refused.hmk", [program(), *case.args], cwd=where)
    said = done.err.decode(errors="replace")
    check_equal((done.status, done.out), (2, b""), "heapmark record")
    check(re.fullmatch(f"heapmark: .*{case.refused}.*\n", said), f"record said {said!r}")
    check_equal(list(where.iterdir()), [], "left behind")


def check_moments(path):
    """What each snapshot says of its sites is what it says of itself; of many, some are looked at."""
    count = len(harness.heapmark_json("list", path).get("snapshots", []))
    for number in range(1, count + 1, max(1, count // MOST_REPORTS)):
        harness.check_adds_up(harness.report(path, f"@{number}"), f"{path.name}@{number}")


def check_traces(pages, where):
    """Each process's trace, and no others."""
    files = sorted(where.glob("**/*.hmk*"), key=lambda path: path.stat().st_mtime_ns)
    check(all(path.suffix == ".hmk" for path in files), f"files left: {files}")
    step = max(1, len(files) // MOST_REPORTS)
    answers = []
    empty = [page for page in pages if page.due == EMPTY]
    for number, path in enumerate(files):
        if empty and harness.heapmark("report", path).status == 2:
            empty.pop()
        elif number % step == 0 or number == len(files) - 1:
            answer = harness.report(path, "@end", "--group-by", "function")
            if answer:
                answers.append((path, answer))
    check_equal([(page.pid, page.program) for page in empty], [], "without an empty trace")
    due = [page for page in pages if page.due not in (NONE, EMPTY)]
    least = sum(page.due not in (MAYBE, LACKING) for page in due)
    ours = len(files)
    for path, answer in sorted(answers, key=lambda pair: pair[1]["trace"]["start_time"]):
        what = path.name
        harness.check_adds_up(answer, what)
        check_losses(answer, what)
        if case.moments:
            check_moments(path)
        held = numbers_of(rows_of(answer), "hold")
        same = [page for page in due if page.pid == answer["trace"]["pid"] and
                page.program == pathlib.Path(answer["trace"]["program"]).name[:15]]
        if same:
            # In their order; but not all traces are read of many, and ids of processes come again.
            page = next((page for page in same if step > 1 and page.places["hold"] == held),
                        same[0])
            due.remove(page)
            check_page(page, answer, f"{what} ({page.program})")
            if page is pages[0]:
                check_rows(answer, what)
        else:
            ours -= 1
            check(case.unbooked or case.foreign and not pathlib.Path(answer["trace"]["program"]).name
                  .startswith("torture-"), f"{what}: a trace of a process that was to leave none")
            check(answer["trace"]["complete"], f"{what}: complete")
    found = {snapshot["reason"] for path in (files if case.reasons else ())
             for snapshot in harness.heapmark_json("list", path).get("snapshots", [])}
    check(found.issuperset(case.reasons), f"snapshots: {case.reasons} are not all in {found}")
    if step == 1:
        check_equal([(page.pid, page.program) for page in due
                     if page.due not in (MAYBE, LACKING)], [],
                    "processes without a trace")
    else:
        check(least <= ours, f"{ours} traces of {least} processes")


def needed(name):
    return shutil.which(name) or ctypes.util.find_library(name) or os.path.exists(name)


missing = [name for name in case.needs if not needed(fill(name, scratch))]
if missing:
    harness.skip(f"{', '.join(missing)} not installed")
if case.root and os.geteuid() != 0:
    harness.skip("only root can do that")
plain, pages = run(scratch / "plain", [], None)
if plain.status == harness.SKIP or (case.under and not pages):
    harness.skip(f"not possible here: {plain.err.decode(errors='replace').strip()}")
check(pages, f"the program did not run: {plain.err!r}")
options = ":".join(filter(None, [f"out={case.out}", case.options]))
recorded, pages = run(scratch / "recorded", [harness.LIBRARY], options)
check_behaviour(recorded, plain)
check_traces(pages, scratch / "recorded")
if case.truth:
    check_totals(scratch / "counted")
if case.refused:
    check_refused(scratch / "refused")
harness.finish()
