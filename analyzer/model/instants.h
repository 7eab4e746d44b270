/* SPDX-License-Identifier: MIT */
/*
 * When several processes together held most, of what is surely known of each.
 *
 * Of a process it is known exactly what was live at each of its snapshots and at the peaks that
 * these tell of. Between two snapshots at least `kept` bytes were live all the time (see struct
 * snapshot), and never more than the peak as the later one knows it; before the first no more than
 * that, either; and nothing before its start and after its end. Times are those of the clock on the
 * wall, in nanoseconds since 1970.
 *
 * So at any time t, with the sums over all processes: sure(t) <= the truth <= possible(t). The time
 * chosen is where sure(t) is largest, T. As sure(T) <= the truth at T <= the truth's own maximum <=
 * the maximum of possible(t), the simultaneous peak lies in [sure(T), maximum of possible(t)].
 */
#ifndef ANALYZER_MODEL_INSTANTS_H
#define ANALYZER_MODEL_INSTANTS_H

#include <stddef.h>
#include <stdint.h>

#include "model/profile.h"

/* What one snapshot of a process says. */
struct instant {
	uint64_t time;
	uint64_t live, kept; /* then; and since the snapshot before, or 0 */
	uint64_t peak_time, peak, peak_error;
};

struct lifetime {
	uint64_t start, end;
	size_t first, count; /* its instants */
	bool is_merged;      /* several: its end is no moment, and what is kept is not known */
};

/* One for each process, numbered in the order in which they were added. 48 bytes for each snapshot.
 */
struct instants {
	struct lifetime *lifetimes;
	size_t lifetime_count, lifetime_capacity;
	struct instant *items;
	size_t item_count, item_capacity;
};

void instants_add(struct instants *instants, const struct profile *profile);
void instants_release(struct instants *instants); /* fine on zeros */

/* Where most is surely held at once. Sets the time, and the most that there can have been at any.
 */
void instants_find_peak(const struct instants *instants, uint64_t *time, uint64_t *possible);

/* What process `number` contributes at a time: sets the moment of its trace. False: nothing. */
bool instants_moment(const struct instants *instants, size_t number, uint64_t time,
		     struct moment *moment);

#endif
