/* SPDX-License-Identifier: MIT */
/* A sorted array, and a guess; see places.h. */
#include "places.h"

#include <string.h>

#include "mem.h"

#define ROOM_FIRST 128

struct place {
	uint64_t start, end;
	uint32_t module;
};

static struct {
	struct place *sorted; /* by start; modules that are present at once do not overlap */
	uint32_t count, room;
	uint32_t last; /* found last: callers of one place come one after another */
} places;

static bool grow(void)
{
	uint32_t room = places.room ? places.room * 2 : ROOM_FIRST;
	struct place *bigger;

	if (places.count < places.room)
		return true;
	bigger = mem_take(room * sizeof(*bigger));
	if (!bigger)
		return false;
	if (places.count)
		memcpy(bigger, places.sorted, places.count * sizeof(*bigger));
	places.sorted = bigger;
	places.room = room;
	return true;
}

/* How many begin before the address. A return address may be the end of its module (the call was
 * the last instruction), but not its start. */
static uint32_t begin_before(uint64_t address)
{
	uint32_t low = 0, high = places.count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (places.sorted[middle].start < address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool places_add(uint64_t start, uint64_t end, uint32_t module)
{
	uint32_t at = begin_before(start);

	if (!grow())
		return false;
	memmove(places.sorted + at + 1, places.sorted + at,
		(places.count - at) * sizeof(*places.sorted));
	places.sorted[at] = (struct place){start, end, module};
	places.count++;
	return true;
}

void places_remove(uint32_t module)
{
	uint32_t at = 0;

	while (at < places.count && places.sorted[at].module != module)
		at++;
	if (at == places.count)
		return;
	places.count--;
	memmove(places.sorted + at, places.sorted + at + 1,
		(places.count - at) * sizeof(*places.sorted));
}

static bool holds(uint32_t at, uint64_t address)
{
	return at < places.count && address > places.sorted[at].start &&
	       address <= places.sorted[at].end;
}

uint32_t places_find(uint64_t address)
{
	uint32_t before;

	if (holds(places.last, address))
		return places.sorted[places.last].module;
	before = begin_before(address);
	if (before == 0 || !holds(before - 1, address))
		return 0;
	places.last = before - 1;
	return places.sorted[places.last].module;
}
