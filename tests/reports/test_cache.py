#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""test_cache.py CC PADDED: names of programs with much debug information are looked up once.

Whether an answer came from the cache shows when the program is gone: then there is no other place.
"""

import gzip
import json
import os
import pathlib
import subprocess
import sys
import time

import harness
import trace_maker
from harness import check, check_equal

compiler, source = sys.argv[1], os.path.abspath(sys.argv[2])
work = harness.scratch()
hidden = work / "hidden"
LINES = {name: number for number, line in enumerate(pathlib.Path(source).read_text().splitlines(), 1)
         for name in ("first", "second") if f"/* {name.upper()} */" in line}
VERSION = harness.heapmark("--version").out.split()[1]
HEADER_BYTES = 100  # a gzip member's, and more


def build(name, *options):
    program = work / name
    subprocess.run([compiler, "-g", "-O1", "-Wl,--build-id=sha1", *options, "-o", program, source],
                   check=True)
    return program


def record(name, program, *arguments):
    trace = work / f"{name}.hmk"
    check_equal(harness.record(trace, [program, *arguments]).status, 0, f"{name} runs")
    return trace


def row(trace, cache, *options):
    """(function, line, bytes) of the program's own allocation; names only if they are known."""
    done = harness.heapmark("report", "--json", *options, trace,
                            env={"HEAPMARK_CACHE": str(cache)} if cache is not None else {})
    check_equal(done.status, 0, f"report: {done.err!r}")
    rows = [row for row in json.loads(done.out)["rows"] if row["bytes"] in (1000, 2000)]
    check_equal(len(rows), 1, "rows of the program")
    return rows[0]["function"], rows[0]["line"], rows[0]["bytes"]


def files(cache):
    return sorted(pathlib.Path(cache).glob("*")) if pathlib.Path(cache).exists() else []


def gone(program, trace, *where):
    """The row while there is no program."""
    program.rename(hidden)
    found = row(trace, *where)
    hidden.rename(program)
    return found


program = build("padded", "-DPADDED")
first, second = record("first", program), record("second", program, "second")
FIRST, SECOND = ("first", LINES["first"], 1000), ("second", LINES["second"], 2000)
UNKNOWN = (None, 0, 1000)

# Without a cache nothing is left behind, and nothing is known when the program is gone.
check_equal(row(first, ""), FIRST, "no cache")
check_equal(gone(program, first, ""), UNKNOWN, "no cache, no program")

# The first report fills it: one file, named by the build-id, for its owner only.
cache = work / "deep" / "cache"
check_equal(gone(program, first, cache), UNKNOWN, "an empty cache, no program")
check_equal(files(cache), [], "of what is not known nothing is kept")
check_equal(row(first, cache), FIRST, "the first report")
build_id = next(module["build_id"] for module in harness.heapmark_json("info", first)["modules"]
                if module["path"] == str(program))
check_equal([path.name for path in files(cache)], [f"{build_id}.names"], "what is kept")
check_equal(cache.stat().st_mode & 0o777, 0o700, "whose it is")
kept = cache / f"{build_id}.names"
check_equal(gone(program, first, cache), FIRST, "the second report")
check_equal(gone(program, second, cache), (None, 0, 2000), "what nobody has asked for yet")

# It grows, and what is not asked for stays.
before = kept.read_bytes()
check_equal(row(second, cache), SECOND, "another trace of the same program")
check(kept.read_bytes() != before, "more is kept")
for trace, wanted in ((first, FIRST), (second, SECOND)):
    check_equal(gone(program, trace, cache), wanted, "both are kept")
whole = kept.read_bytes()
os.utime(kept, (0, 0))
row(first, cache)
check_equal(kept.read_bytes(), whole, "what is known is not written again")
check(kept.stat().st_mtime, "but the file was used now")

# All that a report prints is the same from the cache, byte for byte.
for options in (["--cumulative"], ["--group-by", "stack"], ["--json", "--group-by", "stack"]):
    plain = harness.heapmark("report", *options, first)
    for _ in range(2):
        again = harness.heapmark("report", *options, first, env={"HEAPMARK_CACHE": str(cache)})
        check_equal(again.behaviour(), plain.behaviour(), f"{options} from the cache")

# symbolize uses and fills it too.
other = work / "other"
copy = work / "copy.hmk"
check_equal(harness.heapmark("symbolize", "-q", "-o", copy, first,
                             env={"HEAPMARK_CACHE": str(other)}).status, 0, "symbolize")
check_equal(gone(program, first, other), FIRST, "symbolize fills it")
check_equal(gone(program, copy, ""), FIRST, "and its copy knows")

