#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""dhat.py TARGET GOLDEN SAMPLED EXTREME: DHAT's own viewer takes the file, and its tree is the report's."""

import collections
import json
import pathlib
import sys

import exporting
import harness
from harness import check, check_equal

moments = exporting.moments(*sys.argv[1:])
node = exporting.tool("nodejs", "node")
viewers = [path for path in (pathlib.Path(directory) / "valgrind/dh_view.js" for directory in
                             ("/usr/libexec", "/usr/lib/x86_64-linux-gnu", "/usr/lib"))
           if path.exists()]
if not viewers:
    harness.skip("there is no dh_view.js here")
page = pathlib.Path(__file__).with_name("dh_view_page.js")

for what, moment in moments.items():
    truth = exporting.Truth(moment)
    done = harness.run([node, page, viewers[0], exporting.exported("dhat", moment)])
    if not check_equal(done.status, 0, f"{what}: the viewer: {done.err.decode()[-300:]}"):
        continue
    seen = json.loads(done.out)
    check_equal((seen["bytes"], seen["blocks"]), (truth.when["bytes"], truth.when["blocks"]), what)
    for at, field in ((1, "bytes"), (2, "blocks")):
        held = collections.Counter()
        for leaf in seen["leaves"]:
            held[tuple(leaf[0][::-1])] += leaf[at]
        exporting.same(+held, truth.by_stack(field, exporting.label_of), f"{what}: {field}")
    check(f"Total:     {truth.when['bytes']:,} bytes (100%" in seen["shown"], f"{what}: the total")
    check("Live at {" in seen["shown"] and "lifetime" not in seen["shown"],
          f"{what}: nothing of lifetimes")
    check_equal("estimates" in seen["shown"], bool(truth.answer["sampling"]), f"{what}: estimates")
    check(f"PID:     {truth.answer['trace']['pid']}\n" in seen["shown"], f"{what}: the process")

seen = json.loads(harness.run([node, page, viewers[0], exporting.exported(
    "dhat", moments["target"], "--domain", "mmap")]).out)
check_equal((seen["bytes"], seen["blocks"]), (0, 0), "nothing at all")
harness.finish()
