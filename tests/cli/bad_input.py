#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""bad_input.py TRACE: for each complaint one sentence on stderr, no output, exit status 2."""

import gzip
import shutil
import sys

import harness
from harness import check, check_equal

sample = sys.argv[1]
work = harness.scratch()
good = work / "good.hmk"
shutil.copy(sample, good)


def file_of(name, content):
    path = work / name
    path.write_bytes(content)
    return path


def sentence(done, what):
    """Exactly one sentence on stderr, and no output that could be taken for an answer."""
    text = done.err.decode(errors="replace")
    lines = text.splitlines()
    check(len(lines) == 1 and lines[0].strip(), f"{what}: one sentence, not {text!r}")
    check_equal(done.out, b"", f"{what}: stdout")


def complains(what, *argv, status=2, mentions=""):
    done = harness.heapmark(*argv)
    check_equal(done.status, status, f"{what}: exit status (stderr: {done.err!r})")
    sentence(done, what)
    said = done.err.decode(errors="replace")
    check(mentions in said, f"{what}: names {mentions!r}: {said!r}")


HEADER = b"HEAPMARK"
TRACES = {
    "missing": work / "missing.hmk",
    "empty": file_of("empty.hmk", b""),
    "a text": file_of("text.hmk", b"once upon a time\n" * 100),
    "a compressed text": file_of("text.gz", gzip.compress(b"once upon a time\n" * 100)),
    "an empty gzip": file_of("nothing.hmk", gzip.compress(b"")),
    "a later major version": file_of("later.hmk", gzip.compress(HEADER + b"\x09\x00")),
    "a name without numbers": file_of("half.hmk", gzip.compress(HEADER)),
    "nothing behind the header": file_of("bare.hmk", gzip.compress(HEADER + b"\x01\x00")),
    "a record that is too long": file_of("long.hmk", gzip.compress(
        HEADER + b"\x01\x00" + b"\x01\xff\xff\xff\xff\x0f")),
    "a gzip header alone": file_of("header.hmk", gzip.compress(b"")[:10]),
    "a directory": work,
    "zeros": file_of("zeros.hmk", bytes(100000)),
}
for what, path in TRACES.items():
    complains(f"report of {what}", "report", path)
    complains(f"report --json of {what}", "report", "--json", path)
    complains(f"annotate of {what}", "annotate", path)
    complains(f"tree of {what}", "tree", path)
    complains(f"info of {what}", "info", path)
    complains(f"list of {what}", "list", path)
    complains(f"diff with {what}", "diff", good, path)
complains("a later version says so", "report", TRACES["a later major version"], mentions="version")

for when in ("@99999", "@nolabel", "@-1", "@0", "@1x", "@99999s", "@", "@peak2"):
    complains(f"moment {when}", "report", f"{good}{when}")
    complains(f"diff to moment {when}", "diff", f"{good}@peak", f"{good}{when}")

USAGE = {
    "an unknown command": ["frobnicate"],
    "an unknown option before a command": ["--frobnicate"],
    "an unknown option of report": ["report", "--frobnicate", good],
    "an unknown short option": ["report", "-Q", good],
    "an unknown option of diff": ["diff", "--frobnicate", good, good],
    "an unknown option of record": ["record", "--frobnicate", "--", "true"],
    "report without a trace": ["report"],
    "report of two traces": ["report", good, good],
    "annotate of nothing": ["annotate"],
    "a tree of two traces": ["tree", good, good],
    "a part of what is more than all": ["tree", "--min-share", "200%", good],
    "diff of one trace": ["diff", good],
    "an unknown order": ["report", "--sort", "frobs", good],
    "an unknown grouping": ["report", "--group-by", "frobs", good],
    "a number that is none": ["report", "--top", "many", good],
    "a negative number": ["report", "--top", "-3", good],
    "an unknown domain": ["report", "--domain", "pool:frobs", good],
    "an option without its value": ["report", good, "--top"],
    "record without a program": ["record"],
}
for what, argv in USAGE.items():
    complains(what, *argv)
# What writes a trace: nothing is replaced unasked, and a failure leaves nothing behind.
out, there = work / "out.hmk", file_of("there.hmk", b"somebody's")
before = sorted(work.iterdir())
WRITING = {}
for command in ("merge", "symbolize"):
    WRITING.update({f"{command} {what}": [command, *argv] for what, argv in {
        "without a name": [good],
        "without a trace": ["-o", out],
        "of a moment": ["-o", out, f"{good}@peak"],
        "onto a file": ["-o", there, good],
        "onto its own trace": ["-o", good, good],
        "onto a directory": ["--force", "-o", work, good],
        "onto a device": ["--force", "-o", "/dev/null", good],
        "to no file": ["-o", f"{work}/", good],
        "to nowhere": ["-o", work / "none" / "out.hmk", good],
        "of one trace twice": ["-o", out, good, good],
        **{f"of {what}": ["-o", out, path] for what, path in TRACES.items()},
    }.items()})
for what, argv in WRITING.items():
    complains(what, *argv)
    check_equal(sorted(work.iterdir()), before, f"{what}: files")
check_equal(there.read_bytes(), b"somebody's", "what was there")
complains("a name that commands terminals", "report", work / "x\x1b[31m\ny.hmk", mentions="x?[31m?y.hmk:")
complains("the way out is named", "symbolize", "-o", there, good, mentions="--force")
complains("options are named", "report", "--frobnicate", good, mentions="frobnicate")
harness.finish()
