#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Code made at run time has the names that the process's own map gives it, if it is its own."""

import os
import pathlib
import sys

import harness
from harness import check, check_equal

target = sys.argv[1]
if harness.run([target, "/dev/null"]).status == harness.SKIP:
    harness.skip("there is no code for this machine in the target")
work = harness.scratch()
trace = work / "trace.hmk"
WANTED = {("Made::first(int, char const*)", 1111), ("second /src/made.js:12", 2222)}


def named(path, *options):
    return {(row["function"], row["bytes"])
            for row in harness.report(path, "@end", "--group-by", "function", *options)["rows"]
            if row["bytes"] in (1111, 2222)}


def record(directory):
    done = harness.record(trace, [target, directory], ["--force"], cwd=work)
    check_equal((done.status, done.err), (0, b""), "recorded")
    return pathlib.Path(directory) / f"perf-{int(done.out)}.map"


# Where it is usually written, and where the process worked.
for directory in ("/tmp", work):
    found = record(directory)
    check_equal(named(trace), WANTED, f"with {found}")
    rows = harness.report(trace, "@end")["rows"]
    check_equal({row["module"] for row in rows if row["bytes"] in (1111, 2222)}, {"[jit]"}, "module")
    if directory == "/tmp":
        found.unlink()
check(("second /src/made.js:12", 2222) not in named(trace, "--skip", "second*"), "--skip")

# In a symbolized copy they stay, and a map of any name can be given.
copy = work / "copy.hmk"
check_equal(harness.heapmark("symbolize", "-o", copy, trace).status, 0, "symbolize")
elsewhere = work / "elsewhere.map"
os.rename(found, elsewhere)
check_equal(named(copy), WANTED, "symbolized")
check_equal({name for name, _ in named(trace)}, {None}, "without the map")
done = harness.heapmark("symbolize", "--force", "-o", copy, "--perf-map", elsewhere, trace)
check_equal((done.status, named(copy)), (0, WANTED), f"with --perf-map: {done.err!r}")


def not_used(what, mentions, path=found):
    """A report goes on without it, and says why; symbolize with it is refused."""
    done = harness.heapmark("report", "--json", trace)
    check_equal({name for name, _ in named(trace)}, {None}, f"{what}: names")
    check(mentions in done.err.decode() and len(done.err.splitlines()) == 1, f"{what}: {done.err!r}")
    path.unlink()


def refused(what, mentions, path):
    out = work / "refused.hmk"
    done = harness.heapmark("symbolize", "-o", out, "--perf-map", path, trace)
    check_equal((done.status, out.exists()), (2, False), what)
    check(mentions in done.err.decode() and len(done.err.splitlines()) == 1, f"{what}: {done.err!r}")


text = elsewhere.read_text()
found.write_text(text)
os.utime(found, (10**9, 10**9))
refused("an old map", "older than the recorded process", found)
not_used("an old map", "older than the recorded process")
found.write_text(text)
later = found.stat().st_mtime + 3600
os.utime(found, (later, later))
not_used("a later map", "after the recorded process")
if os.geteuid() == 0:
    found.write_text(text)
    os.chown(found, 12345, 12345)
    not_used("somebody's map", "belongs to somebody else")
other = work / "perf-1.map"
other.write_text(text)
refused("another's map", "the map of process 1", other)
refused("no map", "cannot be read", work / "none.map")
os.mkfifo(work / "fifo.map")
refused("a fifo", "not a regular file", work / "fifo.map")

harness.finish()
