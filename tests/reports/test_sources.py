#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""test_sources.py CC: sources that moved, went, changed, and have anything in them."""

import os
import subprocess
import sys

import harness
from harness import check, check_equal

compiler = sys.argv[1]
work = harness.scratch()
folder = work / "home" / "src"
folder.mkdir(parents=True)
source, program, trace = folder / "odd.c", work / "odd", work / "odd.hmk"

TABS = b"\t/* a\ttab */ kept[0] = malloc(11);"
LATIN = b"\tkept[1] = malloc(12); /* caf\xe9 \xff\xfe */"
UTF8 = "\tkept[2] = malloc(13); /* caf\u00e9 \u4e2d */".encode()
CONTROLS = b"\tkept[3] = malloc(14); /* \x1b[31m \x07 \x7f \xc2\x9b2J \x0c */"
LONG = b"\tkept[4] = malloc(15); /* " + b"x" * 100000 + b" */"
# A carriage return alone is a line to compilers: gcc's and clang's __LINE__ agree.
RETURNS = b"\tkept[5] = malloc(16); /* a carriage \r return */\r"
NUL = b"\tkept[6] = malloc(17); /* nul \x00 here */"
LAST = b"int main(void) { work(); kept[7] = malloc(18); return 0; }"  # and no line feed
ODD = (TABS, LATIN, UTF8, CONTROLS, LONG, RETURNS, NUL, LAST)
source.write_bytes(b"\n".join([
    b"\xef\xbb\xbf#include <stdlib.h>", b"static void *kept[8];", b"static void work(void)", b"{",
    TABS, LATIN, UTF8, CONTROLS, LONG, RETURNS, NUL, b"}", LAST]))
subprocess.run([compiler, "-g", "-O0", "-fno-builtin", "-w", "-o", program, source], check=True)
check_equal(harness.record(trace, [program]).status, 0, "the program")


def answer(*options):
    return harness.heapmark_json("annotate", trace, "odd.c", *options)


def numbers(*options):
    """{line: bytes}, which do not depend on the source."""
    return {line["line"]: line["bytes"] for line in answer(*options)["lines"]}


def note(*options):
    done = harness.heapmark("annotate", trace, "odd.c", *options)
    check_equal((done.status, done.err), (0, b""), "annotate")
    return [line for line in done.out.decode().splitlines() if line.startswith("note:")]


# Whatever a source holds, what comes out is text, in the terminal's width.
WANTED = dict(zip((5, 6, 7, 8, 9, 10, 12, 14), range(11, 19)))
check_equal(numbers(), WANTED, "lines")
texts = {line["line"]: line["text"] for line in answer("--whole")["lines"]}
check_equal(len(texts), 14, "lines of the file")
check_equal(texts[1], "#include <stdlib.h>", "without the byte order mark")
check_equal(texts[5], TABS.decode(), "JSON has the tabs")
check_equal(texts[6], "\tkept[1] = malloc(12); /* caf\ufffd \ufffd\ufffd */", "not UTF-8")
check_equal(texts[8], CONTROLS.decode(), "JSON has control characters, escaped")
check_equal(texts[9], LONG.decode(), "JSON has long lines")
check_equal(texts[10], "\tkept[5] = malloc(16); /* a carriage ", "a carriage return")
check_equal(texts[11], " return */", "CRLF")
check_equal(texts[12], "\tkept[6] = malloc(17); /* nul ? here */", "NUL")
check_equal(texts[14], LAST.decode(), "the last line")
piped = harness.heapmark("annotate", trace, "odd.c").out.decode()
for what, shown in (("a pipe", piped), *((f"{columns} columns", harness.on_terminal(
        [harness.HEAPMARK, "annotate", trace, "odd.c"], columns)) for columns in (60, 80, 137))):
    check(all(ord(c) >= 0x20 and not 0x7f <= ord(c) < 0xa0 for c in shown.replace("\n", "")),
          f"{what}: control characters")
    for wanted in ("5          /* a    t", "kept[1] = ma", "14  int main(void)",
                   "10          kept[5] ="):
        check(wanted in shown, f"{what}: {wanted!r} in {shown[:3000]!r}")
    table = shown.split("  source\n")[1].split("\n\n")[0]
    if what != "a pipe":
        widest = max(map(len, table.splitlines()))
        check(widest <= int(what.split()[0]), f"{what}: a line of {widest}")
    else:
        check("caf\u00e9 \u4e2d" in shown and "caf\ufffd \ufffd\ufffd" in shown, "UTF-8 and not")
        check("?[31m ? ? ?2J ?" in shown, "control characters are shown as ?")
        check("x" * 100000 in shown, "no limit but the terminal's")

# Older than the binary; newer; and newer than the recording, though a new binary is newer yet.
check_equal((answer()["source"]["newer_than"], note()), (None, []), "as it was")
later = os.stat(program).st_mtime + 100
os.utime(source, (later, later))
state = answer()["source"]
check_equal((state["newer_than"], state["module"]), ("binary", str(program)), "newer")
check_equal([("newer" in line, str(program) in line) for line in note()], [(True, True)],
            "a note that it is newer")
os.utime(program, (later + 100, later + 100))
check_equal(answer()["source"]["newer_than"], "recording", "newer than the recording")
check("the recording" in " ".join(note()), "a note of the recording")
earlier = later - 1000
os.utime(source, (earlier, earlier))
check_equal(answer()["source"]["newer_than"], None, "older again")

# Moved: found below --source-path by any tail, there first; found nowhere, lines have no text.
content = source.read_bytes()
moved = work / "new" / "place" / "src"
moved.mkdir(parents=True)
source.rename(moved / "odd.c")
state = answer()
check_equal((state["source"]["path"], {line["text"] for line in state["lines"]}), (None, {None}),
            "a source that is gone")
check_equal(numbers(), WANTED, "a source that is gone: the numbers stay")
check("cannot be read" in " ".join(note()), "a note that it is gone")
for path in (moved, moved.parent, f"{moved.parent}/"):
    found = answer("--source-path", work / "nowhere", "-S", path)
    check_equal(os.path.realpath(found["source"]["path"]), str(moved / "odd.c"), f"below {path}")
    check_equal({line["line"]: line["text"] for line in found["lines"]},
                {line: texts[line] for line in WANTED}, f"below {path}: texts")
check(str(moved / "odd.c") in " ".join(note("-S", moved)), "a note of where the source is")
check_equal(answer("-S", work / "new")["source"]["path"], None, "not below it by a tail")
source.write_bytes(b"something else\n")
check_equal(answer("-S", moved)["source"]["path"], str(moved / "odd.c"), "--source-path goes first")
check_equal(answer()["source"]["path"], str(source), "where it was")

# Shorter than it was, and no file at all.
check("beyond the end" in harness.heapmark("annotate", trace, "odd.c").out.decode(), "shorter")
check_equal(numbers(), WANTED, "shorter: the numbers stay")
whole = {line["line"]: line.get("bytes") for line in answer("--whole")["lines"]}
check_equal(whole, {1: None, **WANTED}, "shorter: --whole")
source.write_bytes(b"")
check_equal(numbers(), WANTED, "empty")
source.unlink()
for make in (os.mkfifo, os.mkdir):
    make(source)
    check_equal(answer()["source"]["path"], None, f"{make.__name__}: not read")
    (source.unlink if make is os.mkfifo else source.rmdir)()
check_equal(len(content.split(b"\n")), 13, "the source of this test")
check(all(line in content for line in ODD), "the source of this test has its lines")
harness.finish()
