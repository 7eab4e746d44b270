#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A known line allocates, a snapshot is taken, half is freed: every command names the line."""

import sys

import harness
from harness import check_equal

source, target = sys.argv[1:]
line = harness.line_of(source, "the known line")
trace = harness.scratch() / "trace.hmk"
COUNT, SIZE = 100, 1000

harness.record(trace, [target])

at_peak = harness.row_at(harness.report(trace), source, line)
check_equal((at_peak.get("blocks"), at_peak.get("bytes")), (COUNT, COUNT * SIZE), "at the peak")
check_equal(at_peak.get("function"), "main", "function")

at_end = harness.row_at(harness.report(trace, "@end"), source, line, "@end")
check_equal((at_end.get("blocks"), at_end.get("bytes")), (COUNT // 2, COUNT // 2 * SIZE), "@end")

at_label = harness.row_at(harness.report(trace, "@full"), source, line, "@full")
check_equal((at_label.get("blocks"), at_label.get("bytes")), (COUNT, COUNT * SIZE), "@full")

snapshots = harness.heapmark_json("list", trace).get("snapshots", [])
full = next((s["index"] for s in snapshots if s.get("label") == "full"), None)
check_equal(full is not None, True, "list shows the label")


def half_gone(old, new):
    answer = harness.heapmark_json("diff", f"{trace}{old}", f"{trace}{new}")
    row = harness.row_at(answer, source, line, f"diff {old} {new}")
    return row.get("bytes_diff"), row.get("blocks_diff"), row.get("bytes_new")


gone = (-COUNT // 2 * SIZE, -COUNT // 2, COUNT // 2 * SIZE)
check_equal(half_gone("@full", "@end"), gone, "diff @full @end")
check_equal(half_gone(f"@{full}", "@end"), gone, f"diff @{full} @end")
# @1 is what was live when recording began: nothing of ours.
first = snapshots[0] if snapshots else {}
if first.get("index") == 1 and first.get("reason") == "start":
    check_equal(half_gone("@1", "@end"),
                (COUNT // 2 * SIZE, COUNT // 2, COUNT // 2 * SIZE), "diff @1 @end")
harness.finish()
