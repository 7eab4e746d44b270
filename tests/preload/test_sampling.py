#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""test_sampling.py TARGET: a sampled recording is without bias, and knows how far off it is.

One program whose heap is known, recorded with many seeds: the mean of the estimates is the truth, as
nearly as theory says it must be after so many runs; they scatter as theory says; and the interval
that a trace claims for itself holds the truth as often as it claims. Seeds are fixed, so the outcome is.
"""

import collections
import math
import subprocess
import sys

import harness
import trace_reader
from harness import check, check_equal

RUNS = 200
MEAN = 16384
COVERAGE = (0.93, 0.97)
# The estimate of the whole, after all runs, is this near to the truth ...
NEAR = 0.01
# ... and the lines within as many standard errors.
ERRORS = 4
VALUES = ("live_bytes", "live_blocks", "allocated_bytes", "allocations")
MMAP = 1

target = sys.argv[1]
work = harness.scratch()


class Truth:
    """What the target did: sizes by line, in all and at the end, and the peak."""

    def __init__(self, path):
        self.allocated, self.live = collections.Counter(), collections.Counter()
        self.mapped = collections.Counter()
        self.peak = now = 0
        for event in path.read_text().splitlines():
            line, size = (int(word) for word in event[1:].split())
            if event[0] == "=":
                self.mapped[line] += size
                continue
            sign = 1 if event[0] == "+" else -1
            self.live[line, size] += sign
            self.allocated[line, size] += sign > 0
            now += sign * size
            self.peak = max(self.peak, now)
        self.lines = sorted({line for line, _ in self.allocated})

    def value(self, name, line=None):
        """(the true value, the variance of its estimate in one run)"""
        sizes = self.live if name.startswith("live") else self.allocated
        counts_bytes = name.endswith("bytes")
        total = variance = 0
        for (where, size), count in sizes.items():
            if line not in (None, where):
                continue
            chance = -math.expm1(-(size or 1) / MEAN)  # no bytes count as one
            total += count * (size if counts_bytes else 1)
            scatter = (1 - chance) / chance
            part = 1 / chance % 1  # numbers of blocks are whole: rounded up or down at random
            variance += count * (scatter * size**2 if counts_bytes else
                                 scatter + chance * part * (1 - part))
        return total, variance


class Places:
    """Addresses in the target, as lines of its source."""

    def __init__(self):
        self.known = {}

    def line(self, offset):
        if offset not in self.known:
            text = subprocess.run(["addr2line", "-e", target, hex(offset - 1)], check=True,
                                  capture_output=True, text=True).stdout
            self.known[offset] = int(text.split(":")[-1].split()[0])
        return self.known[offset]


places = Places()


def line_of(trace, node):
    """The line of the innermost frame that is the program's."""
    while node:
        node, module, offset = trace.nodes[node]
        if module and trace.modules[module]["flags"] & 1:
            return places.line(offset)
    return None


def path_of(trace, node):
    path = []
    while node:
        node, module, offset = trace.nodes[node]
        path.append((trace.modules[module]["path"] if module else b"", offset))
    return tuple(path)


def recorded(seed, sample=str(MEAN)):
    path = work / f"{seed}.hmk"
    done = harness.run([target], env=harness.preload([harness.LIBRARY], {
        "HEAPMARK": f"out={path}:seed={seed}:sample={sample}:interval=0"}))
    if b"in HEAPMARK" in done.err:
        harness.skip("this library does not sample")
    check_equal((done.status, done.out, done.err), (0, b"", b""), f"seed {seed}: behaviour")
    trace = trace_reader.read(path)
    path.unlink()
    return trace


def estimates(trace):
    """{line: {value: estimate}}, variances of live bytes among them; None is all lines."""
    sums = collections.defaultdict(collections.Counter)
    for (node, domain), site in trace.sites.items():
        if domain == MMAP:
            continue
        for line in (line_of(trace, node), None):
            for name in VALUES:
                sums[line][name] += site[name]
            sums[line]["variance"] += trace.variances[node, domain]["live"]
    return sums


