#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""symbolize.py TRACE: real programs with all their libraries are recorded, symbolized, and gone.

sqlite3 has names without lines, heapmark reading TRACE lines and inlined calls.
"""

import pathlib
import shutil
import sys

import harness
import symbolizing
from harness import check, check_equal


def check_program(name, program, arguments, wanted, stdin=b""):
    """Records a copy of the program with copies of its libraries."""
    work = harness.scratch()
    trace, place = work / "trace.hmk", work / "place"
    copy, env = symbolizing.copy_with_libraries(program, place)
    done = harness.record(trace, [copy, *arguments], env=env, stdin=stdin)
    check_equal(done.status, 0, f"{name}: recorded: {done.err[-500:]!r}")
    frames = symbolizing.check_symbolized(trace, lambda: shutil.rmtree(place))
    print(f"{name}: {len(frames)} addresses in {len({module for module, _ in frames})} modules")
    functions = {frame[0] for found in frames.values() for chain in found for frame in chain}
    check(wanted <= functions, f"{name}: {wanted - functions} are among {len(functions)} functions")


check_program("heapmark", harness.HEAPMARK, ["report", sys.argv[1]],
              {"main", "cmd_report", "decoder_member", "load_file"})
if shutil.which("sqlite3"):
    script = pathlib.Path(__file__).resolve().parent / "sqlite.sql"
    check_program("sqlite3", shutil.which("sqlite3"), [":memory:"], {"sqlite3_step"},
                  script.read_bytes())
else:
    print("sqlite3 is not installed")
harness.finish()
