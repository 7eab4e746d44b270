#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""output.py TARGET GOLDEN SAMPLED EXTREME: where exports go, what is in the way, and what is refused."""

import os
import pty
import re
import stat
import subprocess
import sys

import exporting
import harness
from harness import check, check_equal

trace = exporting.recorded(sys.argv[1])
work = exporting.work
asked = harness.heapmark("export", "--to", "?", trace).err.decode()
formats = re.search(r"takes one of (.*), not", asked)[1].split(", ")
binary = {"pprof", "tracemalloc"} & set(formats)


def refuses(what, *arguments, mentions, left=None, path=None, **kwargs):
    done = harness.heapmark("export", *arguments, **kwargs)
    text = done.err.decode()
    check_equal((done.status, done.out, len(text.splitlines())), (2, b"", 1), f"{what}: {text!r}")
    check(mentions in text, f"{what}: names {mentions!r}: {text!r}")
    if path:
        check_equal(path.read_bytes() if path.exists() else None, left, f"{what}: the file")


def nothing_else(what, *names):
    """No temporary file is left behind."""
    check_equal(sorted(path.name for path in folder.iterdir()), sorted(names), what)


check("pprof" in formats, f"formats: {formats}")
for form in formats:
    folder = work / form
    folder.mkdir()
    path = folder / "out"
    done = harness.heapmark("export", "--to", form, "-o", path, trace)
    check_equal((done.status, done.out, done.err), (0, b"", b""), f"{form}: -o")
    data = exporting.export(form, trace)
    check(data and path.read_bytes() == data, f"{form}: the same with -o and without")
    mask = os.umask(0)
    os.umask(mask)
    check_equal(stat.S_IMODE(path.stat().st_mode), 0o666 & ~mask, f"{form}: mode")
    path.write_bytes(b"mine")
    path.chmod(0o640)
    refuses(f"{form}: a file in the way", "--to", form, "-o", path, trace, mentions="--force",
            path=path, left=b"mine")
    done = harness.heapmark("export", "--to", form, "--force", "--output", path, trace)
    check_equal((done.status, path.read_bytes()), (0, data), f"{form}: --force")
    check_equal(stat.S_IMODE(path.stat().st_mode), 0o640, f"{form}: the mode stays")
    nothing_else(form, "out")
    done = harness.run(["sh", "-c", '"$@" >/dev/full', "sh", harness.HEAPMARK, "export", "--to", form,
                        trace])
    check(done.status == 2 and b"No space left" in done.err, f"{form}: a full disk: {done.err!r}")
    help_text = harness.heapmark("export", "--help").out.decode()
    check(re.search(rf"\b{form}\b", help_text), f"{form} is in --help")

folder = work / "places"
folder.mkdir()
path = folder / "out"
refuses("no such folder", "--to", "csv", "-o", folder / "none/out", trace, mentions="none/out")
refuses("a folder", "--to", "csv", "-o", folder, trace, mentions="directory")
refuses("no name", "--to", "csv", "-o", f"{folder}/", trace, mentions="no file")
path.write_bytes(b"mine")
refuses("a damaged trace", "--to", "csv", "--force", "-o", path, __file__, mentions="output.py",
        path=path, left=b"mine")
done = harness.run(["sh", "-c", 'ulimit -f 0; trap "" XFSZ; exec "$@"', "sh", harness.HEAPMARK,
                    "export", "--to", "folded", "--force", "-o", path, trace])
check_equal((done.status, path.read_bytes()), (2, b"mine"), f"what cannot be written: {done.err!r}")
check(b"File too large" in done.err, f"...says why: {done.err!r}")
nothing_else("after failures", "out")
link = folder / "link"
link.symlink_to("out")
done = harness.heapmark("export", "--to", "csv", "--force", "-o", link, trace)
check(done.status == 0 and link.is_symlink() and path.read_bytes().startswith(b"function,"),
      f"through a link: {done.err!r}")
dangling = folder / "dangling"
dangling.symlink_to("nowhere")
refuses("a dangling link", "--to", "csv", "-o", dangling, trace, mentions="--force")
dash = harness.heapmark("export", "--to", "csv", "-o", "-", trace, cwd=str(work))
check_equal((dash.status, (work / "-").exists()), (0, False), "- is stdout")
done = harness.heapmark("export", "--to", "csv", "-o", "/dev/stdout", trace)
check_equal(dash.out, done.out, "- is stdout")
check(done.status == 0 and done.out.startswith(b"function,"), f"a device: {done.err!r}")
nothing_else("after all", "out", "link", "dangling")

refuses("no format", trace, mentions="--to")
refuses("an unknown format", "--to", "xml", trace, mentions="pprof")
refuses("a metric for many numbers", "--to", "pprof", "--metric", "end", trace, mentions="--metric")
refuses("an unknown metric", "--to", "folded", "--metric", "size", trace, mentions="temporary")
for option in (("--group-by", "file"), ("--cumulative",), ("--min-bytes", "1K")):
    refuses(f"{option} without rows", "--to", "folded", *option, trace, mentions=option[0])
refuses("an unknown domain", "--to", "folded", "--domain", "none", trace, mentions="none")
refuses("no trace", "--to", "folded", mentions="TRACE")

for form in sorted(binary):
    master, slave = pty.openpty()
    done = subprocess.run([harness.HEAPMARK, "export", "--to", form, trace], stdout=slave,
                          stderr=subprocess.PIPE, check=False, env=harness.environment())
    check(done.returncode == 2 and b"terminal" in done.stderr, f"{form}: {done.stderr!r}")
    os.close(master)
    os.close(slave)
harness.finish()
