#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What `heapmark record` refuses, before the program starts, and with which exit status."""

import os

import harness
from harness import check, check_equal

work = harness.scratch()
started = ["sh", "-c", "echo started"]


def refuses(what, argv, status, mentions=""):
    done = harness.heapmark(*argv, cwd=work)
    text = done.err.decode(errors="replace")
    check_equal(done.status, status, f"{what}: exit status (stderr: {text!r})")
    check(len(text.splitlines()) == 1, f"{what}: one sentence, not {text!r}")
    check_equal(done.out, b"", f"{what}: the program did not start")
    check(mentions in text, f"{what}: names {mentions!r}: {text!r}")
    check_equal([path.name for path in work.glob("*.hmk*") if path.name != "there.hmk"], [],
                f"{what}: traces left behind")


script = work / "not-executable"
script.write_text("#!/bin/sh\necho started\n")
refuses("a program that is not there", ["record", "-o", "t.hmk", "--", "./nowhere"], 127, "nowhere")
refuses("a program not on the path", ["record", "-o", "t.hmk", "--", "no-such-program-x"], 127)
refuses("a file that is no program", ["record", "-o", "t.hmk", "--", "./not-executable"], 126)
refuses("a directory", ["record", "-o", "t.hmk", "--", "/"], 126)
refuses("an output directory that is not there",
        ["record", "-o", "/nonexistent/dir/t.hmk", "--", *started], 2, "/nonexistent/dir")
refuses("an output that is a directory", ["record", "-o", str(work), "--", *started], 2)
if os.path.exists("/proc/self"):
    refuses("an output where nobody writes", ["record", "-o", "/proc/t.hmk", "--", *started], 2)

there = work / "there.hmk"
there.write_bytes(b"precious")
refuses("an output that exists", ["record", "-o", "there.hmk", "--", *started], 2, "--force")
check_equal(there.read_bytes(), b"precious", "an output that exists is left alone")
for what, mentions, option in (("a sample of 5", "1.0 KiB to 1.0 GiB", ["--sample", "5"]),
                               ("a sample of 2G", "1.0 KiB to 1.0 GiB", ["--sample=2G"]),
                               ("a size that is none", "512K", ["--sample", "x"]),
                               ("an unknown way to unwind", "auto|libunwind|fp",
                                ["--unwind", "nonsense"]),
                               ("a negative count", "'-1'", ["--verify", "-1"]),
                               ("an option that is not offered", "--seed", ["--seed", "1"])):
    refuses(what, ["record", *option, "-o", "t.hmk", "--", *started], 2, mentions)
for what, option in (("a depth that is none", ["--depth", "deep"]), ("a depth of 1", ["--depth=1"]),
                     ("a time without a unit", ["--interval", "5 parsecs"]),
                     ("an unknown signal", ["--signal", "SIGNONE"])):
    refuses(what, ["record", *option, "-o", "t.hmk", "--", *started], 2)

forced = harness.heapmark("record", "--quiet", "--force", "-o", "there.hmk", "--", *started,
                          cwd=work)
check_equal((forced.status, forced.out), (0, b"started\n"), "--force")
check_equal(harness.heapmark("report", there).status, 0, "--force: a trace")
for status in (0, 1, 3, 77, 255):
    done = harness.record(work / f"s{status}.hmk", ["sh", "-c", f"exit {status}"])
    check_equal(done.status, status, "the program's own exit status")
harness.finish()
