#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""many_stacks.py MAKE-TRACE HEAPMARK: report on 500,000 distinct call stacks, and what it costs.

Under 2 seconds and 500 MB, names included: the program that the frames lie in is heapmark itself.
The answer is checked too: quick and wrong would be no good.
"""

import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

STACKS = 500_000
SECONDS = 2
MEGABYTES = 500


def main():
    make_trace, heapmark = sys.argv[1:3]
    with tempfile.TemporaryDirectory(prefix="heapmark-test-") as directory:
        trace = pathlib.Path(directory) / "many.hmk"
        subprocess.run([make_trace, trace, str(STACKS), os.path.realpath(heapmark)], check=True)
        took = []
        for _ in range(3):  # the least of three: the machine may be busy with something else
            begin = time.monotonic()
            done = subprocess.run([heapmark, "report", "--json", trace], check=True,
                                  capture_output=True)
            took.append(time.monotonic() - begin)
    used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000  # of the largest child
    answer = json.loads(done.stdout)
    total = sum(row["bytes"] for row in answer["rows"])
    print(f"{STACKS} stacks: {min(took):.2f} s, {used:.0f} MB, {len(answer['rows'])} rows")
    if total != answer["when"]["bytes"] or total != answer["totals"]["peak_bytes"]:
        print(f"the rows' sum is {total}, not {answer['totals']['peak_bytes']}")
        return 1
    return 0 if min(took) < SECONDS and used < MEGABYTES else 1


sys.exit(main())
