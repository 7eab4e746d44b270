# SPDX-License-Identifier: MIT
from case import Case

LEAF = "{built}/torture-leaf"
EACH = "one of each process, all whole"


def fork(how, does, trace, **rest):
    return Case(f"fork-{how}", does, trace, program="fork_ways", args=(how,), **rest)


def starts(how, does, trace, **rest):
    return Case(f"starts-{how}", does, trace, program="starts", args=(how, LEAF), **rest)


def becomes(how, *args, does, trace, name="", **rest):
    return Case(f"becomes-{name or how}", does, trace, program="becomes", args=(how, *args),
                **rest)


def daemon(how, does):
    return Case(f"daemon-{how}", f"becomes a daemon that {does}, and fills the numbers with files",
                "one of each process, all whole; the files as they were", program="daemons",
                args=(how,), options="interval=10ms", under=("prlimit", "--nofile=4096"))


def place(how, does, trace=EACH, root=True, **rest):
    return Case(f"place-{how}", does, trace, program="places", args=(how,), root=root, **rest)


def confined(how, does, trace, **rest):
    return Case(f"confined-{how.replace(' ', '-')}", does, trace, program="confined",
                args=tuple(how.split()), **rest)


CANNOT = ("^heapmark: cannot write the trace .*; the program runs on unrecorded$",)

