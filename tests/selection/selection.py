#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""selection.py PROGRAM: what each selection leaves of a heap of which every part is known."""

import sys

import harness
from harness import check, check_equal

program = sys.argv[1]
work = harness.scratch()
trace = work / "selected.hmk"
check_equal(harness.record(trace, [program]).status, 0, "recorded")

AT_END = {"keep": 1000, "other_keep": 5000, "dive": 50 * 64}
AT_PEAK = {"keep": 1000, "other_keep": 5000, "big": 100000}


def held(answer, field="bytes"):
    return {row["function"]: row[field] for row in answer.get("rows", []) if row[field]}


def selects(what, wanted, *options, when="", field="bytes"):
    answer = harness.report(trace, when, "--group-by", "function", *options)
    check_equal(held(answer, field), wanted, what)
    if field == "bytes" and answer and "--cumulative" not in options:
        check_equal(answer["when"]["bytes"], sum(wanted.values()), f"{what}: sum")
    return answer


def without(parts, *names):
    return {name: size for name, size in parts.items() if name not in names}


selects("all at the end", AT_END, when="@end")
selects("all at the peak", AT_PEAK)

# By place: function, file by any tail of its path, module; then by any frame.
selects("a function", {"keep": 1000}, "--include", "keep", when="@end")
selects("functions by a glob", without(AT_END, "dive"), "--include", "*keep", when="@end")
selects("one of two", {"keep": 1000, "dive": 3200}, "-i", "keep", "-i", "dive", when="@end")
for name in ("other.c", "parts/other.c", "selection/parts/other.c", "*/parts/*"):
    selects(f"a file as {name}", {"other_keep": 5000}, "--include", name, when="@end")
selects("not a part of a name", {}, "--include", "ther.c", when="@end")
selects("a module", AT_END, "--include", "selected", when="@end")
selects("without a function", without(AT_PEAK, "big"), "--exclude", "big")
selects("both", {"keep": 1000}, "--include", "*keep", "--exclude", "other*", when="@end")
selects("a caller is not the place", {}, "--include", "through", when="@end")
selects("through a caller", {"other_keep": 5000}, "--include", "through", "--all-frames",
        when="@end")
selects("not through a caller", without(AT_END, "other_keep"), "-x", "through", "-a", when="@end")
selects("a library frame", AT_END, "-a", "-i", "libc.so*", when="@end")
selects("a domain that is empty", {}, "--domain", "mmap", when="@end")

# By moments. Live bytes stay what they are; what is counted changes.
selects("live, since a mark", AT_END, "--since", "one", when="@end")
selects("allocations since a mark", {"other_keep": 5, "churn": 20, "big": 1, "grow": 2, "dive": 50},
        "--since", "one", when="@end", field="allocations")
selects("frees since a mark", {"churn": 20, "big": 1, "grow": 2}, "--since", "@one", when="@end",
        field="frees")
selects("reallocations", {"grow": 1}, "--since", "two", when="@end", field="reallocations")
between = ("--since", "one", "--until", "two")
selects("allocated between marks", {"other_keep": 5000, "churn": 600}, *between, when="@end",
        field="allocated_bytes")
selects("temporary between marks", {"churn": 20}, *between, when="@end", field="temporary")
answer = selects("the end is the mark", {"keep": 1000}, "--until", "one", when="@end")
check_equal((answer["totals"]["live_bytes"], answer["totals"]["peak_bytes"],
             answer["totals"]["allocations"]), (1000, 6000, 11), "totals until a mark")
selects("the peak until a mark", {"keep": 1000, "wave": 5000}, "--until", "one")
diff = harness.heapmark_json("diff", f"{trace}@one", f"{trace}@end", "-g", "function", "-x", "dive")
check_equal({row["function"]: row["bytes_diff"] for row in diff["rows"] if row["bytes_diff"]},
            {"other_keep": 5000}, "a selected diff")
diff = harness.heapmark_json("diff", f"{trace}@one", f"{trace}@end", "-g", "function",
                             "--min-bytes", "3201")
check_equal([row["function"] for row in diff["rows"]], ["other_keep"], "a diff's large changes")

# A time selects the snapshot that is shown with it, however it was rounded.
shown = {}
for line in harness.heapmark("list", trace).out.decode().splitlines()[1:]:
    number, time, unit = line.split()[:3]
    shown[time + unit] = int(number)
for time, number in shown.items():
    check_equal(harness.report(trace, f"@{time}").get("when", {}).get("index"), number, f"@{time}")
text = harness.heapmark("report", trace, "--include", "nobody").out.decode()
check("nothing is selected\n" in text, f"an empty selection: {text}")

