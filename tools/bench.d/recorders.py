# SPDX-License-Identifier: MIT
"""The columns: a plain run, and each way of recording it."""

import pathlib
import re
import subprocess

import session


class Plain:
    """Also what recorders have in common."""
    name = "plain"
    is_plain, is_heapmark = True, False
    memory_limit = 0  # bytes of address space; 0 for none

    def prefix(self, out):
        """The words before the program's own; traces go into the directory `out`."""
        return []

    def trouble(self, status, is_late, said):
        """One word for a run that is of no use, by its exit status and what it said on stderr."""
        if is_late:
            return "too slow"
        return "died" if status else ""

    def tidy(self, pid):
        """Removes what the run left outside its directory."""


class Heapmark(Plain):
    is_plain, is_heapmark = False, True

    def __init__(self, heapmark, name, options):
        self.heapmark, self.name, self.options = heapmark, name, options

    def prefix(self, out):
        return [self.heapmark, "record", "--quiet", "--out", out / "trace.%p.hmk", *self.options,
                "--"]

    def with_options(self, *options):
        """The same, with options before those that were asked for, which may change them."""
        return Heapmark(self.heapmark, self.name, [*options, *self.options])


class Heaptrack(Plain):
    """A script that starts the program, and an interpreter of what the program tells."""
    is_plain = False

    def __init__(self, name, options):
        self.name, self.options = name, options
        # Its interpreter has been seen to take all memory there is.
        self.memory_limit = available_memory() // 2

    def prefix(self, out):
        return ["heaptrack", *self.options, "-o", out / "trace"]

    def trouble(self, status, is_late, said):
        # The status is the program's own, whatever became of the interpreter.
        if "bad_alloc" in said:
            return f"> {self.memory_limit >> 30} GiB"
        if "terminate called" in said or "Aborted" in said:
            return "died"
        return super().trouble(status, is_late, said)

    def tidy(self, pid):
        pathlib.Path(f"/tmp/heaptrack_fifo{pid}").unlink(missing_ok=True)


def available_memory():
    found = re.search(r"MemAvailable:\s+(\d+)", pathlib.Path("/proc/meminfo").read_text("ascii"))
    return int(found.group(1)) * 1024


def has_sampling():
    options = session.ROOT / "include" / "heapmark" / "options.def"
    return '"sample"' in options.read_text("utf-8")


def columns(here):
    """First plain, then heapmark; at last heaptrack as people use it. Before that, recording alone:
    it leaves the events as they are, without a word of what they mean."""
    wanted = here.options.heapmark_args
    found = [Plain(), Heapmark(here.heapmark, "heapmark", wanted)]
    if has_sampling():
        found.append(Heapmark(here.heapmark, "heapmark --sample 512K",
                              ["--sample", "512K", *wanted]))
    # Later releases open a window at the end unless told not to.
    said = subprocess.run(["heaptrack", "--help"], capture_output=True, text=True, check=False)
    whole = ["--record-only"] if "--record-only" in said.stdout else []
    return [*found, Heaptrack("heaptrack --raw", ["--raw"]), Heaptrack("heaptrack", whole)]
