#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Files are reached past whatever the program, or another library, has put before the C library."""

import sys

import harness
from harness import check_equal

program = sys.argv[1]
trace = harness.scratch() / "trace.hmk"
check_equal(harness.run([program]).status, 3, "plain")
recorded = harness.record(trace, [program], ["--interval", "1ms"])
check_equal((recorded.status, recorded.err), (3, b""), "recorded")
answer = harness.report(trace)
check_equal(answer.get("totals", {}).get("allocations"), 100000, "allocations")
check_equal(answer.get("trace", {}).get("complete"), True, "complete")
harness.finish()
