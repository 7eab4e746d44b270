#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""manners.py TRACE: help, versions, pipes that close, full outputs, JSON that parses."""

import re
import subprocess
import sys

import harness
from harness import check, check_equal

trace = sys.argv[1]
COMMANDS = re.findall(r"^  (\w+) ", harness.heapmark("--help").out.decode().split("\n\nexamples")[0],
                      re.MULTILINE)

for argv in (["--help"], ["help"], *([command, "--help"] for command in COMMANDS)):
    done = harness.heapmark(*argv)
    check_equal((done.status, done.err), (0, b""), f"{argv}")
    check(b"Usage" in done.out or b"usage" in done.out, f"{argv}: shows the usage")
    check(all(len(line) <= 100 for line in done.out.decode().splitlines()), f"{argv}: width")
done = harness.heapmark("--version")
check(re.fullmatch(rb"heapmark \d+\.\d+\.\d+\n", done.out), f"--version: {done.out!r}")
check_equal(harness.heapmark().status, 2, "no command")

for argv in (["report", trace], ["report", f"{trace}@end"], ["diff", f"{trace}@1", f"{trace}@end"],
             ["list", trace], ["info", trace], ["memory", trace], ["report", "--group-by", "stack", trace],
             ["report", "--group-by", "function", trace], ["report", "--group-by", "file", trace],
             ["report", "--group-by", "module", trace], ["report", "--cumulative", trace],
             ["tree", trace], ["tree", "--bottom-up", "--group-by", "module", trace]):
    plain = harness.heapmark(*argv)
    check_equal(plain.status, 0, f"{argv}: exit status ({plain.err!r})")
    check(plain.out, f"{argv}: prints something")
    check(b"\x1b[" not in plain.out, f"{argv}: no colours into a pipe")
    answer = harness.heapmark_json(*argv)
    check(answer.get("schema", "").startswith("heapmark."), f"{argv}: schema")

    # A reader that leaves early, as `head` does.
    child = subprocess.Popen([harness.HEAPMARK, *argv, "--json"], stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, env=harness.environment())
    child.stdout.close()
    err = child.stderr.read()
    child.stderr.close()
    check(child.wait() in (0, 2, -13) and len(err.splitlines()) <= 1, f"{argv}: closed pipe: {err}")

    with open("/dev/full", "wb") as full:
        done = subprocess.run([harness.HEAPMARK, *argv], stdout=full, stderr=subprocess.PIPE,
                              env=harness.environment(), check=False)
    check_equal((done.returncode, len(done.stderr.splitlines())), (2, 1),
                f"{argv}: a full output: {done.stderr!r}")

asked = harness.heapmark("export", "--to", "?", trace).err.decode()
formats = re.search(r"takes one of (.*), not", asked)[1].split(", ")
check("pprof" in formats, f"formats: {formats}")
for form in formats:
    done = harness.heapmark("export", "--to", form, trace)
    check_equal((done.status, done.err), (0, b""), f"export --to {form}")
    check(done.out, f"export --to {form}: writes something")

top = harness.heapmark_json("report", trace, "--top", "1")
check_equal(len(top.get("rows", [])), 1, "--top 1")
harness.finish()
