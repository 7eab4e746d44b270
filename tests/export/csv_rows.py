#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""csv_rows.py TARGET GOLDEN SAMPLED EXTREME: Python's csv module finds the report's rows, one by one."""

import csv
import io
import sys

import exporting
import harness
from harness import check_equal

FIELDS = [*exporting.VALUES.values(), "own_peak_bytes"]


def read(data):
    text = io.StringIO(data.decode(), newline="")
    return list(csv.DictReader(text, strict=True))


def text(value):
    return exporting.printable(str(value)) if value else ""


def as_read(row):
    """A row of the report as its line should be."""
    place = {name: text(row[name]) for name in ("function", "file", "line", "module")}
    place["address"] = row.get("address", "") if not row["function"] else ""
    numbers = {name: str(row[name]) for name in FIELDS}
    ranges = {name: str(row[name]) for name in ("bytes_low", "bytes_high") if name in row}
    return {**place, **numbers, **ranges, **{name: row[name] for name in ("domain",) if name in row}}


def folded(row):
    return ";".join(exporting.label_of(frame).replace(";", ":")
                    for frame in row["stack"][::-1] if not exporting.is_shim(frame))


moments = exporting.moments(*sys.argv[1:])
for what, moment in moments.items():
    for group in ("line", "function", "file", "module", "domain", "stack"):
        data = exporting.export("csv", moment, "--group-by", group)
        rows = harness.report(moment, "", "--group-by", group)["rows"]
        wanted = [as_read(row) for row in rows]
        if group == "stack":
            for line, row in zip(wanted, rows):
                line["stack"] = folded(row)
        check_equal(read(data), wanted, f"{what}, by {group}")
        ends = data.count(b"\r\n"), data.count(b"\n")
        check_equal(ends, (len(rows) + 1,) * 2, f"{what}, by {group}: line ends")

target = moments["target at the end"]
for options in ((), ("--cumulative",), ("--min-bytes", "1000"), ("-x", "dive"), ("--since", "mark")):
    check_equal(read(exporting.export("csv", target, *options)),
                [as_read(row) for row in harness.report(target, "", *options)["rows"]], f"{options}")
held = {row["function"]: (int(row["bytes"]), int(row["blocks"]))
        for row in read(exporting.export("csv", target, "-g", "function"))}
exporting.same({name: held.get(name) for name in exporting.AT_END}, exporting.AT_END, "by arithmetic")
check_equal(exporting.strange_of({name: size for name, (size, _) in held.items()}), 333,
            "a name with commas and quotes")
harness.finish()
