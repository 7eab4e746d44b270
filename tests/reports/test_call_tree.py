#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""test_call_tree.py CC CALLS INLINED: calls of a known shape, as trees of each kind."""

import subprocess
import sys

import harness
import trees
from harness import check, check_equal

compiler, source, inlined = sys.argv[1:]
work = harness.scratch()
program, trace = work / "calls", work / "calls.hmk"
subprocess.run([compiler, "-g", "-O0", "-fno-builtin", "-o", program, source], check=True)
check_equal(harness.record(trace, [program]).status, 0, "the program")


def paths(answer, root="main"):
    """{the functions from `root` on: (total, self) in (blocks, bytes)}, in whatever direction."""
    found, names = {}, {}
    for node in answer["nodes"]:
        names[node["id"]] = names.get(node["parent"], ()) + (node.get("function"),)
        path = names[node["id"]]
        if root in path:
            path = path[path.index(root):]
            own = node["self"] or {"blocks": 0, "bytes": 0}
            check(path not in found, f"{path} is there twice")
            found[path] = tuple((numbers["blocks"], numbers["bytes"])
                                for numbers in (node["total"], own))
    return found


# Top-down, by function: what is below main, to the byte.
tree = harness.heapmark_json("tree", trace, "--group-by", "function")
below = paths(tree)
NONE = (0, 0)
wanted = {
    ("main",): ((13, 4449), (1, 1)),
    ("main", "left"): ((3, 3000), NONE),
    ("main", "left", "leaf"): ((3, 3000), (3, 3000)),
    ("main", "right"): ((2, 1000), NONE),
    ("main", "right", "leaf"): ((2, 1000), (2, 1000)),
    ("main", "both"): ((2, 160), (1, 70)),
    ("main", "both", "leaf"): ((1, 90), (1, 90)),
    ("main", "ping"): ((1, 32), NONE),
}
for path, numbers in wanted.items():
    check_equal(below.get(path), numbers, f"{path}")
check_equal(below.get(("main",) + ("again",) * 50), ((4, 256), (4, 256)), "50 calls deep")
check_equal(("main",) + ("again",) * 51 in below, False, "51 calls deep")
check_equal(below.get(("main",) + ("ping", "pong") * 3 + ("ping",)), ((1, 32), (1, 32)),
            "ping and pong")

# Recursion folded: a function once, its bytes once.
folded = paths(harness.heapmark_json("tree", trace, "--group-by", "function", "--fold-recursion"))
wanted[("main", "again")] = ((4, 256), (4, 256))
wanted[("main", "ping")] = ((1, 32), (1, 32))
check_equal(folded, wanted, "folded")
up = paths(harness.heapmark_json("tree", trace, "-g", "function", "-r", "--bottom-up"), "again")
check_equal(up.get(("again",)), ((4, 256), NONE), "folded, bottom-up")
check_equal(up.get(("again", "main"), [None])[0], (4, 256), "folded, bottom-up: the caller")
check("again" not in [name for path in up for name in path[1:]], "folded, bottom-up: again, again")
up = paths(harness.heapmark_json("tree", trace, "-g", "function", "-r", "-b"), "ping")
check_equal(up.get(("ping", "main"), [None])[0], (1, 32), "ping goes back to main")
row = next(row for row in harness.report(trace, "", "-g", "function", "-c")["rows"]
           if row["function"] == "again")
check_equal((row["blocks"], row["bytes"]), (4, 256), "a cumulative row")

# Several functions at one address, the innermost of them plumbing.
program = work / "inlined"
subprocess.run([compiler, "-g", "-O1", "-fno-builtin", "-o", program, inlined], check=True)
harness.record(work / "inlined.hmk", [program])
below = paths(harness.heapmark_json("tree", work / "inlined.hmk", "--group-by", "function"))
check_equal(below, {
    ("main",): ((3, 654), (1, 4)),
    ("main", "outer"): ((1, 600), NONE),
    ("main", "outer", "inner"): ((1, 600), (1, 600)),
    ("main", "inner"): ((1, 50), (1, 50)),
}, "inlined calls")
up = paths(harness.heapmark_json("tree", work / "inlined.hmk", "-g", "function", "-b"), "inner")
check_equal({path[:3]: numbers[0] for path, numbers in up.items() if len(path) <= 3 and
             path[-1] in ("inner", "outer", "main")},
            {("inner",): (2, 650), ("inner", "outer"): (1, 600), ("inner", "main"): (1, 50),
             ("inner", "outer", "main"): (1, 600)}, "inlined calls, bottom-up")
