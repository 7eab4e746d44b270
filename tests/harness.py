# SPDX-License-Identifier: MIT
"""What the test scripts share: run a program plain, recorded or counted, and compare.

A script is a list of statements: it runs things and says what must be so with `check`, which goes
on after a failure so that one run shows all of them, and ends with `finish()`.

Meson says in the environment where things are: HEAPMARK_BIN, HEAPMARK_LIB, HEAPMARK_TRUTH.
"""

import fcntl
import json
import os
import pathlib
import pty
import signal
import struct
import subprocess
import sys
import tempfile
import termios

import trace_reader

HEAPMARK = os.environ["HEAPMARK_BIN"]
LIBRARY = os.environ["HEAPMARK_LIB"]
TRUTH = os.environ["HEAPMARK_TRUTH"]
SKIP = 77
FULL = os.environ.get("HEAPMARK_TEST_FULL") == "1"  # the longer form of tests that have two

_failures = []


class Run:
    """What came of a program: exit status (negative: the signal that ended it) and its output."""

    def __init__(self, done):
        self.status, self.out, self.err = done.returncode, done.stdout, done.stderr

    def behaviour(self):
        return {"status": self.status, "stdout": self.out, "stderr": self.err}


def run(argv, stdin=b"", env=None, cwd=None, timeout=300, pass_fds=()):
    """Runs argv in a clean environment plus `env`; never raises on what the program does."""
    argv = words(argv)
    feed = {"stdin": stdin} if hasattr(stdin, "fileno") else {"input": stdin}
    done = subprocess.run(argv, capture_output=True, env=environment(env), cwd=cwd,
                          timeout=timeout, check=False, pass_fds=pass_fds, **feed)
    return Run(done)


def words(argv):
    """Command lines hold paths relative to where meson started us; we go elsewhere."""
    return [os.path.abspath(word) if os.path.isfile(word) else str(word) for word in argv]


def environment(extra=None):
    env = {name: value for name, value in os.environ.items()
           if not name.startswith(("DEBUGINFOD", "HEAPMARK", "LD_PRELOAD", "TRUTH", "MALLOC"))}
    env["NO_COLOR"] = "1"
    env["HEAPMARK_CACHE"] = ""  # what one test looked up is not for another, nor for the user
    env.update(extra or {})
    return env


def record(trace, argv, options=(), **kwargs):
    """`heapmark record` into `trace`."""
    return run([HEAPMARK, "record", "--quiet", "-o", trace, *options, "--", *argv], **kwargs)


def on_terminal(argv, columns, env=None):
    """What a command writes to a terminal of that width; it must end well."""
    ours, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    child = subprocess.Popen(words(argv), stdin=subprocess.DEVNULL, stdout=its,
                             stderr=subprocess.PIPE, env=environment(env))
    os.close(its)
    written = read_terminal(ours)
    err = child.stderr.read()
    child.stderr.close()
    check_equal(child.wait(), 0, f"{argv} on a terminal ({err!r})")
    return written.replace(b"\r\n", b"\n").decode()


def stderr_on_terminal(argv, env=None):
    """(exit status, what a command writes to stderr while that is a terminal)."""
    ours, its = pty.openpty()
    child = subprocess.Popen(words(argv), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                             stderr=its, env=environment({"TERM": "xterm", **(env or {})}))
    os.close(its)
    written = read_terminal(ours)
    return child.wait(), written


def read_terminal(ours):
    """All that is written to the other side, until nobody holds it any more."""
    written = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # the terminal is gone with the last that had it
            break
        if not piece:
            break
        written += piece
    os.close(ours)
    return written


def preload(libraries, env=None):
    """The environment in which those libraries are loaded before the program's own."""
    return {"LD_PRELOAD": " ".join(str(library) for library in libraries), **(env or {})}


def heapmark(*arguments, **kwargs):
    return run([HEAPMARK, *arguments], **kwargs)


def heapmark_json(*arguments):
    """The JSON a command prints; a failed command is a failed check and an empty answer."""
    done = heapmark(*arguments, "--json")
    if done.status != 0:
        check(False, f"heapmark {' '.join(map(str, arguments))}: exit status {done.status}: "
                     f"{done.err.decode(errors='replace').strip()}")
        return {}
    try:
        return json.loads(done.out)
    except ValueError as error:
        check(False, f"heapmark {' '.join(map(str, arguments))}: not JSON: {error}")
        return {}


def refused(*arguments):
    """The one sentence with which a command refuses, with status 2 and nothing on stdout."""
    done = heapmark(*arguments)
    said = done.err.decode(errors="replace")
    what = f"heapmark {' '.join(map(str, arguments))}"
    check_equal((done.status, done.out, len(said.splitlines())), (2, b"", 1), f"{what}: {said!r}")
    return said


def report(trace, when="", *options):
    return heapmark_json("report", f"{trace}{when}", *options)


