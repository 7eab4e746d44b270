#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""check_target.py SOURCE TARGET [RECORD-OPTION...] [-- ARGUMENT...]

Runs a target plain and recorded, and compares what it did, and what heapmark saw, with what the
target says of itself (its facts, see target.h).
"""

import json
import sys

import harness
from harness import check, check_equal

source, target, *rest = sys.argv[1:]
cut = rest.index("--") if "--" in rest else len(rest)
options, arguments = rest[:cut], rest[cut + 1:]

work = harness.scratch()
trace = work / "trace.hmk"


def facts_of(path):
    try:
        return json.loads(path.read_text())
    except OSError:
        check(False, f"{target} wrote no facts")
        return {}


def check_totals(facts, totals):
    for name, value in facts["totals"].items():
        check_equal(totals[name], value, f"totals.{name}")
    check_equal(totals["peak_error_bytes"], 0, "totals.peak_error_bytes")


def check_counted(facts):
    """Where libraries allocate besides: libtruth.so's totals of the same run."""
    both, out = work / "both.hmk", work / "truth.json"
    harness.run([target, work / "truth-facts.json", *arguments], env=harness.preload(
        [harness.TRUTH, harness.LIBRARY], {"TRUTH_OUT": str(out), "HEAPMARK": f"out={both}"}))
    truth = harness.truth_beside(out, both)
    fields = [name for name in facts["totals"]
              if not (facts["no_peak"] and name.startswith("peak"))]
    check_equal(harness.differences(harness.report(both)["totals"], truth, fields), {},
                "differences from libtruth.so")
    both.unlink()


def check_by_hand(plain):
    """LD_PRELOAD without `heapmark record`: behaves the same to the very signal."""
    by_hand = work / "by-hand.hmk"
    done = harness.run([target, work / "facts-by-hand.json", *arguments], env=harness.preload(
        [harness.LIBRARY], {"HEAPMARK": f"out={by_hand}"}))
    check_equal(done.behaviour(), plain.behaviour(), "by LD_PRELOAD")
    if check(by_hand.exists(), "LD_PRELOAD leaves a trace"):
        by_hand.unlink()


def check_rows(facts, answer):
    for wanted in facts["rows"]:
        row = harness.row_at(answer, source, wanted["line"])
        for name, value in wanted.items():
            if name == "line" or not row or (
                    name.startswith("peak") and (facts["no_peak"] or facts["no_row_peaks"])):
                continue
            check_equal(row[name], value, f"line {wanted['line']}: {name}")


plain = harness.run([target, work / "facts-plain.json", *arguments])
recorded = harness.record(trace, [target, work / "facts.json", *arguments], options)
harness.check_same_behaviour(recorded, plain)
facts = facts_of(work / "facts.json")
answer = harness.report(trace)
if facts and answer:
    check(answer["trace"]["complete"], "the trace is complete")
    harness.check_adds_up(answer)
    harness.check_adds_up(harness.report(trace, "@end"), "report @end")
    if facts["inexact_totals"]:
        check_counted(facts)
    else:
        check_totals(facts, answer["totals"])
    if "temporary" in facts:
        check_equal(answer["totals"]["temporary"], facts["temporary"], "totals.temporary")
    check_rows(facts, answer)
    harness.check_second_reader(trace, answer)
    check_equal(harness.losses_of(answer),
                {name: count for name, count in facts["losses"].items() if count}, "losses")
check_by_hand(plain)
check_equal(sorted(path.name for path in work.glob("*.hmk*")), ["trace.hmk"], "files left")
harness.finish()
