#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""test_annotate.py CC CXX LINES CALLS TEMPLATES: exact numbers beside exact lines."""

import pathlib
import re
import subprocess
import sys

import harness
import trees
from harness import check, check_equal

compiler, cxx, lines_c, calls_c, templates_cc = sys.argv[1:]
work = harness.scratch()


def recorded(name, *sources, tool=compiler, options=("-O0", "-fno-builtin")):
    """A trace of a program made of these sources."""
    program, trace = work / name, work / f"{name}.hmk"
    subprocess.run([tool, "-g", *options, "-o", program, *sources], check=True)
    check_equal(harness.record(trace, [program]).status, 0, f"{name} ends well")
    return trace


def check_sums(answer, what):
    """What is shown, the rest of the file, and elsewhere are all there is, each byte once."""
    for name, wanted in (("bytes", answer["when"]["bytes"]), ("blocks", answer["when"]["blocks"]),
                         ("allocations", answer["totals"]["allocations"]),
                         ("end_bytes", answer["totals"]["live_bytes"]),
                         ("allocated_bytes", answer["totals"]["allocated_bytes"])):
        parts = sum(answer[part][name] for part in ("shown", "rest", "elsewhere"))
        check_equal(parts, wanted, f"{what}: {name} of the three parts")
    if not answer["cumulative"]:
        for name in trees.SUMS:
            total = sum(line.get(name, 0) for line in answer["lines"])
            check(total <= answer["shown"][name] + answer["rest"][name], f"{what}: {name} of lines")


def annotated(trace, *arguments):
    answer = harness.heapmark_json("annotate", trace, *arguments)
    check_sums(answer, f"{arguments}")
    return {line["line"]: line for line in answer["lines"]}, answer


folder = work / "app" / "src"
folder.mkdir(parents=True)
source = folder / "lines.c"
source.write_text(pathlib.Path(lines_c).read_text())
trace = recorded("lines", source)
at = {name: harness.line_of(source, f"/* {name} */")
      for name in ("fill", "churn", "grow: malloc", "grow: realloc", "main: fill", "main: grow",
                   "main: churn")}

# Exactly these lines, with exactly these numbers. The peak is before half of fill's blocks go.
FIELDS = ("peak_bytes", "end_bytes", "blocks", "allocations", "allocated_bytes", "temporary")
wanted = {
    at["fill"]: (40000, 20000, 40, 40, 40000, 0),
    at["churn"]: (0, 0, 0, 25, 250, 25),
    at["grow: malloc"]: (0, 0, 0, 1, 100, 0),
    at["grow: realloc"]: (300, 300, 1, 1, 300, 0),
}
lines, answer = annotated(trace)
check_equal({number: tuple(line[name] for name in FIELDS) for number, line in lines.items()},
            wanted, "lines")
check_equal(answer["file"], str(source), "the file that holds most")
check_equal(answer["source"], {"path": str(source), "newer_than": None, "module": None}, "source")
text = source.read_text().splitlines()
check(all(line["text"] == text[number - 1] for number, line in lines.items()), "texts")
check_equal(annotated(f"{trace}@end")[0][at["fill"]]["blocks"], 20, "blocks at the end")

# With what is below: main's lines have all of it, each call stack once.
lines, answer = annotated(trace, "--cumulative")
for below, above in (("fill", "main: fill"), ("grow: realloc", "main: grow"),
                     ("churn", "main: churn")):
    for name in ("bytes", "blocks", "end_bytes"):
        check_equal(lines[at[above]][name], lines[at[below]][name], f"{above}: {name}")
check_equal(lines[at["main: grow"]]["allocations"], 2, "main: grow: malloc and realloc")
calls = recorded("calls", calls_c)
again = harness.line_of(calls_c, "/* again */")
lines, answer = annotated(calls, "again", "--cumulative")
check_equal((lines[again]["bytes"], lines[again]["blocks"]), (256, 4), "50 deep, each byte once")

# Fewer lines: what is left out is in the rest.
lines, answer = annotated(trace, "--top", "1", "--context", "0")
check_equal(list(lines), [at["fill"]], "--top 1")
check_equal((answer["shown"]["bytes"], answer["rest"]["bytes"]), (40000, 300), "--top 1: parts")
lines, answer = annotated(trace, "--sort", "temporary", "--top", "1", "--context", "0")
check_equal(list(lines), [at["churn"]], "the hottest by another column")
check_equal(list(annotated(trace, "--min-bytes", "1000", "--context", "0")[0]), [at["fill"]],
            "--min-bytes")
without = harness.heapmark_json("annotate", trace, "--exclude", "fill")
check_equal([line["line"] for line in without["lines"]],
            [at["churn"], at["grow: malloc"], at["grow: realloc"]], "--exclude")
check_equal((without["shown"]["bytes"], without["when"]["bytes"]), (300, 300), "--exclude: bytes")

