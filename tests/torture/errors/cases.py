# SPDX-License-Identifier: MIT
from case import Case

CANNOT = "^heapmark: cannot write the trace .*; the program runs on unrecorded$"


def goes_on(name, due, *preparations, does, trace="", says=(), **rest):
    return Case(name, does, trace or {"none": "none; said once"}.get(due, due), program="goes_on",
                args=(due, *preparations), says=says, **rest)


def out(name, where, does, says=(CANNOT,), due="none", **rest):
    return goes_on(f"out-{name}", due, does=does, says=says, out=where, **rest)


def option(name, options, line, **rest):
    return goes_on(f"option-{name}", "whole", does=f"is recorded with the option `{options}`",
                   trace="whole; said once", options=options,
                   says=(f"^heapmark: in HEAPMARK: {line}$",), **rest)


def left(name, value):
    return f"'{name}' cannot be '{value}'; this option is left at its default"


def sh(commands, redirection=""):
    """Runs the program after some shell commands."""
    return ("sh", "-c", f'{commands} && exec "$@" {redirection}', "sh")


def full(why):
    return (f"^heapmark: cannot write to the trace .*: {why}; the program runs on$",)


def on_disk(size, then="true"):
    """Runs the program with a file system of that size at disk/, whose files it leaves behind."""
    script = (f"mkdir disk && mount -t tmpfs -o size={size} none disk && {then} && "
              '{{ "$@"; status=$?; cp disk/*.hmk . 2>/dev/null; exit $status; }}')
    return ("unshare", "-m", "sh", "-c", script, "sh")


UNWRITTEN = {"snapshot_unwritten": None}
TOO_LARGE = full("File too large")

