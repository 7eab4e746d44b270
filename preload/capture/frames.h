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

/* An object's table, the segment it is in, and that of the code, which is empty if it is not to be
 * read. */
struct frames {
	const uint8_t *table;
	struct cfi_segment segment, code;
};

/* False if no object is there, or it has no table. */
bool frames_find(uint64_t location, struct frames *frames);

/* The FDE of the last function that begins at or before `location`; NULL if there is none, or the
 * table is of a kind that linkers do not write. */
const uint8_t *frames_fde(const struct frames *frames, uint64_t location);

/* For C libraries that do not know: note each object there is, then forget those that were not
 * noted since the last time. One thread at a time; readers need not wait. What is noted is read
 * until it is forgotten: list modules anew before asking about code that may be new. */
bool frames_need_notes(void);
void frames_note(const struct dl_phdr_info *object);
void frames_forget_others(void);

#endif
