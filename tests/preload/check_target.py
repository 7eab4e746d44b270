#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""check_target.py SOURCE TARGET [RECORD-OPTION...] [-- ARGUMENT...]

Runs a target plain and recorded, and compares what it did, and what heapmark saw, with what the
target says of itself (its facts, see target.h).
"""

import json
import pathlib
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


def counted():
    """Totals from libtruth.so, alone in a run of its own."""
    out = work / "truth.json"
    harness.run([target, work / "truth-facts.json", *arguments],
                env=harness.preload([harness.TRUTH], {"TRUTH_OUT": str(out)}))
    return harness.truths(out)[-1]["totals"]


def check_totals(facts, totals):
    wanted = facts["totals"]
    if facts["inexact_totals"]:
        wanted = {name: value for name, value in counted().items() if name in wanted}
    if "temporary" in facts:
        wanted = {**wanted, "temporary": facts["temporary"]}
    for name, value in wanted.items():
        if facts["no_peak"] and name.startswith("peak"):
            continue
        check_equal(totals[name], value, f"totals.{name}")


def check_rows(facts, answer):
    for wanted in facts["rows"]:
        row = harness.row_at(answer, source, wanted["line"])
        for name, value in wanted.items():
            if name == "line" or not row or (facts["no_peak"] and name.startswith("peak")):
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
    check_totals(facts, answer["totals"])
    check_rows(facts, answer)
    check_equal(harness.losses_of(answer),
                {name: count for name, count in facts["losses"].items() if count}, "losses")
    if "no_peak" in facts and not facts["no_peak"]:
        check_equal(answer["totals"]["peak_error_bytes"], 0, "totals.peak_error_bytes")
check_equal(sorted(path.name for path in work.glob("*.hmk*")), ["trace.hmk"], "files left")
harness.finish()
