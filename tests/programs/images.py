# SPDX-License-Identifier: MIT
"""Which processes there were and how each ended, as the kernel told a tracer (images.c).

This is what the traces of a recording are counted against. A process image is what runs between a
fork or an exec and the exec or end that finishes it: each leaves one trace, but for a forked child
that only executes another program, and for programs that were started with another environment.
"""

import collections
import os


class Image:
    def __init__(self, pid, origin, path, bare):
        self.pid, self.origin, self.path, self.bare, self.end = pid, origin, path, bare, "runs"

    def traces(self):
        """How many it leaves, at least and at most."""
        if self.origin == "vfork" or self.bare:
            return (0, 0)
        # A killed one may not have come as far as to begin its trace, and a forked child begins it
        # with its first snapshot.
        if self.is_killed() or (self.origin == "fork" and self.end == "exec"):
            return (0, 1)
        return (1, 1)

    def is_killed(self):
        return self.end == "killed 9"

    def __repr__(self):
        return f"{self.pid} {self.origin} {self.path}: {self.end}"


def wrapped(watch, argv, env, base):
    """(argv, env) to run, with a watch or none."""
    return watch.wrap(argv, env, base) if watch else (argv, {**base, **env})


class Watch:
    """Wraps a program; when it has ended there are its images."""

    def __init__(self, log):
        self.log = log

    def wrap(self, argv, env, base):
        """(argv, env), of which `env` is to reach the program only."""
        given = [f"{name}={value}" for name, value in env.items()]
        return [os.environ["HEAPMARK_IMAGES"], str(self.log), *given, *argv], base

    def images(self):
        return read(self.log.read_text(errors="surrogateescape").splitlines())


def read(lines):
    alive, images = {}, []

    def begin(pid, *what):
        alive[pid] = Image(pid, *what)
        images.append(alive[pid])

    for line in lines:
        number, event, what = line.split(" ", 2)
        pid = int(number)
        if event in ("fork", "vfork"):
            parent = alive[int(what)]
            begin(pid, event, parent.path, parent.bare)
        elif event in ("exec", "bare"):
            if pid in alive:
                alive[pid].end = "exec"
            begin(pid, "exec", what, event == "bare")
        elif pid in alive:
            alive.pop(pid).end = f"{event} {what}"
    return images


def differences(images, pids, hasty):
    """What is wrong with the process ids of the traces that were left: lines of text. In `hasty`
    company any signal may come before a process has begun its trace."""
    found = collections.Counter(pids)
    by_pid = collections.defaultdict(list)
    for image in images:
        by_pid[image.pid].append(image)
    for pid in sorted(by_pid.keys() | found.keys()):
        least = sum(image.traces()[0] for image in by_pid[pid]
                    if not (hasty and image.end.startswith("killed")))
        most = sum(image.traces()[1] for image in by_pid[pid])
        if not least <= found[pid] <= most:
            yield f"{pid}: {found[pid]} traces, not {least} to {most}: {by_pid[pid]}"
