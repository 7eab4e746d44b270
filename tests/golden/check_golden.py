#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""check_golden.py [--write] TRACE...: old traces are still read, and say what they always said."""

import json
import pathlib
import sys

import harness
import trace_reader
from harness import check_equal

# Not the names: they depend on which libraries the machine has.
ROW = ("blocks", "bytes", "peak_blocks", "peak_bytes", "end_blocks", "end_bytes", "allocations",
       "allocated_bytes", "temporary")


def content(trace):
    """What is in a trace, without anything that depends on this machine."""
    answer = harness.report(trace, "", "--group-by", "module")
    listed = harness.heapmark_json("list", trace)
    return {
        "when": answer.get("when"),
        "totals": answer.get("totals"),
        "losses": answer.get("losses"),
        "command": answer.get("trace", {}).get("command"),
        "complete": answer.get("trace", {}).get("complete"),
        "modules": {row["module"]: {name: row[name] for name in ROW}
                    for row in answer.get("rows", [])},
        "snapshots": listed.get("snapshots"),
    }


write = "--write" in sys.argv
for trace in (pathlib.Path(word) for word in sys.argv[1:] if word != "--write"):
    trace_reader.read(trace)
    expected = trace.with_suffix(".json")
    found = content(trace)
    if write:
        expected.write_text(json.dumps(found, indent=1) + "\n")
        continue
    for name, wanted in json.loads(expected.read_text()).items():
        check_equal(found[name], wanted, f"{trace.name}: {name}")
    harness.check_adds_up(harness.report(trace), trace.name)
harness.finish()
