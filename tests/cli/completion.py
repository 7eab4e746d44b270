#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""completion.py: what bash, zsh and fish themselves complete with heapmark's scripts."""

import os
import pty
import re
import select
import shutil
import subprocess
import sys

import harness
from harness import check, check_equal

work = harness.scratch()
SHELLS = [shell for shell in ("bash", "zsh", "fish") if shutil.which(shell)]
environment = harness.environment({"HOME": str(work), "TERM": "dumb", "PS1": "> "})
(work / "known-leaks.txt").touch()


def script(shell):
    done = harness.heapmark("completion", shell)
    check_equal((done.status, done.err), (0, b""), f"completion {shell}")
    path = work / ("_heapmark" if shell == "zsh" else f"heapmark.{shell}")
    path.write_bytes(done.out)
    return path


def in_bash(path, line):
    words = line.split(" ")
    asked = (f"source {path}; COMP_WORDS=({' '.join(repr(word) for word in words)}); "
             f"COMP_CWORD={len(words) - 1}; _heapmark; printf '%s\\n' \"${{COMPREPLY[@]}}\"")
    return subprocess.run(["bash", "-c", asked], capture_output=True, text=True, env=environment,
                          cwd=work, check=True).stdout.split()


def in_fish(path, line):
    asked = f"source {path}; complete -C '{line}'"
    done = subprocess.run(["fish", "-c", asked], capture_output=True, text=True, env=environment,
                          cwd=work, check=True)
    return [answer.split("\t")[0] for answer in done.stdout.splitlines()]


def in_zsh(path, line):
    """zsh completes for people only, so there is one: a terminal in which TAB is pressed."""
    (work / ".zshrc").write_text(f"fpath=({path.parent} $fpath)\nautoload -U compinit\n"
                                 "compinit -D -u\nunsetopt zle_bracketed_paste\nPS1='> '\n"
                                 "zstyle ':completion:*' verbose no\n")
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(work)
        os.execvpe("zsh", ["zsh", "-i"], {**environment, "TERM": "xterm"})
    read_until_quiet(terminal)
    os.write(terminal, line.encode() + b"\t\t")
    output = read_until_quiet(terminal)
    os.close(terminal)
    os.kill(pid, 9)
    os.waitpid(pid, 0)
    return re.findall(r"[\w./-]+", re.sub(r"\x1b\[[\d;?]*[A-Za-z]|\x1b[=>]", " ", output))


def read_until_quiet(terminal):
    """What comes, at first after a long time perhaps, until nothing has come for a while."""
    output, patience = "", 30
    while select.select([terminal], [], [], patience)[0]:
        try:
            output += os.read(terminal, 65536).decode(errors="replace")
        except OSError:
            break
        patience = 1.5
    return output


if not SHELLS:
    sys.exit(harness.SKIP)
complete = {"bash": in_bash, "zsh": in_zsh, "fish": in_fish}
for shell in SHELLS:
    path = script(shell)
    for line, wanted, unwanted in (("heapmark re", "report", "diff"),
                                   ("heapmark report --gro", "--group-by", "--domain"),
                                   ("heapmark report --group-by mo", "module", "stack"),
                                   ("heapmark record --unwind li", "libunwind", "auto"),
                                   ("heapmark diff --suppressions kno", "known-leaks.txt", "--json"),
                                   ("heapmark record --int", "--interval", "--json")):
        answers = complete[shell](path, line)
        check(wanted in answers and unwanted not in answers, f"{shell}: {line!r}: {answers}")
done = harness.heapmark("completion", "tcsh")
check_equal((done.status, done.out, len(done.err.splitlines())), (2, b"", 1), "an unknown shell")
harness.finish()
