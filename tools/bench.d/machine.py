# SPDX-License-Identifier: MIT
"""What kind of machine this is: enough to compare figures, nothing that names it."""

import datetime
import json
import os
import pathlib
import re
import shlex
import subprocess

import session


def describe(here):
    lines = {
        "date": str(datetime.date.today()),
        "commit": commit(),
        "processor": f"{processor()}, {os.cpu_count()} cores",
        "memory": f"{memory() / 2**30:.1f} GiB",
        "kernel": os.uname().release,
        "libc": os.confstr("CS_GNU_LIBC_VERSION"),
        "compiler": compiler(),
        "beside": f"heaptrack {version_of('heaptrack')}, {first_line('valgrind', '--version')}",
        "other work": f"load average {os.getloadavg()[0]:.1f} when this began",
        "rounds": f"{here.options.rounds}, and one before them",
        "heapmark record": shlex.join(here.options.heapmark_args) or "as it is by default",
    }
    return "# What recording costs\n\n" + "".join(
        f"- {name}: {value}\n" for name, value in lines.items())


def first_line(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return (done.stdout.strip().splitlines() or ["unknown"])[0]


def version_of(tool):
    return first_line(tool, "--version").split()[-1]


def commit():
    return first_line("git", "-C", session.ROOT, "describe", "--always", "--dirty")


def processor():
    text = pathlib.Path("/proc/cpuinfo").read_text("ascii", errors="replace")
    found = re.search(r"^model name\s*: (.+)$", text, re.MULTILINE)
    return found.group(1) if found else os.uname().machine


def memory():
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def compiler():
    commands = json.loads((session.BUILD / "compile_commands.json").read_text("utf-8"))
    command = shlex.split(commands[0]["command"])
    flags = " ".join(word for word in command if word.startswith("-O"))
    return f"{first_line(command[0], '--version')}, {flags}"
