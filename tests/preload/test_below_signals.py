#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Stacks below a signal's frame, in libraries that replace one another: exact, and no crash."""

import sys

import harness
from harness import check_equal

ROUNDS, EACH = 300, 20  # as in below_signals.c
target, *libraries = sys.argv[1:]

for options in ([], ["--verify", "1"]):
    trace = harness.scratch() / "below.hmk"
    trace.unlink(missing_ok=True)
    done = harness.record(trace, [target, *libraries], options)
    check_equal((done.status, done.out), (0, b"fine\n"), f"runs with {options}")
    answer = harness.report(trace)
    made = {size: sum(row["allocations"] for row in answer["rows"]
                      if row["allocations"] and row["allocated_bytes"] == size * row["allocations"]
                      and row["module"].rsplit("/", 1)[-1].startswith("libtarget-"))
            for size in (111, 222)}
    check_equal(made, {111: ROUNDS * EACH // 2, 222: ROUNDS * EACH // 2}, "each library's own")
    check_equal(harness.losses_of(answer), {}, "losses")
harness.finish()
