# SPDX-License-Identifier: MIT
from case import Case

SHORT = {"no_memory": None, "snapshot_unwritten": None, "stack_unknown": None,
         "unknown_free": None}


def short(how, does, trace, **rest):
    return Case(f"memory-{how}", does, trace, program="short_of_it", args=(how,), **rest)


def sizes(how, does, **rest):
    return Case(f"sizes-{how}", does, "whole", program="sizes", args=(how,), **rest)


def tuned(how, does, **env):
    return Case(f"allocator-{how}", does, "whole", program="allocator_calls", env=env)


CASES = (
    short("fails", "asks in every way for more than RLIMIT_AS leaves, and later gets it",
          "whole, with a snapshot of the failure", reasons=("out-of-memory",)),
    short("impossible", "asks for PTRDIFF_MAX bytes and more, in every way", "whole"),
    short("killed", "is killed soon after malloc() has failed",
          "cut after the snapshot of the failure", reasons=("out-of-memory",),
          options="interval=0"),
    short("exhausted-large", "takes all that RLIMIT_AS leaves, and gives it back",
          "whole, or it says what it had no memory for", reasons=("out-of-memory",), losses=SHORT),
    short("exhausted-small", "does so in blocks of 100 bytes",
          "whole, or it says what it had no memory for", reasons=("out-of-memory",), losses=SHORT),
    short("exhausted-data", "takes all that RLIMIT_DATA leaves, and gives it back",
          "whole, or it says what it had no memory for", reasons=("out-of-memory",), losses=SHORT),
    short("reserved", "has a reservation that leaves nothing to be had, as without overcommitment",
          "whole, or it says what it had no memory for", reasons=("out-of-memory",), losses=SHORT),
    Case("sweep", "runs itself under 33 limits on its address space, from what it needs itself",
         "each whole, or it says what is missing; or none", losses=SHORT),
    sizes("huge", "maps 1 TiB, and allocates 4 and 5 GiB that it does not touch"),
    sizes("zero", "has 10,000 blocks of no bytes"),
    sizes("many", "has three million blocks at once"),
    sizes("usable", "writes all that malloc_usable_size() grants"),
    sizes("resized", "resizes a block from 1 byte to 130 MB and back"),
    tuned("calls", "calls mallopt(), malloc_trim(), mallinfo2(), malloc_info(), sbrk() and brk()"),
    tuned("perturb", "runs with MALLOC_PERTURB_", MALLOC_PERTURB_="165"),
    tuned("check", "runs with MALLOC_CHECK_", MALLOC_CHECK_="3"),
    tuned("arenas", "runs with one arena and no top pad", MALLOC_ARENA_MAX="1",
          MALLOC_TOP_PAD_="0"),
    tuned("tunables", "runs without thread cache and mmap",
          GLIBC_TUNABLES="glibc.malloc.tcache_count=0:glibc.malloc.mmap_max=0"),
    Case("locked", "locks all its memory, now and in the future", "whole", args=("0",), root=True),
    Case("locked-little", "locks all its future memory, of which it may have little",
         "whole, or it says what it had no memory for", losses=SHORT, program="locked",
         args=("65534",), root=True, reasons=("out-of-memory",)),
    Case("small-stack", "allocates with little stack left, in small threads and on a small stack",
         "whole", under=("prlimit", "--stack=262144"), options="depth=4096"),
)
