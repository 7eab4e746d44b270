#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""rebuilt.py CC SOURCES...: two builds of a program are compared, and rows are paired by what they
are.

The new build has lines inserted above and between its sites, other optimization, another directory,
and a few sites more and less (rebuilt/main.c says which). Each call stack holds a number of bytes of
its own, so a pair is right if and only if both of its sides hold the same.
"""

import pathlib
import re
import subprocess
import sys

import harness
from harness import check, check_equal

cc, sources = sys.argv[1], [pathlib.Path(path) for path in sys.argv[2:]]
work = harness.scratch()
INSERTED = "/* a line */\n" * 10
PAIRED = ("exact", "moved", "similar")
KINDS = (*PAIRED, "old-only", "new-only")


def inserted(text):
    """A source with lines inserted above its functions and between its sites."""
    text = re.sub(r"^/\* INSERT \*/\n", INSERTED, text, flags=re.MULTILINE)
    return re.sub(r"^\t/\* INSERT \*/\n", "\n\t/* a word\n\t * more */\n", text,
                  flags=re.MULTILINE)


def edited(text):
    """...and besides with sites that are gone, and others that are new."""
    text = re.sub(r"^.*/\* old only \*/\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"^\s*/\* new: (.*) \*/$", r"\1", text, flags=re.MULTILINE)
    return inserted(text)


def build(folder, options, edit=None, name="program", file_names=None):
    """Records the program, built from sources of its own in `folder`; returns the trace."""
    where = work / folder
    where.mkdir(parents=True)
    files = []
    for source in sources:
        text = source.read_text()
        file = where / (file_names or {}).get(source.name, source.name)
        file.write_text(edit(text) if edit else text)
        files += [file] if file.suffix == ".c" else []
    subprocess.run([cc, "-g", *options, "-Wl,--build-id", "-o", where / name, *files], check=True)
    trace = work / f"{folder.replace('/', '-')}.hmk"
    check_equal(harness.record(trace, [where / name]).status, 0, f"{folder}: recorded")
    return trace


def diff(old, new, *options):
    return harness.heapmark_json("diff", *options, f"{old}@end", f"{new}@end")


class Paired:
    """How the bytes of both sides were paired. The new build's blocks are `factor` times the old's."""

    def __init__(self, what, old, new, *options, factor=1):
        self.what, self.answer = what, diff(old, new, *options)
        self.rows = [row for row in self.answer["rows"] if row["status"] != "same"
                     or row["bytes_old"]]  # those that ever hold anything
        olds = [row["bytes_old"] for row in self.rows if row["bytes_old"]]
        news = [row["bytes_new"] / factor for row in self.rows if row["bytes_new"]]
        pairs = [row for row in self.rows if row["match"] in PAIRED]
        right = sum(row["bytes_old"] for row in pairs
                    if row["bytes_old"] * factor == row["bytes_new"])
        self.wrong = [row for row in pairs if row["bytes_old"] * factor != row["bytes_new"]]
        both = sum(min(olds.count(size), news.count(size)) * size for size in set(olds))
        self.share = right / both
        self.kinds = {kind: sum(row["match"] == kind for row in self.rows) for kind in KINDS}
        print(f"{what}: {self.share:.1%} right, {len(self.wrong)} wrong, {self.kinds}")
        self.check_sums()
        if "--cumulative" not in options:
            self.check_unique(olds, news)

    def check_unique(self, olds, news):
        check(len(set(olds)) == len(olds) and len(set(news)) == len(news),
              f"{self.what}: each row holds what no other does")
        for side, held in (("old", sum(row["bytes_old"] for row in self.rows)),
                           ("new", sum(row["bytes_new"] for row in self.rows))):
            check_equal(held, self.answer[side]["when"]["bytes"], f"{self.what}: all {side} bytes")

    def check_sums(self):
        """What the answer says of itself."""
        for kind in KINDS:
            rows = [row for row in self.rows if row["match"] == kind]
            wanted = {"rows": len(rows), "bytes_old": sum(row["bytes_old"] for row in rows),
                      "bytes_new": sum(row["bytes_new"] for row in rows)}
            check_equal(self.answer["matching"][kind], wanted, f"{self.what}: matching: {kind}")

    def only(self, *kinds):
        """All rows are of these kinds, and right."""
        check_equal([row for row in self.rows if row["match"] not in kinds], [],
                    f"{self.what}: rows that are not {' or '.join(kinds)}")
        check_equal(self.wrong, [], f"{self.what}: wrong pairs")
        check_equal(self.share, 1, f"{self.what}: right")
        return self

    def mostly(self):
        """At least 95 % of what both have, and nothing wrong but what says that it may be."""
        check(self.share >= 0.95, f"{self.what}: {self.share:.1%} right")
        check_equal([row for row in self.wrong if row["match"] != "similar"], [],
                    f"{self.what}: wrong in silence")
        return self


first = build("home/a/x/src", ["-O0"])
again = work / "again.hmk"
harness.record(again, [work / "home/a/x/src/program"])
above = build("home/b/y/src", ["-O0"], inserted)
for grouping in (["line"], ["function"], ["file"], ["module"], ["stack"], ["line", "--cumulative"],
                 ["function", "--cumulative"]):
    options = ["--group-by", *grouping]
    # One build is compared with itself, place by place.
    Paired(f"again by {grouping}", first, again, *options).only("exact")
    # Nothing but moved lines.
    kinds = ["exact"] if grouping == ["module"] else ["moved"]
    if "--cumulative" in grouping or grouping == ["stack"]:
        kinds.append("exact")  # _start and the C library
    Paired(f"inserted by {grouping}", first, above, *options).only(*kinds)

# What the issue is about: moved lines, another directory, other optimization, and some changes.
changed = build("home/c/y/src", ["-O0"], edited)
optimized = build("home/d/z/src", ["-O2"], edited)
back = build("home/e/z/src", ["-O2"])
resized = build("home/f/z/src", ["-O2", "-DFACTOR=3"], inserted)
resized_changed = build("home/g/z/src", ["-O0", "-DFACTOR=3"], edited)
sizes = {"gone": {2503, 3 * 10009}, "new": {3001, 11 * 10009}}  # of "old only" and "new:"
for group in ("line", "stack"):
    options = ["--group-by", group]
    for name, new in (("changed", changed), ("optimized", optimized)):
        found = Paired(f"{name} by {group}", first, new, *options).mostly()
        check_equal(found.wrong, [], f"{name} by {group}: wrong pairs")
        check_equal({row["bytes_old"] for row in found.rows if row["match"] == "old-only"},
                    sizes["gone"], f"{name} by {group}: only old")
        check_equal({row["bytes_new"] for row in found.rows if row["match"] == "new-only"},
                    sizes["new"], f"{name} by {group}: only new")
    Paired(f"less optimized by {group}", optimized, changed, *options).mostly()
    Paired(f"optimized only by {group}", first, back, *options).only("moved", "similar")
    # The same when no block is as large as it was.
    Paired(f"resized by {group}", first, resized, *options, factor=3).mostly()
    Paired(f"resized and changed by {group}", first, resized_changed, *options,
           factor=3).mostly()

for name, old, new in (("optimized", first, back), ("less optimized", back, first)):
    Paired(f"{name} only by function", old, new, "--group-by", "function").only("moved", "similar")

# What a function held that is still there is not another's, though it is called in the same place.
rows = {row["function"]: row for row in
        diff(first, build("twins", ["-O0", "-DTWIN=other_twin"]), "-g", "function")["rows"]}
check_equal([(rows[name]["bytes_old"], rows[name]["bytes_new"]) for name in ("twin", "other_twin")],
            [(402 + 8010, 402), (609, 609 + 8011)], "twins")

# In words.
text = harness.heapmark("diff", "-n", "100", "--columns", "bytes,end", f"{first}@end",
                        f"{resized}@end").out.decode()
line = harness.line_of(work / "home/a/x/src/main.c", "*block = malloc(size)")
check(re.search(rf"grown .* first  \S*/z/src/main.c:{line + 9}  was line {line}\n", text),
      f"a moved line: {text}")
check(re.search(r"like take  \S*/x/src/keep.c:\d+\n", text), f"a frame that is gone: {text}")
text = harness.heapmark("diff", f"{first}@end", f"{changed}@end").out.decode()
check(re.search(r"\nother builds: program\n", text), f"which builds: {text}")
check(re.search(r"\n  paired by moved lines +17 rows .*\n  not paired, old +2 rows +31.8 KiB *"
                r"\n  not paired, new +2 rows +110.4 KiB\n", text), f"how many: {text}")
check("other builds" not in harness.heapmark("diff", f"{first}@end", f"{again}@end").out.decode(),
      "one build")
moved = [row for row in diff(first, above)["rows"] if row["function"] == "first"]
check_equal([(row["line"], row["line_old"], pathlib.Path(row["file_old"]).parent.name,
              row.get("function_old")) for row in moved], [(line + 9, line, "src", None)], "JSON")

# Switched off.
exact = Paired("exact", first, above, "--exact")
check_equal(exact.kinds["moved"] + exact.kinds["similar"], 0, "--exact")
check_equal({row["match"] for row in exact.rows}, {"old-only", "new-only"}, "--exact: all differ")

# Other names: a version in the program's name is seen through, all else must be said.
versions = [build(f"v{number}", ["-O0"], name=f"program-1.{number}") for number in (2, 3)]
Paired("another version", *versions).only("moved")
named = build("named", ["-O0"], inserted, name="tool", file_names={"store.c": "shelf.c"})
check_equal(Paired("another name", first, named).kinds["old-only"], 19, "another name")
maps = ["--map", f"{work}/home/a/x/src/program={work}/named/tool"]
found = Paired("a named module", first, named, *maps).only("moved", "similar")
check_equal({row["function"] for row in found.rows if row["match"] == "similar"},
            {"slot_new", "store_open", "store_grow"}, "functions in another file")
maps += ["--map", f"{work}/home/a/x/src/store.c={work}/named/shelf.c"]
Paired("a named file", first, named, *maps).only("moved")
for given, complaint in ((["--map", "x"], b"--map x: give the old path"),
                         (["--map", "a=b", "--exact"], b"give one of them")):
    done = harness.heapmark("diff", *given, first, named)
    check_equal((done.status, complaint in done.err), (2, True), f"diff {given}")
unused = harness.heapmark("diff", "--map", "/nowhere=/there", first, named).out
check(b"no module of the old trace is of another build" in unused, "--map without two builds")
unused = harness.heapmark("diff", "--map", "/nowhere=/there", first, above).out
check(b"no path of the old trace is that of --map /nowhere=/there" in unused, "an unused --map")
harness.finish()
