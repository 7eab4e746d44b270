# SPDX-License-Identifier: MIT
"""What a case of the torture suite is made of."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Case:
    """One program in one situation. Whatever it is, the program behaves as it does without
    heapmark, and what its processes leave is what each says itself (torture.h)."""

    name: str            # of the case, and of the program unless `program` is given
    does: str            # what the program goes through
    trace: str           # what is to be said of its trace or traces
    program: str = ""    # the source, without suffix, in the folder of the case's theme
    args: tuple = ()     # {built}: where the programs and libraries are; {scratch}: a folder
    under: tuple = ()    # a command that runs the program (prlimit…); it is not recorded itself
    env: dict = dataclasses.field(default_factory=dict)
    before: tuple = ()   # libraries preloaded before heapmark's, and after it; with and without it
    after: tuple = ()
    options: str = ""    # in HEAPMARK, separated by colons
    out: str = "{scratch}/%e.%p.hmk"
    says: tuple = ()     # what heapmark says on stderr: regular expressions, one a line
    reasons: tuple = ()  # of snapshots that must be in the traces (heapmark list)
    losses: dict = dataclasses.field(default_factory=dict)  # reason: count, or None for any
    rows: dict = dataclasses.field(default_factory=dict)  # further functions of the program's:
    #          {name: (allocations, bytes, blocks at the end, bytes at the end)}; "in FILE": what
    #          has no name in the module FILE; None: no such row
    truth: bool = False     # once more, counted by libtruth.so as well: totals must be equal
    refused: str = ""       # what `heapmark record` says (a regular expression) and does not start
    unbooked: bool = False  # processes may end before their book begins
    inherits: bool = True   # false: the parent's threads allocated during the fork
    foreign: bool = True    # processes without a book (sh, env) may leave whole traces too
    needs: tuple = ()       # commands and libraries, or the case is skipped
    moments: bool = False   # its snapshots add up, too, not only the end
    root: bool = False      # only root can do that
    timeout: int = 120

    def source(self):
        return self.program or self.name.replace("-", "_")
