# SPDX-License-Identifier: MIT
"""Instructions of a malloc+free pair, counted by valgrind: next to the same on every run."""

import pathlib
import re
import shutil
import subprocess
import tempfile

import session
import table

DEPTHS = (0, 20, 60)
PAIRS = 100000  # a sample is drawn at random, and its first block costs as much as 20,000 pairs

TEXT = """\
Counted by callgrind, as the difference between a run and one with half as many pairs, so that
the start does not count; for heapmark, what is more than plain."""


def run(here):
    columns = [column.with_options("--interval", "0") if column.is_heapmark else column
               for column in here.columns if column.is_plain or column.is_heapmark]
    program = here.compiled("pairs")
    rows = []
    for depth in DEPTHS:
        session.progress(f"instructions at depth {depth}")
        plain, *others = [of_a_pair(here, column, program, depth) for column in columns]
        rows.append([str(depth), f"{plain:.0f}", *(f"{other - plain:+.0f}" for other in others)])
    session.progress("")
    return table.section("Instructions of a pair", TEXT, table.table(
        ["depth", *(column.name for column in columns)], rows))


def of_a_pair(here, column, program, depth):
    half, whole = (counted(here, column, [program, str(depth), "1", str(pairs), "0"])
                   for pairs in (PAIRS, 2 * PAIRS))
    return (whole - half) / PAIRS


def counted(here, column, argv):
    """The instructions of argv's process, among all that the recorder starts."""
    where = pathlib.Path(tempfile.mkdtemp(dir=here.scratch))
    try:
        subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
                        "--trace-children=yes", f"--log-file={where}/%p.log",
                        *column.prefix(where), *argv], check=True, env=session.environment(),
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        for log in where.glob("*.log"):
            text = log.read_text(errors="replace")
            found = re.search(r"Collected : (\d+)", text)
            if found and f"Command: {argv[0]} " in text:
                return int(found.group(1))
    finally:
        shutil.rmtree(where)
    raise session.Trouble(f"valgrind counted nothing of {pathlib.Path(argv[0]).name}")
