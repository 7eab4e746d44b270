#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A pool carved out of a malloc block: the pieces count, their storage moves to `arena`."""

import sys

import harness
from harness import check_equal

source, target = sys.argv[1:]
trace = harness.scratch() / "trace.hmk"

check_equal(harness.run([target]).status, 0, "runs without heapmark")
check_equal(harness.record(trace, [target]).status, 0, "runs recorded")

LIVE = 60 * 48 + 12  # 100 beads, 40 let go, one of the rest grown by 12
asked = harness.report(trace, "@end")
harness.check_adds_up(asked)
check_equal(asked.get("totals", {}).get("live_bytes"), 1000 + LIVE, "each byte once")
check_equal(asked.get("totals", {}).get("live_blocks"), 61, "each block once")

beads = harness.report(trace, "@end", "--domain", "pool:beads")
row = harness.row_at(beads, source, harness.line_of(source, "/* the beads */"), "pool:beads")
check_equal((row.get("blocks"), row.get("bytes")), (59, 59 * 48), "beads at their line")
check_equal(sum(row["bytes"] for row in beads.get("rows", [])), LIVE, "pool:beads")

arena = harness.report(trace, "@end", "--domain", "arena")
row = harness.row_at(arena, source, harness.line_of(source, "/* the arena */"), "arena")
check_equal((row.get("blocks"), row.get("bytes")), (1, 65536), "the storage, under arena")

plain = harness.report(trace, "@end", "--domain", "malloc")
check_equal(sum(row["bytes"] for row in plain.get("rows", [])), 1000, "what stays malloc's")
harness.finish()
