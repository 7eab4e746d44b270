#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Anonymous maps: in domain mmap, to the byte, and in no total."""

import sys

import harness
from harness import check_equal

target = sys.argv[1]
trace = harness.scratch() / "trace.hmk"
PAGE = 4096

harness.check_same_behaviour(harness.record(trace, [target]), harness.run([target]))
answer = harness.report(trace, "@end")
check_equal(answer.get("totals", {}).get("live_bytes"), 5, "maps are in no total")

maps = harness.report(trace, "@end", "--domain", "mmap")
ours = [row for row in maps.get("rows", []) if str(row.get("file", "")).endswith("maps.c")]
check_equal(sum(row["bytes"] for row in ours), (15 + 100 + 40 + 40) * PAGE, "bytes mapped")
check_equal(sum(row["blocks"] for row in ours), 4, "maps")
check_equal(sum(row["peak_bytes"] for row in ours) >= 0, True, "peak")
harness.finish()
