#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""damage.py TRACE [STEP]: a trace cut at every STEP bytes, and with single bits flipped.

Never a crash, never silence: either numbers with the word that the trace is cut, or one sentence
and exit status 2. A flipped bit must never change a number.
"""

import json
import os
import random
import sys

import harness
from harness import check

sample = sys.argv[1]
step = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
full = os.environ.get("HEAPMARK_TEST_FULL") == "1"
work = harness.scratch()
path = work / "t.hmk"

with open(sample, "rb") as file:
    whole = file.read()
reference = harness.heapmark_json("report", sample)


def look(content, what):
    """The JSON of a damaged trace, or None if it was refused in the way it must be."""
    path.write_bytes(content)
    done = harness.heapmark("report", "--json", path)
    text = done.err.decode(errors="replace")
    if done.status == 2:
        check(len(text.splitlines()) == 1, f"{what}: one sentence, not {text!r}")
        check(done.out == b"", f"{what}: no output that looks whole")
        return None
    if check(done.status == 0, f"{what}: exit status {done.status}: {text!r}"):
        return json.loads(done.out)
    return None


def cut(size):
    answer = look(whole[:size], f"cut at {size}")
    if answer is None:
        return
    check(answer["trace"]["complete"] is False, f"cut at {size}: complete")
    harness.check_adds_up(answer, f"cut at {size}")
    text = harness.heapmark("report", path)
    said = (text.out + text.err).decode(errors="replace")
    check("cut" in said, f"cut at {size}: the report says so")


def flip(position, bit):
    damaged = bytearray(whole)
    damaged[position] ^= 1 << bit
    answer = look(bytes(damaged), f"bit {bit} of byte {position} flipped")
    if answer is None or not answer["trace"]["complete"]:
        return
    check(answer["totals"] == reference["totals"] and answer["rows"] == reference["rows"],
          f"bit {bit} of byte {position} flipped: other numbers")


sizes = set(range(0, len(whole), 1 if full else step)) | set(range(0, 64))
sizes |= {len(whole) - n for n in range(1, 40) if n < len(whole)}
for size in sorted(sizes):
    cut(size)

random.seed(1)
positions = list(range(20)) + list(range(len(whole) - 10, len(whole)))
positions += [random.randrange(len(whole)) for _ in range(2000 if full else 150)]
for position in positions:
    flip(position, random.randrange(8))
harness.finish()
