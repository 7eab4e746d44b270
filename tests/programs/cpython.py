#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""cpython.py: CPython's own tests, plain and recorded: the same pass, fail and are skipped, and each
of their processes leaves one true trace.

A test whose outcome differs is repeated by itself, both ways, for some depend on the time: it counts
as different if it is every time. Processes that a test kills may leave cut traces or none.
"""

import os
import pathlib
import signal
import subprocess
import sys
import xml.etree.ElementTree

import harness
import images
import traces
from harness import FULL, check, check_equal

PYTHON = "/usr/bin/python3"
REPEATS = 3
DOUBTFUL = 5  # more tests than that do not differ by chance
# [module, patterns of the tests to run]: parts of what takes long.
SHORT = [
    ["test_atexit"], ["test_embed"], ["test_gc"], ["test_mmap"], ["test_os"], ["test_posix"],
    ["test_pty"], ["test_sys"], ["test_thread"],
    ["test_concurrent_futures", "*ProcessPoolForkProcess*.test_map", "*ProcessPoolForkInit*"],
    ["test_faulthandler", "*test_sig*", "*test_register*", "*test_gil*", "*test_fatal*"],
    ["test_multiprocessing_fork", "*WithProcessesTestQueue*", "*WithProcessesTestPool.*apply*"],
    ["test_multiprocessing_spawn", "*WithProcessesTestQueue.test_get"],
    ["test_signal", "*WakeupSignal*", "*RaiseSignal*"],
    ["test_subprocess", "*POSIXProcessTestCase.test_[p-s]*"],
    ["test_threading", "*fork*", "*SubinterpThreading*", "*ThreadingException*"],
]
LONG = [[module] for module in (
    "test_asyncio", "test_atexit", "test_cmd_line", "test_concurrent_futures", "test_ctypes",
    "test_eintr", "test_embed", "test_faulthandler", "test_fcntl", "test_fork1", "test_gc",
    "test_io", "test_mmap", "test_multiprocessing_fork", "test_multiprocessing_forkserver",
    "test_multiprocessing_spawn", "test_os", "test_posix", "test_pty", "test_resource",
    "test_runpy", "test_select", "test_selectors", "test_signal", "test_subprocess", "test_sys",
    "test_tempfile", "test_thread", "test_threading", "test_tracemalloc", "test_wait3",
    "test_wait4", "test_weakref")]
# What is not the same, and cannot be.
EXPLAINED = {
    "test.test_subprocess.POSIXProcessTestCase.test_pass_fds_redirected":
        "says which descriptors a program has open; a recorded one has some more, numbered high",
}
EXPLAINED_LOSSES = {
    "stack_truncated": "some tests recurse as deep as they can, beyond heapmark's limit of frames",
}

work = harness.scratch()
work.chmod(0o711)  # some tests run a child as another user, and it leaves a trace, too
ENVIRONMENT = {"PATH": os.environ["PATH"], "HOME": str(work), "TMPDIR": str(work),
               "LANG": "C.UTF-8"}


def default_signals():
    """Whoever started us may ignore some; what is ignored is inherited."""
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)


def outcomes(path):
    """[outcomes] of each test by name, in order; None where the run did not come to its end."""
    found = {}
    try:
        for case in xml.etree.ElementTree.parse(path).iter("testcase"):
            words = {child.tag for child in case} - {"system-out", "system-err"}
            found.setdefault(case.get("name"), []).append("+".join(sorted(words)) or "passed")
    except (OSError, xml.etree.ElementTree.ParseError):
        return None
    return found


def run(label, module, patterns, watch=None, env=None):
    """The outcomes of one module's tests."""
    report = work / f"{label}.xml"
    argv = [PYTHON, "-m", "test", "--timeout", "600", "--junit-xml", report, module]
    argv += [word for pattern in patterns for word in ("-m", pattern)]
    argv, env = images.wrapped(watch, list(map(str, argv)), env or {}, ENVIRONMENT)
    done = subprocess.run(argv, env=env, cwd=work, stdin=subprocess.DEVNULL, timeout=3000,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                          preexec_fn=default_signals)
    if done.returncode == harness.SKIP:
        harness.skip("tracing is not allowed here")
    found = outcomes(report)
    check(found, f"{label}: exit status {done.returncode}, {done.stdout[-800:]!r}")
    return found or {}


def both(label, module, patterns):
    """(outcomes plain, outcomes recorded); and the traces are checked."""
    plain = run(f"{label}-plain", module, patterns)
    where, watch = traces.folder(work / f"{label}-traces"), images.Watch(work / f"{label}.images")
    recorded = run(f"{label}-recorded", module, patterns, watch,
                   harness.preload([harness.LIBRARY], {"HEAPMARK": f"out={where}/%e.%p.hmk"}))
    count = traces.check_all(label, where, watch.images(), EXPLAINED_LOSSES, hasty=True)
    return plain, recorded, count


def differing(plain, recorded):
    return sorted(name for name in plain.keys() | recorded.keys()
                  if plain.get(name) != recorded.get(name) and name not in EXPLAINED)


def is_steady(module, name, turn=1):
    """Whether a difference comes again each time."""
    print(f"{name} differs: once more", flush=True)
    plain, recorded, _ = both(f"{name}-{turn}", module, [name])
    if not differing(plain, recorded):
        print(f"{name}: not the same in every run", flush=True)
        return False
    return turn == REPEATS or is_steady(module, name, turn + 1)


def compare(module, *patterns):
    plain, recorded, count = both(module, module, patterns)
    different = differing(plain, recorded)
    for name in different:
        if len(different) > DOUBTFUL or is_steady(module, name):
            check_equal(recorded.get(name), plain.get(name), name)
    words = [outcome for results in plain.values() for outcome in results]
    print(f"{module:34}{len(words):6} tests, {words.count('passed')} passed, "
          f"{words.count('skipped')} skipped; {count} traces", flush=True)


if not pathlib.Path(PYTHON).exists() or subprocess.run(
        [PYTHON, "-c", "import test.test_gc, test.libregrtest"], env=ENVIRONMENT, check=False,
        stderr=subprocess.DEVNULL).returncode != 0:
    harness.skip("CPython's tests (libpython3-testsuite) are not installed")
for row in ([[module] for module in sys.argv[1:]] or (LONG if FULL else SHORT)):
    compare(*row)
harness.finish()
