# SPDX-License-Identifier: MIT
"""A trace is symbolized, then what it was recorded from goes away: reports must be the same bytes."""

import os
import pathlib
import re
import shutil
import subprocess

import harness
import trace_reader
from harness import check, check_equal

# Where separate debug files would make up for what is gone, they are hidden, if that can be.
HIDING = ["unshare", "-rm", "sh", "-c", 'mount -t tmpfs none /usr/lib/debug && exec "$@"', "sh"]
GROUPINGS = ("line", "function", "file", "module", "stack")


def can_hide():
    try:
        return pathlib.Path("/usr/lib/debug").is_dir() and harness.run([*HIDING, "true"]).status == 0
    except OSError:
        return False


def answers(trace, before=()):
    """What every grouping at every kind of moment prints: {command line: its output}."""
    commands = [["report", "--json", "--group-by", group, f"{trace}{when}"]
                for group in GROUPINGS for when in ("@peak", "@end", "@1")]
    commands += [["report", "--json", "--cumulative", "--group-by", group, trace]
                 for group in GROUPINGS[:-1]]
    commands += [["diff", "--json", "--group-by", group, f"{trace}@1", f"{trace}@end"]
                 for group in GROUPINGS]
    commands += [["report", "--group-by", group, trace] for group in GROUPINGS]
    found = {}
    for argv in commands:
        done = harness.run([*before, harness.HEAPMARK, *argv])
        check_equal((done.status, done.err), (0, b""), " ".join(map(str, argv)))
        found[" ".join(map(str, argv[:-1]))] = without_notes(done.out)
    return found


def without_notes(text):
    """Notes say where names were missing, here or there."""
    return re.sub(rb"^note: .*\n", b"", text, flags=re.MULTILINE)


def check_second_reader(trace, rows):
    """Each frame that a report shows is what the records say, as the specification has it."""
    read, seen = trace_reader.read(trace), {}
    for number, module in read.modules.items():
        for address, frames in read.symbols.get(number, {"frames": {}})["frames"].items():
            named = seen.setdefault((module["path"].decode(), hex(address + 1)), [])
            named.append([tuple(text.decode() if text else None for text in frame[:2])
                          + (frame[2], bool(frame[3])) for frame in frames])
    compared = 0
    for row in rows:
        for shown in by_address(row["stack"]):
            key = (shown[0]["module"], shown[0]["address"])
            said = [(frame["function"], frame["file"], frame["line"], frame["inlined"])
                    for frame in shown]
            if key in seen:
                compared += 1
                check(said in seen[key], f"{key}: {said}, not {seen[key]}")
    check(compared, "frames are in the records")
    return seen


def by_address(stack):
    """The frames of a stack, those of one address together: all but the last are inlined."""
    together = []
    for frame in stack:
        together.append(frame)
        if not frame["inlined"]:
            yield together
            together = []


def check_symbolized(trace, take_away):
    """Symbolizes `trace`, calls take_away(), compares. Returns the frames in the copy, by module's
    path and address."""
    before = answers(trace)
    plain, size = trace.with_suffix(".plain.hmk"), trace.stat().st_size
    done = harness.heapmark("symbolize", "-o", trace.with_suffix(".copy.hmk"), trace)
    check_equal((done.status, done.out), (0, b""), f"symbolize: {done.err!r}")
    os.rename(trace, plain)
    os.rename(trace.with_suffix(".copy.hmk"), trace)
    check(trace.read_bytes()[:size] == plain.read_bytes(), "the copy begins as the original")
    check_equal(subprocess.run(["gzip", "-t"], stdin=trace.open("rb"), check=False).returncode, 0,
                "gzip -t")
    take_away()
    by_stack = ("@end", "--group-by", "stack")
    check(harness.report(plain, *by_stack)["rows"] != harness.report(trace, *by_stack)["rows"],
          "without the files a plain trace has other rows")
    after = answers(trace, HIDING if can_hide() else ())
    for command, text in before.items():
        check(after[command] == text, f"{command}: other bytes than before")
    check(harness.heapmark_json("info", trace)["symbols"]["addresses"] > 0, "info says so")
    check_equal(harness.heapmark_json("info", plain)["symbols"], None, "info of a plain trace")
    return check_second_reader(trace, harness.report(trace, "@end", "--group-by", "stack")["rows"])


def copy_libraries(path, where):
    """Copies all libraries that a file is linked with to `where`/lib."""
    listed = subprocess.run(["ldd", path], capture_output=True, text=True, check=True).stdout
    for library in re.findall(r"=> (/\S+)", listed):
        shutil.copy(library, where / "lib" / pathlib.Path(library).name)


def copy_with_libraries(program, where):
    """Copies a program and its libraries below `where`: what to run, and the variables with which it
    finds them."""
    (where / "lib").mkdir(parents=True)
    copy_libraries(program, where)
    return shutil.copy(program, where), {"LD_LIBRARY_PATH": str(where / "lib")}