def truths(path):
    """What libtruth.so wrote: one dictionary for each process image, in the order they ended."""
    try:
        return [json.loads(line) for line in pathlib.Path(path).read_text().splitlines()]
    except OSError:
        return []


def truth_beside(truth_path, trace):
    """Totals from a run with both libraries, without what was heapmark's own doing."""
    counted = truths(truth_path)
    if not check(counted, "libtruth.so left its numbers"):
        return {}
    totals = dict(counted[-1]["totals"])
    cost = heapmark_json("info", trace).get("cost", {})
    blocks, size = cost.get("own_blocks", 0), cost.get("own_bytes", 0)
    freed, freed_size = cost.get("own_freed_blocks", 0), cost.get("own_freed_bytes", 0)
    totals["allocations"] -= blocks
    totals["allocated_bytes"] -= size
    totals["frees"] -= freed
    for moment in ("live", "peak"):  # taken before the program starts, and kept
        totals[f"{moment}_blocks"] -= blocks - freed
        totals[f"{moment}_bytes"] -= size - freed_size
    totals["peak_slack_bytes"] = freed_size
    return totals


def differences(totals, truth, fields):
    """Field by field, what heapmark says more than truth. Blocks of heapmark's own that come and go
    with threads may or may not have lived at the peak, which is the only doubt there is."""
    found = {field: totals[field] - truth[field] for field in fields
             if field in truth and totals[field] != truth[field]}
    slack = truth.get("peak_slack_bytes", 0) + totals["peak_error_bytes"]
    if -slack <= found.get("peak_bytes", 0) <= totals["peak_error_bytes"]:
        found.pop("peak_bytes", None)
        if slack:
            found.pop("peak_blocks", None)
    return found


def check(condition, message):
    if not condition:
        _failures.append(message)
        print("FAILED:", message, flush=True)
    return bool(condition)


def check_equal(got, wanted, what):
    return check(got == wanted, f"{what}: {got!r}, not {wanted!r}")


def check_same_behaviour(recorded, plain, what="recorded"):
    """`heapmark record` reports a signal as a shell does: 128 and its number."""
    for name, wanted in plain.behaviour().items():
        got = recorded.behaviour()[name]
        if name == "status" and wanted < 0 and got == 128 - wanted:
            continue
        check_equal(got, wanted, f"{what}: {name}")


def sums_amiss(answer):
    """What the rows of a report do not add up to: (field, sum over rows, what it should be)."""
    rows, totals = answer["rows"], answer["totals"]
    for field, wanted in (("bytes", answer["when"]["bytes"]), ("blocks", answer["when"]["blocks"]),
                          ("end_bytes", totals["live_bytes"]),
                          ("end_blocks", totals["live_blocks"]),
                          ("peak_bytes", totals["peak_bytes"]),
                          ("peak_blocks", totals["peak_blocks"]),
                          ("allocations", totals["allocations"]),
                          ("allocated_bytes", totals["allocated_bytes"])):
        found = sum(row[field] for row in rows)
        if found != wanted:
            yield field, found, wanted


def check_adds_up(answer, what="report"):
    """The rows of a report together are its moment and its totals."""
    for field, found, wanted in sums_amiss(answer) if answer else ():
        check(False, f"{what}: sum of {field} over rows: {found!r}, not {wanted!r}")


def check_second_reader(trace, answer):
    """A reader written from the specification alone finds the same totals."""
    try:
        last = trace_reader.read(trace).snapshots[-1]
    except trace_reader.Damage as damage:
        check(False, f"against the specification: {damage}")
        return
    for name in trace_reader.COUNTERS:
        check_equal(answer["totals"][name], last[name], f"second reader: {name}")


def row_at(answer, source, line, what="report"):
    """The row of one line of one of our sources, by the file's name."""
    name = pathlib.Path(source).name
    rows = [row for row in answer.get("rows", [])
            if row.get("file") and pathlib.Path(row["file"]).name == name and row["line"] == line]
    check_equal(len(rows), 1, f"{what}: rows at {name}:{line}")
    return rows[0] if rows else {}


def line_of(source, text):
    """The number of the only line of a source that holds `text`."""
    lines = pathlib.Path(source).read_text().splitlines()
    found = [number for number, line in enumerate(lines, 1) if text in line]
    assert len(found) == 1, (source, text, found)
    return found[0]


def losses_of(answer):
    return {name: count for name, count in answer.get("losses", {}).items() if count}


def scratch():
    """A directory that goes away with the script."""
    holder = tempfile.TemporaryDirectory(prefix="heapmark-test-")
    _kept.append(holder)
    return pathlib.Path(holder.name)


_kept = []


def skip(why):
    print("skipped:", why)
    sys.exit(SKIP)


def failed():
    return bool(_failures)


def finish():
    signal.alarm(0)
    print(f"{len(_failures)} checks failed" if _failures else "all as it should be")
    sys.exit(1 if _failures else 0)
