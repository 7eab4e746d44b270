# SPDX-License-Identifier: MIT
"""What all sections share: the build, a scratch directory, and runs in turns."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import recorders
import sample

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BUILD = ROOT / "build-bench"  # our own: nobody has configured it otherwise


class Trouble(Exception):
    """What ends the benchmark with one sentence."""

    def __init__(self, message, status=1):
        super().__init__(message)
        self.status = status


class Session:
    def __init__(self, options):
        self.options = options
        self.heapmark = BUILD / "analyzer" / "heapmark"
        self._holder = None
        self.scratch = None
        self.columns = []

    def __enter__(self):
        subprocess.run([ROOT / "tools" / "install-packages", "build", "bench"], check=True)
        build()
        self._holder = tempfile.TemporaryDirectory(prefix="heapmark-bench-")
        self.scratch = pathlib.Path(self._holder.name)
        self.columns = recorders.columns(self)
        self._try_recording()
        return self

    def __exit__(self, *_):
        self._holder.cleanup()

    def _try_recording(self):
        """What `heapmark record` has to say to its options, it says now."""
        into = self.scratch / "try"
        into.mkdir()
        for column in self.columns:
            if column.is_heapmark:
                done = subprocess.run([*column.prefix(into), "true"], capture_output=True,
                                      text=True, env=environment(), check=False)
                if done.returncode != 0:
                    raise Trouble(f"'{column.name}' does not run: {done.stderr.strip()}", 2)

    def compiled(self, name, *flags):
        """The path of programs/NAME.c, or of measure.c, compiled."""
        source = HERE / ("" if name == "measure" else "programs") / f"{name}.c"
        program = self.scratch / name
        if not program.exists():
            subprocess.run(["gcc", "-O2", "-fno-builtin", "-fno-optimize-sibling-calls",
                            "-pthread", *flags, source, "-o", program], check=True)
        return program

    def once(self, column, case):
        """One run of a case under one column's recorder."""
        where = pathlib.Path(tempfile.mkdtemp(dir=self.scratch))
        (where / "out").mkdir()
        try:
            return sample.take(self.compiled("measure"), column, case, where, environment())
        finally:
            shutil.rmtree(where)

    def in_turns(self, cases, columns=None):
        """Runs all cases under all columns, round by round: {(case, column): Outcome}."""
        columns = columns or self.columns
        outcomes = {(case.name, column.name): sample.Outcome()
                    for case in cases for column in columns}
        for number in range(self.options.rounds + 1):
            for case in cases:
                for column in columns:
                    outcome = outcomes[case.name, column.name]
                    if not outcome.trouble:
                        progress(f"round {number}/{self.options.rounds}: "
                                 f"{case.name}, {column.name}")
                        outcome.add(self.once(column, case), counts=number > 0)
                        must_be_sound(case, column, outcome)
        progress("")
        return outcomes


def must_be_sound(case, column, outcome):
    """A recorder may fail; that is a result. Without one there is nothing to compare with."""
    if outcome.trouble and column.is_plain:
        why = outcome.error or outcome.trouble
        raise Trouble(f"{case.name} fails without any recorder: {why}")


def build():
    targets = ["analyzer/heapmark", "preload/libheapmark.so"]
    if not (BUILD / "build.ninja").exists():
        quietly("meson", "setup", BUILD, ROOT)
    quietly("ninja", "-C", BUILD, *targets)


def quietly(*command):
    """What it prints is of interest only if it fails."""
    progress("building")
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          check=False)
    progress("")
    if done.returncode != 0:
        print(done.stdout, end="", file=sys.stderr)
        raise subprocess.CalledProcessError(done.returncode, command)


def environment():
    """Little, so that neither somebody's settings nor another profiler are measured."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {**kept, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}


def progress(text):
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)
