# SPDX-License-Identifier: MIT
"""Real programs, and what to give them to do so that it is the same in every run.

Everything that could make two runs differ is pinned where that is possible: hash seeds, addresses,
and the very length of the environment. `prepare(name)` makes one; its run(env) runs it with those
variables besides.
"""

import os
import pathlib
import shutil
import subprocess

import building
import harness
import servers
from harness import FULL
from images import wrapped

sources = pathlib.Path(__file__).resolve().parent
work = harness.scratch()


class Program:
    """How to run a real program. `argv` may need files, which `prepare` makes."""

    def __init__(self, *argv, stdin=None, env=None, same_every_run=True, status=0):
        self.argv, self.stdin, self.env = argv, stdin, env or {}
        self.same_every_run, self.status = same_every_run, status

    def run(self, env, watch=None):
        # -R: where addresses are hashed, they must not be random.
        argv, env = wrapped(watch, ["setarch", "-R", *self.argv], env, {**BASE, **self.env})
        stdin = open(self.stdin, "rb") if self.stdin else subprocess.DEVNULL
        done = subprocess.run(argv, stdin=stdin, capture_output=True, check=False, cwd=work,
                              env=env, timeout=1800)
        return done.returncode, done.stdout, done.stderr


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


def git_clone():
    """All of git's processes on both sides of a clone, and what came of it."""
    source = git_repository()
    return Program("sh", "-c", "rm -rf clone && git clone --no-local \"$0\" clone && cd clone &&"
                   " git fsck --full && git log --format=%H && git checkout -q HEAD~30 &&"
                   " git gc -q && git status", source, same_every_run=False)


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


def sqlite_file():
    """A database in a file: a table of many rows, indices, a sort, a vacuum."""
    rows = 400_000 if FULL else 40_000
    script = work / "large.sql"
    script.write_text(f"""
        CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT, c REAL);
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows})
        INSERT INTO t SELECT i, 'row ' || (i * 7919 % {rows}), i / 3.0 FROM n;
        CREATE INDEX ib ON t(b); CREATE INDEX ic ON t(c, b);
        SELECT count(*), sum(a), min(b), max(c) FROM t;
        SELECT substr(b, 1, 6) AS p, count(*) FROM t GROUP BY p ORDER BY p LIMIT 5;
        UPDATE t SET b = b || 'x' WHERE a % 3 = 0; DELETE FROM t WHERE a % 5 = 0;
        VACUUM; PRAGMA integrity_check;
        SELECT count(*), total(c) FROM (SELECT * FROM t ORDER BY c DESC, b);
        """)
    return Program("sh", "-c", f"rm -f large.db && sqlite3 large.db < {script} && cksum large.db")


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
    "redis": ("redis-server", lambda: servers.Redis(work, BASE)),
    "redis-alone": ("redis-server", lambda: servers.RedisAlone(work, BASE)),
    "gcc": ("gcc", lambda: Program("gcc", "-O2", "-c", *to_compile(), same_every_run=False)),
    "clang": ("clang", lambda: Program("clang", "-O2", "-c", *to_compile(), same_every_run=False)),
    "gdb": ("gdb", gdb),
    "node": ("node", lambda: Program("node", sources / "node_work.js", same_every_run=False)),
    "git-clone": ("git", git_clone),
    "bash": ("bash", lambda: Program("bash", sources / "bash_work.sh", status=5,
                                     same_every_run=False)),
    "sqlite3-file": ("sqlite3", sqlite_file),
    "ruby": ("ruby", lambda: Program("ruby", sources / "ruby_work.rb", status=7,
                                     same_every_run=False)),
    "java": ("javac", lambda: Program("java", "-XX:-UsePerfData", sources / "JavaWork.java",
                                      status=4, same_every_run=False)),
    "nginx": ("nginx", lambda: servers.Nginx(work, BASE)),
    "postgres": (servers.POSTGRES, lambda: servers.Postgres(work, BASE)),
    "build": ("ninja", lambda: building.Build(work, BASE)),
}


def is_wrappers(trace):
    """Whether a trace is of what only starts the program."""
    return any(f".{wrapper}." in trace.name for wrapper in ("setarch", "setpriv"))


def installed(name):
    return shutil.which(PROGRAMS[name][0], path=PATH)


def prepare(name):
    return PROGRAMS[name][1]()


PATH = f"{os.environ['PATH']}:/usr/sbin:/sbin"
BASE = {"PATH": PATH, "HOME": str(work), "LANG": "C", "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.org",
        "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.org"}
