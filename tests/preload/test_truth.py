#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""test_truth.py TARGET... -- TARGET...

libtruth.so, which heapmark is judged by, is itself judged by what the targets know of themselves,
and for those after the dashes also by valgrind (which counts calls that fail).
"""

import json
import re
import shutil
import sys

import harness
from harness import check_equal

dashes = sys.argv.index("--")
by_facts, by_both = sys.argv[1:dashes], sys.argv[dashes + 1:]
work = harness.scratch()

USAGE = re.compile(r"total heap usage: ([\d,]+) allocs, ([\d,]+) frees, ([\d,]+) bytes")
IN_USE = re.compile(r"in use at exit: ([\d,]+) bytes in ([\d,]+) blocks")


def numbers(match):
    return [int(text.replace(",", "")) for text in match.groups()]


def by_valgrind(target):
    done = harness.run(["valgrind", "--run-libc-freeres=no", "--run-cxx-freeres=no", target])
    text = done.err.decode()
    return numbers(USAGE.search(text)) + numbers(IN_USE.search(text))


for target in by_facts + by_both:
    name = target.rsplit("/", 1)[-1]
    out, facts_file = work / f"{name}.truth", work / f"{name}.facts"
    harness.run([target, facts_file], env=harness.preload([harness.TRUTH],
                                                          {"TRUTH_OUT": str(out)}))
    totals = harness.truths(out)[-1]["totals"]
    facts = json.loads(facts_file.read_text())
    if not facts["inexact_totals"]:
        for key, value in facts["totals"].items():
            check_equal(totals[key], value, f"{name}: {key}, by the target's own facts")
    if target in by_both and shutil.which("valgrind"):
        ours = [totals[key] for key in ("allocations", "frees", "allocated_bytes", "live_bytes",
                                        "live_blocks")]
        check_equal(ours, by_valgrind(target),
                    f"{name}: allocations, frees, bytes, live bytes and blocks, by valgrind")
harness.finish()
