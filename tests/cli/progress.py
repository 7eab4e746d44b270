#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""progress.py: long work says on a terminal how far it has come, and leaves nothing behind.

How long work takes is the machine's business, so traces are made longer until it is long enough.
"""

import gzip
import re

import harness
import trace_maker
from harness import check, check_equal

work = harness.scratch()
short, long = work / "short.hmk", work / "long.hmk"


def write_short(path, pid):
    process = trace_maker.Process(pid, 10**18)
    process.allocate(5, "main", 100)
    process.snapshot(12)
    process.end(13)
    process.write(path)


write_short(short, 7)

TEXTS = 19  # a record of names without names: the reader reads them and forgets them again
MEMBER = gzip.compress(trace_maker.record(TEXTS, 1, 1 << 19, bytes(1 << 19)))
LINE = re.compile(rb"\r\x1b\[Kheapmark: ([^\r\x1b]*)")
LONGEST = 64


def lines(*arguments, **env):
    """What stood in the line, one after the other; nothing else was written, and nothing is left."""
    status, written = harness.stderr_on_terminal([harness.HEAPMARK, *arguments], env)
    check_equal(status, 0, f"{arguments}")
    found = LINE.findall(written)
    if found:
        check(written.endswith(b"\r\x1b[K"), f"the line is taken away: {written!r}")
    check(b"\n" not in written and b"\x1b[31m" not in written, f"a row, and no colours: {written!r}")
    check_equal(LINE.sub(b"", written).replace(b"\r\x1b[K", b""), b"", "nothing else is written")
    return found


def lengthened(lengthen, *arguments):
    """The lines of a command once there are at least three."""
    times, found = 1, []
    while len(found) < 3 and times <= LONGEST:
        lengthen(times)
        found = lines(*arguments)
        times *= 2
    check(len(found) >= 3, f"{arguments}: shown: {found}")
    return found


check_equal(lines("report", short), [], "short work shows nothing")


def lengthen_long(times):
    long.write_bytes(short.read_bytes() + times * 100 * MEMBER)


shares = [int(share) for line in lengthened(lengthen_long, "report", long)
          for share in re.findall(rb"^reading long\.hmk: (\d+) %$", line)]
check(len(shares) >= 3 and shares == sorted(shares) and shares[0] < shares[-1] < 100,
      f"the share rises: {shares}")

# Where it is not a terminal, or one that cannot take a line away, there are none.
done = harness.heapmark("report", long)
check_equal((done.status, done.err), (0, b""), "a pipe")
check_equal(lines("report", long, TERM="dumb"), [], "a dumb terminal")

# What is a sentence stands in a line of its own.
long.write_bytes(long.read_bytes()[:-5])
status, written = harness.stderr_on_terminal([harness.HEAPMARK, "report", long])
check_equal(status, 0, "a cut trace")
check(re.search(rb"(^|\r\x1b\[K)heapmark: \S+ is cut [^\r\x1b]*\r\n$", written), f"a cut trace: {written!r}")

# A line stays in its row, and holds nothing that commands the terminal.
odd = work / ("\x1b[31mred\n" + 60 * "x" + ".hmk")


def lengthen_odd(times):
    odd.write_bytes(short.read_bytes() + times * 100 * MEMBER)


for line in lengthened(lengthen_odd, "report", odd):
    check(len(line) < 80 and line.startswith(b"reading ?[31mred?xxx"), f"an odd name: {line!r}")

# Many traces: which one it is at.
parts = [work / f"part{number}.hmk" for number in range(8)]


def lengthen_parts(times):
    for number, part in enumerate(parts):
        write_short(part, 10 + number)
        part.write_bytes(part.read_bytes() + times * 20 * MEMBER)


found = lengthened(lengthen_parts, "merge", "-q", "--force", "-o", work / "out.hmk", *parts)
at = [int(number) for line in found for number in re.findall(rb"^merging trace (\d+) of 8$", line)]
check(at and at == sorted(at), f"merge: {found}")
harness.finish()
