#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""speedscope.py TARGET GOLDEN SAMPLED EXTREME: what speedscope's documented schema demands, and the report's
stacks in it."""

import collections
import json
import sys

import exporting
import harness
from harness import check, check_equal

SCHEMA = "https://www.speedscope.app/file-format-schema.json"


def members(value, what, required, optional=None):
    """An object with these members and no other."""
    check(isinstance(value, dict), f"{what} is an object")
    optional = optional or {}
    missing, strange = set(required) - set(value), set(value) - set(required) - set(optional)
    check(not missing and not strange, f"{what}: missing {missing}, unknown {strange}")
    for name, kind in {**required, **optional}.items():
        check(name not in value or type(value[name]) is kind, f"{what}: {name} is a {kind.__name__}")
    return value


def frame(known):
    where = known["file"] or known["module"]
    return (exporting.name_of(known), where and where.encode("utf-8", "replace").decode(),
            known["line"])


def read(data):
    """The profile, and {stack, outermost first: weight}. Fails on what the schema does not allow."""
    top = members(json.loads(data), "file", {"$schema": str, "shared": dict, "profiles": list},
                  {"name": str, "exporter": str, "activeProfileIndex": int})
    check_equal(top["$schema"], SCHEMA, "schema")
    frames = members(top["shared"], "shared", {"frames": list})["frames"]
    for known in frames:
        members(known, "frame", {"name": str}, {"file": str, "line": int, "col": int})
    check_equal(len({json.dumps(known) for known in frames}), len(frames), "frames, each once")
    profile = members(top["profiles"][top["activeProfileIndex"]], "profile",
                      {"type": str, "name": str, "unit": str, "startValue": int, "endValue": int,
                       "samples": list, "weights": list})
    check_equal(profile["type"], "sampled", "type")
    check(profile["unit"] in ("bytes", "none"), f"unit {profile['unit']}")
    check_equal(len(profile["samples"]), len(profile["weights"]), "a weight for each sample")
    sums = collections.Counter()
    for stack, weight in zip(profile["samples"], profile["weights"]):
        check(all(type(at) is int and 0 <= at < len(frames) for at in stack), f"frames {stack}")
        sums[tuple((frames[at]["name"], frames[at].get("file"), frames[at].get("line", 0))
                   for at in stack)] += weight
    check_equal(profile["endValue"] - profile["startValue"], sum(profile["weights"]), "the whole")
    return top, profile, sums


moments = exporting.moments(*sys.argv[1:])
for what, moment in moments.items():
    truth = exporting.Truth(moment)
    top, profile, sums = read(exporting.export("speedscope", moment))
    exporting.same(sums, truth.by_stack("bytes", frame), what)
    check_equal((profile["endValue"], profile["unit"]), (truth.when["bytes"], "bytes"), what)
    check_equal("estimates" in top["exporter"], bool(truth.answer["sampling"]), f"{what}: estimates")
    _, profile, sums = read(exporting.export("speedscope", moment, "--metric", "allocations"))
    exporting.same(sums, truth.by_stack("allocations", frame), f"{what}: allocations")
    check_equal(profile["unit"], "none", f"{what}: unit of allocations")

_, _, sums = read(exporting.export("speedscope", moments["target at the end"]))
held = collections.Counter()
for stack, weight in sums.items():
    held[stack[-1][0]] += weight
exporting.same({name: held[name] for name in exporting.AT_END},
               {name: size for name, (size, _) in exporting.AT_END.items()}, "by arithmetic")
harness.finish()
