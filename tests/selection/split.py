#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""split.py PROGRAM: blocks told apart by size class and by thread, of a program of known parts.

What is told apart adds up to what is not: of a real program, every line has the same numbers.
"""

import gzip
import re
import shutil
import sys

import harness
from harness import check, check_equal

program = sys.argv[1]
work = harness.scratch()
FIELDS = ("bytes", "blocks", "end_bytes", "end_blocks", "allocations", "allocated_bytes", "frees",
          "reallocations", "temporary")


LINES = ("--include", "line", "--include", "second")  # not what pthread_create() allocates


def record(how, *options):
    trace = work / f"{how}{len(options)}.hmk"
    check_equal(harness.record(trace, [program], ["--split", how, *options]).status, 0, how)
    return trace


traces = {how: record(how) for how in ("none", "size", "thread", "both")}


def line_rows(trace, what, *options):
    """Of the lines of the program: {what row: (allocations, allocated bytes, blocks at the end, bytes)}."""
    answer = harness.report(trace, "@end", "--group-by", what, *LINES, *options)
    key = {"size": "size_most", "thread": "thread"}[what]
    return {row[key]: (row["allocations"], row["allocated_bytes"], row["blocks"], row["bytes"])
            for row in answer["rows"]}


BY_SIZE = {
    16: (4, 48, 0, 0), 32: (5, 85, 5, 85), 64: (7, 6 * 33 + 40, 1, 40), 128: (1, 100, 0, 0),
    1024: (7, 7168, 7, 7168), 2048: (2, 2050, 2, 2050), 4096: (1, 3000, 1, 3000),
    8192: (1, 5000, 0, 0), 4 << 20: (10, 30 << 20, 0, 0),
}
BY_THREAD = {
    1: (6, 198, 0, 0),
    2: (18, 48 + 85 + 7168 + 2050, 14, 85 + 7168 + 2050),
    3: (14, 100 + 5000 + 40 + (30 << 20) + 3000, 2, 3040),
}
for how in ("size", "both"):
    check_equal(line_rows(traces[how], "size"), BY_SIZE, f"{how}: by size")
for how in ("thread", "both"):
    check_equal(line_rows(traces[how], "thread"), BY_THREAD, f"{how}: by thread")
for number, wanted in BY_THREAD.items():
    check_equal(line_rows(traces["both"], "thread", "--thread", str(number)), {number: wanted},
                f"only thread {number}")
check_equal(line_rows(traces["both"], "thread", "--thread", "1", "--thread", "3"),
            {number: BY_THREAD[number] for number in (1, 3)}, "only two threads")
check_equal(line_rows(traces["both"], "size", "--thread", "3"),
            {64: (1, 40, 1, 40), 128: (1, 100, 0, 0), 4096: (1, 3000, 1, 3000),
             8192: (1, 5000, 0, 0), 4 << 20: (10, 30 << 20, 0, 0)}, "the sizes of one thread")
check_equal(line_rows(traces["both"], "thread", "--thread", "9"), {}, "a thread that there was not")
mapped = harness.report(traces["both"], "@end", "-g", "thread", "--domain", "mmap", *LINES)
check_equal([(row["thread"], row["bytes"]) for row in mapped["rows"]], [(3, 1 << 16)], "a map")
tids = {row["tid"] for row in harness.report(traces["thread"], "", "-g", "thread")["rows"]}
check_equal(len(tids), 3, "threads have the kernel's numbers, too")


def rows(trace, *options):
    """{place: numbers}, of which those that do not add up are left out."""
    answer = harness.report(trace, *options)
    return {tuple(str(row[name]) for name in ("function", "file", "line", "module"))
            + (str(row.get("stack")) if "stack" in row else "",): {name: row[name] for name in FIELDS}
            for row in answer["rows"]}


def check_same(what, plain, split):
    """Whoever does not ask for what is told apart sees nothing of it."""
    for when in ("", "@end"):
        for options in ((), ("--cumulative",), ("-g", "function"), ("-g", "stack"), ("-g", "domain")):
            check_equal(rows(split, when, *options), rows(plain, when, *options),
                        f"{what}: {when} {options}")
    for command in (["tree", "--json"], ["export", "--to", "folded", "-o", "/dev/stdout"]):
        said = [harness.heapmark(*command, trace).out.replace(str(trace).encode(), b"TRACE")
                for trace in (plain, split)]
        check_equal(*[strip(text) for text in said], f"{what}: {command[0]}")
    for grouping in ("size", "thread"):
        answer = harness.report(split, "", "-g", grouping)
        check_equal(sum(row["bytes"] for row in answer["rows"]), answer["totals"]["peak_bytes"],
                    f"{what}: {grouping} adds up")


def strip(text):
    """Without what no two runs have in common, and maxima, which are bounds of several sites."""
    return re.sub(rb'"(time_s|duration_s|start_time|pid|own_peak\w*)":[^,}]*', b"", text)


SQL = "create table t(a, b); with recursive n(i) as (select 1 union all select i+1 from n where i<2000) " \
      "insert into t select i, printf('%0*d', i, i) from n; select count(*), sum(length(b)) from t;"
real = [["sqlite3", ":memory:", SQL]] if shutil.which("sqlite3") else []
for argv in real:
    pair = []
    for how in ("none", "both"):
        trace = work / f"real-{how}.hmk"
        check_equal(harness.record(trace, argv, ["--split", how, "--interval", "0"]).status, 0, "recorded")
        pair.append(trace)
    check_same(argv[0], *pair)

# Merged, a trace with and one without: what is not told apart is a row of its own.
merged = work / "merged.hmk"
check_equal(harness.heapmark("merge", "-q", "-o", merged, traces["both"], traces["none"]).status, 0,
            "merge")
found = line_rows(merged, "size")
check_equal(found.pop(None), tuple(map(sum, zip(*BY_SIZE.values()))), "merged: unknown sizes")
check_equal(found, BY_SIZE, "merged: by size")
text = harness.heapmark("report", "-g", "size", merged).out.decode()
check("[unknown sizes]" in text and "17-32 B" in text and "2-4 MiB" in text, f"text: {text}")
text = harness.heapmark("report", "-g", "thread", merged).out.decode()
check("[unknown thread]" in text and "thread 2 (tid " in text, f"text: {text}")

# A diff of two runs pairs threads by number; between two moments nothing changes.
again = record("both", "--interval", "0")
changes = harness.heapmark_json("diff", f"{traces['both']}@end", f"{again}@end", "-g", "thread")["rows"]
check_equal([(row["thread"], row["tid"], row["status"]) for row in sorted(changes, key=lambda row: row["thread"])],
            [(number, None, "same") for number in BY_THREAD], "the same in another run")
check("does not tell blocks apart by size" in harness.refused("report", "-g", "size", traces["thread"]),
      "sizes that are not told apart")
check("--split thread" in harness.refused("report", "--thread", "1", traces["size"]),
      "threads that are not told apart")
for word in ("abc", "-1", "", "1x"):
    check("--thread" in harness.refused("report", "--thread", word, traces["both"]), f"thread {word!r}")
check_equal(line_rows(traces["both"], "thread", "--thread", "02"), {2: BY_THREAD[2]}, "a number is a number")
nothing = work / "nothing.hmk"
check_equal(harness.record(nothing, ["true"], ["--split", "both", "--sample", "1G"]).status, 0, "nothing to tell apart")
for what in ("size", "thread"):
    check_equal(harness.report(nothing, "", "-g", what)["rows"], [], f"{what}: nothing to tell apart")
samples = {}
for how in ("none", "both"):
    where = work / f"{how}.pb.gz"
    check_equal(harness.heapmark("export", "--to", "pprof", "-o", where, traces[how]).status, 0, "pprof")
    samples[how] = len(gzip.decompress(where.read_bytes()))
check(samples["both"] < samples["none"] + 200, f"pprof has no more samples: {samples}")
check("cumulative" in harness.refused("report", "-c", "-g", "size", traces["size"]), "cumulative")
csv = harness.heapmark("export", "--to", "csv", "-g", "thread", "-o", "/dev/stdout", traces["both"]).out
check(b",thread\r\n" in csv and b"thread 2 (tid " in csv, f"csv: {csv[:300]}")

# A forked process goes on with its parent's numbers: whose blocks it inherited stays known.
folder = work / "forked"
folder.mkdir()
check_equal(harness.record(folder / "%p.hmk", [program, "fork"], ["--split", "thread"]).status, 0, "forks")
processes = {}
for trace in folder.iterdir():
    answer = harness.report(trace, "@end", "-g", "thread", *LINES)
    processes[harness.heapmark_json("info", trace)["process"]["origin"]] = [
        (row["thread"], row["blocks"], row["bytes"]) for row in answer["rows"]]
check_equal(sorted(processes["forked"]), [(1, 0, 0), (2, 18, 9351), (3, 1, 100), (4, 2, 400)], "the child's threads")

# A sample, too.
sampled = record("size", "--sample", "1K")
answer = harness.report(sampled, "", "-g", "size", *LINES)
check(any(row["size_most"] == 4 << 20 for row in answer["rows"]), "a sample tells sizes apart")
harness.finish()
