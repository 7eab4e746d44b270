#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""marks.py GUEST [PYTHON_GUEST]: what diff says between two marks, held against arithmetic and
tracemalloc, to the byte and the block.

GUEST is marks/marks.c, whose cases say by arithmetic what they keep. PYTHON_GUEST is
marks/python_guest.py; its cases are run twice, once under tracemalloc and once recorded, with
PYTHONMALLOC=malloc both times, so that Python asks for the same.
"""

import pathlib
import sys

import harness
from harness import check, check_equal

FIELDS = ("bytes", "blocks", "allocations", "allocated_bytes")
GROUPINGS = (["line"], ["function"], ["stack"], ["module"], ["domain"])
work = harness.scratch()


def between(trace, old, new, *options):
    return harness.heapmark_json("diff", f"{trace}@{old}", f"{trace}@{new}", *options)


def differences(answer):
    """What the rows add up to; they must have the sign and the words for it."""
    for row in answer["rows"]:
        for field in FIELDS:
            check_equal(row[f"{field}_diff"], row[f"{field}_new"] - row[f"{field}_old"], "a row")
        check_equal(row["status"], status(row), "what became of a row")
        check_equal(row["match"], "exact", "one build")
    return tuple(sum(row[f"{field}_diff"] for row in answer["rows"]) for field in FIELDS)


def status(row):
    had, has = ((row[f"bytes_{side}"], row[f"blocks_{side}"]) for side in ("old", "new"))
    if had == has:
        return "same"
    if not any(had) or not any(has):
        return "new" if any(has) else "gone"
    return "grown" if (has[0], has[1]) > (had[0], had[1]) else "shrunk"


def check_c(guest):
    trace = work / "marks.hmk"
    done = harness.record(trace, [guest])
    lines = [line.split() for line in done.out.decode().splitlines()]
    check(lines, f"marks: {done.err!r}")
    for name, *numbers in lines:
        wanted = tuple(map(int, numbers))
        for grouping in GROUPINGS:
            answer = between(trace, f"before {name}", f"after {name}", "--group-by", *grouping)
            check_equal(differences(answer), wanted, f"{name} by {grouping}")
        rows = between(trace, f"before {name}", f"after {name}", "--group-by", "function")["rows"]
        changed = {row["function"]: row["status"] for row in rows if row["allocations_diff"]
                   or row["bytes_diff"]}
        wanted_status = {"given_back": {"list_of_numbers": "gone"},
                         "sum_without_a_list": {name: "same"}}.get(name, {name: "new"})
        check_equal(changed, wanted_status, f"{name}: what changed")
    text = harness.heapmark("diff", f"{trace}@before bounded_cache", f"{trace}@after bounded_cache",
                            "--columns", "bytes,blocks,allocations,allocated,frees").out.decode()
    check("   new       +800 B         0 B       800 B            +8         +1,000    +97.7 KiB"
          "          +992  bounded_cache" in text, f"in words: {text}")


def check_python(guest):
    env = {"PYTHONMALLOC": "malloc", "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}
    sys.path.insert(0, str(pathlib.Path(guest).parent))
    import python_cases  # pylint: disable=import-outside-toplevel,import-error

    for name in python_cases.CASES:
        trace = work / f"{name}.hmk"
        argv = [sys.executable, guest, name]
        told = harness.run(argv, env={**env, "PYTHONTRACEMALLOC": "1"})
        done = harness.record(trace, argv, env=env)
        if not check((told.status, done.status) == (0, 0), f"{name}: {told.err!r} {done.err!r}"):
            continue
        wanted = tuple(map(int, told.out.split()))
        for grouping in GROUPINGS if name == "bounded_cache" else GROUPINGS[-2:-1]:
            answer = between(trace, "before", "after", "--group-by", *grouping)
            check_equal(differences(answer)[:2], wanted, f"{name} by {grouping}")
        print(f"{name:30} {wanted[0]:10,} bytes in {wanted[1]:6,} blocks", flush=True)


check_c(sys.argv[1])
if len(sys.argv) > 2:
    check_python(sys.argv[2])
harness.finish()
