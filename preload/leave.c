/* SPDX-License-Identifier: MIT */
/* Back into the hook that a signal handler interrupted; see leave.h. */
#include "leave.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <ucontext.h>

#include "capture/unwind.h"
#include "process.h"
#include "sys.h"
#include "thread.h"

#define UNWINDER_STACK    4096
#define KERNEL_MASK_BYTES 8 /* the C library's type is larger than what is in a signal's frame */

bool leave_is_awaited(void)
{
	for (struct thread *thread = thread_first(); thread; thread = thread_next(thread))
		if (load_relaxed(&thread->leave.asked))
			return true;
	return false;
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

/* The stack pointer that a jump restores. The C library hides it, in a way that is part of its
 * binary interface: programs linked statically have it built in. */
static uint64_t stack_after(const struct __jmp_buf_tag *to)
{
	uint64_t pointer = (uint64_t)to->__jmpbuf[6];

	__asm__("ror $17, %0\n\txor %%fs:0x30, %0" : "+r"(pointer));
	return pointer;
}

#else

static void restore(ucontext_t *context)
{
	(void)context;
}

static uint64_t stack_after(const struct __jmp_buf_tag *to)
{
	(void)to;
	return 0;
}

#endif

/* Back into the hook, with that to be done as it ends. Returns if that cannot be. */
static void finish_before(struct thread *self, struct thread_leave leave, void *context)
{
	sigset_t all;

	if (!context || process_is_forking())
		return;
	leave.error = errno;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &leave.mask);
	self->leave = leave;
	store_release(&self->leave.asked, true);
	thread_set_state(THREAD_PENDING);
	restore(context);
	store_relaxed(&self->leave.asked, false);
	pthread_sigmask(SIG_SETMASK, &leave.mask, NULL);
}

/* The unwinder that looks for the hook needs more stack than all else here. */
static bool is_stack_small(void)
{
	uint64_t here = (uint64_t)__builtin_frame_address(0);
	stack_t alternate;

	return sys_call(SYS_sigaltstack, NULL, &alternate) == 0 &&
	       alternate.ss_flags & SS_ONSTACK && here - (uint64_t)alternate.ss_sp < UNWINDER_STACK;
}

static bool is_in_hook(const struct thread *self)
{
	return self && self->busy && process_is_ours() && !is_stack_small();
}

void leave_by_end(void (*end)(int status), int status)
{
	struct thread *self = thread_self;

	if (!is_in_hook(self))
		return;
	if (self->elsewhere) /* there is nothing to finish */
		self->busy = self->serving = self->elsewhere = false;
	else
		finish_before(self, (struct thread_leave){.end = end, .value = status},
			      unwind_interrupted_hook(0));
}

void leave_by_jump(void (*jump)(struct __jmp_buf_tag *to, int value), struct __jmp_buf_tag *to,
		   int value)
{
	struct thread *self = thread_self;
	uint64_t stack;
	void *context;

	if (!is_in_hook(self) || !(stack = stack_after(to)))
		return;
	context = unwind_interrupted_hook(stack);
	if (context && self->elsewhere)
		self->busy = self->serving = self->elsewhere = false;
	else
		finish_before(self, (struct thread_leave){.jump = jump, .to = *to, .value = value},
			      context);
}

void leave_if_asked(struct thread *self)
{
	struct thread_leave leave = self->leave;

	if (!load_relaxed(&self->leave.asked))
		return;
	store_relaxed(&self->leave.asked, false);
	self->busy = false; /* we are not coming back */
	pthread_sigmask(SIG_SETMASK, &leave.mask, NULL);
	errno = leave.error;
	if (leave.jump)
		leave.jump(&leave.to, leave.value);
	leave.end(leave.value);
}
