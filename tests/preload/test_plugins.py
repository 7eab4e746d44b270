#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Libraries that come and go at one address keep their own names."""

import sys

import harness
from harness import check, check_equal

target, alpha, beta = sys.argv[1:]
trace = harness.scratch() / "trace.hmk"

done = harness.record(trace, [target, alpha, beta])
check_equal(done.status, 0, "status")
if b"same address" not in done.out:
    print("the loader put them at different addresses; nothing much is shown")
answer = harness.report(trace, "@end", "--group-by", "function")
for name, size in (("alpha_make", 111), ("beta_make", 222)):
    rows = [row for row in answer.get("rows", []) if row["function"] == name]
    check_equal([(row["blocks"], row["bytes"]) for row in rows], [(3, 3 * size)], name)
check(not harness.losses_of(answer), f"losses: {harness.losses_of(answer)}")
harness.finish()
