#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""sampled.py SAMPLED EXACT: every interval of every report and diff of a trace of a sample.

What they should be is worked out here from the trace itself, as the second reader reads it, and in
decimal arithmetic; the analyzer's own is not asked for anything.
"""

import decimal
import itertools
import pathlib
import sys
import zlib

import harness
import trace_reader
from harness import check, check_equal

sampled, exact = map(pathlib.Path, sys.argv[1:])
work = harness.scratch()
NUMBERED = ("1", "2", "3")
MOMENTS = (*NUMBERED, "end", "peak")


def cut_after(trace, count):
    """A copy of a trace without what comes after its first `count` members."""
    data, rest = trace.read_bytes(), trace.read_bytes()
    for _ in range(count):
        member = zlib.decompressobj(wbits=31)
        member.decompress(rest)
        rest = member.unused_data
    part = work / f"first-{count}.hmk"
    part.write_bytes(data[:len(data) - len(rest)])
    return part


# Of what held x bytes nothing is in the sample with the probability exp(-x / mean); 5 % at this x.
UNSEEN = (65536 * decimal.Decimal(20).ln() / decimal.Decimal("1.96")) ** 2


def variance_of(held, variance):
    return variance if held or variance else UNSEEN


def margin(variance):
    return int((decimal.Decimal("1.96") * decimal.Decimal(variance).sqrt()).to_integral_value())


class Moment:
    """What each site held at a moment, and the variance of that."""

    def __init__(self, when):
        self.trace = trace_reader.read(cut_after(sampled, int(when)) if when in NUMBERED
                                       else sampled)
        self.part = "peak" if when == "peak" else "live"
        self.sites = [key for key in self.trace.sites
                      if self.trace.domains[key[1]][0] == 0]

    def total(self, sites):
        held = [self.trace.sites[site][f"{self.part}_bytes"] for site in sites]
        return sum(held), sum(self.trace.variances[site][self.part] for site in sites)

    def frames(self, site):
        """(module, offset) of a site's frames, the innermost first."""
        node, found = site[0], []
        while node:
            node, module, offset = self.trace.nodes[node]
            path = self.trace.modules[module]["path"].decode() if module else None
            found.append((path, hex(offset)))
        return found

    def rows(self, places):
        """By place: (bytes, variance); `places` gives those of a site."""
        found = {}
        for site in self.sites:
            for place in set(places(self.frames(site))):
                found.setdefault(place, []).append(site)
        return {place: self.total(sites) for place, sites in found.items()}


GROUPINGS = {
    (): lambda frames: [next(frame for frame in frames if "libc" not in frame[0])],
    ("--cumulative",): lambda frames: frames,
    ("--group-by", "module"): lambda frames: [("/nowhere/app", None)],
}


def by_place(answer):
    return {(row["module"], row.get("address")): row for row in answer.get("rows", [])}


def check_range(found, name, value, variance, floor, what):
    low, high = value - margin(variance), value + margin(variance)
    check_equal((found.get(f"{name}_low"), found.get(name), found.get(f"{name}_high")),
                (max(low, 0) if floor else low, value, high), f"{what}: {name}")


def check_report(when, options, places):
    what = f"@{when} {' '.join(options)}"
    answer, moment = harness.report(sampled, f"@{when}", *options), Moment(when)
    expected, found = moment.rows(places), by_place(answer)
    check_equal(answer.get("sampling"), {"mean_bytes": 65536, "estimates": True}, what)
    check_range(answer["when"], "bytes", *moment.total(moment.sites), True, f"{what}: when")
    check(set(found) >= set(expected), f"{what}: places")
    for place, row in found.items():  # those that come later in the trace have nothing yet
        held, variance = expected.get(place, (0, 0))
        check_range(row, "bytes", held, variance, True, f"{what}: {place}")


def check_diff(old, new, options, places):
    what = f"@{old} to @{new} {' '.join(options)}"
    answer = harness.heapmark_json("diff", *options, f"{sampled}@{old}", f"{sampled}@{new}")
    before, after = Moment(old).rows(places), Moment(new).rows(places)
    found = by_place(answer)
    check(set(found) >= set(before) | set(after), f"{what}: places")
    for place, row in found.items():
        (had, one), (has, other) = before.get(place, (0, 0)), after.get(place, (0, 0))
        check_range(row, "bytes_diff", has - had, variance_of(had, one) + variance_of(has, other),
                    False, f"{what}: {place}")


for given, wanted in GROUPINGS.items():
    for chosen in MOMENTS:
        check_report(chosen, given, wanted)
    for pair in itertools.product(MOMENTS, MOMENTS):
        check_diff(*pair, given, wanted)

totals = harness.report(sampled)["totals"]
for part in ("peak", "live"):
    last = Moment("peak" if part == "peak" else "end")
    check_range(totals, f"{part}_bytes", *last.total(last.sites), True, "totals")
storage = harness.report(sampled, "@end", "--domain", "mmap")["rows"]
check_equal([(row["bytes_low"], row["bytes"], row["bytes_high"]) for row in storage],
            [(4096, 4096, 4096)], "what is not sampled is exact")

# One side of every block adds nothing to the interval, and has none of its own; but of what the
# sample has nothing, it may have missed something.
mixed = harness.heapmark_json("diff", exact, sampled)
check_equal(mixed["old"]["sampling"], None, "the exact side")
check("bytes_low" not in mixed["old"]["when"], "the exact side has no interval")
for row in mixed["rows"]:
    if row["bytes_new"] == 0:
        check_range(row, "bytes_diff", -row["bytes_old"], UNSEEN, False, "a row of the exact side")
plain = harness.report(exact)
check_equal(plain["sampling"], None, "a trace of every block")
check("bytes_low" not in plain["rows"][0] and "peak_bytes_low" not in plain["totals"],
      "a trace of every block has no intervals")

SAID = b"all numbers are estimates from a sample (one block per 64.0 KiB)"
for command in ("report", "list", "info"):
    check(SAID in harness.heapmark(command, sampled).out, f"{command} says that it estimates")
    check(b"estimates" not in harness.heapmark(command, exact).out, f"{command} says what is exact")
    check_equal(harness.heapmark_json(command, sampled)["sampling"]["mean_bytes"], 65536,
                f"{command} --json")
for sides in ((sampled, exact), (exact, sampled), (sampled, sampled)):
    check(b"all numbers are estimates" in harness.heapmark("diff", *sides).out,
          "diff says that it estimates")
walks = harness.heapmark_json("info", sampled)["walks"]
check_equal(tuple(walks.values()), trace_reader.read(sampled).walks, "how call stacks were found")
check_equal(harness.heapmark_json("info", exact)["walks"], None, "a trace that does not tell")
harness.finish()