# Whatever is wrong with a file, it is as if there were none, and the next report mends it.
DAMAGE = {
    "cut": whole[:len(whole) // 2],
    "empty": b"",
    "not a trace": b"#!/bin/sh\n",
    "a bit": whole[:HEADER_BYTES] + bytes([whole[HEADER_BYTES] ^ 1]) + whole[HEADER_BYTES + 1:],
    "another version's": gzip.compress(
        gzip.decompress(whole).replace(VERSION, VERSION[:-1] + b"?", 1)),
    "another module's": gzip.compress(
        gzip.decompress(whole).replace(bytes.fromhex(build_id), bytes(len(build_id) // 2), 1)),
}
for what, damaged in DAMAGE.items():
    check(damaged != whole, f"{what}: it is damaged")
    kept.write_bytes(damaged)
    check_equal(gone(program, first, cache), UNKNOWN, f"{what}: not used")
    done = harness.heapmark("report", first, env={"HEAPMARK_CACHE": str(cache)})
    check_equal((done.status, done.err), (0, b""), f"{what}: nobody is told")
    check_equal(gone(program, first, cache), FIRST, f"{what}: mended")

# A trace of something else under that name.
process = trace_maker.Process(7, 10**18)
process.snapshot(12)
process.write(kept)
check_equal(row(first, cache), FIRST, "a trace of a program")

# A program that was built anew is another one.
program.rename(work / "old")
build("padded", "-DPADDED", "-O0")
check_equal(row(record("anew", program), cache), FIRST, "built anew")
check_equal(len(files(cache)), 2, "each has a file")
(work / "old").rename(program)

# Where it is.
home = work / "home"
home.mkdir()
for env, place in (({"HOME": str(home), "XDG_CACHE_HOME": ""}, home / ".cache" / "heapmark"),
                   ({"HOME": str(home), "XDG_CACHE_HOME": str(home / "x")}, home / "x" / "heapmark")):
    full = {name: value for name, value in harness.environment(env).items()
            if name != "HEAPMARK_CACHE"}
    subprocess.run([harness.HEAPMARK, "report", first], check=True, env=full,
                   stdout=subprocess.DEVNULL)
    check_equal([path.name for path in files(place)], [f"{build_id}.names"], f"in {place}")

# A home that there is not is not made.
none = work / "nobody"
full["HOME"] = str(none)
del full["XDG_CACHE_HOME"]
subprocess.run([harness.HEAPMARK, "report", first], check=True, env=full, stdout=subprocess.DEVNULL)
check(not none.exists(), "a home that there is not")

# Where nothing can be kept, or nothing need be, reports are the same.
check_equal(row(first, "/dev/null/cache"), FIRST, "no such directory can be")
small = build("small")
none = work / "none"
check_equal(row(record("small", small), none), FIRST, "little debug information")
check_equal(files(none), [], "is looked up anew")

# What was used longest ago makes room, and so does what killed commands left; nothing else is touched.
OTHERS = ("cc.other", "Mine.names", "abc.names", ".heapmark-new123", ".heapmark-settings")
for name, age in (("aa.names", 300), ("bb.names", 200), (".heapmark-old123", 5000),
                  *((name, 400) for name in OTHERS[:-1]), (OTHERS[-1], 5000)):
    with open(other / name, "wb") as big:
        big.truncate(200 << 20)
    os.utime(other / name, (time.time() - age,) * 2)
check_equal(row(second, other), SECOND, "a full cache")
check_equal({path.name for path in files(other)}, {f"{build_id}.names", "bb.names", *OTHERS},
            "what is left")

# A limit on files is like a full disk.
limited = work / "limited"
script = f"ulimit -f 0; {harness.HEAPMARK} report {first} | cat; exit ${{PIPESTATUS[0]}}"
done = harness.run(["bash", "-c", script], env={"HEAPMARK_CACHE": str(limited)})
check_equal((done.status, b"first" in done.out, [path.name for path in files(limited)]), (0, True, []),
            f"no room for a file: {done.err!r}")

# A symbolized trace says of each name whether more can be known: here only what was kept is.
part = work / "part"
row(first, part)
subprocess.run(["objcopy", "--strip-debug", program, hidden], check=True)
subprocess.run(["cp", program, work / "whole"], check=True)
hidden.rename(program)
named = work / "named.hmk"
done = harness.heapmark("symbolize", "-o", named, second, env={"HEAPMARK_CACHE": str(part)})
check_equal(done.status, 0, "symbolize, with a part of the names kept")
(work / "whole").rename(program)
again = work / "again.hmk"
check_equal(harness.heapmark("symbolize", "-q", "-o", again, named).status, 0, "symbolize again")
program.rename(hidden)
check_equal(row(again, ""), SECOND, "what was missing then is known now")
hidden.rename(program)

# Nothing is kept while debug information is missing: here what is in files beside the objects.
split = work / "split"
split.mkdir()
subprocess.run([compiler, "-g", "-gsplit-dwarf", "-O1", "-DPADDED", "-Wl,--build-id=sha1", "-o", split / "split", source],
               check=True, cwd=split)
halves = list(split.glob("*.dwo"))
trace = record("split", split / "split")
parts = work / "parts"
for half in halves:
    half.rename(half.with_suffix(".away"))
poor = harness.heapmark("report", trace, env={"HEAPMARK_CACHE": str(parts)})
check_equal(poor.status, 0, "without the files")
check_equal(files(parts), [], "nothing is kept while something is missing")
for half in halves:
    half.with_suffix(".away").rename(half)
check_equal(row(trace, parts), FIRST, "with the files")
check_equal(len(files(parts)), 1, "and now it is kept")

harness.finish()
