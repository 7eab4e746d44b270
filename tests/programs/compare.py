#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""compare.py SOURCES PROGRAM...: real programs, as heapmark sees them and as libtruth.so does.

Each program is compared in the same run, with truth in front of heapmark: what heapmark asked of
the heap while it started (its COST record) is taken off truth's count, and nothing may remain. A
program that does the same on every run is compared in runs of their own as well, where truth and
heapmark cannot help each other. For those, everything that could make two runs differ is pinned:
hash seeds, addresses, and the very length of the environment. Two programs look at their addresses
even so, and two libraries never leave the address space alike: cc1's garbage collector keeps a
table of 32 KiB for each 4 GiB of addresses it has pages in, and CPython orders and hashes objects
by where they are.
"""

import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

import harness
from harness import check

FIELDS = ("allocations", "allocated_bytes", "frees", "reallocations", "live_blocks", "live_bytes",
          "peak_blocks", "peak_bytes")
FULL = os.environ.get("HEAPMARK_TEST_FULL") == "1"

sources = pathlib.Path(sys.argv[1])
work = harness.scratch()
# Names of one length, so that both kinds of run have environments of one size.
(work / "libthetruth.so").symlink_to(harness.TRUTH)
(work / "libheapmark.so").symlink_to(harness.LIBRARY)


class Program:
    """How to run a real program. `argv` may need files, which `prepare` makes."""

    def __init__(self, *argv, stdin=None, env=None, same_every_run=True):
        self.argv, self.stdin, self.env = argv, stdin, env or {}
        self.same_every_run = same_every_run

    def run(self, env):
        # -R: where addresses are hashed, they must not be random.
        argv = ["setarch", "-R", *self.argv]
        stdin = open(self.stdin, "rb") if self.stdin else subprocess.DEVNULL
        done = subprocess.run(argv, stdin=stdin, capture_output=True, check=False, cwd=work,
                              env={**BASE, **self.env, **env}, timeout=600)
        return done.returncode, done.stdout, done.stderr


class Redis:
    """A server under its own benchmark, with I/O threads, stopped by SIGTERM."""

    same_every_run = False

    def run(self, env):
        socket = work / "redis.sock"
        socket.unlink(missing_ok=True)
        server = subprocess.Popen(
            ["redis-server", "--port", "0", "--unixsocket", socket, "--save", "", "--io-threads",
             "4", "--io-threads-do-reads", "yes", "--dir", work, "--daemonize", "no",
             "--loglevel", "warning"],
            env={**BASE, **env}, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(300):
            if socket.exists() or server.poll() is not None:
                break
            time.sleep(0.1)
        # The run without libraries only shows that the server works here.
        full = FULL and "LD_PRELOAD" in env
        count = "100000" if full else "2000"
        try:
            subprocess.run(["redis-benchmark", "-s", socket, "-q", "-n", count], env=BASE,
                           check=True, stdout=subprocess.DEVNULL, timeout=3000 if full else 90)
            server.send_signal(signal.SIGTERM)
            _, err = server.communicate(timeout=30)
        except subprocess.SubprocessError as error:
            server.kill()
            _, err = server.communicate()
            check(False, f"redis: {error}; it said {err[-500:]!r}")
        return server.returncode, b"", err


def git_repository():
    """A small history, the same in every byte."""
    where = work / "repository"
    env = {**BASE, "GIT_AUTHOR_DATE": "2020-01-01T00:00:00Z",
           "GIT_COMMITTER_DATE": "2020-01-01T00:00:00Z"}

    def git(*words):
        subprocess.run(["git", "-C", where, *words], env=env, check=True, capture_output=True)

    where.mkdir()
    git("init", "-b", "main")
    for i in range(60):
        for name in ("a", "b", str(i % 9)):
            with open(where / name, "a", encoding="ascii") as file:
                file.writelines(f"line {i} {j * i % 17}\n" for j in range(40))
        git("add", ".")
        git("commit", "-m", f"change {i}")
    return where


def cc1():
    found = subprocess.run(["gcc", "-print-prog-name=cc1"], capture_output=True, text=True,
                           check=True).stdout.strip()
    subprocess.run(["gcc", "-E", sources / "compiled.c", "-o", work / "compiled.i"], check=True)
    return Program(found, "-quiet", "-fpreprocessed", "-O2", work / "compiled.i", "-o", "/dev/null",
                   same_every_run=False)


PROGRAMS = {
    "sqlite3": lambda: Program("sqlite3", ":memory:", stdin=sources / "sqlite.sql"),
    "python3": lambda: Program("/usr/bin/python3", "-S", sources / "python_work.py",
                               env={"PYTHONMALLOC": "malloc", "PYTHONHASHSEED": "0",
                                    "PYTHONDONTWRITEBYTECODE": "1"}, same_every_run=False),
    "git": lambda: Program("git", "-C", git_repository(), "log", "--stat", "-p"),
    "perl": lambda: Program("perl", sources / "perl_work.pl",
                            env={"PERL_HASH_SEED": "0", "PERL_PERTURB_KEYS": "0"}),
    "cc1": cc1,
    "redis": Redis,
}

BASE = {"PATH": os.environ["PATH"], "HOME": str(work), "LANG": "C", "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.org",
        "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.org"}


def observed(program, label, libraries):
    """One run with those libraries: its behaviour, where truth wrote to, and the trace or None."""
    truth = work / f"{label}.tru"
    behaviour = program.run({"LD_PRELOAD": " ".join(str(work / name) for name in libraries),
                             "HEAPMARK": f"out={work}/{label}.%e.hmk", "TRUTH_OUT": str(truth)})
    traces = [path for path in work.glob(f"{label}.*.hmk") if ".setarch." not in path.name]
    check(len(traces) == ("libheapmark.so" in libraries), f"{label}: traces {traces}")
    return behaviour, truth, traces[0] if traces else None


def show(name, how, wanted, got):
    for source, numbers in (("truth", wanted), ("heapmark", got)):
        print(f"{name:8} {how:9} {source:9}", *(f"{numbers[field]:13}" for field in FIELDS))
    differences = harness.differences(got, wanted, FIELDS)
    print(f"{name:8} {how:9} {'':9} differences: {differences or 'none'}", flush=True)
    return differences


def compare(name):
    program = PROGRAMS[name]()
    plain = program.run({})
    if plain[0] != 0:
        check(False, f"{name}: exit status {plain[0]} without anything: {plain[2][-500:]!r}")
        return
    if program.same_every_run:
        truth_run, truth, _ = observed(program, f"{name}-1", ["libthetruth.so"])
        heapmark_run, _, trace = observed(program, f"{name}-2", ["libheapmark.so"])
        check(truth_run == plain and heapmark_run == plain, f"{name}: behaves the same")
        answer = harness.report(trace)
        check(not show(name, "two runs", harness.truths(truth)[-1]["totals"], answer["totals"]),
              f"{name}: not the same numbers in two runs")
        harness.check_adds_up(answer, name)
        check(not harness.losses_of(answer), f"{name}: losses {harness.losses_of(answer)}")
    both_run, truth, trace = observed(program, f"{name}-3", ["libthetruth.so", "libheapmark.so"])
    check(both_run == plain, f"{name}: behaves the same with both")
    check(not show(name, "one run", harness.truth_beside(truth, trace),
                   harness.report(trace)["totals"]), f"{name}: not the same numbers in one run")


print(f"{'':28}", *(f"{field:>13.13}" for field in FIELDS))
for wanted in sys.argv[2:]:
    if wanted == "redis" and not shutil.which("redis-server"):
        harness.skip("redis-server is not installed")
    compare(wanted)
harness.finish()
