#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""test_crowd.py SOURCE TARGET [NAME=VALUE...] ARGUMENT...: a target with threads is exact, line by line.

Its facts are of its own lines; what libc allocates for threads is in other rows, and taken off. Totals are compared with libtruth.so as well, in the same run. The peak is exact with one
thread. With more it may be too small, by no more than the report says, and that must be little.
"""

import json
import pathlib
import sys

import harness
import trace_reader
from harness import check, check_equal

source, target, *rest = sys.argv[1:]
arguments = [word for word in rest if "=" not in word]
variables = dict(word.split("=", 1) for word in rest if "=" in word)
# A bound that a person can still use: this part of the peak.
USEFUL = 0.1
ROW_FIELDS = ("allocations", "allocated_bytes", "end_blocks", "end_bytes")
PEAK_FIELDS = ("peak_blocks", "peak_bytes")
TOTAL_OF = {"live_blocks": "end_blocks", "live_bytes": "end_bytes"}

work = harness.scratch()


def facts_of(path):
    try:
        return json.loads(path.read_text())
    except OSError:
        check(False, f"{target} wrote no facts")
        sys.exit(1)


def check_peak(facts, totals, others):
    """The truth lies between what was seen and that and the bound. Near it only one line moves."""
    seen = totals["peak_bytes"] - sum(row["peak_bytes"] for row in others)
    error, wanted = totals["peak_error_bytes"], facts["totals"]["peak_bytes"]
    check(seen <= wanted <= seen + error, f"peak: {wanted} is not in [{seen}, {seen} + {error}]")
    check(error <= USEFUL * wanted, f"peak_error_bytes: {error} of {wanted} is too much to be of use")
    print(f"peak {wanted}, seen {seen}, bound {error}")
    return wanted - seen


def check_rows(facts, answer, missing):
    for wanted in facts["rows"]:
        row = harness.row_at(answer, source, wanted["line"])
        for field in ROW_FIELDS if row else ():
            check_equal(row[field], wanted[field], f"line {wanted['line']}: {field}")
        if not row or facts["no_peak"]:
            continue
        if missing == 0:
            for field in PEAK_FIELDS:
                check_equal(row[field], wanted[field], f"line {wanted['line']}: {field}")
        else:
            check(wanted["peak_bytes"] - missing <= row["peak_bytes"] <= wanted["peak_bytes"],
                  f"line {wanted['line']}: peak {row['peak_bytes']}, not {wanted['peak_bytes']}")


def check_recorded(trace, facts):
    answer = harness.report(trace, "@end")
    if not answer:
        return
    totals = answer["totals"]
    lines = {(pathlib.Path(source).name, wanted["line"]) for wanted in facts["rows"]}
    others = [row for row in answer["rows"]
              if (pathlib.Path(row["file"] or "").name, row["line"]) not in lines]
    for field in ("allocations", "allocated_bytes", "frees", "reallocations", "live_blocks",
                  "live_bytes"):
        libcs = sum(row[TOTAL_OF.get(field, field)] for row in others)
        check_equal(totals[field] - libcs, facts["totals"][field], f"totals.{field}")
    missing = 0 if facts["no_peak"] else check_peak(facts, totals, others)
    check_rows(facts, answer, missing)
    if answer["trace"]["threads"] == 1:
        check_equal(totals["peak_error_bytes"], 0, "peak_error_bytes of one thread")
    harness.check_adds_up(answer)
    check_equal(harness.losses_of(answer), {}, "losses")
    last = trace_reader.read(trace).snapshots[-1]
    for name in trace_reader.COUNTERS:
        check_equal(totals[name], last[name], f"second reader: {name}")


def check_counted(facts):
    trace, out = work / "both.hmk", work / "truth.json"
    harness.run([target, work / "facts-truth.json", *arguments], env=harness.preload(
        [harness.TRUTH, harness.LIBRARY],
        {"TRUTH_OUT": str(out), "HEAPMARK": f"out={trace}", **variables}))
    fields = [name for name in facts["totals"]
              if not (facts["no_peak"] and name.startswith("peak"))]
    check_equal(harness.differences(harness.report(trace)["totals"],
                                    harness.truth_beside(out, trace), fields), {},
                "differences from libtruth.so")


plain = harness.run([target, work / "facts-plain.json", *arguments], env=variables)
recorded = harness.record(work / "trace.hmk", [target, work / "facts.json", *arguments],
                          env=variables)
check_equal(plain.status, 0, "status")
harness.check_same_behaviour(recorded, plain)
facts = facts_of(work / "facts.json")
check_recorded(work / "trace.hmk", facts)
check_counted(facts)
harness.finish()
