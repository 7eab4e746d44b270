#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""snapshot.py TARGET GOLDEN SAMPLED EXTREME: every Python there is loads the file as tracemalloc.Snapshot,
and its statistics and comparisons are the report's."""

import collections
import json
import shutil
import sys

import exporting
import harness
from harness import check, check_equal

# What a Python finds: run with the file, and an older one to compare it with.
READER = """
import json, sys, tracemalloc
new, old = (tracemalloc.Snapshot.load(path) for path in sys.argv[1:])
def key(trace):
    return [[f.filename, f.lineno] for f in trace]
def numbers(statistics):
    return [[key(s.traceback), s.size, s.count] for s in statistics]
def changes(statistics):
    return [[key(s.traceback), s.size_diff, s.count_diff] for s in statistics]
kept = new.filter_traces([tracemalloc.Filter(True, "*target.c")])
new.dump(sys.argv[1] + ".again")
print(json.dumps({
    "version": sys.version_info[:2],
    "count": len(new.traces), "size": sum(trace.size for trace in new.traces),
    "limit": new.traceback_limit,
    "longest": max([len(trace.traceback) for trace in new.traces] or [0]),
    "sizes": sorted(trace.size for trace in new.traces),
    "traceback": numbers(new.statistics("traceback")), "lineno": numbers(new.statistics("lineno")),
    "filename": numbers(new.statistics("filename")),
    "cumulative": numbers(new.statistics("lineno", cumulative=True)),
    "changes": changes(new.compare_to(old, "lineno")),
    "of_target": sum(trace.size for trace in kept.traces),
    "again": tracemalloc.Snapshot.load(sys.argv[1] + ".again").traces == new.traces,
}))
"""


def others():
    """Pythons of other versions than the one that runs this."""
    for minor in range(6, 20):
        found = shutil.which(f"python3.{minor}")
        if (minor != sys.version_info[1] and found and
                harness.run([found, "-c", "import tracemalloc"]).status == 0):
            yield found


def frame(known):
    """(file, line); where the file is unknown the function stands for it."""
    path = known["file"]
    return (exporting.printable(path) if path else exporting.label_of(known),
            known["line"] if path else 0)


def sums(truth, part):
    """{what `part` makes of a stack, innermost first: [bytes, blocks]}; live at the moment."""
    found = collections.defaultdict(lambda: [0, 0])
    for row in truth.rows:
        if row["blocks"] or row["bytes"]:
            key = part(tuple(map(frame, row["stack"]))[::-1])
            found[key][0] += row["bytes"]
            found[key][1] += row["blocks"]
    return dict(found)


def as_read(statistics, newest_first):
    """{frames, innermost first: [bytes, blocks]}"""
    return {tuple(map(tuple, frames[::1 if newest_first else -1])): [size, count]
            for frames, size, count in statistics}


def check_read(what, python, moment, truth):
    path = exporting.exported("tracemalloc", moment)
    done = harness.run([python, "-c", READER, path, path], cwd=exporting.work)
    if not check_equal(done.status, 0, f"{what}: {python}: {done.err.decode()[-300:]}"):
        return
    found = json.loads(done.out)
    what = f"{what}, Python {found['version']}"
    check_equal((found["size"], found["count"]), (truth.when["bytes"], truth.when["blocks"]), what)
    check_equal((found["limit"], found["again"]), (found["longest"], True), what)
    # Before 3.7 a traceback's frames were the newest first.
    newest_first = tuple(found["version"]) < (3, 7)
    exporting.same(as_read(found["traceback"], newest_first), sums(truth, lambda stack: stack),
                   f"{what}: stacks")
    exporting.same(as_read(found["lineno"], True), sums(truth, lambda stack: stack[:1]),
                   f"{what}: lines")
    exporting.same(as_read(found["filename"], True),
                   sums(truth, lambda stack: ((stack[0][0], 0),)), f"{what}: files")


def check_target(python, trace):
    """By arithmetic, and what changed from the mark to the end."""
    old = exporting.exported("tracemalloc", f"{trace}@mark", name="old")
    new = exporting.exported("tracemalloc", f"{trace}@end", name="new")
    found = json.loads(harness.run([python, "-c", READER, new, old], cwd=exporting.work).out)
    source = harness.pathlib.Path(__file__).with_name("target.c")

    def at(statistics, text):
        line = harness.line_of(source, text)
        return next(([size, count] for frames, size, count in statistics
                     if frames[0][0].endswith("target.c") and frames[0][1] == line), None)

    changes = {"malloc(64);": [50 * 64, 50], "malloc(10);": [30, 3], "malloc(1000);": [3000, 3]}
    for text, change in changes.items():
        check_equal(at(found["changes"], text), change, f"{python}: change at {text}")
    check_equal(at(found["lineno"], "\t\tmalloc(size);"), [28, 8], f"{python}: uneven sizes")
    check_equal(at(found["cumulative"], "\tdive(50);"), [50 * 64, 50], f"{python}: with callees")
    check_equal(found["of_target"], sum(size for size, _ in exporting.AT_END.values()),
                f"{python}: filtered by the innermost frame")
    check_equal([size for size in found["sizes"] if size in (3, 4)], [3] * 4 + [4] * 4,
                f"{python}: 28 bytes in 8 blocks")


# Of the file alone: with millions of traces statistics take their time.
TOTALS = """
import sys, tracemalloc
traces = tracemalloc.Snapshot.load(sys.argv[1]).traces._traces
print(len(traces), sum(trace[1] for trace in traces))
"""


def check_many(moment):
    """More blocks than Python can take: fewer traces, and the same bytes."""
    path = exporting.work / "many"
    done = harness.heapmark("export", "--to", "tracemalloc", "-o", path, moment)
    wanted = harness.report(moment)["when"]
    check(done.status == 0 and b"too many for Python" in done.err, f"says so: {done.err!r}")
    stands_for = -(-wanted["blocks"] // 10000000)
    check(f"{stands_for} of them".encode() in done.err, f"stands for {stands_for}: {done.err!r}")
    done = harness.run([sys.executable, "-c", TOTALS, path])
    count, size = map(int, done.out.split())
    check_equal(size, wanted["bytes"], "bytes of too many blocks")
    check(count <= 10000000 + 10 and path.stat().st_size < 10000, f"{count} traces, and a small file")


moments = exporting.moments(*sys.argv[1:])
pythons = [sys.executable, *others()]
print("read by", *pythons)
check_many(moments.pop("extreme"))
for what, moment in moments.items():
    truth = exporting.Truth(moment)
    every = what.startswith("target")
    for python in pythons if every else [sys.executable]:
        check_read(what, python, moment, truth)
for python in pythons:
    check_target(python, moments["target"])
harness.finish()
