#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""test_merge.py SOURCE TARGET: the processes of a recording merged, against what they say of themselves.

The parent has 1,000 bytes, child i has i * 10,000 and 100 more, all at once.
"""

import shutil
import sys

import harness
import trace_reader
from harness import check, check_equal
from trace_maker import Process

source, target = sys.argv[1:]
work = harness.scratch()
program = shutil.copy(target, work)

done = harness.record(work / "%p.hmk", [program])
check_equal((done.status, done.err), (0, b""), "recorded")
traces = sorted(work.glob("*.hmk"))
check_equal(len(traces), 5, "traces")
out = work / "all.hmk"
done = harness.heapmark("merge", "-o", out, *traces)
check_equal(done.status, 0, f"merged: {done.err!r}")
check(b"5 processes, which held at least 99.0 KiB at once" in done.err, f"says so: {done.err!r}")

HELD = 1000 + (1 + 2 + 3 + 4) * 10000 + 4 * 100
answer = harness.report(out)
wanted = {"allocations": 1 + 4 * 3, "allocated_bytes": HELD + 4, "frees": 1 + 4 * 2,
          "reallocations": 0, "temporary": 1 + 4 * 2, "live_blocks": 4, "live_bytes": 100000,
          "peak_blocks": 9, "peak_bytes": HELD, "peak_error_bytes": 0}
check_equal({name: answer["totals"][name] for name in wanted}, wanted, "totals")
harness.check_adds_up(answer)
harness.check_second_reader(out, answer)
for text, blocks, size, end in (("number * CHILD_SIZE);", 4, 100000, 100000),
                                ("malloc(CHILD_SIZE / 100);", 4, 400, 0),
                                ("malloc(PARENT_SIZE);", 1, 1000, 0)):
    row = harness.row_at(answer, source, harness.line_of(source, text))
    check_equal((row["blocks"], row["bytes"], row["end_bytes"]), (blocks, size, end), text)
check_equal(harness.losses_of(answer), {}, "losses")
check_equal((answer["trace"]["complete"], answer["trace"]["processes"], answer["trace"]["pid"]),
            (True, 5, None), "the trace")
info = harness.heapmark_json("info", out)
check_equal(sorted(row["status"] for row in info["processes"]), [0, 1, 2, 3, 4], "how they ended")
check_equal(info["end"]["how"], "exit" if len({row["status"] for row in info["processes"]}) == 1
            else "various", "how all ended")
modules = [module["path"] for module in info["modules"]]
check_equal(len(modules), len(set(modules)), f"each module once: {modules}")
text = harness.heapmark("report", out).out.decode()
check("merged 5 processes, 5 threads" in text and "1 exited with status 3" in text, f"head: {text}")

# A symbolized trace among others keeps its names, for all.
named = work / "named.hmk"
check_equal(harness.heapmark("symbolize", "-q", "-o", named, traces[1]).status, 0, "symbolized")
both = work / "both.hmk"
check_equal(harness.heapmark("merge", "-q", "-o", both, traces[2], named, *traces[3:]).status, 0,
            "merged with names")
before = harness.report(both, "", "--group-by", "stack")
(work / "family").unlink()
after = harness.report(both, "", "--group-by", "stack")
check_equal(after["rows"], before["rows"], "with names, without the program")
lines = {row["line"] for row in after["rows"]}
check(harness.line_of(source, "number * CHILD_SIZE);") in lines, f"lines: {lines}")


def heap_of_merging(paths):
    """The most bytes that merging these traces has in its heap."""
    recording = work / "merging.hmk"
    done = harness.record(recording, [harness.HEAPMARK, "merge", "-q", "--force", "-o", out, *paths],
                          ["--force"])
    check_equal((done.status, done.err), (0, b""), f"merge of {len(paths)}")
    return harness.report(recording)["totals"]["peak_bytes"]


# Hundreds of processes with the same call stacks take the memory of a few: below 1 KiB for another.
many = []
for number in range(400):
    process = Process(number + 1, 10**18 + number * 1000)
    for call in range(600):
        process.allocate(call + 1, f"main>f{call % 40}>g{call}", 16)
    process.snapshot(700)
    process.snapshot(800)
    process.end(900)
    many.append(process.write(work / f"made-{number}.hmk"))
few, all_of_them = heap_of_merging(many[:40]), heap_of_merging(many)
print(f"memory to merge 40: {few} bytes, 400: {all_of_them} bytes")
check(all_of_them < few + 1024 * 360, f"memory grows from {few} to {all_of_them} bytes")
check_equal(harness.report(out)["totals"]["allocations"], 400 * 600, "allocations of 400")
check_equal(len(trace_reader.read(out).nodes), 641, "frames of 400")
harness.finish()
