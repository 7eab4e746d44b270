/* SPDX-License-Identifier: MIT */
/* Handlers for signals at their default, and the calls that could show them; see signals.h. */
#include "signals.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "clock.h"
#include "config.h"
#include "export.h"
#include "leave.h"
#include "process.h"
#include "real.h"
#include "snapshot.h"
#include "sys.h"
#include "thread.h"

#define SIGNALS     65            /* Linux has 1 to 64 */
#define PATIENCE_NS 1000000000ull /* a hook takes a microsecond */

static struct {
	bool managed[SIGNALS];          /* ours whenever the program has it at its default */
	struct sigaction view[SIGNALS]; /* what the program last set it to, as a default */
	_Atomic pid_t fatal_pid, fatal_tid;
	_Atomic int fatal; /* came while that thread was busy */
	_Atomic uint64_t fatal_ns;
	_Atomic bool requested;
} signals;

static bool terminates(int number)
{
	switch (number) {
	case SIGKILL:
	case SIGSTOP:
	case SIGCHLD:
	case SIGCONT:
	case SIGTSTP:
	case SIGTTIN:
	case SIGTTOU:
	case SIGURG:
	case SIGWINCH:
	case 32: /* the C library's own */
	case 33:
		return false;
	default:
		return true;
	}
}

/* A fault that happens again when its instruction is repeated. A trap does not, and nor does memory
 * that the kernel reports as broken in passing. */
static bool is_fault(int number, const siginfo_t *info)
{
	if (info->si_code <= 0 || (number == SIGBUS && info->si_code == BUS_MCEERR_AO))
		return false;
	return number == SIGSEGV || number == SIGBUS || number == SIGFPE || number == SIGILL;
}

static void set_default(int number)
{
	struct sigaction action = {.sa_handler = SIG_DFL};

	real.sigaction(number, &action, NULL);
}

/* Delivered as soon as it is not blocked: a handler blocks it until it returns. */
static void send_to_self(int number)
{
	if (sys_call(SYS_tgkill, sys_getpid(), sys_gettid(), number) != 0)
		sys_call(SYS_kill, sys_getpid(), number); /* this one does not need to be queued */
}

static bool is_busy(void)
{
	return thread_is_adopting() || (thread_self && thread_self->busy);
}

/* What is at its default does not reach the first process of a system or a container, but with a
 * handler it would. */
static bool is_first_process(void)
{
	return sys_getpid() == 1;
}

/* Nothing of a hook is on the stack that would have to be finished: it has only called the real
 * allocator, which may just be ending the program over a broken heap. */
static bool may_end(void)
{
	return !is_busy() || (thread_self && thread_self->elsewhere);
}

static bool is_postponed(void)
{
	return atomic_load(&signals.fatal) && atomic_load(&signals.fatal_pid) == sys_getpid();
}

/* Until the hook ends. False: the hook may never end; one has been waiting for long already. */
static bool postpone(int number)
{
	if (is_postponed())
		return clock_now_ns() - atomic_load(&signals.fatal_ns) < PATIENCE_NS;
	atomic_store(&signals.fatal_ns, clock_now_ns());
	atomic_store(&signals.fatal, number);
	atomic_store(&signals.fatal_tid, sys_gettid());
	atomic_store(&signals.fatal_pid, sys_getpid());
	thread_set_state(THREAD_PENDING);
	return true;
}

static void end_of(int number)
{
	if (is_busy())
		thread_self->busy = thread_self->serving = false; /* we are not coming back */
	process_end(HEAPMARK_END_SIGNAL, number);
}

static void die_now(int number)
{
	sigset_t only;

	process_end(HEAPMARK_END_SIGNAL, number);
	set_default(number);
	send_to_self(number);
	sigemptyset(&only);
	sigaddset(&only, number);
	pthread_sigmask(SIG_UNBLOCK, &only, NULL);
}

/* A handler that raises a signal is not to go on. */
static bool is_own(const siginfo_t *info)
{
	return info->si_code <= 0 && info->si_pid == sys_getpid();
}

static void die_of(int number, const siginfo_t *info)
{
	bool fault = is_fault(number, info);

	if (is_own(info))
		leave_by_end(die_now, number);

	if (may_end())
		end_of(number);
	else if (!fault && postpone(number))
		return;
	set_default(number);
	if (!fault)
		send_to_self(number);
	/* A fault happens again when the instruction is repeated, this time at its default and
	 * with everything in place for a core dump. */
}

static void request(void)
{
	static const struct snapshot_request on_request = {
		.reason = HEAPMARK_REASON_SIGNAL, .at_once = true, .wait = true};
	struct thread *self;

	if (is_busy()) {
		atomic_store(&signals.requested, true);
		thread_set_state(THREAD_PENDING);
		return;
	}
	self = thread_enter();
	if (!self)
		return;
	if (process_is_ours())
		snapshot_take(&on_request);
	thread_leave(self);
}

static void handle(int number, siginfo_t *info, void *context)
{
	int saved_errno = errno;

	(void)context;
	if (number == config.signal)
		request();
	else
		die_of(number, info);
	errno = saved_errno;
}

