#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Forks, execs and wrapper scripts: one trace for each process, each with its own numbers."""

import pathlib
import sys

import harness
from harness import check, check_equal

forks, execs, known, retitles = sys.argv[1:]
work = harness.scratch()


def traces_of(name, argv, options=()):
    """Records argv plain and recorded; all the reports by program name, oldest trace first."""
    where = work / name
    where.mkdir()
    plain = harness.run(argv)
    recorded = harness.record(where / "%e.%p.hmk", argv, options)
    harness.check_same_behaviour(recorded, plain, name)
    found = sorted(where.glob("*.hmk*"), key=lambda path: path.stat().st_mtime_ns)
    check(all(path.suffix == ".hmk" for path in found), f"{name}: only whole traces: {found}")
    reports = [(path.name.split(".")[0], harness.report(path)) for path in found]
    for program, answer in reports:
        check(answer.get("trace", {}).get("complete"), f"{name}: trace of {program} is complete")
        harness.check_adds_up(answer, f"{name}: {program}")
    return reports


def totals_of(reports, program):
    return [answer.get("totals", {}) for found, answer in reports if found == program]


def workers():
    reports = traces_of("workers", [forks])
    totals = totals_of(reports, "forks")
    check_equal(len(totals), 4, "workers: traces")
    seen = sorted((t.get("allocations"), t.get("allocated_bytes"), t.get("frees"),
                   t.get("live_bytes"), t.get("peak_bytes")) for t in totals)
    wanted = [(11, 1001, 0, 1001, 1001)]
    for i in range(3):
        count = 10 * (i + 1)
        live = 900 + count * 1000
        wanted.append((count + 1, count * 1000 + 50000, 2, live, live + 50000))
    check_equal(seen, sorted(wanted), "workers: allocations, bytes, frees, live, peak of each")


def exec_ways():
    for how in ("execv", "execve", "execvp", "execvpe", "execl", "execlp", "execle", "fexecve"):
        reports = traces_of(how, [execs, how, known])
        check_equal(sorted(program for program, _ in reports), ["execs", "known_line"], how)
        for before in totals_of(reports, "execs"):
            check_equal(before.get("live_bytes"), 10000, f"{how}: before")
        for after in totals_of(reports, "known_line"):
            check_equal(after.get("peak_bytes"), 100000, f"{how}: after")
    reports = traces_of("missing", [execs, "missing", known])
    check_equal([t.get("live_bytes") for t in totals_of(reports, "execs")], [10077], "missing")


def children():
    for how in ("fork", "vfork", "spawn"):
        reports = traces_of(how, [execs, how, known])
        parents = totals_of(reports, "execs")
        check(any(t.get("live_bytes") == 10005 for t in parents), f"{how}: parent: {parents}")
        check_equal([t.get("peak_bytes") for t in totals_of(reports, "known_line")], [100000],
                    f"{how}: child")


def retitled():
    """What a trace says of the process is how it was started, whatever became of the memory."""
    reports = traces_of("retitled", [retitles, "one", "two"])
    check_equal(sorted(t.get("live_bytes") for t in totals_of(reports, "retitles")), [10, 1000],
                "retitled: parent and child")
    for _, answer in reports:
        check_equal(answer.get("trace", {}).get("command", [])[1:], ["one", "two"],
                    "retitled: command")
    for trace in (work / "retitled").glob("*.hmk"):
        variables = harness.heapmark_json("info", trace).get("environment", [])
        check(any(str(work) in variable for variable in variables),
              f"retitled: environment: {variables}")


def wrapper_script():
    script = work / "wrapper.sh"
    script.write_text(f'#!/bin/sh\necho wrapped\nexec "{known}" "$@"\n')
    script.chmod(0o755)
    reports = traces_of("wrapper", [script])
    check_equal([t.get("peak_bytes") for t in totals_of(reports, "known_line")], [100000],
                "wrapper: the program it execs")
    check_equal(len(reports), 2, f"wrapper: traces {[name for name, _ in reports]}")


def not_followed():
    reports = traces_of("alone", [execs, "spawn", known], ["--no-follow"])
    check_equal([program for program, _ in reports], ["execs"], "--no-follow")


def fixed_name():
    """Several processes and one name without %p: no trace overwrites another."""
    where = work / "fixed"
    where.mkdir()
    trace = where / "t.hmk"
    harness.record(trace, [execs, "spawn", known])
    names = sorted(path.name for path in where.iterdir())
    check("t.hmk" in names and len(names) == 2, f"fixed name: {names}")
    check_equal(pathlib.Path(harness.report(trace).get("trace", {}).get("program", "")).name,
                "execs", "fixed name: t.hmk is the program that was started")


workers()
exec_ways()
children()
retitled()
wrapper_script()
not_followed()
fixed_name()
harness.finish()