# Rows: how large, in which order, with which columns.
answer = harness.report(trace, "@end", "-g", "function", "--min-bytes", "3200")
check_equal((list(held(answer)), answer["row_count"], answer["when"]["bytes"]),
            (["other_keep", "dive"], 2, sum(AT_END.values())), "--min-bytes")
answer = harness.report(trace, "@end", "-g", "function", "--sort", "own-peak")
check_equal([(row["function"], row["own_peak_bytes"]) for row in answer["rows"]],
            [("big", 100000), ("other_keep", 5000), ("wave", 5000), ("dive", 3200), ("keep", 1000),
             ("churn", 30), ("grow", 20)], "own peaks")
check_equal({row["function"]: row["own_peak_bytes_most"] for row in answer["rows"]
             if row["own_peak_bytes"] != row["own_peak_bytes_most"]}, {"grow": 30},
            "own peaks that two call stacks may not have had together")
answer = harness.report(trace, "@end", "-g", "function", "--sort", "average")
check_equal(answer["rows"][1]["function"], "wave", "the second largest blocks")
text = harness.heapmark("report", f"{trace}@end", "-g", "function", "--sort", "allocated",
                        "--columns", "allocated,average,temporary-share,share,own-peak").out.decode()
table = [line.split() for line in text.splitlines()]
check(["97.7", "KiB", "97.7", "KiB", "100.0%", "0.0%", "97.7", "KiB"] in
      [line[:8] for line in table], f"columns: {text}")
answer = harness.report(trace, "@end", "--group-by", "domain")
check_equal([(row["domain"], row["bytes"]) for row in answer["rows"]], [("malloc", 9200)], "domains")
check_equal(held(harness.report(trace, "@end", "-g", "function", "--cumulative"))["dive"], 3200,
            "a function that calls itself 50 deep has each byte once")
check_equal(harness.heapmark_json("report", f"{trace}@end", "--cumulative", "-i", "dive")["rows"][0]
            ["bytes"], 3200, "its outermost line has all of them, once")

# Suppressions, with LeakSanitizer's rules for templates.
def suppresses(what, wanted, *lines):
    rules = work / "rules.txt"
    rules.write_text("\n".join(lines) + "\n")
    selects(what, wanted, "--suppressions", rules, when="@end")
    return harness.heapmark("report", f"{trace}@end", "--suppressions", rules).out.decode()


text = suppresses("by a caller", without(AT_END, "other_keep"), "# known", "", "  leak:through ",
                  "leak:nobody")
check("suppressed: 4.9 KiB in 5 blocks\n" in text, f"what was suppressed is said: {text}")
check("suppression leak:nobody\n" in text and "leak:through" not in text, f"unused ones: {text}")
suppresses("by a part of a name", without(AT_END, "other_keep", "keep"), "leak:kee")
suppresses("by its beginning", without(AT_END, "keep"), "leak:^keep")
suppresses("by its end", without(AT_END, "other_keep"), "leak:r_keep$")
suppresses("by its middle", without(AT_END, "other_keep"), "leak:o*r_keep")
suppresses("by a file", without(AT_END, "other_keep"), "leak:parts/other.c")
suppresses("by a module", {}, "leak:/selected")

# What cannot be.
bad_rules = work / "bad.txt"
bad_rules.write_text("leak:keep\nrace:keep\n")
for options, said in {
        ("--columns", "bytes,size"): "'size'", ("--columns", ""): "''",
        ("--columns", "bytes,bytes"): "twice", ("--sort", "size"): "size",
        ("--min-bytes", "many"): "--min-bytes", ("--since", "peak"): "--since",
        ("--since", "two", "--until", "one"): "--until", ("--until", "nowhere"): "nowhere",
        ("--suppressions", str(bad_rules)): "line 2",
        ("--suppressions", str(work / "none.txt")): "none.txt",
        ("--group-by", "domain", "--cumulative"): "--cumulative"}.items():
    done = harness.heapmark("report", trace, *options)
    check_equal((done.status, done.out, len(done.err.splitlines())), (2, b"", 1), f"{options}")
    check(said in done.err.decode(), f"{options}: names {said}: {done.err!r}")
done = harness.heapmark("report", f"{trace}@end", "--until", "one")
check_equal(done.status, 0, "@end is what --until says")
done = harness.heapmark("report", f"{trace}@two", "--until", "one")
check(done.status == 2 and b"behind" in done.err, f"a moment behind the window: {done.err!r}")
done = harness.heapmark("report", f"{trace}@one", "--since", "two")
check(done.status == 2 and b"before --since" in done.err, f"a moment before it: {done.err!r}")
harness.finish()
