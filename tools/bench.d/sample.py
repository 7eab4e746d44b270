# SPDX-License-Identifier: MIT
"""One run, and what many runs of the same come to."""

import dataclasses
import json
import os
import re
import statistics
import subprocess

LIMIT_SECONDS = 60  # a run that takes longer has answered the question, too


@dataclasses.dataclass
class Case:
    """Something to run. If it `answers`, it prints `bench: name=number...` as its last line."""
    name: str
    argv: list
    env: dict = dataclasses.field(default_factory=dict)
    answers: bool = False


@dataclasses.dataclass
class Sample:
    wall: float
    cpu: float
    resident: int         # bytes, of the largest process
    trouble: str = ""     # the word for the table, if the run was of no use
    error: str = ""       # the last line on stderr
    written: int = 0      # bytes
    heap_peak: int = 0    # bytes; heapmark only
    snapshots: int = 0    # heapmark only
    answer: dict = dataclasses.field(default_factory=dict)


class Outcome:
    """The runs of one case under one recorder, a sample for each round that counts."""

    def __init__(self):
        self.samples, self.first = [], None
        self.trouble = self.error = ""

    def add(self, sample, counts):
        self.first = self.first or sample
        if sample.trouble:
            self.trouble, self.error = sample.trouble, sample.error
        elif counts:
            self.samples.append(sample)

    def median(self, of):
        return statistics.median(map(of, self.samples))

    def paired(self, base, of):
        """The median over the rounds of of(ours, theirs)."""
        return statistics.median(map(of, self.samples, base.samples))


def take(measure, column, case, where, env):
    """Runs the case in the directory `where`, with the recorder's output in `where`/out."""
    result, out, err = (where / name for name in ("result", "stdout", "stderr"))
    with open(out if case.answers else os.devnull, "wb") as stdout, open(err, "wb") as stderr:
        subprocess.run([measure, result, str(LIMIT_SECONDS), str(column.memory_limit >> 20),
                        *column.prefix(where / "out"), *map(str, case.argv)],
                       stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr,
                       env={**env, **case.env}, cwd=where, check=True)
    wall, cpu, resident, status, late, pid = map(float, result.read_text().split())
    said = err.read_text(errors="replace")
    sample = Sample(wall, cpu, int(resident) * 1024, error=last_line(said))
    sample.trouble = column.trouble(os.waitstatus_to_exitcode(int(status)), bool(late), said)
    sample.written = sum(path.stat().st_size for path in (where / "out").iterdir())
    column.tidy(int(pid))
    if case.answers and not sample.trouble:
        sample.answer = answer_in(out.read_text(errors="replace"))
        sample.trouble = "" if sample.answer else "no answer"
    if column.is_heapmark and not sample.trouble:
        look_into_trace(column, where / "out", sample)
    return sample


def last_line(text):
    return (text.strip().splitlines() or [""])[-1]


def answer_in(text):
    found = re.search(r"^bench: (.+)$", text, re.MULTILINE)
    return {name: float(number) for name, number in
            (word.split("=") for word in found.group(1).split())} if found else {}


def look_into_trace(column, out, sample):
    """The program's own trace is the largest; others are of what it started."""
    trace = max(out.iterdir(), key=lambda path: path.stat().st_size, default=None)
    if trace is None:
        sample.trouble = "no trace"
        return
    done = subprocess.run([column.heapmark, "info", "--json", trace], capture_output=True,
                          check=False)
    if done.returncode != 0:
        sample.trouble = "bad trace"
        return
    info = json.loads(done.stdout)
    sample.heap_peak = info["totals"]["peak_bytes"]
    sample.snapshots = info["sizes"]["snapshots"]
