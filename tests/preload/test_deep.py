#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A stack beyond the limit keeps its innermost frames, and shows that it was cut."""

import sys

import harness
from harness import check, check_equal

target = sys.argv[1]
trace = harness.scratch() / "deep.hmk"
harness.record(trace, [target], ["--depth", "64"])
rows = harness.report(trace, "@peak", "--group-by", "stack")["rows"]
cut = [row["stack"] for row in rows if len(row["stack"]) > 60]
check(cut, "there are deep stacks")
for stack in cut:
    check_equal(stack[-1]["function"], "[stack truncated]", "the outermost frame")
    check_equal(len(stack), 65, "frames: the limit, and the mark")
harness.finish()
