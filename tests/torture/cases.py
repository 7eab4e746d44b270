#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""All cases of the torture suite, theme by theme.

usage: cases.py --names            theme, name and time-out of each, for the build
       cases.py --sources          theme and source of each program, for the build
       cases.py --check README     whether the list in tests/README.md is this one
       cases.py --write README     makes it so
"""

import importlib
import pathlib
import sys

THEMES = ("processes", "exits", "threads", "loaders", "memory", "errors")
START, END = "<!-- torture: begin -->", "<!-- torture: end -->"

CASES = {theme: importlib.import_module(f"{theme}.cases").CASES for theme in THEMES}


def every():
    return ((theme, case) for theme, cases in CASES.items() for case in cases)


def find(name):
    return next((theme, case) for theme, case in every() if case.name == name)


def table():
    lines = ["| case | the program | its trace |", "|---|---|---|"]
    for theme, cases in CASES.items():
        lines.append(f"| **{theme}** | {len(cases)} cases | |")
        lines += [f"| `{case.name}` | {case.does} | {case.trace} |" for case in cases]
    return "\n".join(lines)


def listed(readme):
    """The file's text, and what it should be."""
    text = pathlib.Path(readme).read_text(encoding="utf-8")
    before, rest = text.split(START)
    return text, f"{before}{START}\n{table()}\n{END}{rest.split(END)[1]}"


def check(readme):
    names = [case.name for _, case in every()]
    if len(set(names)) != len(names):
        sys.exit("two cases of one name")
    text, wanted = listed(readme)
    if text != wanted:
        sys.exit(f"{readme}: the list of cases is an old one: cases.py --write {readme}")


def main():
    what, *rest = sys.argv[1:] or ["--help"]
    if what == "--names":
        print("\n".join(f"{theme} {case.name} {case.timeout}" for theme, case in every()))
    elif what == "--sources":
        print("\n".join(sorted({f"{theme} {case.source()}" for theme, case in every()})))
    elif what == "--check" and rest:
        check(rest[0])
    elif what == "--write" and rest:
        pathlib.Path(rest[0]).write_text(listed(rest[0])[1], encoding="utf-8")
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
