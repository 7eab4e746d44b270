# SPDX-License-Identifier: MIT
"""Real programs, and what to give them to do so that it is the same in every run.

Everything that could make two runs differ is pinned where that is possible: hash seeds, addresses,
and the very length of the environment. `prepare(name)` makes one; its run(env) runs it with those
variables besides.
"""

import os
import pathlib
import shutil
import signal
import subprocess
import time

import harness
from harness import check

FULL = os.environ.get("HEAPMARK_TEST_FULL") == "1"

sources = pathlib.Path(__file__).resolve().parent
work = harness.scratch()


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
    requests, full_requests = "2000", "100000"  # of each kind

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
        count = self.full_requests if full else self.requests
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


def git_log():
    return Program("git", "-C", git_repository(), "log", "--stat", "-p")


def cc1():
    found = subprocess.run(["gcc", "-print-prog-name=cc1"], capture_output=True, text=True,
                           check=True).stdout.strip()
    subprocess.run(["gcc", "-E", sources / "compiled.c", "-o", work / "compiled.i"], check=True)
    return Program(found, "-quiet", "-fpreprocessed", "-O2", work / "compiled.i", "-o", "/dev/null",
                   same_every_run=False)


def to_compile():
    """Options and sources; in the long form those that need nothing but libc."""
    targets = [path for path in sorted(sources.glob("../preload/*.c"))
               if "target.h" in path.read_text() and "heapmark.h" not in path.read_text()]
    return ["-D_GNU_SOURCE", *(targets if FULL else []), sources / "compiled.c"]


def gdb():
    """A debugger reads a program's symbols and types, without running it."""
    commands = ("info functions", "info types", "info variables", "disassemble main",
                "info scope main", "ptype struct passwd", "python print(len(dir(gdb)))")
    words = [word for command in commands for word in ("-ex", command)]
    return Program("gdb", "-nx", "-batch", *words, harness.HEAPMARK, same_every_run=False)


# name: (what must be installed, what makes the program)
PROGRAMS = {
    "sqlite3": ("sqlite3", lambda: Program("sqlite3", ":memory:", stdin=sources / "sqlite.sql")),
    "python3": ("python3", lambda: Program(
        "/usr/bin/python3", "-S", sources / "python_work.py", same_every_run=False,
        env={"PYTHONMALLOC": "malloc", "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"})),
    "git": ("git", git_log),
    "perl": ("perl", lambda: Program("perl", sources / "perl_work.pl",
                                     env={"PERL_HASH_SEED": "0", "PERL_PERTURB_KEYS": "0"})),
    "cc1": ("gcc", cc1),
    "redis": ("redis-server", Redis),
    "gcc": ("gcc", lambda: Program("gcc", "-O2", "-c", *to_compile(), same_every_run=False)),
    "clang": ("clang", lambda: Program("clang", "-O2", "-c", *to_compile(), same_every_run=False)),
    "gdb": ("gdb", gdb),
    "node": ("node", lambda: Program("node", sources / "node_work.js", same_every_run=False)),
}


def installed(name):
    return shutil.which(PROGRAMS[name][0])


def prepare(name):
    return PROGRAMS[name][1]()


BASE = {"PATH": os.environ["PATH"], "HOME": str(work), "LANG": "C", "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.org",
        "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.org"}
