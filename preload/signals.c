/* SPDX-License-Identifier: MIT */
/* Handlers for signals at their default, and the calls that could show them; see signals.h. */
#include "signals.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "config.h"
#include "export.h"
#include "process.h"
#include "real.h"
#include "snapshot.h"
#include "thread.h"

#define SIGNALS 65 /* Linux has 1 to 64 */

static struct {
	bool managed[SIGNALS];          /* ours while the program leaves it at its default */
	struct sigaction view[SIGNALS]; /* what the program last set it to, as a default */
	_Atomic pid_t fatal_pid;
	_Atomic int fatal; /* came while its thread was busy */
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
	syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), number);
}

static bool is_busy(void)
{
	return thread_self && thread_self->busy;
}

static bool is_postponed(void)
{
	return atomic_load(&signals.fatal) && atomic_load(&signals.fatal_pid) == getpid();
}

static void die_of(int number, const siginfo_t *info)
{
	bool fault = is_fault(number, info);

	/* A second one does not wait: the hook may never end. */
	if (is_busy() && !fault && !is_postponed()) {
		atomic_store(&signals.fatal, number);
		atomic_store(&signals.fatal_pid, getpid());
		thread_set_state(THREAD_PENDING);
		return;
	}
	if (!is_busy())
		process_end(HEAPMARK_END_SIGNAL, number);
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

void signals_do_pending(struct thread *self)
{
	static const struct snapshot_request late = {.reason = HEAPMARK_REASON_SIGNAL,
						     .at_once = true};
	bool ours = is_postponed(); /* and not inherited over a fork */
	int number = atomic_exchange(&signals.fatal, 0);
	sigset_t only;

	thread_clear_state(THREAD_PENDING);
	if (atomic_exchange(&signals.requested, false))
		snapshot_take(&late);
	if (!number || !ours)
		return;
	self->busy = false; /* so that the end is recorded; we are not coming back */
	process_end(HEAPMARK_END_SIGNAL, number);
	set_default(number);
	send_to_self(number);
	sigemptyset(&only);
	sigaddset(&only, number);
	pthread_sigmask(SIG_UNBLOCK, &only, NULL);
}

static struct sigaction our_action(void)
{
	struct sigaction action = {.sa_sigaction = handle,
				   .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART};

	sigfillset(&action.sa_mask);
	return action;
}

static bool is_our_action(const struct sigaction *action)
{
	return action->sa_flags & SA_SIGINFO && action->sa_sigaction == handle;
}

static bool is_managed(int number)
{
	return number > 0 && number < SIGNALS && signals.managed[number];
}

void signals_start(bool records)
{
	struct sigaction ours = our_action(), now;

	for (int number = 1; number < SIGNALS; number++) {
		if (!terminates(number) || !(records || number == config.signal) ||
		    real.sigaction(number, NULL, &now) != 0 || now.sa_flags & SA_SIGINFO ||
		    now.sa_handler != SIG_DFL)
			continue;
		signals.view[number] = now;
		signals.managed[number] = true;
		real.sigaction(number, &ours, NULL);
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

HEAPMARK_EXPORT int sigaction(int number, const struct sigaction *action, struct sigaction *old)
{
	struct sigaction ours = our_action(), found, asked;
	bool to_default = false;
	int result;

	if (!is_managed(number)) {
		real_resolve();
		return real.sigaction(number, action, old);
	}
	if (action) {
		asked = *action; /* `old` may be the same object */
		to_default = !(asked.sa_flags & SA_SIGINFO) && asked.sa_handler == SIG_DFL;
	}
	result = real.sigaction(number, !action ? NULL : to_default ? &ours : &asked, &found);
	if (result != 0)
		return result;
	if (old)
		*old = is_our_action(&found) ? signals.view[number] : found;
	if (to_default)
		signals.view[number] = asked;
	return 0;
}

/* After one of the older calls has set a disposition itself. */
static sighandler_t hide(int number, sighandler_t handler, sighandler_t old)
{
	struct sigaction ours = our_action();

	if (old == SIG_ERR || !is_managed(number))
		return old;
	if (handler == SIG_DFL) {
		signals.view[number] = (struct sigaction){.sa_handler = SIG_DFL};
		real.sigaction(number, &ours, NULL);
	}
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
