/* SPDX-License-Identifier: MIT */
/*
 * The interposed functions of other allocators, and the C++ operators; see hooks_families.def.
 *
 * The C++ library's own operators are a thin layer over malloc() and are only passed on to: our
 * hook there sees all. Others may be such a layer, too. So a block is recorded only if it is not
 * known yet; and while the real function frees or resizes one that we have already dealt with, the
 * hooks below it are silent. Nothing is silenced around allocations: operator new may throw.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "capture/here.h"
#include "export.h"
#include "real.h"
#include "text.h"
#include "thread.h"
#include "track.h"

#define CALLER __builtin_return_address(0)

/* The function behind a hook: next in line; or, when the library that has it was loaded privately,
 * what the caller's own dependencies provide. NULL if there is none. */
static COLD void *find(const char *name, void *caller)
{
	void *found = dlsym(RTLD_NEXT, name);
	Dl_info info;
	void *library;

	if (found || !dladdr(caller, &info) || !info.dli_fname)
		return found;
	library = dlopen(info.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
	if (!library)
		return NULL;
	found = dlsym(library, name);
	dlclose(library);
	return found;
}

static void *observe(void *block, size_t size, const struct here *here, uint64_t allowance)
{
	struct thread *self = thread_enter();

	if (!self)
		return block;
	if (block)
		track_alloc_if_new(self, here, block, size, allowance);
	else
		track_failed();
	thread_leave(self);
	return block;
}

static void finish(struct thread *self)
{
	thread_unsilence(self);
	thread_leave(self);
}

/* A hook's function: found at the first call. */
struct target {
	void *function;
	bool thin; /* the C++ library's: nothing to do but to pass on */
};

static COLD void look_up(struct target *target, const char *name, void *caller)
{
	Dl_info info;
	const char *library;

	target->function = find(name, caller);
	if (!target->function || !dladdr(target->function, &info) || !info.dli_fname)
		return;
	library = text_basename(info.dli_fname);
	target->thin =
		strncmp(library, "libstdc++.", 10) == 0 || strncmp(library, "libc++", 6) == 0;
}

#define TARGET(name, result, parameters) \
	static struct target target_##name; \
	typedef result type_##name parameters

#define FIND(name, caller) \
	(likely(target_##name.function) || \
	 (look_up(&target_##name, #name, caller), target_##name.function))
#define REAL(name) ((type_##name *)target_##name.function)

/* These and FREE() are in two halves like malloc(): the C++ operators are called as often. */
#define ALLOC(name, parameters, arguments, bytes) \
	TARGET(name, void *, parameters); \
	void *name parameters; \
	static NOINLINE void *name##_and_observe parameters \
	{ \
		void *caller = CALLER; \
		uint64_t allowance; \
\
		if (unlikely(!FIND(name, caller))) \
			return NULL; \
		if (target_##name.thin) \
			return REAL(name) arguments; \
		allowance = thread_allowance; \
		return observe(REAL(name) arguments, bytes, HERE(), allowance); \
	} \
\
	HEAPMARK_EXPORT void *name parameters \
	{ \
		return target_##name.thin ? REAL(name) arguments : name##_and_observe arguments; \
	}

#define PLACE(name, parameters, arguments, place, bytes) \
	TARGET(name, int, parameters); \
	int name parameters; \
	HEAPMARK_EXPORT int name parameters \
	{ \
		void *caller = CALLER; \
		uint64_t allowance; \
		int error; \
\
		if (unlikely(!FIND(name, caller))) \
			return ENOMEM; \
		allowance = thread_allowance; \
		error = REAL(name) arguments; \
		if (!error) \
			observe(*(place), bytes, HERE(), allowance); \
		return error; \
	}

#define REALLOC(name, parameters, arguments, block, bytes) \
	TARGET(name, void *, parameters); \
	void *name parameters; \
	HEAPMARK_EXPORT void *name parameters \
	{ \
		void *caller = CALLER, *moved; \
		uint64_t allowance; \
		struct live_block old; \
		struct thread *self; \
\
		if (unlikely(!FIND(name, caller))) \
			return NULL; \
		allowance = thread_allowance; \
		if (!(block)) { \
			moved = REAL(name) arguments; \
			return observe(moved, bytes, HERE(), allowance); \
		} \
		self = thread_silence(); \
		if (!self) \
			return REAL(name) arguments; \
		old = track_realloc_begin(self, block); \
		moved = REAL(name) arguments; \
		track_realloc_end(self, HERE(), old, block, moved, bytes); \
		finish(self); \
		return moved; \
	}

#define FREE(name, parameters, arguments, block) \
	TARGET(name, void, parameters); \
	void name parameters; \
	static NOINLINE void name##_and_observe parameters \
	{ \
		struct thread *self = NULL; \
\
		if (unlikely(!FIND(name, CALLER))) \
			return; \
		if ((block) && !target_##name.thin) \
			self = thread_silence(); \
		if (self) \
			track_free(self, block); \
		REAL(name) arguments; \
		if (self) \
			finish(self); \
	} \
\
	HEAPMARK_EXPORT void name parameters \
	{ \
		if (target_##name.thin) \
			REAL(name) arguments; \
		else \
			name##_and_observe arguments; \
	}

#include "hooks_families.def"