for group in ("line", "function"):
    trees.check_against_report(work / "inlined.hmk", "", group)

# Bottom-up: who calls leaf.
up = paths(harness.heapmark_json("tree", trace, "-g", "function", "-b"), "leaf")
check_equal({path[1]: numbers[0] for path, numbers in up.items() if len(path) == 2},
            {"left": (3, 3000), "right": (2, 1000), "both": (1, 90)}, "callers of leaf")
check_equal(up[("leaf",)][0], (6, 4090), "leaf")

# By line: the last frame is the line that allocates.
line = harness.line_of(source, "/* leaf */")
lines = harness.heapmark_json("tree", trace)["nodes"]
check_equal({node["self"]["bytes"] for node in lines if node.get("line") == line},
            {3000, 1000, 90}, "self of leaf's line")
check(not any(node.get("function") == "malloc" for node in lines), "heapmark's own frames")

# The same as the report, in every grouping, with and without recursion, at the peak and the end.
for group in ("line", "function", "file", "module"):
    for options in ((), ("--fold-recursion",)):
        trees.check_against_report(trace, "", group, options)
        trees.check_against_report(trace, "@end", group, options)
modules = harness.heapmark_json("tree", trace, "--group-by", "module")["nodes"]
check_equal(len({(node["parent"], trees.place_of(node)) for node in modules}), len(modules),
            "a module calls itself")

# Pruned by whatever: every level still adds up, in JSON and as text.
for options in (("--min-share", "5%"), ("--min-share", "30"), ("--min-bytes", "1000"),
                ("--depth", "3"), ("--depth", "0"), ("--top", "1"), ("--top", "0"),
                ("-x", "leaf"), ("--sort", "allocations", "--min-share", "10%"),
                ("--skip", "leaf"), ("--include", "again", "--all-frames")):
    for direction in ([], ["--bottom-up"]):
        trees.check_levels(harness.heapmark_json("tree", trace, *direction, *options),
                           f"{options} {direction}")
        trees.check_text(trace, *direction, *options)
check(trees.check_text(trace, "--min-share", "0", "-g", "function") >= 3, "levels of the text")
depths = [node["depth"] for node in harness.heapmark_json("tree", trace, "--depth", "3")["nodes"]]
check_equal(max(depths), 3, "--depth 3")
big = harness.heapmark_json("tree", trace, "--min-bytes", "1000")["nodes"]
check_equal(min(node["total"]["bytes"] for node in big), 1000, "--min-bytes 1000")

# As text: chains are folded unless one asks for all; lines of the terminal's width.
text = harness.heapmark("tree", trace, "-g", "function", "--min-share", "0").out.decode()
check("... 47 frames" in text or "... 46 frames" in text or "... 45 frames" in text,
      f"a long chain is folded: {text}")
text = harness.heapmark("tree", trace, "-g", "function", "--min-share", "0", "--unfold").out
check_equal(text.decode().count(" again  "), 50, "--unfold")
check(text.isascii(), "ASCII into a pipe")
for columns in (60, 80, 133):
    drawn = harness.on_terminal([harness.HEAPMARK, "tree", trace, "--min-share", "0"], columns,
                                {"LC_ALL": "C.UTF-8"})
    check("\u2514\u2500 " in drawn and "\u251c\u2500 " in drawn, f"lines on {columns} columns")
    check("\x1b" not in drawn, "NO_COLOR")
    tree = drawn.split(" place\n")[1].split("\n\n")[0].splitlines()
    narrow = 34 + 1 + 4 * 3 + 32  # of the narrowest table
    check(max(map(len, tree)) <= max(columns, narrow), f"{columns} columns: {max(map(len, tree))}")
drawn = harness.on_terminal([harness.HEAPMARK, "tree", trace], 100, {"LC_ALL": "C"})
check(drawn.isascii(), "ASCII where the locale is not UTF-8")
drawn = harness.on_terminal([harness.HEAPMARK, "tree", trace], 100, {"NO_COLOR": "", "TERM": "xterm"})
check("\x1b[" in drawn, "colours on a terminal")

for options in (["--min-share", "101%"], ["--min-share", "x"], ["--min-share", "1%%"],
                ["--min-share", "nan"], ["--group-by", "stack"], ["--depth", "-1"],
                ["--columns", "frobs"], ["--domain", "pool:frobs"]):
    check(options[0] in harness.refused("tree", trace, *options) or options[0] == "--domain",
          f"{options}: the option is named")
harness.finish()
