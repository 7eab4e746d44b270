#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""heapmark.h: nothing without the library, the exact numbers with it."""

import sys

import harness
from harness import check_equal

target = sys.argv[1]
trace = harness.scratch() / "trace.hmk"

plain = harness.run([target])
words = plain.out.decode().split("\n")
check_equal(words, ["start 0 0 0", "both 0 0 0", "one 0 0 0", "reset 0 0 0", "again 0 0 0",
                    "snapshots 0 0 0", "recording 0", ""], "without heapmark")
check_equal(plain.status, 0, "without heapmark: status")

recorded = harness.record(trace, [target])
words = recorded.out.decode().split("\n")
check_equal(words, ["start 1 0 0", "both 1 3000 3000", "one 1 1000 3000", "reset 1 1000 1000",
                    "again 1 1000 1500", "snapshots 1 1 1", "recording 1", ""], "recorded")
totals = harness.report(trace).get("totals", {})
check_equal(totals.get("peak_bytes"), 3000, "a reset does not change the peak of the trace")
labels = [s.get("label") or None
          for s in harness.heapmark_json("list", trace).get("snapshots", [])
          if s.get("reason") == "program"]
check_equal(labels, ["first label", "second", None], "labels")
check_equal(harness.report(trace, "@second").get("when", {}).get("bytes"), 1000, "@second")
harness.finish()