CASES = (
    goes_on("all-well", "whole", does="checks errno around every call while nothing is wrong"),
    option("unknown", "nonsense=1", left("nonsense", "1")),
    option("valueless", "interval", "'interval' needs a value; it is ignored"),
    option("unit", "interval=3parsecs", left("interval", "3parsecs")),
    option("overflow", "interval=99999999999999999999s", left("interval", "99999999999999999999s")),
    option("negative", "depth=-1", left("depth", "-1")),
    option("too-deep", "depth=100000", left("depth", "100000")),
    option("no-depth", "depth=", left("depth", "")),
    option("signal", "signal=SIGNOTHING", left("signal", "SIGNOTHING")),
    option("signal-number", "signal=99", left("signal", "99")),
    option("switch", "follow=2", left("follow", "2")),
    option("sample", "sample=1", left("sample", "1")),
    option("choice", "unwind=magic", left("unwind", "magic")),
    option("several", "a=1:b=2:c=3:depth=x:::=:=:", left("a", "1")),
    option("control", "x\x1b[31m\n=\\:y", left("x.*", ":y")),
    goes_on("option-huge", "whole", does="has a HEAPMARK of 100,000 characters", out="t.hmk",
            options="depth=" + "9" * 100000, trace="whole, at the default place; said once",
            says=("^heapmark: the variable HEAPMARK is too long; it is ignored$",)),
    out("no-folder", "{scratch}/no/such/folder/t.hmk", "is to be recorded into a missing folder"),
    out("file-as-folder", "{scratch}/book/t.hmk", "is to be recorded below a file"),
    out("long-name", "{scratch}/" + "n" * 300 + ".hmk", "is to be recorded under a name too long"),
    out("long-path", "{scratch}/" + "n/" * 3000 + "t.hmk", "... under a path too long"),
    out("loop", "/proc/self/fd/t.hmk", "... in a folder where nobody makes files"),
    out("full-device", "/dev/full", "is recorded into /dev/full",
        says=("^heapmark: cannot write to the trace /dev/full: No space left on device; "
              "the program runs on$",)),
    out("null-device", "/dev/null", "is recorded into /dev/null", says=()),
    out("taken", "{scratch}/book", "is recorded under the name of a file that there is",
        due="whole", says=()),
    out("folder", "{scratch}/folder", "is recorded under a folder's name", due="whole", says=(),
        under=sh("mkdir folder")),
    out("pipe", "{scratch}/pipe", "is recorded under the name of a pipe that nobody reads",
        due="whole", says=(), under=sh("mkfifo pipe")),
    out("dangling", "{scratch}/link", "is recorded under the name of a link to nowhere",
        due="whole", says=(), under=sh("ln -s nowhere link")),
    out("relative", "t.hmk", "is recorded under a relative name", due="whole", says=()),
    out("percent", "{scratch}/%%%q%h%", "is recorded under a name of percent signs", due="maybe",
        says=()),
    goes_on("fsize-0", "empty", under=("prlimit", "--fsize=0"), says=TOO_LARGE,
            does="may write no byte to files; SIGXFSZ is none of its business"),
    goes_on("fsize-700", "empty", under=("prlimit", "--fsize=700"), says=TOO_LARGE,
            does="may write 700 bytes to a file"),
    goes_on("fsize-9000", "lacking", under=("prlimit", "--fsize=9000"), says=TOO_LARGE,
            losses=UNWRITTEN, does="may write 9,000 bytes to a file, some snapshots' worth",
            trace="with an end, and the snapshots that did not fit counted"),
    goes_on("fsize-later", "empty", "fsize=0", says=TOO_LARGE,
            does="forbids itself to write files after the start"),
    goes_on("no-stderr", "empty", "no-stderr", "fsize=0",
            does="closes stderr, and something has to be said"),
    goes_on("other-stderr", "empty", "other-stderr", "fsize=0",
            does="sends stderr to a file of its own; not a byte of ours is in there"),
    goes_on("full-pipe", "empty", "full-pipe", "fsize=0",
            does="has a full pipe nobody reads as stderr; nothing blocks"),
    goes_on("no-reader", "empty", "no-reader", "fsize=0",
            does="has a pipe without a reader as stderr; no SIGPIPE"),
    goes_on("no-streams", "whole", does="starts without any standard stream but stdout",
            under=sh("true", "<&- 2>&-"), options="nonsense=1"),
    goes_on("stderr-full-device", "none", does="has /dev/full as stderr, and no place for a trace",
            out="/nonexistent/t.hmk", under=sh("true", "2>/dev/full")),
    goes_on("nofile-8", "whole", "open-all", under=("prlimit", "--nofile=8:512"),
            does="may have 8 descriptors, and opens all"),
    goes_on("nofile-4", "whole", "open-all", under=("prlimit", "--nofile=4:512"),
            does="may have 4 descriptors, and opens all"),
    goes_on("nofile-hard", "whole", under=("prlimit", "--nofile=900:900"),
            does="may have 900 descriptors and never more"),
    goes_on("nofile-soft", "whole", "open-all", under=("prlimit", "--nofile=1024:4096"),
            does="opens as many descriptors as it may"),
    goes_on("nofile-3", "whole", "nofile=3", "open-all",
            does="forbids itself new descriptors after the start"),
    goes_on("trace-deleted", "none", "delete", does="finds its trace deleted while it runs"),
    goes_on("trace-renamed", "whole", "rename", does="finds its trace renamed while it runs"),
    goes_on("trace-truncated", "empty", "truncate", does="finds its trace truncated while it runs",
            trace="one that cannot be read"),
    goes_on("disk-full", "lacking", does="runs on while a small disk is full", root=True,
            out="{scratch}/disk/%e.%p.hmk", says=full("No space left on device"),
            losses=UNWRITTEN, trace="what fitted, with an end, and what did not counted",
            under=on_disk("8k"), needs=("unshare",)),
    goes_on("disk-full-at-once", "empty", does="has a disk without a free byte", root=True,
            out="{scratch}/disk/%e.%p.hmk", says=full("No space left on device"),
            under=on_disk("16k", "head -c 100000 /dev/zero > disk/ballast; true"),
            needs=("unshare",)),
    goes_on("disk-read-only", "none", does="has a file system that may only be read", root=True,
            out="{scratch}/disk/%e.%p.hmk", says=(CANNOT,),
            under=on_disk("64k", "mount -o remount,ro disk"), needs=("unshare",)),
    goes_on("no-proc", "whole", does="has no /proc", root=True, needs=("unshare",),
            under=("unshare", "-m", *sh("mount -t tmpfs none /proc"))),
    goes_on("no-libunwind", "whole", does="is recorded where libunwind is not installed",
            before=("{built}/libtorture-no-libunwind.so",), trace="whole; said once",
            says=("^heapmark: libunwind.so.8 was not found: ",)),
)
