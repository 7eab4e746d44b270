#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A snapshot that is written in part when the program ends, forks or is asked for another: it is
completed, or in a process that is killed, ignored; and no count is lost or comes twice."""

import signal
import sys

import harness
import trace_reader
from harness import check, check_equal

source, target = sys.argv[1:]
work = harness.scratch()
line = harness.line_of(source, "the allocating line")

UNWRITTEN = 6  # in losses.def: snapshots that could not be written
NAMES = ("allocations", "allocated_bytes", "frees", "live_bytes")


def run(how, status=0):
    """The trace of one way, after a look at what the program did, and what it said of itself."""
    trace = work / f"{how}.hmk"
    done = harness.record(trace, [target, trace, how], ["--interval", "100ms"])
    check_equal(done.status, status, f"{how}: status")
    said = [dict(zip(NAMES, map(int, text.split()))) for text in done.out.splitlines()]
    check(said, f"{how}: said nothing: {done.err}")
    return trace, said


def check_trace(trace, wanted, how, complete=True, inexact=False, unwritten=0):
    """Sums after each snapshot are checked by the reader that knows nothing but FORMAT.md."""
    try:
        found = trace_reader.read(trace)
    except trace_reader.Damage as damage:
        check(False, f"{how}: {damage}")
        return []
    check_equal([s["index"] for s in found.snapshots], [*range(1, len(found.snapshots) + 1)],
                f"{how}: snapshots")
    check_equal((found.losses, found.end is not None, found.cut),
                ({UNWRITTEN: unwritten} if unwritten else {}, complete, not complete),
                f"{how}: losses, end, cut")
    if not complete:  # nor need there be a snapshot in it
        return found.snapshots
    last = found.snapshots[-1]
    answer = harness.report(trace, "@end")
    harness.check_adds_up(answer, how)
    row = harness.row_at(answer, source, line, how)
    for name in NAMES:
        if not inexact:
            check_equal(last[name], wanted[name], f"{how}: {name}")
        if name != "frees":
            check_equal(row.get({"live_bytes": "bytes"}.get(name, name)), wanted[name],
                        f"{how}: {name} of the line")
    return found.snapshots


for way, code in (("return", 0), ("_exit", 8), ("exec", 0), ("no-exec", 0), ("close", 0),
                  ("segv", 128 + signal.SIGSEGV), ("15", 128 + signal.SIGTERM),
                  ("6", 128 + signal.SIGABRT)):
    path, facts = run(way, code)
    check_trace(path, facts[-1], way)

path, facts = run(str(int(signal.SIGUSR2)))
reasons = [s["reason"] for s in check_trace(path, facts[-1], "on request")]
check(len(reasons) > 2 and reasons[-2:] == [3, 5], f"on request: reasons {reasons}")

path, facts = run("full")
check_trace(path, facts[-1], "full", unwritten=1)

path, facts = run("api")
labels = [s["label"] for s in check_trace(path, facts[-1], "api")]
check_equal(labels[-2:], [b"asked for", b""], "api: labels")

path, facts = run("threads")
check_trace(path, facts[-1], "threads", inexact=True)  # the loader allocates for each

path, facts = run("9", 128 + signal.SIGKILL)
check_trace(path, facts[-1], "killed", complete=False)

path, facts = run("fork")
check_equal(len(facts), 2, "fork: processes")
check_trace(path, facts[-1], "fork: parent")
children = [other for other in work.glob("fork.*.hmk") if other != path]
check_equal(len(children), 1, "fork: traces of children")
check_trace(children[0], facts[0], "fork: child")
harness.finish()
