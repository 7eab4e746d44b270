# SPDX-License-Identifier: MIT
"""The programs of section `overhead`: a function makes each ready and says how to run it."""

import os
import pathlib
import subprocess
import sys

import session
from sample import Case

WORK = session.HERE / "workloads"


def sqlite3(_):
    return Case("sqlite3", ["sqlite3", ":memory:", f".read {WORK / 'tables.sql'}"])


def python(_):
    """The allocator of its own, which hides most blocks from any recorder, is turned off."""
    system = pathlib.Path("/usr/bin/python3")
    return Case("python", [system if system.exists() else sys.executable, "-S",
                           WORK / "documents.py"],
                {"PYTHONMALLOC": "malloc", "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"})


def preprocessed(here, compiler):
    """So that the preprocessor and its files are not a part of what is measured."""
    made = here.scratch / f"{compiler}.ii"
    subprocess.run([compiler, "-std=c++17", "-E", WORK / "library.cc", "-o", made], check=True)
    return made


def cc1plus(here):
    compiler = subprocess.run(["g++", "-print-prog-name=cc1plus"], capture_output=True, text=True,
                              check=True).stdout.strip()
    return Case("cc1plus", [compiler, "-fpreprocessed", "-quiet", "-std=c++17", "-O1",
                            preprocessed(here, "g++"), "-o", "/dev/null"])


def clang(here):
    """In one process: the driver does not start another clang to do the work."""
    return Case("clang", ["clang++", "-fintegrated-cc1", "-std=c++17", "-O1", "-c",
                          preprocessed(here, "clang++"), "-o", "/dev/null"])


def perl(_):
    return Case("perl", ["perl", WORK / "words.pl"],
                {"PERL_HASH_SEED": "0", "PERL_PERTURB_KEYS": "0"})


def git(here):
    """Our own history is short and becomes longer; a made one is the same everywhere."""
    where = os.path.abspath(os.environ.get("GITREPO") or made_repository(here))
    argv = ["git", "-C", where, "log", "--stat", "-n", "400"]
    done = subprocess.run(argv, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                          env=session.environment(), check=False)
    if done.returncode != 0:
        raise session.Trouble(f"GITREPO={where}: {done.stderr.strip()}", 2)
    return Case("git", argv)


def made_repository(here):
    where = here.scratch / "repository"
    subprocess.run(["git", "init", "--quiet", "--bare", "-b", "main", where], check=True,
                   env=session.environment())
    with subprocess.Popen([sys.executable, WORK / "history.py"], stdout=subprocess.PIPE) as maker:
        subprocess.run(["git", "-C", where, "fast-import", "--quiet"], check=True,
                       stdin=maker.stdout, env=session.environment())
    return where


WORKLOADS = {function.__name__: function for function in
             (sqlite3, python, cc1plus, clang, perl, git)}
