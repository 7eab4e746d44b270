/* SPDX-License-Identifier: MIT */
/*
 * The interposed functions of other allocators, and the C++ operators; see hooks_families.def.
 *
 * The next function in line may be a thin layer over malloc(), as libstdc++'s operators are: then
 * our hook there has seen the block already, and sees the free as well. So a block is recorded only
 * if it is not known yet; and while the real function frees or resizes one that we have already
 * dealt with, the hooks below it are silent. Nothing is silenced around allocations: operator new
 * may throw.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>

#include "export.h"
#include "real.h"
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

static void *observe(void *block, size_t size, void *caller)
{
	struct thread *self = thread_enter();

	if (!self)
		return block;
	if (block)
		track_alloc_if_new(self, caller, block, size);
	else
		track_failed(self);
	thread_leave(self);
	return block;
}

/* The guard, kept up around the real call: hooks below it are silent. */
static struct thread *silence(void)
{
	struct thread *self = thread_enter();

	if (self) {
		self->serving = true;
		errno = self->saved_errno;
	}
	return self;
}

static void unsilence(struct thread *self)
{
	self->saved_errno = errno;
	self->serving = false;
	thread_leave(self);
}

#define FOUND(name, caller) (real_##name ? real_##name : (real_##name = find(#name, caller)))

#define ALLOC(name, parameters, arguments, bytes) \
	static void *(*real_##name)parameters; \
	void *name parameters; \
	HEAPMARK_EXPORT void *name parameters \
	{ \
		void *caller = CALLER; \
\
		if (unlikely(!FOUND(name, caller))) \
			return NULL; \
		return observe(real_##name arguments, bytes, caller); \
	}

#define PLACE(name, parameters, arguments, place, bytes) \
	static int(*real_##name) parameters; \
	int name parameters; \
	HEAPMARK_EXPORT int name parameters \
	{ \
		void *caller = CALLER; \
		int error; \
\
		if (unlikely(!FOUND(name, caller))) \
			return ENOMEM; \
		error = real_##name arguments; \
		if (!error) \
			observe(*(place), bytes, caller); \
		return error; \
	}

#define REALLOC(name, parameters, arguments, block, bytes) \
	static void *(*real_##name)parameters; \
	void *name parameters; \
	HEAPMARK_EXPORT void *name parameters \
	{ \
		void *caller = CALLER, *moved; \
		struct live_block old; \
		struct thread *self; \
\
		if (unlikely(!FOUND(name, caller))) \
			return NULL; \
		if (!(block)) \
			return observe(real_##name arguments, bytes, caller); \
		self = silence(); \
		if (!self) \
			return real_##name arguments; \
		old = track_realloc_begin(self, block); \
		moved = real_##name arguments; \
		track_realloc_end(self, caller, old, block, moved, bytes); \
		unsilence(self); \
		return moved; \
	}

#define FREE(name, parameters, arguments, block) \
	static void(*real_##name) parameters; \
	void name parameters; \
	HEAPMARK_EXPORT void name parameters \
	{ \
		struct thread *self; \
\
		if (unlikely(!FOUND(name, CALLER))) \
			return; \
		self = (block) ? silence() : NULL; \
		if (self) \
			track_free(self, block); \
		real_##name arguments; \
		if (self) \
			unsilence(self); \
	}

#include "hooks_families.def"
