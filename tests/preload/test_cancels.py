#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Cancelled threads end where they would without heapmark, and leave none of its locks held."""

import subprocess
import sys

import harness
from harness import check_equal

target = sys.argv[1]
trace = harness.scratch() / "cancels.hmk"
env = harness.preload([harness.LIBRARY], {"HEAPMARK": f"out={trace}:interval=1ms"})
# With a lock left held, each of the many snapshots would wait for it for 5 seconds.
done = subprocess.run([target], env=harness.environment(env), capture_output=True, timeout=60,
                      check=False)
check_equal((done.returncode, done.stdout), (0, b"cancelled inside malloc: 0\n"), "the program")
answer = harness.report(trace)
check_equal(harness.losses_of(answer), {}, "losses")
check_equal(answer["totals"]["frees"] > 1000, True, "recorded at all")
harness.finish()
