# SPDX-License-Identifier: MIT
"""What must be so of every call tree."""

import collections

import harness
from harness import check, check_equal

SUMS = ("bytes", "blocks", "peak_bytes", "peak_blocks", "end_bytes", "end_blocks", "allocations",
        "allocated_bytes", "frees", "reallocations", "temporary")


def place_of(node):
    return tuple(node.get(name) for name in ("function", "file", "line", "module", "address"))


def check_levels(answer, what):
    """Each branch is what it is made of, and stands behind the one that it belongs to."""
    below = collections.defaultdict(collections.Counter)
    nodes = {}
    amiss = 0
    for node in answer["nodes"]:
        if node["parent"] is not None:
            amiss += node["parent"] not in nodes
            amiss += node["depth"] != nodes[node["parent"]]["depth"] + 1
            below[node["parent"]].update({name: node["total"][name] for name in SUMS})
        amiss += node["id"] in nodes
        nodes[node["id"]] = node
    for node in nodes.values():
        for name in SUMS:
            parts = below[node["id"]][name] + sum(
                (node[part] or {}).get(name, 0) for part in ("self", "pruned"))
            amiss += parts != node["total"][name]
    check_equal(amiss, 0, f"{what}: levels that do not add up")
    whole = answer["nodes"][0]
    check_equal((whole["id"], whole["parent"]), (0, None), f"{what}: the root")
    for name, wanted in (("bytes", answer["when"]["bytes"]), ("blocks", answer["when"]["blocks"])):
        check_equal(whole["total"][name], wanted, f"{what}: {name} of the whole")


def rows_by_place(rows):
    return {place_of(row): {name: row[name] for name in SUMS} for row in rows}


def check_against_report(trace, when, group, options=()):
    """A report's rows are the first level bottom-up, and what places have of their own top-down."""
    answer = harness.heapmark_json("report", f"{trace}{when}", "--group-by", group)
    rows = rows_by_place(answer["rows"])
    for direction in ("top-down", "bottom-up"):
        what = f"{group} {direction} {options}"
        flags = ["--bottom-up"] if direction == "bottom-up" else []
        tree = harness.heapmark_json("tree", f"{trace}{when}", "--group-by", group, *flags, *options)
        check_equal(tree["direction"], direction, what)
        check_levels(tree, what)
        check_equal(tree["when"], answer["when"], f"{what}: the moment")
        found = collections.defaultdict(collections.Counter)
        for node in tree["nodes"][1:]:
            own = node["self"] if direction == "top-down" else node["total"]
            if own and (direction == "top-down" or node["depth"] == 1):
                found[place_of(node)].update({name: own[name] for name in SUMS})
        check(dict(found) == rows, f"{what}: other rows than the report's")


def parse_text(text):
    """(level, blocks) of each line with numbers, of a tree written with --columns blocks."""
    lines = text.splitlines()
    start = next(i for i, line in enumerate(lines) if line.split() == ["blocks", "place"])
    for line in lines[start + 1:]:
        if not line.strip():
            return
        cell, place = line[:13].strip(), line[14:]
        if cell:
            branch = max(place.find("|- "), place.find("`- "))
            yield (branch // 3 + 1 if branch >= 0 else 0), int(cell.replace(",", ""))


def check_text(trace, *options):
    """The levels of the text add up, too, for whoever only sees that."""
    done = harness.heapmark("tree", trace, "--columns", "blocks", "--sort", "blocks", *options)
    check_equal(done.status, 0, f"{options}: {done.err!r}")
    whole = harness.heapmark_json("tree", trace, *options)["nodes"][0]["total"]["blocks"]
    open_levels = [[whole, 0, True]]  # [what it is, what its lines are, whether it has any]
    closed = 0

    def close(level):
        nonlocal closed
        while len(open_levels) > level + 1:
            is_all, parts, has_lines = open_levels.pop()
            closed += has_lines
            check(not has_lines or is_all == parts,
                  f"{options}: lines with {parts} blocks below one with {is_all}")

    for level, blocks in parse_text(done.out.decode()):
        close(level)
        open_levels[-1][1] += blocks
        open_levels[-1][2] = True
        open_levels.append([blocks, 0, False])
    close(-1)
    return closed
