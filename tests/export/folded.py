#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""folded.py TARGET GOLDEN SAMPLED EXTREME: read as flame graph tools do, folded stacks are the report's."""

import collections
import re
import sys

import exporting
import harness
from harness import check_equal

LINE = re.compile(r"(.*)\s+(\d+)")  # as flamegraph.pl takes a line apart


def read(data):
    """{tuple of frames: number}"""
    sums = collections.Counter()
    for line in data.decode().splitlines():
        stack, number = LINE.fullmatch(line).groups()
        sums[tuple(stack.split(";"))] += int(number)
    return sums


def frame(known):
    return exporting.name_of(known).replace(";", ":")


moments = exporting.moments(*sys.argv[1:])
for what, moment in moments.items():
    truth = exporting.Truth(moment)
    every = what in ("target at a mark", "golden at the end", "sampled")
    for metric, field in exporting.VALUES.items() if every else ():
        found = read(exporting.export("folded", moment, "--metric", metric))
        exporting.same(found, truth.by_stack(field, frame), f"{what}, {metric}")
    found = read(exporting.export("folded", moment))
    exporting.same(found, truth.by_stack("bytes", frame), what)
    check_equal(sum(found.values()), truth.when["bytes"], what)

at_end = read(exporting.export("folded", moments["target at the end"]))
flat = collections.Counter()
for stack, number in at_end.items():
    flat[stack[-1]] += number
exporting.same({name: flat[name] for name in exporting.AT_END},
               {name: size for name, (size, _) in exporting.AT_END.items()}, "by arithmetic")
check_equal(exporting.strange_of(flat), 333, "a name with a semicolon")

target = moments["target at the end"]
check_equal(read(exporting.export("folded", target, "--include", "uneven")),
            {stack: number for stack, number in at_end.items() if stack[-1] == "uneven"}, "selected")
check_equal(exporting.export("folded", target, "--domain", "mmap"), b"", "a domain that is empty")
harness.finish()
