# SPDX-License-Identifier: MIT
"""What the tests of exports share: traces to export, and what must be found in every format.

The truth is `heapmark report --json --group-by stack`, and for the target plain arithmetic.
"""

import collections
import pathlib
import shutil
import subprocess

import harness
from harness import check, check_equal

work = harness.scratch()

# What the functions of target.c hold by themselves, and with what they call: (bytes, blocks).
AT_MARK = {"innermost": (1000, 10), "uneven": (28, 8), "dive": (64, 1)}
AT_END = {"innermost": (1000, 10), "uneven": (28, 8), "dive": (51 * 64, 51), "ping": (30, 3),
          "pong": (3000, 3)}
BELOW_AT_END = {"innermost": 1000, "inner": 1000, "outer": 1000, "uneven": 28, "dive": 51 * 64,
                "ping": 3030, "pong": 3020,
                "strange": 333,
                "main": 1000 + 28 + 51 * 64 + 3030 + 333}
STRANGE = "a;b, c #d (1) 'e'"  # holds 333 bytes; some compilers keep quotes around it

VALUES = {"bytes": "bytes", "blocks": "blocks", "allocated": "allocated_bytes",
          "allocations": "allocations", "frees": "frees", "reallocations": "reallocations",
          "temporary": "temporary", "peak": "peak_bytes", "peak-blocks": "peak_blocks",
          "end": "end_bytes", "end-blocks": "end_blocks"}


def recorded(target):
    trace = work / "target.hmk"
    check_equal(harness.record(trace, [target]).status, 0, "recorded")
    return trace


def recorded_under_strange_name(target):
    """Without symbols, under a name full of separators, and with most callers missing."""
    program = work / "p;r,o\ng \"r'a#m"
    shutil.copy(target, program)
    if shutil.which("strip"):
        subprocess.run(["strip", "-s", program], check=True)
    trace = work / "strange.hmk"
    check_equal(harness.record(trace, [program, "a\nb;c #d"], ["--depth", "4"]).status, 0,
                "recorded under a strange name")
    return trace


def recorded_sqlite():
    trace = work / "sqlite.hmk"
    harness.record(trace, ["sqlite3", ":memory:", "create table t(a, b);", "with recursive c(x) as "
                           "(select 1 union all select x + 1 from c where x < 3000) insert into t "
                           "select x, hex(randomblob(20)) from c;", "select count(*) from t;"])
    return trace


def moments(target, golden, sampled, extreme):
    """All {name: TRACE@WHEN} to be exported."""
    trace = recorded(target)
    found = {"target": trace, "target at a mark": f"{trace}@mark", "target at the end": f"{trace}@end",
             "strange": recorded_under_strange_name(target), "golden": golden,
             "golden at the end": f"{golden}@end", "sampled": sampled, "extreme": extreme}
    if shutil.which("sqlite3"):
        found["sqlite"] = recorded_sqlite()
    return found


def strange_of(held):
    """What the function with the strange name holds of {name: bytes}; its ; may be a :."""
    return sum(size for name, size in held.items() if STRANGE in name.replace(":", ";"))


def printable(text):
    return "".join("?" if ord(c) < 32 or 127 <= ord(c) < 160 else c for c in text)


def name_of(frame):
    if frame["function"]:
        return printable(frame["function"])
    module = pathlib.PurePath(frame["module"]).name + "+" if frame["module"] else ""
    return printable(module) + frame["address"]


def label_of(frame):
    """As valgrind's tools show frames."""
    if frame["file"]:
        line = f":{frame['line']}" if frame["line"] else ""
        return f"{name_of(frame)} ({printable(pathlib.PurePath(frame['file']).name)}{line})"
    return f"{name_of(frame)} (in {printable(frame['module'])})" if frame["module"] else name_of(frame)


def is_shim(frame):
    return pathlib.PurePath(frame["module"] or "").name == "libheapmark.so"


UNKNOWN = {"function": "[unknown caller]", "file": None, "line": 0, "module": None}


class Truth:
    """The rows of all stacks, with frames outermost first and without heapmark's own."""

    def __init__(self, moment, *options):
        self.answer = harness.report(moment, "", "--group-by", "stack", *options)
        self.rows = self.answer.get("rows", [])
        self.when = self.answer.get("when", {})
        for row in self.rows:
            row["stack"] = [frame for frame in row["stack"][::-1] if not is_shim(frame)] or [UNKNOWN]

    def by_stack(self, field, text=name_of):
        """{tuple of frames: what they have of a field}, outermost first; nothing of zeros."""
        sums = collections.Counter()
        for row in self.rows:
            sums[tuple(map(text, row["stack"]))] += row[field]
        return +sums

    def flat(self, field, text=name_of):
        sums = collections.Counter()
        for stack, value in self.by_stack(field, text).items():
            sums[stack[-1]] += value
        return sums

    def below(self, field, text=name_of):
        """With all that is called: each stack once at each of its frames."""
        sums = collections.Counter()
        for stack, value in self.by_stack(field, text).items():
            for frame in set(stack):
                sums[frame] += value
        return sums


def export(form, moment, *options):
    """The data; a failed command is a failed check and no data."""
    done = harness.heapmark("export", "--to", form, *options, moment)
    check_equal(done.status, 0, f"export --to {form} {moment}: {done.err!r}")
    return done.out


def exported(form, moment, *options, name="exported"):
    """The data in a file of its own."""
    path = work / name
    path.write_bytes(export(form, moment, *options))
    return path


def same(found, wanted, what):
    """Two dictionaries, and where they differ if they do."""
    found, wanted = dict(found), dict(wanted)
    differ = {key: (found.get(key), wanted.get(key)) for key in {**found, **wanted}
              if found.get(key) != wanted.get(key)}
    check(not differ, f"{what}: (found, wanted) differ: {dict(list(differ.items())[:3])}")


def tool(*names):
    """The path of a reader, or the test is skipped."""
    for name in names:
        if shutil.which(name):
            return shutil.which(name)
    if harness.failed():  # before the reader was needed
        harness.finish()
    return harness.skip(f"there is no {names[0]} here")
