#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""LD_PRELOAD and HEAPMARK= do what `heapmark record` does."""

import sys

import harness
from harness import check_equal

target, line_program = sys.argv[1:]
work = harness.scratch()

by_hand, by_command = work / "hand.hmk", work / "command.hmk"
hand = harness.run([target], env=harness.preload([harness.LIBRARY], {"HEAPMARK": f"out={by_hand}"}))
command = harness.record(by_command, [target])
harness.check_same_behaviour(hand, command)
one, other = harness.report(by_hand), harness.report(by_command)
check_equal(one.get("totals"), other.get("totals"), "totals")
check_equal(one.get("rows"), other.get("rows"), "rows")

# A name made of parts, and the default name in the working directory.
harness.run([target], env=harness.preload([harness.LIBRARY],
                                          {"HEAPMARK": f"out={work}/%e-x.hmk"}))
check_equal((work / "mixed-x.hmk").exists(), True, "%e")
(work / "here").mkdir()
harness.run([target], cwd=work / "here", env=harness.preload([harness.LIBRARY]))
names = [path.name.split(".")[:2] for path in (work / "here").iterdir()]
check_equal(names, [["heapmark", "mixed"]], "the default name")

# Options by environment: the depth.
shallow = work / "shallow.hmk"
harness.run([line_program], env=harness.preload(
    [harness.LIBRARY], {"HEAPMARK": f"depth=64:out={shallow}:interval=0"}))
check_equal(harness.report(shallow).get("losses", {}).get("stack_truncated"), 10, "depth=64")

# The program gets the descriptors that it would get without us.
LIST = ["ls", "/proc/self/fd"]
FIRST_OF_OURS = 256
plain = harness.run(LIST)
listed = harness.run(LIST, env=harness.preload([harness.LIBRARY],
                                               {"HEAPMARK": f"out={work}/list.hmk"}))
low = [word for word in listed.out.split() if int(word) < FIRST_OF_OURS]
check_equal(low, plain.out.split(), "descriptors")

# Nonsense in the variable is said once, on stderr, and the program runs.
odd = harness.run([target], cwd=work, env=harness.preload(
    [harness.LIBRARY], {"HEAPMARK": "nonsense=1:out=odd.hmk"}))
check_equal(odd.status, 0, "an unknown option: status")
check_equal(b"nonsense" in odd.err, True, f"an unknown option is named: {odd.err}")
harness.finish()
