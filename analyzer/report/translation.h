/* SPDX-License-Identifier: MIT */
/*
 * The old build's places in terms of the new one's, so that rows of both can be compared: a line
 * that has moved becomes the line where it is now. Places that the new build does not have become
 * places of their own, which no place of the new one is taken for. What is not in here stays.
 *
 * Made by translate.h; this is the table.
 */
#ifndef ANALYZER_REPORT_TRANSLATION_H
#define ANALYZER_REPORT_TRANSLATION_H

#include <stdint.h>

#include "model/change.h"
#include "report/places.h"

/* Zeros are an empty one. */
struct translation {
	uint32_t *places;  /* by number: the place it has become, plus 1; 0: itself */
	uint32_t *origins; /* the way back */
	uint8_t *pairings; /* enum pairing */
	uint32_t capacity;
};

/* One that leaves every place as it is. */
extern const struct translation translation_none;

void translation_release(struct translation *translation);

void translation_set(struct translation *translation, uint32_t old, uint32_t new,
		     enum pairing pairing);

/* Makes it a place of its own, as there is nothing like it in the new build. */
void translation_leave(struct translation *translation, struct places *places, uint32_t old);

uint32_t translation_place(const struct translation *translation, uint32_t old);

/* What has become this place: the place itself if nothing else has. */
uint32_t translation_origin(const struct translation *translation, uint32_t place);

/* How sure it is what an old place has become. */
enum pairing translation_pairing(const struct translation *translation, uint32_t old);

#endif
