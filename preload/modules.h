/* SPDX-License-Identifier: MIT */
/*
 * The program and its libraries, by generation: what is loaded where something else was is another
 * module, so that it never inherits the other's names.
 *
 * The loader is asked, with no lock of ours held, when a snapshot is due and around dlclose().
 */
#ifndef PRELOAD_MODULES_H
#define PRELOAD_MODULES_H

#include <stdbool.h>
#include <stdint.h>

#define BUILD_ID_MAX 64

struct module {
	uint32_t flags; /* enum heapmark_module_flag */
	uint64_t bias, start, end;
	uint64_t seen_ns, gone_ns; /* since recording began; gone_ns 0: still there */
	const char *path;
	uint8_t build_id[BUILD_ID_MAX];
	uint32_t build_id_bytes;
	uint32_t round;      /* of the listing that last found it */
	uint32_t gone_round; /* of the listing that missed it first */
};

/* Lists what is loaded now. `start_ns` is when recording began. Skipped if nothing changed since
 * the last time. */
void modules_refresh(void);

/* Ids are 1 to this. */
uint32_t modules_count(void);
const struct module *modules_get(uint32_t id);

/* The module that holds a return address now, or 0. Needs the tables lock, once there are threads.
 */
uint32_t modules_find(uint64_t address);

/* Whether code belongs to the library (or program) that has the real malloc(). */
bool modules_is_allocator(const void *code);

/* Whether the real malloc() is the C library's. */
bool modules_allocator_is_libc(void);

/* Finds out what modules_is_allocator() needs. */
void modules_locate_allocator(void);

/* Listings so far. */
uint32_t modules_round(void);

/* In a forked child. */
void modules_child(void);

/* From now on the loader is not asked for a list: in a forked child, a thread that did not come
 * along may have held its lock. Modules are found by the addresses in them. */
void modules_avoid_loader(void);

#endif
