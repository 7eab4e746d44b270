/* SPDX-License-Identifier: MIT */
/*
 * Where unwind information is: from a location in code to its object's sorted table, .eh_frame_hdr,
 * and by that to the FDE.
 *
 * glibc knows the object since 2.35, and says so without a lock. Elsewhere whoever lists modules
 * notes them here, and only by that are they known: the loader is not asked, as that would take its
 * lock.
 */
#ifndef PRELOAD_CAPTURE_FRAMES_H
#define PRELOAD_CAPTURE_FRAMES_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/cfi.h"

struct dl_phdr_info;

/* An object's table, and the segment it is in. */
struct frames {
	const uint8_t *table;
	struct cfi_segment segment;
};

/* False if no object is there, or it has no table. */
bool frames_find(uint64_t location, struct frames *frames);

/* The FDE of the last function that begins at or before `location`; NULL if there is none, or the
 * table is of a kind that linkers do not write. */
const uint8_t *frames_fde(const struct frames *frames, uint64_t location);

/* For C libraries that do not know. One thread at a time; readers need not wait. What is noted is
 * read until it is forgotten: modules have to be listed anew before one asks about code that may
 * not have been there the last time. */
bool frames_need_notes(void);
void frames_note(const struct dl_phdr_info *object);
void frames_forget(uint64_t start, uint64_t end);

#endif
