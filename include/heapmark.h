/* SPDX-License-Identifier: MIT */
/*
 * heapmark.h: marks and pool accounting for programs that are recorded by heapmark.
 *
 * Nothing here is needed to record a program. The header has no library to link with: each call
 * looks for heapmark's preloaded library once, and does nothing where the program runs without it.
 * The same binary therefore runs with and without heapmark, and costs one load and one branch a
 * call when it is not recorded. Works from C99 and C++11.
 *
 *   heapmark_snapshot("loaded");           later: heapmark diff app.hmk@loaded app.hmk@end
 *   heapmark_alloc("textures", p, 4096);   later: heapmark report --domain pool:textures app.hmk
 *
 * All functions may be called from any thread, not from signal handlers. None changes errno.
 */
#ifndef HEAPMARK_H
#define HEAPMARK_H

#include <dlfcn.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What the library exports: one table, found by name at run time. Fields are only ever added at the
 * end; `size` is the size of the table that the library has, in bytes. */
struct heapmark_api {
	size_t size;
	int (*snapshot)(const char *label);
	int (*traced)(uint64_t *current, uint64_t *peak);
	void (*reset_peak)(void);
	int (*is_recording)(void);
	void (*alloc)(const char *pool, const void *block, size_t size);
	void (*realloc)(const char *pool, const void *old_block, const void *block, size_t size);
	void (*free)(const char *pool, const void *block);
};

/* The library's table, or NULL without it. For the functions below. */
static inline const struct heapmark_api *heapmark_find_api(void)
{
	static const struct heapmark_api *api;
	static int looked; /* racing threads find the same answer, so a race does no harm */

	if (!__atomic_load_n(&looked, __ATOMIC_ACQUIRE)) {
		/* NULL is RTLD_DEFAULT, which some headers hide. */
		const void *found = dlsym((void *)0, "heapmark_api_v1");

		__atomic_store_n(&api, (const struct heapmark_api *)found, __ATOMIC_RELAXED);
		__atomic_store_n(&looked, 1, __ATOMIC_RELEASE);
	}
	return __atomic_load_n(&api, __ATOMIC_RELAXED);
}

/* Takes a snapshot now and gives it a name (copied; at most 255 bytes; NULL for none), for
 * TRACE@LABEL. Returns its number, counted from 1 as `heapmark list` shows it, or 0 if none was
 * taken. */
static inline int heapmark_snapshot(const char *label)
{
	const struct heapmark_api *api = heapmark_find_api();

	return api ? api->snapshot(label) : 0;
}

/* Stores the requested bytes live now, and the most there were at once since the start or the last
 * heapmark_reset_peak(). Either pointer may be NULL. Returns 1, or 0 (and stores zeros) when not
 * recording. */
static inline int heapmark_traced(uint64_t *current, uint64_t *peak)
{
	const struct heapmark_api *api = heapmark_find_api();

	if (api)
		return api->traced(current, peak);
	if (current)
		*current = 0;
	if (peak)
		*peak = 0;
	return 0;
}

/* Makes the peak that heapmark_traced() tells the bytes live now. The peak in the trace, that of
 * the whole run, stays as it is. */
static inline void heapmark_reset_peak(void)
{
	const struct heapmark_api *api = heapmark_find_api();

	if (api)
		api->reset_peak();
}

/* 1 if heapmark is recording this process, else 0. */
static inline int heapmark_is_recording(void)
{
	const struct heapmark_api *api = heapmark_find_api();

	return api ? api->is_recording() : 0;
}

/*
 * Pools: allocators that hand out pieces of larger blocks. Tell heapmark of each piece; it is
 * reported at the caller, in the domain pool:NAME. Names are compared as text and copied; there
 * can be 250 of them, and further ones count as "other". A malloc block in which a pool hands out
 * pieces is moved to the domain `arena`, so that no byte counts twice.
 */

/* `size` bytes at `block` were handed out. NULL blocks are ignored. */
static inline void heapmark_alloc(const char *pool, const void *block, size_t size)
{
	const struct heapmark_api *api = heapmark_find_api();

	if (api)
		api->alloc(pool, block, size);
}

/* `old_block` has become `block`, with `size` bytes; one may be the other. NULL for `old_block` is
 * an allocation. */
static inline void heapmark_realloc(const char *pool, const void *old_block, const void *block,
				    size_t size)
{
	const struct heapmark_api *api = heapmark_find_api();

	if (api)
		api->realloc(pool, old_block, block, size);
}

/* `block` was given back. NULL is ignored; unknown blocks are counted as such. */
static inline void heapmark_free(const char *pool, const void *block)
{
	const struct heapmark_api *api = heapmark_find_api();

	if (api)
		api->free(pool, block);
}

#ifdef __cplusplus
}
#endif

#endif