bool signals_do_pending(struct thread *self)
{
	static const struct snapshot_request late = {.reason = HEAPMARK_REASON_SIGNAL,
						     .at_once = true};
	bool fatal = is_postponed(); /* and not inherited over a fork */
	bool ours = fatal && atomic_load(&signals.fatal_tid) == sys_gettid();
	int number = ours ? atomic_exchange(&signals.fatal, 0) : 0;
	bool others;

	thread_clear_state(THREAD_PENDING);
	if (is_first_process())
		signals_stop(); /* it was forked into a namespace of its own */
	/* A thread that is to end the process does so itself, or it might get ahead meanwhile. */
	others = leave_is_awaited() || (fatal && !ours);
	if (others)
		thread_set_state(THREAD_PENDING);
	if (self && !number) {
		leave_if_asked(self);
		if (atomic_exchange(&signals.requested, false))
			snapshot_take(&late);
	}
	if (!number)
		return others;
	if (self)
		self->busy = false; /* so that the end is recorded; we are not coming back */
	die_now(number);
	return others;
}

/* On the alternate stack, which may be small or gone, only where there may be no other. */
static struct sigaction our_action(int number)
{
	bool needs_stack = number == SIGSEGV || number == SIGBUS;
	struct sigaction action = {.sa_sigaction = handle,
				   .sa_flags = SA_SIGINFO | SA_RESTART |
					       (needs_stack ? SA_ONSTACK : 0)};

	sigfillset(&action.sa_mask);
	return action;
}

static bool is_our_action(const struct sigaction *action)
{
	return action->sa_flags & SA_SIGINFO && action->sa_sigaction == handle;
}

static bool is_default(const struct sigaction *action)
{
	return !(action->sa_flags & SA_SIGINFO) && action->sa_handler == SIG_DFL;
}

static bool is_managed(int number)
{
	return number > 0 && number < SIGNALS && signals.managed[number];
}

void signals_start(bool records)
{
	struct sigaction ours, now;

	records = records && !is_first_process();

	for (int number = 1; number < SIGNALS; number++) {
		if (!terminates(number) || !(records || number == config.signal) ||
		    real.sigaction(number, NULL, &now) != 0)
			continue;
		signals.managed[number] = true;
		if (is_default(&now)) { /* and not ignored, as under nohup */
			signals.view[number] = now;
			ours = our_action(number);
			real.sigaction(number, &ours, NULL);
		}
	}
}

void signals_stop(void)
{
	struct sigaction now;

	for (int number = 1; number < SIGNALS; number++)
		if (signals.managed[number] && number != config.signal) {
			signals.managed[number] = false;
			if (real.sigaction(number, NULL, &now) == 0 && is_our_action(&now))
				set_default(number);
		}
}

/*
 * The calls by which a program sets and sees dispositions. They stay safe to call from signal
 * handlers: nothing here locks.
 */

/* What the program has set is the default: ours takes its place, and what the kernel made of it is
 * what the program will be shown. */
static void replace_default(int number)
{
	struct sigaction ours = our_action(number), found;

	if (real.sigaction(number, &ours, &found) == 0 && is_default(&found))
		signals.view[number] = found;
}

HEAPMARK_EXPORT int sigaction(int number, const struct sigaction *action, struct sigaction *old)
{
	struct sigaction found;
	bool to_default;
	int result;

	if (!is_managed(number)) {
		real_resolve();
		return real.sigaction(number, action, old);
	}
	to_default = action && is_default(action); /* `old` may be the same object */
	result = real.sigaction(number, action, &found);
	if (result != 0)
		return result;
	if (old)
		*old = is_our_action(&found) ? signals.view[number] : found;
	if (to_default)
		replace_default(number);
	return 0;
}

/* After one of the older calls has set a disposition itself. */
static sighandler_t hide(int number, sighandler_t handler, sighandler_t old)
{
	if (old == SIG_ERR || !is_managed(number))
		return old;
	if (handler == SIG_DFL)
		replace_default(number);
	return (void *)old == (void *)handle ? SIG_DFL : old;
}

#define SIGNAL_CALL(name) \
	HEAPMARK_EXPORT sighandler_t name(int number, sighandler_t handler) \
	{ \
		real_resolve(); \
		return hide(number, handler, real.name(number, handler)); \
	}

/* Not in every mode of the C library's headers. */
sighandler_t bsd_signal(int number, sighandler_t handler);

SIGNAL_CALL(signal)
SIGNAL_CALL(bsd_signal)
SIGNAL_CALL(ssignal)
SIGNAL_CALL(sysv_signal)
SIGNAL_CALL(__sysv_signal)
SIGNAL_CALL(sigset)

static void abort_after_hook(int unused)
{
	(void)unused;
	abort();
}

/* The C library's raises the signal, and when a handler returns, or there is none, takes that away
 * and raises it again, unseen by us. Our own handler is not gone through: where abort() is called
 * from a handler, on a small stack, there may not be room for another one. */
HEAPMARK_EXPORT void abort(void)
{
	struct sigaction now;
	sigset_t only;

	real_resolve();
	leave_by_end(abort_after_hook, 0);
	if (is_managed(SIGABRT) && real.sigaction(SIGABRT, NULL, &now) == 0) {
		sigemptyset(&only);
		sigaddset(&only, SIGABRT);
		if (!is_our_action(&now)) {
			pthread_sigmask(SIG_UNBLOCK, &only, NULL);
			send_to_self(SIGABRT);
		}
		process_end(HEAPMARK_END_SIGNAL, SIGABRT);
		set_default(SIGABRT);
	}
	real.abort();
	__builtin_unreachable();
}
