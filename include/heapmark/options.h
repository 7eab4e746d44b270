/* SPDX-License-Identifier: MIT */
/*
 * What both halves must know of the values in options.def besides their kinds: the limits of
 * numbers, and which of the choices is which.
 */
#ifndef HEAPMARK_OPTIONS_H
#define HEAPMARK_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HEAPMARK_DEPTH_MIN 2
#define HEAPMARK_DEPTH_MAX 4096

/* Closer samples cost more than recording everything; wider ones tell nothing of any program. 0,
 * besides, is no sampling. */
#define HEAPMARK_SAMPLE_MIN (UINT64_C(1) << 10)
#define HEAPMARK_SAMPLE_MAX (UINT64_C(1) << 30)

/* In the order of the choices in options.def. */
enum heapmark_unwind {
	HEAPMARK_UNWIND_AUTO,
	HEAPMARK_UNWIND_LIBUNWIND,
	HEAPMARK_UNWIND_FP,
};

/* In the order of enum heapmark_split (format.h), whose kinds are bits here: "both" is 1 and 2, and
 * a third kind would have to be 4. */
#define HEAPMARK_SPLIT_CHOICES "none|size|thread|both"

static inline bool heapmark_depth_fits(uint64_t depth)
{
	return depth >= HEAPMARK_DEPTH_MIN && depth <= HEAPMARK_DEPTH_MAX;
}

static inline bool heapmark_sample_fits(uint64_t bytes)
{
	return !bytes || (bytes >= HEAPMARK_SAMPLE_MIN && bytes <= HEAPMARK_SAMPLE_MAX);
}

/* Where `value` stands in "one|two|three"; negative if it is none of them. */
static inline int heapmark_choice(const char *choices, const char *value)
{
	for (int index = 0; *choices; index++) {
		const char *at = value;

		while (*at && *at != '|' && *choices == *at) {
			choices++;
			at++;
		}
		if (!*at && at != value && (!*choices || *choices == '|'))
			return index;
		while (*choices && *choices++ != '|')
			;
	}
	return -1;
}

/* How often 1024 is in the unit of a size: 0 for "", 1 for "K" and "KiB", up to "G"; negative for
 * what is no unit. */
static inline int heapmark_size_unit(const char *unit)
{
	static const char prefixes[] = "KMG";

	if (!unit[0])
		return 0;
	for (int power = 1; prefixes[power - 1]; power++)
		if (unit[0] == prefixes[power - 1] &&
		    (!unit[1] || (unit[1] == 'i' && unit[2] == 'B' && !unit[3])))
			return power;
	return -1;
}

#endif
