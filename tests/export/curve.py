#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""curve.py TARGET GOLDEN SAMPLED EXTREME: memory_profiler's mprof finds the report's curve and its peak."""

import datetime
import sys

import exporting
import harness
from harness import check, check_equal

moments = exporting.moments(*sys.argv[1:])
try:
    import mprof
except ImportError:
    harness.skip("there is no python3-memory-profiler here")
peak = exporting.tool("python3-mprof", "mprof")


def read(moment, *options):
    path = exporting.exported("mprof", moment, *options)
    found = mprof.read_mprofile_file(str(path))
    return path, found, [round(mib * 2**20) for mib in found["mem_usage"]]


for what, moment in moments.items():
    path, found, sizes = read(moment)
    answer = harness.report(moment)
    check_equal(max(sizes), max(answer["totals"]["peak_bytes"], *sizes), f"{what}: the peak is there")
    check(answer["totals"]["peak_bytes"] in sizes, f"{what}: the peak")
    check(answer["when"]["bytes"] in sizes, f"{what}: the moment")
    check_equal(sizes[-1], answer["totals"]["live_bytes"], f"{what}: the end")
    exact = [mib * 2**20 for mib in found["mem_usage"]]
    check(all(abs(size - whole) < 0.01 for size, whole in zip(exact, sizes)), f"{what}: whole bytes")
    check_equal(found["timestamp"], sorted(found["timestamp"]), f"{what}: times")
    started = answer["trace"]["start_time"]
    if started:
        started = datetime.datetime.fromisoformat(started.replace("Z", "+00:00")).timestamp()
        last = found["timestamp"][-1] - started
        check(-1e-3 < last <= answer["trace"]["duration_s"] + 1e-3, f"{what}: the last time, {last}")
    done = harness.run([peak, "peak", path], cwd=exporting.work)
    shown = f"{path}\t{max(found['mem_usage']):.3f} MiB\n"
    check_equal((done.status, done.out.decode()), (0, shown), f"{what}: mprof peak ({done.err!r})")

snapshots = {s["label"]: s for s in
             harness.heapmark_json("list", moments["target"])["snapshots"]}
check(snapshots["mark"]["live_bytes"] in read(moments["target"])[2], "a snapshot on the way")
_, _, sizes = read(moments["target at a mark"], "--include", "dive")
check_equal(sorted(sizes), sorted([64, 51 * 64, 51 * 64]), "of a selection only the moments")
harness.finish()
