#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""memory.py TOUCHES: what `heapmark memory` says that processes are made of.

The program TOUCHES knows what it has taken of each kind; of real programs at least 95 % of what is
resident must be explained.
"""

import sys

import harness
import real
from harness import check, check_equal

work = harness.scratch()
MIB = 1 << 20


def memory(trace):
    return harness.heapmark_json("memory", trace)


def check_sums(what, moment):
    kinds = moment["kinds"]
    check_equal(sum(kind["resident_bytes"] for kind in kinds.values()), moment["resident_bytes"],
                f"{what}: all that is resident")
    check_equal(moment["heap"]["requested_bytes"], moment["live_bytes"], f"{what}: requested")
    for name, kind in kinds.items():
        check(kind["resident_bytes"] <= kind["bytes"], f"{what}: {name}: {kind}")


def touches(program):
    trace = work / "touches.hmk"
    done = harness.record(trace, [program])
    check_equal(done.status, 0, "touches")
    known = {kind: (int(size), int(resident)) for kind, size, resident in
             (line.split() for line in done.out.decode().splitlines())}
    end = memory(trace)["end"]
    kinds = end["kinds"]
    check_sums("touches", end)
    # To the byte what the program mapped itself, wherever the kernel put it beside other things.
    check_equal((kinds["maps"]["bytes"], kinds["maps"]["resident_bytes"]), known["maps"], "maps")
    # The heap has little besides the large block: the first block of stdio, and what was freed. What
    # is not resident is what was not touched. (The block begins with 16 bytes of the allocator's.)
    size, resident = known["heap"]
    check(0 <= kinds["heap"]["bytes"] - size <= MIB, f"heap: {kinds['heap']}")
    check(0 <= kinds["heap"]["resident_bytes"] - resident <= MIB, f"heap: {kinds['heap']}")
    check(abs(end["heap"]["not_resident_bytes"] - (size - resident)) <= MIB, f"{end['heap']}")
    # Four stacks, and the first thread's.
    size, resident = known["stacks"]
    check(0 <= kinds["stacks"]["bytes"] - size <= MIB, f"stacks: {kinds['stacks']}")
    check(0 <= kinds["stacks"]["resident_bytes"] - resident <= MIB, f"stacks: {kinds['stacks']}")
    # All of it is what the program read a moment before, and what the recorder took since.
    check(known["all"][1] <= end["resident_bytes"] <=
          known["all"][1] + kinds["heapmark"]["resident_bytes"] + MIB // 4,
          f"all: {end['resident_bytes']}, {known['all'][1]} a moment before: {kinds}")
    explained("touches", end)
    text = harness.heapmark("memory", trace).out.decode()
    check("1014.1 MiB" in text or "1013." in text or "1014." in text, f"as text: {text}")


def explained(what, moment):
    share = 1 - moment["kinds"]["other"]["resident_bytes"] / moment["resident_bytes"]
    print(f"{what}: {100 * share:.2f} % of {moment['resident_bytes'] / MIB:.1f} MiB are explained")
    check(share >= 0.95, f"{what}: {moment['kinds']}")


def looked_at(name, trace):
    answer = memory(trace)
    for moment in answer["moments"]:
        check_sums(name, moment)
    if check(answer["end"], f"{name}: its memory was looked at in the end"):
        explained(name, answer["end"])


def command(name, *argv):
    """Long enough a run for a look at its end."""
    if not real.installed(name):
        print(f"{name} is not there")
        return
    trace = work / f"{name}.hmk"
    check_equal(harness.record(trace, argv).status, 0, name)
    looked_at(name, trace)


def server(name):
    if not real.installed(name):
        print(f"{name} is not there")
        return
    program = real.prepare(name)
    status, _, _ = program.run(harness.preload([harness.LIBRARY],
                                               {"HEAPMARK": f"out={work}/{name}.%e.hmk"}))
    check_equal(status, program.status, name)
    traces = [path for path in work.glob(f"{name}.*.hmk") if not real.is_wrappers(path)]
    check_equal(len(traces), 1, f"{name}: traces")
    for trace in traces:
        looked_at(name, trace)


ROWS = ("create table t as with recursive c(x) as (select 1 union all select x + 1 from c "
        "where x < 500000) select x, hex(randomblob(40)) h from c; create index i on t(h);")
WORK = "import time; kept = [str(i) * 9 for i in range(300000)]; time.sleep(0.2)"
touches(sys.argv[1])
command("sqlite3", "sqlite3", ":memory:", ROWS)
command("python3", sys.executable, "-c", WORK)
server("redis")
harness.finish()
