#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""pprof.py TARGET GOLDEN SAMPLED EXTREME: `go tool pprof` finds the report's numbers, and a reader of
profile.proto its stacks, lines, modules and times."""

import collections
import gzip
import re
import sys

import exporting
import harness
from harness import check, check_equal

TYPES = {"alloc_objects": "allocations", "alloc_space": "allocated_bytes",
         "inuse_objects": "blocks", "inuse_space": "bytes"}
VARINT, BYTES = 0, 2


def varints(data):
    value = shift = 0
    for byte in data:
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            yield value
            value = shift = 0


def fields(data):
    """(number, value) of each field of a message: an int or bytes."""
    at = 0

    def varint():
        nonlocal at
        end = at
        while data[end] & 128:
            end += 1
        value, = varints(data[at:end + 1])
        at = end + 1
        return value

    while at < len(data):
        tag = varint()
        value = varint()
        if tag & 7 == BYTES:
            value, at = data[at:at + value], at + value
        else:
            assert tag & 7 == VARINT, tag
        yield tag >> 3, value


def message(data):
    found = collections.defaultdict(list)
    for number, value in fields(data):
        found[number].append(value)
    return found


def one(found, number):
    """A field that is there once, or not at all if it is 0."""
    return found[number][0] if found[number] else 0


class Profile:
    """As proto/profile.proto of pprof describes it."""

    def __init__(self, data):
        top = message(gzip.decompress(data))
        self.strings = [string.decode() for string in top[6]]
        check_equal(self.strings[0], "", "the first string")
        self.types = [tuple(self.strings[one(kind, n)] for n in (1, 2))
                      for kind in map(message, top[1])]
        self.mappings = {m[1][0]: m for m in map(message, top[3])}
        self.functions = {f[1][0]: f for f in map(message, top[5])}
        self.locations = {loc[1][0]: loc for loc in map(message, top[4])}
        self.samples = [message(sample) for sample in top[2]]
        self.time_ns, self.duration_ns = one(top, 9), one(top, 10)
        self.comments = [self.strings[n] for n in top[13]]
        self.default = self.strings[top[14][0]]
        self.period = top[12][0]

    def frames(self, location):
        """(function, file, line) of a location, innermost first."""
        for line in map(message, self.locations[location][4]):
            function = self.functions[line[1][0]]
            check_equal(function[2], function[3], "names of a function")
            yield (self.strings[function[2][0]], self.strings[one(function, 4)],
                   one(line, 2))

    def by_stack(self):
        """{stack, outermost first: the four values}"""
        sums = collections.defaultdict(lambda: [0] * len(self.types))
        for sample in self.samples:
            stack = [frame for at in varints(sample[1][0]) for frame in self.frames(at)]
            for i, value in enumerate(varints(sample[2][0])):
                sums[tuple(stack[::-1])][i] += value
        return sums


def frame(known):
    return (exporting.name_of(known), exporting.printable(known["file"] or ""), known["line"])


def check_against_report(what, moment):
    profile = Profile(exporting.export("pprof", moment))
    truth = exporting.Truth(moment)
    check_equal(profile.types, list(zip(TYPES, ["count", "bytes"] * 2)), f"{what}: types")
    check_equal(profile.default, "inuse_space", f"{what}: default type")
    stacks = profile.by_stack()
    for i, field in enumerate(TYPES.values()):
        found = {stack: values[i] for stack, values in stacks.items() if values[i]}
        exporting.same(found, truth.by_stack(field, frame), f"{what}: {field}")
    check_equal(profile.duration_ns, round(truth.answer["trace"]["duration_s"] * 1e9),
                f"{what}: duration")
    sampling = truth.answer["sampling"]
    check_equal(profile.period, sampling["mean_bytes"] if sampling else 1, f"{what}: period")
    check_equal(any("estimates" in text for text in profile.comments), bool(sampling),
                f"{what}: says that all is estimated")
    for location in profile.locations.values():
        mapping = profile.mappings.get(one(location, 2))
        if mapping:
            check(mapping[2][0] <= location[3][0] < mapping[3][0],
                  f"{what}: {location[3][0]:#x} is in its mapping")


def check_modules(trace):
    """In the order of pprof: the program first, with its build-id."""
    profile = Profile(exporting.export("pprof", trace))
    modules = {module["path"]: module for module in harness.heapmark_json("info", trace)["modules"]}
    paths = [profile.strings[mapping[5][0]] for mapping in profile.mappings.values()]
    check(paths[0].endswith("export-target"), f"the program comes first: {paths}")
    for path, mapping in zip(paths, profile.mappings.values()):
        check_equal(profile.strings[one(mapping, 6)], modules[path]["build_id"] or "",
                    f"build-id of {path}")


def pprof(*arguments):
    done = harness.run([go, "tool", "pprof", *arguments],
                       env={"HOME": str(exporting.work), "PPROF_TMPDIR": str(exporting.work)},
                       cwd=exporting.work)
    check_equal(done.status, 0, f"go tool pprof {arguments}: {done.err!r}")
    return done.out.decode()


def top(*arguments):
    """The total; and {function: (flat, cumulative)}, several of one name together."""
    text = pprof("-top", "-unit=B", "-nodefraction=0", "-nodecount=1000000", *arguments)
    total = int(re.search(r"% of (-?\d+)B? total", text)[1])
    rows = collections.defaultdict(lambda: (0, 0))
    for line in text.split("cum%\n")[1].splitlines():
        flat, cumulative, name = re.fullmatch(
            r" *(-?\d+)B? +\S+ +\S+ +(-?\d+)B? +\S+  (.*?)( \((partial-)?inline\))?", line).groups()[:3]
        rows[name] = (rows[name][0] + int(flat), rows[name][1] + int(cumulative))
    return total, rows


def check_top(what, moment):
    path = exporting.exported("pprof", moment)
    truth = exporting.Truth(moment)
    for kind, field in TYPES.items():
        wanted = sum(truth.flat(field).values())
        if not wanted:
            continue
        total, rows = top(f"-sample_index={kind}", path)
        check_equal(total, wanted, f"{what}: pprof's total of {kind}")
        flat, below = truth.flat(field), truth.below(field)
        exporting.same({name: row[0] for name, row in rows.items() if row[0]}, flat,
                       f"{what}: pprof's {kind} of functions")
        exporting.same({name: rows[name][1] for name in once(rows, truth)},
                       {name: below[name] for name in once(rows, truth)},
                       f"{what}: pprof's {kind} with callees")


def once(rows, truth):
    """Names of one function only: pprof has functions of two files apart."""
    files = collections.defaultdict(set)
    for row in truth.rows:
        for known in row["stack"]:
            files[exporting.name_of(known)].add((known["file"], known["module"]))
    return [name for name in rows if len(files[name]) == 1]


def check_list(trace, source):
    """The line that a list marks with a number is the line of the source."""
    text = pprof("-list=^dive$", "-unit=B", exporting.exported("pprof", f"{trace}@end"))
    line = harness.line_of(source, "malloc(64);")
    check(re.search(rf"^ +3264B +3264B +{line}:\s+malloc\(64\);", text, re.MULTILINE),
          f"-list: line {line}: {text}")


def check_difference(trace):
    old = exporting.exported("pprof", f"{trace}@mark", name="old")
    new = exporting.exported("pprof", f"{trace}@end", name="new")
    diff = harness.heapmark_json("diff", f"{trace}@mark", f"{trace}@end", "--group-by", "function")
    total, rows = top("-diff_base", old, new)
    wanted = {row["function"]: row["bytes_diff"] for row in diff["rows"] if row["bytes_diff"]}
    check_equal({name: row[0] for name, row in rows.items() if row[0]}, wanted, "-diff_base")
    check_equal(sum(wanted.values()), 50 * 64 + 3030 + 333, "by arithmetic")
    check_equal(total, exporting.Truth(f"{trace}@mark").when["bytes"], "-diff_base: of the old")


moments = exporting.moments(*sys.argv[1:])
for what, moment in moments.items():
    check_against_report(what, moment)
check_modules(moments["target"])
below = Profile(exporting.export("pprof", moments["target at the end"])).by_stack()
inlined = [stack for stack in below if stack[-1][0] == "innermost"]
check_equal([name for name, _, _ in inlined[0]][-4:], ["main", "outer", "inner", "innermost"],
            "inlined calls")

go = exporting.tool("go")
for what, moment in moments.items():
    check_top(what, moment)
_, rows = top(exporting.exported("pprof", moments["target at the end"]))
exporting.same({name: rows[name][0] for name in exporting.AT_END},
               {name: size for name, (size, _) in exporting.AT_END.items()}, "by arithmetic")
exporting.same({name: rows[name][1] for name in exporting.BELOW_AT_END}, exporting.BELOW_AT_END,
               "with callees, by arithmetic")
check_list(moments["target"], harness.pathlib.Path(__file__).with_name("target.c"))
check_difference(moments["target"])
harness.finish()