# All of the file.
lines, answer = annotated(trace, "--whole")
check_equal([line["text"] for line in lines.values()], text, "--whole")
check_equal([number for number, line in lines.items() if "bytes" in line], sorted(wanted),
            "--whole: lines with numbers")

# Files and functions by all kinds of names.
for name in ("lines.c", "src/lines.c", str(source), "src/*", "*/lin?s.c"):
    check_equal(annotated(trace, name)[1]["file"], str(source), name)
check_equal(harness.run([harness.HEAPMARK, "annotate", trace, "./lines.c"], cwd=folder).status, 0,
            "a path from here")
for name, found in (("grow", ["grow: malloc", "grow: realloc"]), ("gr*w", ["grow: malloc",
                    "grow: realloc"]), ("churn", ["churn"])):
    lines, answer = annotated(trace, name)
    check_equal((list(lines), answer["function"]), ([at[line] for line in found], name), name)
    check_equal(answer["rest"]["allocations"], 67 - answer["shown"]["allocations"],
                f"{name}: the file's other lines")

for other in ("one", "two"):
    (work / other).mkdir()
    (work / other / "same.c").write_text(
        f"#include <stdlib.h>\nvoid *{other}(void);\nstatic void *same(void)\n"
        f"{{\n\treturn malloc(10);\n}}\nvoid *{other}(void)\n{{\n\treturn same();\n}}\n")
(work / "main.c").write_text("void *one(void);\nvoid *two(void);\n"
                             "int main(void)\n{\n\treturn !one() + !two();\n}\n")
both = recorded("both", work / "main.c", work / "one" / "same.c", work / "two" / "same.c")
for what in ("same.c", "same"):
    said = harness.refused("annotate", both, what)
    check("2 files" in said and "one/same.c" in said and "two/same.c" in said, said)
check_equal(annotated(both, "one/same.c")[1]["file"], str(work / "one" / "same.c"), "one of two")
for what, mentions in (("lnies.c", "lines.c"), ("LINES.C", "lines.c"), ("grwo", "grow"),
                       ("nothing-like-it", "report --group-by file"), ("main", "--cumulative"),
                       ("", "")):
    check(mentions in harness.refused("annotate", trace, what), f"{what}: names {mentions}")
bare = work / "bare"
subprocess.run([compiler, "-O0", "-fno-builtin", "-o", bare, source], check=True)
harness.record(work / "bare.hmk", [bare])
check("debug info" in harness.refused("annotate", work / "bare.hmk"), "no debug info")
for what in ("fill", "main"):
    check("debug info" in harness.refused("annotate", work / "bare.hmk", what), f"none of {what}")
check("'b'" in harness.refused("annotate", trace, "a", "b"), "one operand too many")

# As text: cells beside lines, gaps between them, and sums below.
shown = harness.heapmark("annotate", trace, "--context", "1").out.decode()
cells = re.compile(rf"^ *39\.1 KiB +19\.5 KiB +40 +40 +39\.1 KiB +0\.0% +{at['fill']}  "
                   rf" {{16}}kept\[i\] = malloc\(bytes\); /\* fill \*/$", re.MULTILINE)
check(cells.search(shown), f"fill's line: {shown}")
check(re.search(rf"^ *0 B +0 B +0 +25 +250 B +100\.0% +{at['churn']}  ", shown, re.MULTILINE),
      f"churn's line: {shown}")
check_equal(shown.count("...\n"), 4, "gaps")
check(re.search(rf"^ +{at['fill'] - 1}  ", shown, re.MULTILINE), "context")
check(not re.search(rf"^ +{at['fill'] - 2}  ", shown, re.MULTILINE), "no more context")
check(re.search(r"39\.4 KiB .* in the lines above\n.*0 B .* in the rest of the file\n", shown), shown)
check("note:" not in shown, f"nothing to note: {shown}")
shown = harness.heapmark("annotate", trace, "--whole").out.decode()
numbers = re.findall(r"^.{50,75}? (\d+)(?:  .*)?$", shown.split("source\n")[1].split("\n\n")[0],
                     re.MULTILINE)
check_equal([int(number) for number in numbers], list(range(1, len(text) + 1)), "--whole as text")

if cxx:
    trace_cc = recorded("templates", templates_cc, tool=cxx, options=("-O2",))
    lines, answer = annotated(trace_cc, "templates.cc")
    line = lines[harness.line_of(templates_cc, "// make")]
    check_equal((line["bytes"], line["blocks"]), (180, 2), "a line in two instances")
    line = lines[harness.line_of(templates_cc, "// reserve")]
    check_equal((line["bytes"], line["blocks"]), (1000, 1), "what std::vector takes")
    lines, answer = annotated(trace_cc, "make<long>")
    check_equal([line["bytes"] for line in lines.values()], [80], "one instance")
harness.finish()
