#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""kill -9, SIGTERM and the request signal in mid-run."""

import os
import signal
import subprocess
import sys
import time

import harness
from harness import check, check_equal

source, target = sys.argv[1:]
work = harness.scratch()
line = harness.line_of(source, "the spinning line")


def recorded(trace, argv, options=""):
    """The program itself is our child, so that signals go to it and not to `heapmark record`."""
    env = harness.preload([harness.LIBRARY], {"HEAPMARK": f"out={trace}{options}"})
    return subprocess.Popen(argv, stdout=subprocess.PIPE, env=harness.environment(env))


def start(trace, options=""):
    child = recorded(trace, [target], options)
    check_equal(child.stdout.readline(), b"ready\n", "the target is under way")
    return child


def killed():
    trace = work / "killed.hmk"
    child = start(trace, ":interval=100ms")
    child.send_signal(signal.SIGKILL)
    check_equal(child.wait(), -signal.SIGKILL, "kill -9: status")
    answer = harness.report(trace, "@end")
    about = answer.get("trace", {})
    check_equal(about.get("complete"), False, "kill -9: complete")
    bytes_live = answer.get("totals", {}).get("live_bytes", 0)
    check(300000 <= bytes_live <= 3000000 and bytes_live % 1000 == 0, f"kill -9: {bytes_live}")
    row = harness.row_at(answer, source, line, "kill -9")
    check_equal(row.get("bytes"), bytes_live, "kill -9: the line")
    harness.check_adds_up(answer, "kill -9")
    text = harness.heapmark("report", trace)
    said = (text.out + text.err).decode()
    check_equal(text.status, 0, "kill -9: text report")
    check("cut" in said or "killed" in said or "did not end" in said, f"says it is cut: {said}")


def terminated():
    trace = work / "terminated.hmk"
    child = start(trace)
    child.send_signal(signal.SIGTERM)
    check_equal(child.wait(), -signal.SIGTERM, "SIGTERM: status")
    answer = harness.report(trace, "@end")
    check_equal(answer.get("trace", {}).get("complete"), True, "SIGTERM: complete")
    check(answer.get("totals", {}).get("live_bytes", 0) > 790000, "SIGTERM: all of it")


def requested():
    trace = work / "requested.hmk"
    child = start(trace, ":interval=0")
    for _ in range(3):
        child.send_signal(signal.SIGUSR2)
        time.sleep(0.2)
    child.send_signal(signal.SIGTERM)
    check_equal(child.wait(), -signal.SIGTERM, "SIGUSR2: the program goes on")
    reasons = [s.get("reason") for s in
               harness.heapmark_json("list", trace).get("snapshots", [])]
    check_equal(reasons.count("signal"), 3, f"SIGUSR2: snapshots asked for, of {reasons}")


def python_interrupted():
    """An interpreter installs its SIGINT handler only if it finds the default there."""
    trace = work / "python.hmk"
    program = ("import sys,time\n"
               "try:\n  print('ready', flush=True)\n  time.sleep(20)\n"
               "except KeyboardInterrupt:\n  print('interrupted')\n  sys.exit(3)\n")
    python = ["/usr/bin/python3", "-c", program]
    child = recorded(trace, python)
    child.stdout.readline()
    child.send_signal(signal.SIGINT)
    out = child.stdout.read()
    check_equal((child.wait(), out), (3, b"interrupted\n"), "KeyboardInterrupt")
    check_equal(harness.report(trace).get("trace", {}).get("complete"), True, "python: complete")

    # Ctrl-C in a terminal is for both; the program decides what comes of it.
    child = subprocess.Popen([harness.HEAPMARK, "record", "--quiet", "-o", work / "ctrl-c.hmk",
                              "--", *python], stdout=subprocess.PIPE, start_new_session=True,
                             env=harness.environment())
    child.stdout.readline()
    os.killpg(child.pid, signal.SIGINT)
    out = child.stdout.read()
    check_equal((child.wait(), out), (3, b"interrupted\n"), "Ctrl-C")


def passed_on():
    """A SIGTERM for `heapmark record` is one for the program."""
    trace = work / "passed-on.hmk"
    child = subprocess.Popen([harness.HEAPMARK, "record", "--quiet", "-o", str(trace), "--",
                              target], stdout=subprocess.PIPE, env=harness.environment())
    check_equal(child.stdout.readline(), b"ready\n", "the target is under way")
    child.send_signal(signal.SIGTERM)
    check(child.wait() in (-signal.SIGTERM, 128 + signal.SIGTERM), "passed on: status")
    check_equal(harness.report(trace).get("trace", {}).get("complete"), True, "passed on")


killed()
terminated()
passed_on()
requested()
python_interrupted()
harness.finish()
