#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""test_random.py SOURCES TARGET LATE-TARGET [FIRST-SEED [COUNT]]: random heap calls, and every number of them.

Each seed chooses what random/ does (see its main.c) and how it is recorded. Every process of it
tells by its facts what must be in its trace: by line and depth of the stack, at its end, at its
named snapshots, and with one thread at its peak. A run that fails says how to repeat it.
"""

import json
import os
import pathlib
import random
import shutil
import sys

import harness
from harness import check, check_equal

sources, targets = pathlib.Path(sys.argv[1]), sys.argv[2:4]
FULL = os.environ.get("HEAPMARK_TEST_FULL") == "1"
first = int(sys.argv[4]) if len(sys.argv) > 4 else 1
count = int(sys.argv[5]) if len(sys.argv) > 5 else 400 if FULL else 16

HEAP, MAPS = "deeds.c", "maps.c"
LIBCS = harness.line_of(sources / HEAP, "libc's own */")
THREADS = harness.line_of(sources / "main.c", "/* libc's */")
END_FIELDS = ("allocations", "allocated_bytes", "end_blocks", "end_bytes")
NOW_FIELDS = ("blocks", "bytes")
TOTALS = {"allocations": "allocations", "allocated_bytes": "allocated_bytes", "frees": "frees",
          "reallocations": "reallocations", "live_blocks": "end_blocks",
          "live_bytes": "end_bytes"}
# Deeper than any stack of the target; with less, a stack's depth is not to be seen.
DEEP = 64
SNAPSHOTS_READ = 5
SHOWN = 5


class Plan:
    """What a seed stands for."""

    def __init__(self, seed):
        choice = random.Random(seed)
        self.seed = seed
        self.threads = (1, 2, 4, 16)[seed % 4]
        self.target = targets[seed // 4 % 2]
        self.calls = choice.choice((300, 1500, 4000)) // (4 if self.threads > 4 else 1)
        self.unwind = choice.choice(("auto", "auto", "auto", "libunwind", "fp"))
        self.depth = choice.choice((8, 64, 512))
        # Only the stacks of code that keeps frame pointers are right by them: not libc's.
        self.inside = self.unwind != "fp"
        self.options = ["--unwind", self.unwind, "--depth", str(self.depth), "--interval",
                        choice.choice(("1ms", "1ms", "1s", "0"))]
        if self.unwind == "auto" and choice.random() < 0.3:
            self.options += ["--verify", "10"]
        # One arena without caches: what one thread frees, another has at once.
        tunables = choice.choice(("", "glibc.malloc.arena_max=1:glibc.malloc.tcache_count=0"))
        self.env = {"GLIBC_TUNABLES": tunables} if tunables else {}

    def arguments(self):
        return [str(number) for number in (self.seed, self.threads, self.calls, int(self.inside))]

    def __str__(self):
        variables = "".join(f"{name}={value} " for name, value in self.env.items())
        return (f"seed {self.seed}: {variables}heapmark record {' '.join(self.options)} "
                f"-- {self.target} FACTS {' '.join(self.arguments())}")


def place_of(row):
    """(file, line, depth) of a stack; the depth is that of descend_left() and descend_right()."""
    depth = sum(1 for frame in row["stack"] if (frame["function"] or "").startswith("descend_"))
    return (pathlib.Path(row["file"] or "").name, row["line"], depth - 1)


def by_place(answer, keep_depth):
    """The fields of all stacks, added up by place."""
    sums = {}
    for row in answer.get("rows", []):
        file, line, depth = place_of(row)
        into = sums.setdefault((file, line, depth if keep_depth else None), {})
        for field in (*END_FIELDS, *NOW_FIELDS, "frees", "reallocations"):
            into[field] = into.get(field, 0) + row[field]
    return sums


def wanted_by_place(rows, file, keep_depth):
    sums = {}
    for row in rows:
        into = sums.setdefault((file, row["line"], row["depth"] if keep_depth else None), {})
        for field in (*END_FIELDS, *NOW_FIELDS):
            into[field] = into.get(field, 0) + row[field]
    return sums


def check_places(got, wanted, fields, what):
    """Rows of nothing may be there or not."""
    found = [(place, field, got.get(place, {}).get(field, 0), wanted.get(place, {}).get(field, 0))
             for place in sorted(got.keys() | wanted.keys(), key=str) for field in fields]
    wrong = [f"{place}: {field}: {is_now}, not {should}" for place, field, is_now, should in found
             if is_now != should]
    check(not wrong, f"{what}: {len(wrong)} differences, such as {'; '.join(wrong[:SHOWN])}")


class Process:
    """A trace and the facts of the process that left it."""

    def __init__(self, plan, trace, facts):
        self.plan, self.trace, self.facts = plan, trace, facts
        self.keep_depth = plan.depth >= DEEP
        self.fields = ("allocations", "allocated_bytes") if facts["amid"] else END_FIELDS

    def check(self):
        answer = harness.report(self.trace, "@end", "--group-by", "stack")
        if not answer:
            return
        check(answer["trace"]["complete"], "the trace is complete")
        self.check_moment("end", "@end")
        self.check_totals(answer)
        self.check_losses(answer)
        self.check_maps()
        self.check_snapshots()
        harness.check_second_reader(self.trace, answer)
        for label in self.facts["moments"]:
            if label not in ("end", "peak"):
                self.check_moment(label, f"@{label}")
        if "peak" in self.facts["moments"]:
            self.check_moment("peak", "")
            check_equal(answer["totals"]["peak_error_bytes"], 0, "peak_error_bytes")

    def split(self, answer):
        """Our places, and the others: what libc allocates for itself and for threads."""
        places = by_place(answer, self.keep_depth)
        ours = {place: row for place, row in places.items()
                if place[0] == HEAP and place[1] != LIBCS}
        others = {place: row for place, row in places.items() if place not in ours}
        return ours, others

    def check_moment(self, name, when):
        answer = harness.report(self.trace, when, "--group-by", "stack")
        if not answer:
            return
        harness.check_adds_up(answer, name)
        moment = self.facts["moments"][name]
        wanted = wanted_by_place(moment["rows"], HEAP, self.keep_depth)
        ours, others = self.split(answer)
        if name == "end":
            check_places(ours, wanted, self.fields, name)
        if not self.facts["amid"]:
            check_places(ours, wanted, NOW_FIELDS, name)
            libcs = sum(row["bytes"] for row in others.values())
            check_equal(libcs, self.facts["libc_bytes"], f"{name}: libc's bytes")

    def check_totals(self, answer):
        _, others = self.split(answer)
        for name, field in TOTALS.items():
            if self.facts["amid"] and name.startswith("live"):
                continue
            libcs = sum(row[field] for row in others.values())
            check_equal(answer["totals"][name] - libcs, self.facts["totals"][name],
                        f"totals.{name}")
        strangers = [place for place in others
                     if place[:2] not in ((HEAP, LIBCS), ("main.c", THREADS))]
        if self.plan.unwind != "fp" and self.keep_depth:
            check_equal(strangers, [], "places that nobody knows")

    def check_losses(self, answer):
        losses = harness.losses_of(answer)
        if not self.keep_depth:
            losses.pop("stack_truncated", None)
        check_equal(losses, {}, "losses")

    def check_maps(self):
        answer = harness.report(self.trace, "@end", "--group-by", "stack", "--domain", "mmap")
        got = {place: row for place, row in by_place(answer, self.keep_depth).items()
               if place[0] == MAPS}
        check_places(got, wanted_by_place(self.facts["maps"], MAPS, self.keep_depth), self.fields,
                     "maps")

    def check_snapshots(self):
        """Each is in the list and can be asked for; some are."""
        listed = harness.heapmark_json("list", self.trace).get("snapshots", [])
        step = max(1, len(listed) // SNAPSHOTS_READ)
        for snapshot in listed[::step]:
            name = f"snapshot {snapshot['index']}"
            answer = harness.report(self.trace, f"@{snapshot['index']}")
            check_equal(answer["when"]["bytes"], snapshot["live_bytes"], f"{name}: bytes")
            for field in NOW_FIELDS:
                check_equal(sum(row[field] for row in answer["rows"]), answer["when"][field],
                            f"{name}: sum of {field}")


def run_seed(plan, work):
    plain = harness.run([plan.target, work / "plain", *plan.arguments()], env=plan.env)
    recorded = harness.record(work / "t.%p.hmk",
                              [plan.target, work / "facts", *plan.arguments()],
                              plan.options, env=plan.env)
    harness.check_same_behaviour(recorded, plain)
    check_equal(plain.status, 0, "status")
    facts = {path.suffix: path for path in work.glob("facts.*")}
    traces = {path.suffixes[0]: path for path in work.glob("t.*")}
    check_equal(sorted(traces), sorted(facts), "processes that left a trace")
    for pid in sorted(facts.keys() & traces.keys()):
        Process(plan, traces[pid], json.loads(facts[pid].read_text())).check()


for seed in range(first, first + count):
    plan, work = Plan(seed), harness.scratch()
    run_seed(plan, work)
    if harness.failed():
        print(plan, flush=True)
        break
    shutil.rmtree(work)
harness.finish()
