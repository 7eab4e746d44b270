#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""man_pages.py HEAPMARK PAGES: each option that --help offers is in the command's page, and no other.

The table of options in the command's source is what --help is made from, so the page cannot fall
behind it.
"""

import pathlib
import re
import subprocess
import sys


def offered(heapmark, command):
    """The long and short options that --help of a command shows."""
    text = subprocess.run([heapmark, command, "--help"], check=True, capture_output=True,
                          text=True).stdout
    table = text.split("\noptions:\n")[1].split("\nexamples:\n")[0]
    return set(re.findall(r"^  (?:-\w, )?\s*(--[\w-]+)", table, re.MULTILINE)) | set(
        re.findall(r"^  (-\w), ", table, re.MULTILINE))


def described(page):
    """Those that a page's section OPTIONS begins an item with."""
    section = re.split(r"^# ", page.read_text(), flags=re.MULTILINE)
    options = next(part for part in section if part.startswith("OPTIONS"))
    items = re.findall(r"^(`-.*)\n:", options, re.MULTILINE)
    return set(re.findall(r"`(--?[\w-]+)", " ".join(items)))


def commands(heapmark):
    text = subprocess.run([heapmark, "--help"], check=True, capture_output=True, text=True).stdout
    return re.findall(r"^  (\w+) ", text.split("\ncommands:\n")[1].split("\n\n")[0], re.MULTILINE)


def main():
    heapmark, pages = sys.argv[1], pathlib.Path(sys.argv[2])
    failures = []
    for command in commands(heapmark):
        page = pages / f"heapmark-{command}.1.md"
        if not page.exists():
            failures.append(f"{page.name} is missing")
            continue
        has, says = offered(heapmark, command), described(page)
        failures += [f"{page.name} does not describe {name}" for name in sorted(has - says)]
        failures += [f"{page.name} describes {name}, which there is not"
                     for name in sorted(says - has)]
    print("\n".join(failures))
    return 1 if failures else 0


sys.exit(main())
