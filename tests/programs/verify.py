#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""verify.py FOLDER-OF-WALKS NAME...: call stacks, as heapmark finds them and as libunwind does.

Each program is recorded with verify=1, so that heapmark compares each of its stacks with libunwind's,
frame by frame: none may differ. A name is a program of real.py, or `walks`: all targets in the
folder, whose stacks are hard to unwind and who say besides how often each path was taken. (That is
judged by the report, so it holds for both unwinders when they agree in error.)
"""

import os
import pathlib
import platform
import sys

import harness
import real
import servers
import trace_reader
from harness import check, check_equal
from real import work

servers.Redis.requests, servers.Redis.full_requests = 200, 10_000
FULL_WALKS = 2_000_000  # compared in all in the long form, at least
ROUNDS = "40" if harness.FULL else "2"
COLUMNS = ("captured", "by_libunwind", "compared", "different")
STACK_MISMATCH = 12
# libunwind remembers how frames are laid out at an address for good, and so is wrong itself once
# another library is there: only the paths are judged.
LIBUNWIND_FAILS = {"swap"}
# Stacks that libunwind is not needed for, where we have rules of our own.
OURS = {"coroutines", "realigned"} if platform.machine() == "x86_64" else set()

folder = pathlib.Path(sys.argv[1])


def accepted(option):
    """Whether the library knows this option; it says so on stderr if it does not."""
    done = harness.run(["/bin/true"], env=harness.preload(
        [harness.LIBRARY], {"HEAPMARK": f"{option}:out={work}/option.hmk"}))
    return b"in HEAPMARK" not in done.err


class Target:
    """One of the folder, with its paths, and options of its own."""

    def __init__(self, name, *options):
        self.program, self.options = folder / f"walk-{name}", options
        self.needs = sorted(folder.glob(f"libwalk-{name}*.so"))

    def run(self, env):
        env = {**env, "HEAPMARK": ":".join((env.get("HEAPMARK", ""), *self.options))}
        done = harness.run([self.program, work / "paths", ROUNDS, *self.needs], env=env,
                           timeout=900)
        return done.status, done.out, done.err

    def paths(self):
        """[(how often, functions from the innermost outwards)]"""
        lines = (work / "paths").read_text().splitlines()
        return [(int(times), names.split("<")) for times, names in map(str.split, lines)]


def walks():
    """All targets, some in several ways: (label, target, whether libunwind's word is law)."""
    for program in sorted(folder.glob("walk-*")):
        if program.is_file() and os.access(program, os.X_OK):
            name = program.name.removeprefix("walk-")
            yield name, Target(name), name not in LIBUNWIND_FAILS
    yield "deep_walk --depth 20", Target("deep_walk", "depth=20"), True
    if accepted("unwind=fp"):
        yield "framed --unwind fp", Target("framed", "unwind=fp"), False
        yield "frames --unwind libunwind", Target("frames", "unwind=libunwind"), True


def matches(names, path):
    """Whether a stack begins with a path, in which * is any number of frames."""
    if not path:
        return True
    if path[0] == "*":
        return any(matches(names[at:], path[1:]) for at in range(len(names)))
    return bool(names) and names[0] == path[0] and matches(names[1:], path[1:])


def name_of(frame):
    """A function's name without what C++ says besides; '' if it has none."""
    return (frame["function"] or "").replace("(anonymous namespace)::", "").split("(")[0]


def check_paths(label, wanted, traces):
    stacks = []
    for trace in traces:
        for row in harness.report(trace, "@end", "--group-by", "stack").get("rows", []):
            stacks.append(([name_of(frame) for frame in row["stack"]], row["allocations"]))
    check(wanted, f"{label}: says where it went")
    for times, path in wanted:
        found = sum(count for names, count in stacks if matches(names, path))
        check_equal(found, times, f"{label}: allocations at {'<'.join(path)}")


def read(label, trace):
    """The WALKS of one trace by name; None where there are none."""
    try:
        read_trace = trace_reader.read(trace)
    except trace_reader.Damage as damage:
        check(False, f"{label}: {trace.name}: {damage}")
        return None
    check(read_trace.end, f"{label}: {trace.name} is complete")
    if not read_trace.walks:
        return None
    walks_of = dict(zip(COLUMNS, read_trace.walks))
    check_equal(read_trace.losses.get(STACK_MISMATCH, 0), walks_of["different"],
                f"{label}: stack_mismatch among the losses")
    check(walks_of["captured"] >= max(walks_of["compared"], walks_of["by_libunwind"]),
          f"{label}: more walks than there were: {walks_of}")
    return walks_of


def show(label, numbers):
    print(f"{label:26}", *(f"{numbers[name]:13,}" for name in COLUMNS), flush=True)


def verify(label, program, law=True):
    """Runs and checks one program; the sums of its WALKS, or None if a trace has none. Where
    libunwind's word is not law, they are shown in brackets and count for nothing."""
    plain = program.run({})
    if not check(plain[0] == 0, f"{label}: exit status {plain[0]} plain: {plain[2][-500:]!r}"):
        return None
    prefix = label.replace(" ", "_")
    options = ["verify=1"] if accepted("verify=1") else []
    recorded = program.run(harness.preload([harness.LIBRARY], {
        "HEAPMARK": ":".join([f"out={work}/{prefix}.%e.%p.hmk", *options])}))
    check_equal(recorded, plain, f"{label}: behaviour")
    traces = [path for path in sorted(work.glob(f"{prefix}.*.hmk"))
              if not real.is_wrappers(path)]
    check(traces, f"{label}: leaves traces")
    found = [read(label, trace) for trace in traces]
    if isinstance(program, Target) and (law or None not in found):
        check_paths(label, program.paths(), traces)
    for trace in traces:
        trace.unlink()
    if None in found or not found:
        print(f"{label:26} ran, but there is no record of its walks", flush=True)
        return None
    sums = {name: sum(walk[name] for walk in found) for name in COLUMNS}
    show(label if law else f"({label})", sums)
    check(sums["compared"] > 0, f"{label}: no walk was compared")
    if law:
        check_equal(sums["different"], 0, f"{label}: walks unlike libunwind's")
    if label in OURS:
        check_equal(sums["by_libunwind"], 0, f"{label}: walks left to libunwind")
    if "unwind=libunwind" in getattr(program, "options", ()):
        check_equal(sums["by_libunwind"], sums["captured"], f"{label}: walks left to libunwind")
    return sums if law else dict.fromkeys(COLUMNS, 0)


def check_expressions():
    """The target that aligns its stack is only of use if its unwind tables have expressions."""
    if platform.machine() == "x86_64":
        tables = harness.run(["readelf", "--debug-dump=frames", folder / "walk-realigned"]).out
        check(b"DW_CFA_def_cfa_expression" in tables, "realigned: has a DWARF expression")


print(f"{'':26}", *(f"{name:>13}" for name in COLUMNS))
results = []
for wanted in sys.argv[2:]:
    if wanted == "walks":
        check_expressions()
        results += [verify(*row) for row in walks()]
    elif real.installed(wanted):
        results.append(verify(wanted, real.prepare(wanted)))
    elif len(sys.argv) == 3:
        harness.skip(f"{wanted} is not installed")
    else:
        check(False, f"{wanted} is not installed")
if not accepted("verify=1"):
    if not harness.failed():
        harness.skip("this library does not verify")
elif check(None not in results, "every trace records its walks"):
    total = {name: sum(result[name] for result in results) for name in COLUMNS}
    show("all", total)
    if harness.FULL and "walks" in sys.argv:
        check(total["compared"] >= FULL_WALKS, f"fewer than {FULL_WALKS:,} walks compared")
harness.finish()
