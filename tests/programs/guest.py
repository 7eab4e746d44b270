#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""guest.py PROGRAM...: real programs behave as they do without heapmark, in every process.

Each program is run plain, and recorded while a tracer counts its processes (images.py): exit status
and output must be the same, and every process image leaves one trace that is complete, whose rows
add up, and which lost nothing, but for what is explained in EXPLAINED. Servers are recorded a second
time, without the tracer, for the rate at which they work; it is printed and never judged.
"""

import shutil
import sys

import harness
import images
import real
import traces
from harness import check, check_equal
from real import work

# program: {loss: why}.
EXPLAINED = {
    "java": {"stack_truncated": "its compiler recurses in interpreted code, mostly less than 512 deep"},
}


def speed_kept(name, program, plain):
    """Recorded without the tracer, in the long form in turns with plain runs: its rate by those."""
    kept = {True: [], False: [] if harness.FULL else [program.rate]}
    where = traces.folder(work / f"{name}-at-speed")
    env = harness.preload([harness.LIBRARY], {"HEAPMARK": f"out={where}/%e.%p.hmk"})
    for recorded in ((True, False, False, True) if harness.FULL else (True,)):
        check_equal(program.run(env if recorded else {}, long=harness.FULL), plain,
                    f"{name}: behaviour under load")
        kept[recorded].append(program.rate)
    traces.check_all(f"{name} at speed", where, None, EXPLAINED.get(name, {}))
    return (f"at {sum(kept[True]) / len(kept[True]) / sum(kept[False]) * len(kept[False]):.2f} "
            f"of its speed ({kept[False][0]:,.0f} operations a second)")


def compare(name):
    program = real.prepare(name)
    for tool in getattr(program, "needs", ()):
        if not shutil.which(tool):
            harness.skip(f"{tool} is not installed")
    plain, kept = program.run({}), ""
    rate = getattr(program, "rate", None)
    if not check(plain[0] == program.status, f"{name}: plain: {plain[0]}, {plain[2][-500:]!r}"):
        return
    where = traces.folder(work / f"{name}-traces")
    watch = images.Watch(work / f"{name}.images")
    recorded = program.run(harness.preload([harness.LIBRARY],
                                           {"HEAPMARK": f"out={where}/%e.%p.hmk"}), watch)
    if recorded[0] == harness.SKIP:
        harness.skip("tracing is not allowed here")
    check_equal(recorded, plain, f"{name}: behaviour")
    seen = watch.images()
    found = traces.check_all(name, where, seen, EXPLAINED.get(name, {}))
    if rate is not None and not harness.failed():
        program.rate = rate
        kept = speed_kept(name, program, plain)
    print(f"{name:14}{len(seen):7} images{found:7} traces  {kept}", flush=True)


for wanted in sys.argv[1:]:
    if not real.installed(wanted):
        harness.skip(f"{wanted} is not installed")
    compare(wanted)
harness.finish()
