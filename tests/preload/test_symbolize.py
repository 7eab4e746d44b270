#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A symbolized trace keeps its names when the program, its plugin and its libraries are gone."""

import shutil
import sys

import harness
import symbolizing
from harness import check, check_equal

target, plugin = sys.argv[1:]
work = harness.scratch()
trace, place = work / "trace.hmk", work / "place"

program, env = symbolizing.copy_with_libraries(target, place)
copied = shutil.copy(plugin, place)
done = harness.record(trace, [program, copied], env=env)
check_equal((done.status, done.out, done.err), (0, b"", b""), "recorded")
untouched = trace.read_bytes()

# Symbolized where nothing is: the copy is as good as the original, and can be symbolized later.
nowhere = work / "nowhere.hmk"
place.rename(work / "elsewhere")
done = harness.heapmark("symbolize", "-o", nowhere, trace)
check_equal(done.status, 0, "symbolized without files")
check(f"{program} cannot be read" in done.err.decode(), f"names what is missing: {done.err!r}")
(work / "elsewhere").rename(place)
check_equal(harness.report(nowhere)["rows"], harness.report(trace)["rows"],
            "symbolized without files, and read with them")

frames = symbolizing.check_symbolized(trace, lambda: shutil.rmtree(place))
named = {frame[0] for found in frames.values() for chain in found for frame in chain}
for wanted in ("innermost", "middle", "shapes::(anonymous namespace)::hidden", "recurse",
               "shapes::Box<int, 300>::fill", "shapes::Box<double, 50>::fill", "alpha_make"):
    check(wanted in named, f"{wanted} is among {sorted(map(str, named))}")
inlined = [chain for (module, _), found in frames.items() if module == program
           for chain in found if [frame[0] for frame in chain[:2]] == ["innermost", "middle"]]
check(inlined and all(frame[3] for chain in inlined for frame in chain[:-1]), "inlined frames")

# A second time: nothing is lost, and nothing is gained.
again = work / "again.hmk"
done = harness.heapmark("symbolize", "-o", again, trace)
check_equal(done.status, 0, "symbolized again")
check(b"no more is known here" in done.err, f"says so: {done.err!r}")
check_equal(again.read_bytes(), trace.read_bytes(), "symbolized again, the same")

# Cut: what is whole is copied, and it stays known.
cut = work / "cut.hmk"
cut.write_bytes(untouched[:-5])
copy = work / "cut-copy.hmk"
whole = harness.heapmark("report", "--json", cut)
done = harness.heapmark("symbolize", "-o", copy, cut)
check_equal(done.status, whole.status, "a cut trace")
if whole.status == 0:
    check(b"is cut" in done.err, f"says that it is cut: {done.err!r}")
    check_equal(harness.report(copy)["trace"]["complete"], False, "the copy is known as cut")
    check(b"a copy of a trace that was cut at byte" in harness.heapmark("report", copy).err,
          "the report says so")
harness.finish()
