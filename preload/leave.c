/* SPDX-License-Identifier: MIT */
/* Back into the hook that a signal handler interrupted; see leave.h. */
#include "leave.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <ucontext.h>
#include <unistd.h>

#include "capture/unwind.h"
#include "process.h"
#include "thread.h"

#define KERNEL_MASK_BYTES 8 /* the C library's type is larger than what is in a signal's frame */

static _Atomic pid_t awaited_by; /* the process, so that a forked child need not forget it */

bool leave_is_awaited(void)
{
	pid_t pid = load_relaxed(&awaited_by);

	return pid && pid == getpid();
}

#if defined(__x86_64__)

/* Where the processor has a second stack, of return addresses alone, that would not fit. */
static bool has_shadow_stack(void)
{
	uint64_t pointer = 0;

	__asm__ volatile("rdsspq %0" : "+r"(pointer));
	return pointer != 0;
}

static void restore(ucontext_t *context)
{
	if (has_shadow_stack())
		return;
	memset(&context->uc_sigmask, 0xff, KERNEL_MASK_BYTES); /* nothing comes in between */
	__asm__ volatile("mov %0, %%rsp\n\t"
			 "mov $15, %%eax\n\t" /* rt_sigreturn */
			 "syscall"
			 :
			 : "r"(context)
			 : "memory");
	__builtin_unreachable();
}

#else

static void restore(ucontext_t *context)
{
	(void)context;
}

#endif

void leave_when_free(void (*how)(int status), int status)
{
	struct thread *self = thread_self;
	ucontext_t *context;
	sigset_t all;

	if (!self || !self->busy || !process_is_ours())
		return;
	if (self->elsewhere) {
		self->busy = self->serving = self->elsewhere =
			false; /* there is nothing to finish */
		return;
	}
	context = process_is_forking() ? NULL : unwind_interrupted_hook();
	if (!context)
		return;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &self->leave_mask);
	self->leave_status = status;
	self->leave = how;
	atomic_store(&awaited_by, getpid());
	thread_set_state(THREAD_PENDING);
	restore(context);
	self->leave = NULL;
	pthread_sigmask(SIG_SETMASK, &self->leave_mask, NULL);
}

void leave_if_asked(struct thread *self)
{
	void (*how)(int status) = self->leave;

	if (!how)
		return;
	self->leave = NULL;
	self->busy = false; /* we are not coming back */
	pthread_sigmask(SIG_SETMASK, &self->leave_mask, NULL);
	how(self->leave_status);
}
