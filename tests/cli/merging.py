#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""merging.py SAMPLED: merged traces of processes whose whole history is known.

Sums are sums; the peak is a bound that holds, whatever the processes did between their snapshots; one
process merged alone is itself; neither order nor number matters.
"""

import itertools
import json
import os
import random
import sys

import harness
from harness import FULL, check, check_equal
from trace_maker import COUNTERS, Process

work = harness.scratch()
numbers = itertools.count()
EPOCH = 1_700_000_000 * 10**9


def random_process(chance, pid, crowd):
    """A life of up to a second, in which blocks come and go, with a few snapshots somewhere."""
    process = Process(pid, EPOCH + chance.randrange(crowd))
    time, length = 0, chance.randrange(1, 10**9)
    blocks, calls = [], chance.randrange(1, 60)
    steps = sorted(chance.randrange(1, length + 1) for _ in range(calls))
    shots = {chance.randrange(calls) for _ in range(chance.randrange(4))}
    steady = chance.random() < 0.5  # most blocks stay
    for number, time in enumerate(steps):
        stack = chance.choice(("main", "main>a", "main>a>b", "main>c", "main>c>b"))
        deed = chance.random()
        if blocks and deed < (0.1 if steady else 0.45):
            process.free(time, blocks.pop(chance.randrange(len(blocks))))
        elif blocks and deed < (0.15 if steady else 0.6):
            at = chance.randrange(len(blocks))
            blocks[at] = process.reallocate(time, blocks[at], stack, chance.randrange(2000))
        else:
            blocks.append(process.allocate(time, stack, chance.randrange(1, 1000)))
        if number in shots:
            process.snapshot(time)
    process.snapshot(length)
    process.end(length)
    process.length = length
    return process


def true_peak(processes):
    """The largest sum of what all had at once, each between its start and its end."""
    steps = []
    for process in processes:
        last = 0
        for time, live in process.curve:
            steps.append((process.start + time, 1, live - last))
            last = live
        steps.append((process.start + process.length, 2, -last))  # it was there until its end
    live = most = 0
    for _, moment in itertools.groupby(sorted(steps), key=lambda step: step[:2]):
        live += sum(step[2] for step in moment)
        most = max(most, live)
    return most


def saved(process):
    return process.write(work / f"{next(numbers)}.hmk")


def merged(paths, *options):
    out = work / f"merged-{next(numbers)}.hmk"
    done = harness.heapmark("merge", "-o", out, *options, *paths)
    check_equal((done.status, done.out), (0, b""), f"merge: {done.err!r}")
    return out


def rows(answer):
    """Rows as numbers by place."""
    return {(row["module"], row.get("address"), row["function"]):
            {name: value for name, value in row.items() if isinstance(value, int)}
            for row in answer["rows"]}


def added(answers, fields):
    sums = {}
    for answer in answers:
        for place, row in rows(answer).items():
            into = sums.setdefault(place, dict.fromkeys(fields, 0))
            for field in fields:
                into[field] += row[field]
    return sums


SUMS = ("allocations", "allocated_bytes", "frees", "reallocations", "temporary", "end_blocks",
        "end_bytes")


def check_merged(processes, what):
    paths = [saved(process) for process in processes]
    out = merged(paths)
    answer, truth = harness.report(out), true_peak(processes)
    totals = answer["totals"]
    for name in COUNTERS:
        check_equal(totals[name], sum(process.totals()[name] for process in processes),
                    f"{what}: {name}")
    check(totals["peak_bytes"] <= truth <= totals["peak_bytes"] + totals["peak_error_bytes"],
          f"{what}: the peak {truth} is in [{totals['peak_bytes']}, "
          f"+{totals['peak_error_bytes']}]")
    check(totals["peak_bytes"] >= max(process.peak for process in processes),
          f"{what}: the peak of one is a peak of all")
    harness.check_adds_up(answer, what)
    harness.check_adds_up(harness.report(out, "@end"), f"{what} @end")
    harness.check_second_reader(out, answer)
    sums = added([harness.report(path) for path in paths], SUMS)
    found = {place: {field: row[field] for field in SUMS} for place, row in rows(answer).items()}
    check_equal(found, sums, f"{what}: rows")
    return out, truth, totals


chance = random.Random(5)
tightness = []
for number in range(400 if FULL else 30):
    crowd = chance.choice((1, 10**6, 10**9, 10**10))
    processes = [random_process(chance, pid, crowd) for pid in range(chance.randrange(1, 7))]
    out, truth, totals = check_merged(processes, f"case {number}")
    if len(processes) > 1 and truth:
        tightness.append(totals["peak_bytes"] / truth)
    if number % 10 == 0:  # in another order: the same sums for each place
        other = merged([saved(process) for process in reversed(processes)])
        for when in ("", "@end"):
            check_equal(rows(harness.report(other, when)), rows(harness.report(out, when)),
                        f"case {number}: in another order")
print(f"peaks of several: {100 * sum(tightness) / len(tightness):.0f} % of the truth on average")

# One process alone is itself.
for number in range(10):
    process = random_process(chance, 1000 + number, 10)
    path = saved(process)
    out = merged([path])
    for options in ((), ("--cumulative",), ("--group-by", "function"), ("--group-by", "stack")):
        for when in ("@peak", "@end"):
            one, same = (harness.report(trace, when, *options) for trace in (path, out))
            check_equal(same["rows"], one["rows"], f"alone, {when} {options}")
            check_equal(same["totals"], one["totals"], f"alone, {when} {options}: totals")
    check_equal(harness.heapmark_json("diff", path, out)["rows"] and
                {row["bytes_diff"] for row in harness.heapmark_json("diff", path, out)["rows"]},
                {0} if process.peak else [], "a diff with itself")

# So is a sample, with its intervals.
out = merged([sys.argv[1]])
for when in ("@peak", "@end"):
    one, same = harness.report(sys.argv[1], when), harness.report(out, when)
    check("bytes_low" in same["rows"][0], "a sample has intervals")
    check_equal((same["rows"], same["totals"]), (one["rows"], one["totals"]), f"a sample, {when}")

# Held at once, and known to be: two that keep what they have over each other's snapshots.
one, two = Process(1, EPOCH), Process(2, EPOCH)
for process, size in ((one, 1000), (two, 500)):
    block = process.allocate(10, "main>keep", size)
    process.snapshot(100)
    process.snapshot(300)
    process.free(400, block)
    process.snapshot(500)
    process.end(600)
    process.length = 600
out, truth, totals = check_merged([one, two], "kept")
check_equal((truth, totals["peak_bytes"], totals["peak_error_bytes"]), (1500, 1500, 0), "kept")

# After each other: never more than one at a time, and known to be.
first, second = Process(3, EPOCH), Process(4, EPOCH + 1000)
for process in (first, second):
    process.allocate(10, "main>once", 700)
    process.snapshot(20)
    process.end(30)
    process.length = 30
out, truth, totals = check_merged([first, second], "after each other")
check_equal((truth, totals["peak_bytes"], totals["peak_error_bytes"]), (700, 700, 0),
            "after each other")
check_equal(totals["live_bytes"], 1400, "after each other: at the end of each")

# Crossed: one gives back just before the other takes; the snapshots alone would add up to both.
falls, rises = Process(5, EPOCH), Process(6, EPOCH)
block = falls.allocate(10, "main", 1000)
falls.snapshot(20)
falls.free(30, block)
falls.snapshot(90)
rises.allocate(40, "main", 1000)
rises.snapshot(50)
rises.snapshot(90)
for process in (falls, rises):
    process.end(100)
    process.length = 100
out, truth, totals = check_merged([falls, rises], "crossed")
check_equal((truth, totals["peak_bytes"]), (1000, 1000), "crossed")

# Merged traces can be merged, and say whom they hold.
paths = [saved(process) for process in (one, two, first, falls)]
nested = merged([merged(paths[:2]), merged([paths[2]]), paths[3]])
flat = merged(paths)
check_equal(harness.report(nested, "@end")["rows"], harness.report(flat, "@end")["rows"],
            "nested @end")
for trace in (nested, flat):
    totals = harness.report(trace)["totals"]
    truth = true_peak([one, two, first, falls])
    check(totals["peak_bytes"] <= truth <= totals["peak_bytes"] + totals["peak_error_bytes"],
          f"nested: the peak {truth} is in {totals}")
    listed = harness.heapmark_json("info", trace)["processes"]
    check_equal([(row["pid"], row["peak_bytes"], row["complete"]) for row in listed],
                [(1, 1000, True), (2, 500, True), (3, 700, True), (5, 1000, True)], "info")
    check_equal(harness.report(trace)["trace"]["processes"], 4, "how many")
text = harness.heapmark("report", flat).out.decode()
check("merged 4 processes" in text and "4 exited with status 0" in text, f"head: {text[:400]}")
check_equal(harness.report(flat)["trace"]["command"], ["./app"], "the common command")
check(harness.heapmark_json("info", flat)["timeline"], "a timeline")

# A directory stands for the traces in it, in every command, and for those alone.
folder, other = work / "folder", work / "other@folder"
for where, which in ((folder, paths), (other, paths[:2])):
    where.mkdir()
    for number, path in enumerate(which):
        (where / f"{number}.hmk").write_bytes(path.read_bytes())
    for name in ("notes.txt", ".hidden.hmk", "part.hmk.tmp"):
        (where / name).write_text("not a trace")
    (where / "directory.hmk").mkdir()
pair = merged(paths[:2])


def same(what, words, *traces):
    """What a command says is the same of a directory and of the merged trace, but for its name."""
    said = []
    for trace in traces:
        done = harness.heapmark(*words, *trace)
        check_equal((done.status, done.err), (0, b""), f"{what} of {trace}")
        for path in trace:
            done.out = done.out.replace(str(path).removesuffix("@end").encode(), b"TRACE")
        said.append(done.out)
    check_equal(said[1], said[0], what)


for command in ("report", "tree", "list", "info", "memory"):
    for options in ((), ("--json",)):
        same(f"{command} {options}", [command, *options], [flat], [folder])
        same(f"{command} {options}, a name with @", [command, *options], [pair], [other])
same("report @end", ["report", "--json"], [f"{flat}@end"], [f"{folder}@end"])
same("report folder/@end", ["report"], [f"{flat}@end"], [f"{folder}/@end"])
same("export", ["export", "--to", "folded", "-o", "/dev/stdout"], [flat], [folder])
same("two sets", ["diff", "--json"], [pair, flat], [other, folder])
same("merge", ["report", "--json"], [flat], [merged([folder])])
same("merge of both", ["report", "--json"], [flat], [merged([other, *paths[2:]])])
(folder / "9.hmk").write_bytes(data := paths[0].read_bytes())
check("same process" in harness.refused("report", folder), "a copy among them")
(folder / "9.hmk").write_bytes(b"no trace")
check("9.hmk is not a heapmark trace" in harness.refused("report", folder), "which one is wrong")
(folder / "9.hmk").unlink()
nothing = Process(99, EPOCH)
begun = nothing.write(work / "begun.hmk")
for name, content in (("9.hmk", b""), ("8.hmk", begun.read_bytes())):  # recordings that have just begun
    (folder / name).write_bytes(content)
    done = harness.heapmark("report", "--json", folder)
    check(done.status == 0 and f"{name} is left out".encode() in done.err and len(done.err.splitlines()) == 1,
          f"{name}: {done.err!r}")
    check_equal(json.loads(done.out)["rows"], harness.report(flat)["rows"], f"without {name}")
    check(name in harness.refused("merge", "-o", work / "named.hmk", folder / name, paths[0])
          if not content else True, f"{name} by its name")
    check("no @nope" in harness.refused("report", f"{folder}@nope"), f"{name}: a refusal is one sentence")
    (folder / name).unlink()
only = work / "only"
only.mkdir()
(only / "begun.hmk").write_bytes(b"")
check("no trace holds a snapshot yet" in harness.refused("report", only), "only one that has just begun")
empty = work / "empty"
empty.mkdir()
for command in ("report", "info"):
    check("without traces" in harness.refused(command, empty), "an empty directory")

# A cut trace counts up to its cut, and it is said.
cut = work / "cut.hmk"
cut.write_bytes(data[:-30])
done = harness.heapmark("merge", "-o", work / "with-cut.hmk", cut, paths[1])
check_equal(done.status, 0, f"with a cut trace: {done.err!r}")
check(f"{cut} is cut".encode() in done.err, f"names the cut trace: {done.err!r}")
answer = harness.report(work / "with-cut.hmk")
check_equal(answer["trace"]["complete"], False, "with a cut trace: complete")
check_equal([row["complete"] for row in
             harness.heapmark_json("info", work / "with-cut.hmk")["processes"]], [False, True],
            "which of them was cut")
said = harness.heapmark("report", work / "with-cut.hmk")
check(b"1 cut" in said.out and b"not all of its 2 processes" in said.err, f"says so: {said.err!r}")


def refused(what, mentions, *paths):
    out = work / "refused.hmk"
    done = harness.heapmark("merge", "-o", out, *paths)
    text = done.err.decode()
    check_equal((done.status, len(text.splitlines()), out.exists()), (2, 1, False),
                f"{what}: {text!r}")
    check(mentions in text, f"{what}: {text!r} says {mentions!r}")
    check(not [name for name in os.listdir(work) if name.startswith(".")], f"{what}: leaves nothing")


copy = work / "copy.hmk"
copy.write_bytes(data)
broken = work / "broken.hmk"
broken.write_bytes(data[:40] + b"?" + data[41:])
samples = []
for pid, sample in ((21, 4096), (22, 8192)):
    process = Process(pid, EPOCH, sample=sample)
    process.allocate(1, "main", 10)
    process.snapshot(2)
    process.end(3)
    samples.append(saved(process))
refused("named twice", "named twice", paths[0], paths[1], paths[0])
refused("a copy", "same process", paths[0], copy)
refused("one that is in a merged one", "same process", flat, paths[1])
refused("damage, after a cut trace", str(broken), cut, broken)
refused("a missing trace", "missing", paths[0], work / "missing.hmk")
refused("a sample among others", "estimates", paths[0], samples[0])
refused("others after a sample", "estimates", samples[0], paths[0])
refused("two kinds of samples", "8192", *samples)
refused("a moment", "leave out @peak", f"{paths[0]}@peak")
harness.finish()
