/* SPDX-License-Identifier: MIT */
/* Places and what they have become; see translation.h. */
#include "report/translation.h"

#include <stdlib.h>
#include <string.h>

#include "util/memory.h"

const struct translation translation_none;

void translation_release(struct translation *translation)
{
	free(translation->places);
	free(translation->origins);
	free(translation->pairings);
	*translation = (struct translation){0};
}

static void *grown(void *array, uint32_t from, uint32_t to, size_t bytes)
{
	char *wider = xreallocarray(array, to, bytes);

	memset(wider + from * bytes, 0, (to - from) * bytes);
	return wider;
}

static void reach(struct translation *t, uint32_t place)
{
	uint32_t capacity = t->capacity ? t->capacity : 1024;

	if (place < t->capacity)
		return;
	while (capacity <= place)
		capacity *= 2;
	t->places = grown(t->places, t->capacity, capacity, sizeof(*t->places));
	t->origins = grown(t->origins, t->capacity, capacity, sizeof(*t->origins));
	t->pairings = grown(t->pairings, t->capacity, capacity, sizeof(*t->pairings));
	t->capacity = capacity;
}

void translation_set(struct translation *translation, uint32_t old, uint32_t new,
		     enum pairing pairing)
{
	reach(translation, old > new ? old : new);
	translation->places[old] = new + 1;
	translation->origins[new] = old + 1;
	translation->pairings[old] = (uint8_t)pairing;
}

void translation_leave(struct translation *translation, struct places *places, uint32_t old)
{
	struct place place = *places_get(places, old);

	place.is_left = true;
	translation_set(translation, old, places_intern(places, &place), PAIRING_OLD_ONLY);
}

uint32_t translation_place(const struct translation *translation, uint32_t old)
{
	if (old >= translation->capacity || !translation->places[old])
		return old;
	return translation->places[old] - 1;
}

uint32_t translation_origin(const struct translation *translation, uint32_t place)
{
	if (place >= translation->capacity || !translation->origins[place])
		return place;
	return translation->origins[place] - 1;
}

enum pairing translation_pairing(const struct translation *translation, uint32_t old)
{
	return old < translation->capacity ? (enum pairing)translation->pairings[old]
					   : PAIRING_EXACT;
}
