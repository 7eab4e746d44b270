/* SPDX-License-Identifier: MIT */
/* libunwind, loaded so that nobody else sees it, and a stand-in; see unwind.h. */
#include "capture/unwind.h"

#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>
#include <unwind.h>

#include "atomic.h"
#include "capture/machine.h"
#include "fd.h"
#include "log.h"
#include "real.h"

static int (*_Atomic libunwind)(void **frames, int room);
static struct held_fd pipe_ends[2]; /* libunwind's */
static __typeof__(_Unwind_Backtrace) *compilers;
static __typeof__(_Unwind_GetIP) *compilers_get_ip;
static __typeof__(_Unwind_GetCFA) *compilers_get_cfa;

struct collected {
	void **frames;
	uint32_t count, room;
};

static _Unwind_Reason_Code collect(struct _Unwind_Context *context, void *into)
{
	struct collected *collected = into;

	if (collected->count == collected->room)
		return _URC_END_OF_STACK;
	collected->frames[collected->count++] = (void *)compilers_get_ip(context);
	return _URC_NO_REASON;
}

void unwind_start(void)
{
	compilers = (__typeof__(compilers))real_look_up("_Unwind_Backtrace");
	compilers_get_ip = (__typeof__(compilers_get_ip))real_look_up("_Unwind_GetIP");
}

static void find_compilers(void *library)
{
	compilers = (__typeof__(compilers))dlsym(library, "_Unwind_Backtrace");
	compilers_get_ip = (__typeof__(compilers_get_ip))dlsym(library, "_Unwind_GetIP");
	compilers_get_cfa = (__typeof__(compilers_get_cfa))dlsym(library, "_Unwind_GetCFA");
}

/* The compiler's unwinder finds code through _dl_find_object(), which has no lock. */
void unwind_avoid_loader(void)
{
	store_relaxed(&libunwind, NULL);
}

/* libunwind remembers rules by address, in each thread and for ever (unw_flush_cache() is for
 * another cache). The compiler's unwinder does not. */
void unwind_code_gone(void)
{
	if (compilers && compilers_get_ip)
		store_relaxed(&libunwind, NULL);
}

#if defined(__x86_64__)
#define NAME(what) "_ULx86_64_" what
#elif defined(__aarch64__)
#define NAME(what) "_ULaarch64_" what
#endif

/* Its cache of unwind rules has a mutex, under which it asks the loader: a thread that holds the
 * loader's lock and allocates would wait for the one that waits for the loader. Its cache of frames
 * has none, and is what makes it fast. */
static void forgo_locked_cache(void *library)
{
	int (*set_policy)(void *space, int policy) =
		(__typeof__(set_policy))dlsym(library, NAME("set_caching_policy"));
	void **space = dlsym(library, NAME("local_addr_space"));

	if (set_policy && space)
		set_policy(*space, 0); /* UNW_CACHE_NONE */
}

void unwind_load(void)
{
	void *library = dlopen("libunwind.so.8", RTLD_NOW | RTLD_LOCAL);
	void *stand_in = compilers ? NULL : dlopen("libgcc_s.so.1", RTLD_NOW | RTLD_LOCAL);
	int (*found)(void **frames, int room) = NULL;
	void *frames[4];

	if (stand_in)
		find_compilers(stand_in);
	if (library)
		found = (__typeof__(found))dlsym(library, "unw_backtrace");
	if (!found) {
		log_say(LOG_UNWINDER,
			"libunwind.so.8 was not found: call stacks may end at the immediate "
			"caller; "
			"install the package libunwind8",
			NULL);
		return;
	}
	/* Its first use opens a pipe, which must not take the numbers the program counts on. */
	fd_fill_low();
	forgo_locked_cache(library);
	found(frames, 4);
	store_relaxed(&libunwind, found);
	fd_free_low(pipe_ends);
}

bool unwind_is_libunwind(void)
{
	return load_relaxed(&libunwind) != NULL;
}

/* Where libunwind doubts that memory can be read, it tries to write it to its pipe. A program that
 * has closed all descriptors may have a file of its own there. */
static bool is_pipe_lost(void)
{
	int saved_errno = errno;
	bool lost = false;

	for (int i = 0; i < 2; i++)
		lost = lost || (pipe_ends[i].fd >= 0 && !fd_is_ours(&pipe_ends[i]));
	errno = saved_errno;
	return lost;
}

uint32_t unwind_stack(void **frames, uint32_t room)
{
	struct collected collected = {frames, 0, room};
	int (*by_libunwind)(void **, int) = load_relaxed(&libunwind);

	if (by_libunwind && is_pipe_lost()) {
		by_libunwind = NULL;
		store_relaxed(&libunwind, NULL);
	}

	if (by_libunwind) {
		int count = by_libunwind(frames, (int)room);

		return count > 0 ? (uint32_t)count : 0;
	}
	if (compilers && compilers_get_ip)
		compilers(collect, &collected);
	return collected.count;
}

#define PAGE_BYTES 4096 /* or a multiple: what follows in one can be read */

/* The library's own code, as the linker lays it out. */
extern const char __ehdr_start[] HIDDEN, _end[] HIDDEN;

static bool is_own_code(uint64_t pc)
{
	return pc >= (uint64_t)__ehdr_start && pc < (uint64_t)_end;
}

struct interrupted {
	void *candidate, *hook;
	uint64_t wanted, last; /* stack pointers: last is that of the frame before */
	bool found;
	bool ambiguous; /* several contexts have frames of ours */
};

/* The frame that a handler returns to has what the kernel saved at its stack pointer, and the next
 * frame of ours further out is that of the hook, unless handlers were interrupted by handlers: then
 * it cannot be told which hook is the busy one, if there are several. */
static _Unwind_Reason_Code look_for_hook(struct _Unwind_Context *context, void *into)
{
	struct interrupted *interrupted = into;
	uint64_t pc = compilers_get_ip(context), in_page = PAGE_BYTES - pc % PAGE_BYTES;
	uint64_t stack = compilers_get_cfa(context);

	if (is_own_code(pc)) {
		if (interrupted->hook && interrupted->hook != interrupted->candidate)
			interrupted->ambiguous = true;
		interrupted->hook = interrupted->candidate;
	} else if (pc && machine_is_signal_return((const uint8_t *)pc, in_page)) {
		interrupted->candidate = (void *)stack;
	} else if (interrupted->hook && interrupted->last < interrupted->wanted &&
		   interrupted->wanted <= stack) {
		interrupted->found = true;
	}
	interrupted->last = stack;
	return _URC_NO_REASON;
}

void *unwind_interrupted_hook(uint64_t stack)
{
	struct interrupted interrupted = {.wanted = stack};

	if (compilers && compilers_get_ip && compilers_get_cfa)
		compilers(look_for_hook, &interrupted);
	if (interrupted.ambiguous)
		return NULL;
	return interrupted.found || !stack ? interrupted.hook : NULL;
}
