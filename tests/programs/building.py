# SPDX-License-Identifier: MIT
"""This very project is built: every compiler, assembler and linker that takes part is recorded."""

import hashlib
import pathlib
import shutil
import subprocess

from harness import FULL
from images import wrapped

SOURCE = pathlib.Path(__file__).resolve().parent.parent.parent
# In the short form: C and C++, archives, shared libraries, programs.
TARGETS = [] if FULL else ["tests/truth/libtruth.so", "tests/preload/statics", "tests/preload/cpp",
                           "tests/preload/api_no_pie", "tests/preload/plugins"]


class Build:
    """Each run builds anew in the same directory; what it made is its output."""

    same_every_run, status = False, 0

    def __init__(self, work, base):
        self.where = work / "build"
        # A compiler that is named is not wrapped in a cache.
        self.env = {**base, "CC": "gcc", "CXX": "g++", "CCACHE_DISABLE": "1"}
        self.fresh = work / "build-fresh"
        subprocess.run(["meson", "setup", self.where, SOURCE], env=self.env, check=True,
                       capture_output=True)
        self.where.rename(self.fresh)

    def run(self, env, watch=None):
        shutil.rmtree(self.where, ignore_errors=True)
        shutil.copytree(self.fresh, self.where, symlinks=True)
        argv, env = wrapped(watch, ["ninja", "-C", str(self.where), "-j2", "--quiet", *TARGETS],
                            env, self.env)
        done = subprocess.run(argv, env=env, capture_output=True, check=False, timeout=3600)
        made = "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()} {path}\n"
                       for path in sorted(self.where.rglob("*"))
                       if path.suffix in (".o", ".a", ".so") or is_program(path))
        return done.returncode, made.encode(), done.stdout + done.stderr


def is_program(path):
    return path.is_file() and not path.is_symlink() and path.stat().st_mode & 0o100 != 0
