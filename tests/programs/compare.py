#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""compare.py PROGRAM...: real programs, as heapmark sees them and as libtruth.so does.

Each program is compared in the same run, with truth in front of heapmark: what heapmark asked of
the heap while it started (its COST record) is taken off truth's count, and nothing may remain. A
program that does the same on every run is compared in runs of their own as well, where truth and
heapmark cannot help each other (real.py pins what could make two runs differ). Two programs look at
their addresses even so, and two libraries never leave the address space alike: cc1's garbage collector keeps a
table of 32 KiB for each 4 GiB of addresses it has pages in, and CPython orders and hashes objects
by where they are.
"""

import sys

import harness
import real
from harness import check
from real import work

FIELDS = ("allocations", "allocated_bytes", "frees", "reallocations", "live_blocks", "live_bytes",
          "peak_blocks", "peak_bytes")
# Names of one length, so that both kinds of run have environments of one size.
(work / "libthetruth.so").symlink_to(harness.TRUTH)
(work / "libheapmark.so").symlink_to(harness.LIBRARY)


def observed(program, label, libraries):
    """One run with those libraries: its behaviour, where truth wrote to, and the trace or None."""
    truth = work / f"{label}.tru"
    behaviour = program.run({"LD_PRELOAD": " ".join(str(work / name) for name in libraries),
                             "HEAPMARK": f"out={work}/{label}.%e.hmk", "TRUTH_OUT": str(truth)})
    traces = [path for path in work.glob(f"{label}.*.hmk") if not real.is_wrappers(path)]
    check(len(traces) == ("libheapmark.so" in libraries), f"{label}: traces {traces}")
    return behaviour, truth, traces[0] if traces else None


def show(name, how, wanted, got):
    for source, numbers in (("truth", wanted), ("heapmark", got)):
        print(f"{name:8} {how:9} {source:9}", *(f"{numbers[field]:13}" for field in FIELDS))
    differences = harness.differences(got, wanted, FIELDS)
    print(f"{name:8} {how:9} {'':9} differences: {differences or 'none'}", flush=True)
    return differences


def compare(name):
    program = real.prepare(name)
    plain = program.run({})
    if plain[0] != 0:
        check(False, f"{name}: exit status {plain[0]} without anything: {plain[2][-500:]!r}")
        return
    if program.same_every_run:
        truth_run, truth, _ = observed(program, f"{name}-1", ["libthetruth.so"])
        heapmark_run, _, trace = observed(program, f"{name}-2", ["libheapmark.so"])
        check(truth_run == plain and heapmark_run == plain, f"{name}: behaves the same")
        answer = harness.report(trace)
        check(not show(name, "two runs", harness.truths(truth)[-1]["totals"], answer["totals"]),
              f"{name}: not the same numbers in two runs")
        harness.check_adds_up(answer, name)
        check(not harness.losses_of(answer), f"{name}: losses {harness.losses_of(answer)}")
    both_run, truth, trace = observed(program, f"{name}-3", ["libthetruth.so", "libheapmark.so"])
    check(both_run == plain, f"{name}: behaves the same with both")
    check(not show(name, "one run", harness.truth_beside(truth, trace),
                   harness.report(trace)["totals"]), f"{name}: not the same numbers in one run")


print(f"{'':28}", *(f"{field:>13.13}" for field in FIELDS))
for wanted in sys.argv[1:]:
    if not real.installed(wanted):
        harness.skip(f"{wanted} is not installed")
    compare(wanted)
harness.finish()