CASES = (
    Case("fork-one", "forks a child that allocates, and frees what it inherited",
         "one of each process; the child's holds what it inherited",
         program="fork_many", args=("1",)),
    Case("fork-10000", "forks 10,000 children one after another, each of which allocates",
         "10,001, all whole", program="fork_many", args=("10000",), timeout=300),
    Case("fork-crowd", "forks 200 children, which start threads that allocate, while its own "
         "threads allocate", "201, all whole", program="fork_crowd", args=("threads", "200"),
         inherits=False),
    Case("fork-loads", "forks 200 children while one of its threads loads and unloads a library",
         "201, all whole", program="fork_crowd", args=("loads", "200"), inherits=False),
    Case("fork-storm", "has 200 children at once, each of which starts threads",
         "201, all whole", args=("200",)),
    Case("fork-killed", "kills its 150 children as they begin", "151, all complete",
         inherits=False, unbooked=True),
    fork("threads", "forks a child that starts threads which allocate", EACH),
    fork("threads-both", "does so after threads of its own, and starts more afterwards", EACH),
    fork("generations", "forks a child that forks a child, ten deep", EACH),
    fork("not-main", "forks from threads other than the main one", EACH),
    fork("quiet", "forks a child that makes no heap call", "two; the child's holds the same"),
    fork("exit-now", "forks a child that ends with `_exit()`", EACH),
    fork("signalled", "forks children that abort, fault, are terminated and killed",
         "whole, but for the killed child's, which has none or is cut", options="interval=0"),
    fork("orphans", "forks a child whose own child outlives it", EACH),
    fork("atfork", "has atfork handlers that allocate and free, on all three sides", EACH),
    fork("handler", "forks in a signal handler", EACH),
    fork("interrupted", "is split in two by forks in an alarm's handler, wherever it is, 40 times",
         "one of each; a child may lack the call that was cut in two",
         inherits=False),
    fork("listing", "is split in two by forks of a handler, in the midst of heapmark's listing of "
         "the modules", "one of each", inherits=False,
         after=("{built}/libtorture-signal-listing.so",)),
    fork("raw", "forks with `_Fork()` and with the system call",
         "one of each that makes heap calls"),
    starts("vfork", "vforks a child that executes a program", "the parent's and the program's"),
    starts("vfork-exits", "vforks a child that allocates in its memory and ends",
           "one, with what the child did"),
    starts("vfork-fails", "vforks children that fail to execute a program", "as if they had not"),
    starts("vfork-threads", "does so from other threads while it allocates itself", EACH),
    starts("spawn", "starts programs with `posix_spawn()`, one of which is missing", EACH),
    starts("spawn-actions", "does so with file actions and attributes", EACH),
    starts("system", "runs `system()`, also of commands that fail and are killed",
           "one of each, of the shells too"),
    starts("popen", "reads from one program and writes to another by `popen()`",
           "one of each, of the shells too"),
    starts("clone-vm", "clones a child that shares its memory and executes", EACH),
    starts("fork", "forks a child that allocates and executes a program",
           "the parent's and the program's", options="interval=0"),
    starts("fork-fails", "forks a child that fails to execute, and goes on with threads", EACH),
    becomes("chain", "50", does="executes itself in its place, 50 times, in six ways",
            trace="51 of one process id, all whole"),
    becomes("thread", LEAF, "x", does="executes a program from a thread while others allocate",
            trace="one before, one after"),
    becomes("fails", does="fails to execute 260 times, in every way, and goes on",
            trace="one, whole; failing changes nothing"),
    becomes("fails-threads", does="does so while other threads allocate, and ends meanwhile",
            trace="one with an end"),
    becomes("closed", LEAF, "x", does="closes all descriptors and executes a program",
            trace="one before, one after"),
    becomes("without-environment", LEAF, does="executes a program with an empty environment",
            trace="one; the program knows nothing of heapmark"),
    becomes("plainly", "{built}/torture-child_static", "x", name="static",
            does="becomes a statically linked program", trace="one, of the program before",
            needs=("{built}/torture-child_static",)),
    becomes("plainly", "{built}/torture-child_32", name="32-bit",
            does="becomes a program of 32 bits", trace="one, of the program before",
            needs=("{built}/torture-child_32",)),
    becomes("strange", LEAF, "x", does="executes a program with a name full of quotes, line feeds "
            "and percent signs", trace="one of each, the shell's too"),
    becomes("long-line", LEAF, does="executes a program with 1.1 MB of arguments",
            trace="one before, one after"),
    becomes("many-words", LEAF, does="executes a program with 99,999 arguments",
            trace="one before, one after"),
    becomes("plainly", "sh", "-c", f"{LEAF} 1; exec {LEAF} 2", name="shell",
            does="becomes a shell that runs a program and becomes one", trace=EACH),
    becomes("plainly", "env", "-i", LEAF, "1", name="env-i",
            does="becomes `env -i`", trace="two; the program then knows nothing of heapmark"),
    becomes("plainly", "nohup", "timeout", "100", "setarch", "-R", "nice", LEAF, "1",
            name="wrapped", does="goes through nohup, timeout, setarch and nice to a program",
            trace=EACH, needs=("nohup", "timeout", "setarch")),
    Case("leaf", "prints what it was given", "one, whole", args=("a", "", "c d")),
    daemon("close-range", "closes all descriptors with close_range()"),
    daemon("closefrom", "closes all descriptors with closefrom()"),
    daemon("close-loop", "closes 65,536 numbers one by one"),
    daemon("proc-fd", "closes what /proc/self/fd lists"),
    daemon("dup2", "replaces all descriptors"),
    daemon("cloexec", "marks them all as close-on-exec first"),
    daemon("daemon", "daemon() makes, closing all descriptors"),
    place("root", "changes its root, and forks there",
          "whole; the child has none, and says so", says=CANNOT),
    place("closed-root", "closes all descriptors and changes its root",
          "one that was cut off", options="interval=0"),
    place("mounts", "has another /tmp mounted over its trace, and forks there",
          "whole; the child has none, and says so", says=CANNOT),
    place("removed", "works in a folder that is removed", root=False),
    place("roams", "is recorded under a relative name and changes folders", root=False,
          out="%e.%p.hmk"),
    place("drops", "drops root's rights, and forks"),
    place("drops-all", "drops the right to write where its trace is, and forks",
          "whole; the children have none, and say so", says=CANNOT),
    place("user-namespace", "goes into new user, network, UTS and IPC namespaces"),
    place("pids", "forks into a new PID namespace"),
    place("first", "is the first process of a namespace, which signals at their default do not "
          "reach"),
    place("undumpable", "is not dumpable, and gets no new privileges", root=False),
    place("environment", "clears and overwrites its environment and its name", root=False),
    place("traced", "traces a child, system call by system call", root=False,
          trace="the parent's, and the child's, which ends by a signal"),
    confined("refused", "is refused all system calls but a few",
             "cut with a snapshot of the moment before"),
    confined("missing", "has no system calls but a few",
             "cut with a snapshot of the moment before"),
    confined("fatal", "would be killed for all system calls but a few",
             "cut with a snapshot of the moment before"),
    confined("forks", "would be killed for the system calls that a process begins with, and forks",
             "cut with a snapshot of the moment before; the child has none"),
    confined("refused number", "...and says so as libseccomp does, with syscall()",
             "cut with a snapshot of the moment before"),
    confined("fatal number", "would be killed for them, and says so with syscall()",
             "cut with a snapshot of the moment before"),
    confined("strict number", "is in strict mode, by syscall()",
             "cut with a snapshot of the moment before"),
    confined("strict", "may only read, write and exit (seccomp's strict mode)",
             "cut with a snapshot of the moment before"),
    confined("child-fatal", "has a child that would be killed for all system calls but a few",
             "the parent's is whole; the child's is cut with a snapshot of the moment before"),
    confined("child-strict", "has a child that may only read, write and exit",
             "the parent's is whole; the child's is cut with a snapshot of the moment before"),
)
