# SPDX-License-Identifier: MIT
from case import Case

WAYS = "starts itself once for each way: "
# With core dumps in the scratch folder, and SIGUSR2 as any other.
CORES = ("prlimit", "--core=100000:100000")

CASES = (
    Case("ways-calls", WAYS + "return, exit, _exit, _Exit, quick_exit, abort, assert, and the "
         "exit_group system call", "whole; cut at the system call",
         program="ways_out", args=("by_return", "by_exit", "by_quick_exit", "by_abort",
                                   "by_assert", "by_system_call")),
    Case("ways-handlers", WAYS + "exit handlers that allocate, register more, exit again, call "
         "_exit, fork, are ended by SIGTERM", "whole", program="ways_out",
         args=("by_handlers", "by_handler_that", "by_exit_again", "by_signal_in_handler")),
    Case("ways-signal-handlers", WAYS + "signal handlers that exit, _exit, quick_exit, abort, "
         "return to the default and raise again", "whole", program="ways_out",
         args=("by_handled_exit", "by_handled_quick", "by_handled_default", "by_handled_abort")),
    Case("ways-abort", WAYS + "abort() with SIGABRT handled, ignored, blocked", "whole",
         program="ways_out", args=("by_handled_abort_signal", "by_ignored", "by_blocked")),
    Case("ways-faults", WAYS + "null pointer, division, illegal instruction, beyond a file's end, "
         "trap", "whole", program="ways_out",
         args=("fault_null", "fault_divide", "fault_illegal", "fault_bus", "fault_trap")),
    Case("ways-overflows", WAYS + "stack overflow, with and without an alternate stack, with a "
         "handler", "whole; cut without an alternate stack", program="ways_out",
         args=("fault_overflow", "thread_overflow"), losses={"stack_truncated": None}),
    Case("ways-handled-faults", WAYS + "a fault whose handler goes back to the default; one-time "
         "handlers; ignored and blocked faults", "whole; cut where the kernel asks nobody",
         program="ways_out", args=("fault_handled", "raised_once", "fault_ignored",
                                   "fault_blocked")),
    Case("ways-broken-heap", WAYS + "free() and realloc() of what is no block", "whole",
         program="ways_out", args=("fault_in",), losses={"unknown_free": None}),
    Case("ways-threads", WAYS + "a thread exits, leaves, aborts, faults; the main thread ends "
         "first", "whole", program="ways_out",
         args=("thread_exit", "thread_abort", "thread_assert", "thread_fault", "main_thread")),
    Case("signals-raised", "raises each signal that terminates by default, each in a child",
         "whole", program="each_signal", args=("raise",), options="signal=none"),
    Case("signals-core", "the same where core dumps are allowed", "whole; as many cores",
         program="each_signal", args=("raise",), options="signal=none", under=CORES,
         needs=("prlimit",)),
    Case("signals-queued", "the same, sent by the parent to a child that sleeps", "whole",
         program="each_signal", args=("queue",), options="signal=none"),
    Case("signals-threads", "the same, to a child of which four threads allocate",
         "complete", program="each_signal", args=("threads",), options="signal=none"),
    Case("signals-blocked", "the same, pending while blocked", "whole", program="each_signal",
         args=("blocked",), options="signal=none"),
    Case("signals-reset", "the same after a handler, SIG_IGN and the default in turn", "whole",
         program="each_signal", args=("set",), options="signal=none"),
    Case("handlers", "own handlers: arguments, masks, SA_NODEFER, SA_RESETHAND, SA_RESTART, EINTR; "
         "sigwait, signalfd, sigtimedwait, sigsuspend; a fault that is mended", "whole"),
    Case("signals-of-kernel", "alarm, timers, SIGPIPE, SIGIO, SIGXFSZ, SIGXCPU, the parent's death",
         "complete; cut by the hard CPU limit", program="by_kernel"),
    Case("handler-_exit", "a timer's handler calls _exit() inside of malloc-heavy code", "complete",
         program="handler_ends", args=("_exit",)),
    Case("handler-exit", "...or exit(), whose handlers find its signal blocked", "complete",
         program="handler_ends", args=("exit",)),
    Case("handler-nested", "...or _exit() in a handler within the handler", "complete",
         program="handler_ends", args=("nested",)),
    Case("handler-stack", "...or _exit() on an alternate stack", "complete",
         program="handler_ends", args=("stack",)),
    Case("handler-threads", "...or _exit() in one of five threads", "complete",
         program="handler_ends", args=("threads",)),
    Case("handler-quick-exit", "...or quick_exit()", "complete", program="handler_ends",
         args=("quick",)),
    Case("handler-kills", "...or raises SIGTERM", "complete", program="handler_ends",
         args=("kill",)),
    Case("kill-marked", "SIGKILL after heapmark_snapshot()", "cut, equal at the snapshot",
         program="killed", args=("marked",), options="interval=0"),
    Case("kill-threads", "the same, while threads allocate", "cut, equal at the snapshot",
         program="killed", args=("threads",), options="interval=0"),
    Case("timeout-term", "ended by timeout(1)", "whole", program="killed", args=("ready",),
         under=("timeout", "3"), needs=("timeout",)),
    Case("timeout-kill", "killed by timeout(1)", "cut", program="killed", args=("working",),
         under=("timeout", "-s", "KILL", "3"), needs=("timeout",)),
    Case("oom", "killed by the kernel in a memory control group; where there is none, by itself",
         "the child's is cut, equal at its last snapshot", program="oom", options="interval=0"),
    Case("stops", "stopped and continued 50 times", "whole", inherits=False),
    Case("daemon-term", "a daemon that closed everything, ended by SIGTERM", "whole",
         program="becomes_daemon", args=("15",)),
    Case("daemon-kill", "...or by SIGHUP", "whole", program="becomes_daemon", args=("1",)),
    Case("race-exit", "four threads allocate while the main one exits, leaves, aborts, faults, is "
         "killed; 25 times each", "complete", program="exit_race",
         args=("main_exits", "main_leaves", "main_aborts", "main_faults", "main_killed",
               "exit_slowly")),
    Case("race-exits", "five threads call exit() at once; slow exit handlers", "complete",
         program="exit_race", args=("all_exit", "all_exit_slowly")),
    Case("race-leave", "five threads call _exit() or quick_exit() at once, or one beside exit()",
         "complete", program="exit_race", args=("all_leave", "all_quick_exit", "exit_and_leave")),
    Case("race-die", "five threads abort, fault, kill the process at once", "complete",
         program="exit_race", args=("all_abort", "all_fault", "all_kill")),
    Case("cxx-ends", "uncaught exceptions, std::terminate, pure virtual calls, exit from a "
         "terminate handler", "whole", needs=("c++",)),
    Case("destructors", "objects, libraries, keys and handlers that allocate as they are destroyed",
         "whole", needs=("c++",)),
)
