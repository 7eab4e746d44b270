#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Behind other allocators each call counts once; one that was preloaded in front of us is named."""

import ctypes.util
import sys

import harness
from harness import check_equal

TIMES, CALLS, SIZE = 200, 8, 128  # as in each_call.c
target = sys.argv[1]
tried = 0


def record(libraries):
    trace = harness.scratch() / "each.hmk"
    trace.unlink(missing_ok=True)
    done = harness.run([target], env=harness.preload(libraries, {"HEAPMARK": f"out={trace}"}))
    check_equal(done.status, 0, f"runs with {libraries[-1]}")
    return harness.report(trace)


for name in ("jemalloc", "tcmalloc_minimal", "mimalloc"):
    library = ctypes.util.find_library(name)
    if not library:
        continue
    tried += 1
    answer = record([harness.LIBRARY, library])
    ours = [row for row in answer["rows"] if row["module"].endswith("each_call")]
    check_equal(sum(row["allocations"] for row in ours), 2 * TIMES * CALLS, f"{name}: calls")
    check_equal(sum(row["allocated_bytes"] for row in ours), 3 * SIZE * TIMES * CALLS,
                f"{name}: bytes")
    check_equal({reason for reason in harness.losses_of(answer)
                 if reason in ("double_alloc", "reentered")}, set(), f"{name}: losses")
    check_equal(harness.losses_of(record([library, harness.LIBRARY])).get("own_allocator"), 1,
                f"{name} in front is named")

answer = record([harness.LIBRARY])
check_equal((answer["totals"]["allocations"], answer["totals"]["allocated_bytes"]),
            (2 * TIMES * CALLS, 3 * SIZE * TIMES * CALLS), "the C library's own")
if not tried:
    print("no other allocator is installed: only the C library's was tried")
harness.finish()
