#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Full disks and little memory: the program is unaffected, and the report says what is missing."""

import resource
import signal
import subprocess
import sys
import time

import harness
from harness import check, check_equal

target = sys.argv[1]
BUSY = ["/usr/bin/python3", "-c", "import json, argparse"]  # a trace of some 100 KiB
work = harness.scratch()


def tiny_disk(kilobytes):
    """A file system of that size, or None where we may not mount one."""
    where = work / f"disk{kilobytes}"
    where.mkdir()
    done = harness.run(["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "none", where])
    return where if done.status == 0 else None


def full_disk(kilobytes):
    plain = harness.run([target])
    where = tiny_disk(kilobytes)
    if where is None:
        return False
    try:
        trace = where / "t.hmk"
        ballast = where / "ballast"
        with ballast.open("wb", buffering=0) as file:
            try:
                while file.write(bytes(1024)):
                    pass
            except OSError:
                pass
            file.truncate(max(0, file.tell() - 4096))
        recorded = harness.run([harness.HEAPMARK, "record", "-o", trace, "--", *BUSY])
        check_equal(recorded.status, 0, "full disk: status")
        check_equal(harness.record(where / "u.hmk", [target]).status, plain.status,
                    "disk without a byte: status")
        answer = harness.heapmark("report", trace)
        said = (answer.out + answer.err).decode()
        check(answer.status == 2 or "could not be written" in said or "cut" in said,
              f"full disk: the report says so: {said}")
        check(b"Traceback" not in answer.err, "no traceback")
    finally:
        subprocess.run(["umount", where], check=False)
    return True


def room_again(kilobytes):
    """A snapshot that could not be written is made up for by the next that can."""
    where = tiny_disk(kilobytes)
    if where is None:
        return
    try:
        ballast = where / "ballast"
        ballast.write_bytes(bytes((kilobytes - 8) * 1024))
        env = harness.preload([harness.LIBRARY], {"HEAPMARK": f"out={where}/t.hmk:interval=0"})
        child = subprocess.Popen(
            ["/usr/bin/python3", "-c",
             "import json,sys,time\nprint('ready', flush=True)\nsys.stdin.readline()\n"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=harness.environment(env))
        child.stdout.readline()
        child.send_signal(signal.SIGUSR2)
        time.sleep(0.5)
        ballast.unlink()
        child.communicate(b"go on\n")
        check_equal(child.returncode, 0, "room again: status")
        answer = harness.report(where / "t.hmk", "@end")
        losses = harness.losses_of(answer)
        check(losses.get("snapshot_unwritten", 0) >= 1, f"room again: losses {losses}")
        check_equal(answer["trace"]["complete"], True, "room again: complete")
        harness.check_adds_up(answer, "room again")
    finally:
        subprocess.run(["umount", where], check=False)


def file_size_limit():
    """RLIMIT_FSIZE sends SIGXFSZ to whoever writes too far; it must not reach the program."""
    trace = work / "limited.hmk"

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (256, 256))

    done = subprocess.run([harness.HEAPMARK, "record", "--quiet", "-o", trace, "--", target],
                          preexec_fn=limit, env=harness.environment(), check=False)
    check_equal(done.returncode, 0, "file size limit: status")


def little_memory():
    """As little address space as the program itself needs, and some."""
    for megabytes in (40, 80, 160, 400):
        def limit(megabytes=megabytes):
            size = megabytes << 20
            resource.setrlimit(resource.RLIMIT_AS, (size, size))

        done = subprocess.run([target], preexec_fn=limit, check=False,
                              env=harness.environment(harness.preload(
                                  [harness.LIBRARY],
                                  {"HEAPMARK": f"out={work}/as{megabytes}.hmk"})))
        check_equal(done.returncode, 0, f"ulimit -v {megabytes} MB: status")


if not full_disk(64):
    print("may not mount a tmpfs: no full disk")
room_again(96)
file_size_limit()
little_memory()
harness.finish()