def check_same(seed):
    """One seed is one sample; another seed is another."""
    def numbers(of):
        trace = recorded(of)
        return {(path_of(trace, node), domain): (site, trace.variances[node, domain])
                for (node, domain), site in trace.sites.items()}
    first = numbers(seed)
    check(first == numbers(seed), f"seed {seed} twice: the same sites")
    check(first != numbers(seed + 1), f"seeds {seed} and {seed + 1}: other sites")


def check_mapped(trace):
    """Maps are not sampled."""
    found = collections.Counter()
    for (node, domain), site in trace.sites.items():
        if domain == MMAP and line_of(trace, node) in truth.mapped:
            found[line_of(trace, node)] += site["live_bytes"]
            check_equal(trace.variances[node, domain], {"live": 0, "peak": 0}, "a map's variance")
    check_equal(found, truth.mapped, "bytes mapped, by line")


def check_mean(what, name, runs, line):
    wanted, variance = truth.value(name, line)
    mean = sum(run[line][name] for run in runs) / RUNS
    error = math.sqrt(variance / RUNS)
    check(abs(mean - wanted) <= ERRORS * error, f"{what}: {name} is {mean:.1f} on average, not "
          f"{wanted}; the standard error is {error:.1f}")
    if line is None and name == "live_bytes":
        check(error < NEAR / 4 * wanted, f"{error} of {wanted}: too few runs to show anything")
        check(abs(mean - wanted) < NEAR * wanted, f"live bytes: {mean} on average, not {wanted}")
    return f"{mean / wanted - 1 if wanted else 0:+9.3%}"


def check_scatter(what, runs, line):
    """As theory says, and as the traces say of themselves. Returns how often the truth was within
    the interval."""
    wanted, variance = truth.value("live_bytes", line)
    real = sum((run[line]["live_bytes"] - wanted)**2 for run in runs) / RUNS
    claimed = sum(run[line]["variance"] for run in runs) / RUNS
    check(0.6 < real / variance < 1.5, f"{what}: scatters {real / variance:.2f} times as it should")
    check(0.9 < claimed / variance < 1.1, f"{what}: claims {claimed / variance:.2f} of its variance")
    return sum(abs(run[line]["live_bytes"] - wanted) <= 1.96 * math.sqrt(run[line]["variance"])
               for run in runs)


check_equal(harness.run([target, work / "events"]).status, 0, "the target")
truth = Truth(work / "events")
first = recorded(1)
check_equal(first.sample_bytes, MEAN, "SAMPLING")
check_equal(recorded(1, "512K").sample_bytes, 512 << 10, "SAMPLING of 512K")
check_mapped(first)
check_same(7)

traces = [recorded(seed) for seed in range(1, RUNS + 1)]
runs = [estimates(trace) for trace in traces]
covered = judged = 0
print(f"{'errors of the mean':>18}", *(f"{name:>15}" for name in VALUES))
for line in [*truth.lines, None]:
    what = f"line {line}" if line else "all"
    print(f"{what:>18}", *(f"{check_mean(what, name, runs, line):>15}" for name in VALUES))
    wanted, variance = truth.value("live_bytes", line)
    if not truth.value("live_blocks", line)[0]:
        check(not any(run[line][name] for run in runs for name in VALUES[:2]),
              f"{what}: nothing is left there, and none of it is seen")
    elif math.sqrt(variance) > wanted / 500:  # else nearly every block is in every sample
        covered += check_scatter(what, runs, line)
        judged += RUNS
share = covered / judged if judged else 0
print(f"the truth is in {share:.1%} of {judged} intervals of 95 %")
check(COVERAGE[0] <= share <= COVERAGE[1], f"95 % intervals: {share:.1%} hold the truth")
peak = sum(trace.snapshots[-1]["peak_bytes"] for trace in traces) / RUNS
print(f"peak: {peak / truth.peak - 1:+.3%}")
check(0.99 < peak / truth.peak < 1.05, f"peak: {peak:.0f} on average, not {truth.peak}")
harness.finish()
