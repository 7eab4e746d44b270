/* SPDX-License-Identifier: MIT */
/* Names like another; see near.h. */
#include "report/near.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "util/strings.h"

#define LONGEST 256

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* How many letters must be put in, left out or changed, in whatever case. */
static size_t edits(const char *a, const char *b)
{
	size_t above[LONGEST + 1], length = strlen(b);

	for (size_t i = 0; i <= length; i++)
		above[i] = i;
	for (size_t row = 1; *a; a++, row++) {
		size_t corner = above[0];

		above[0] = row;
		for (size_t i = 1; i <= length; i++) {
			bool same = tolower((unsigned char)*a) == tolower((unsigned char)b[i - 1]);
			size_t change = corner + (same ? 0 : 1);

			corner = above[i];
			above[i] = least(change, 1 + least(above[i], above[i - 1]));
		}
	}
	return above[length];
}

/* 0: as good as the same; larger, farther; false: too far. */
static bool distance(const char *wanted, const char *name, size_t *distance)
{
	const char *last = path_base(name), *colon = strrchr(last, ':');

	wanted = path_base(wanted);
	if (colon && !strchr(wanted, ':'))
		last = colon + 1; /* the name alone of space::name */
	if (!*wanted || strlen(wanted) > LONGEST || strlen(last) > LONGEST)
		return false;
	*distance = edits(wanted, last);
	if (*distance > 1 && strcasestr(last, wanted))
		*distance = 1;
	return *distance <= 1 + strlen(wanted) / 3;
}

void near_consider(struct near *near, const char *name)
{
	size_t far, at;

	for (at = 0; at < near->count; at++)
		if (near->names[at] == name)
			return;
	if (!distance(near->wanted, name, &far))
		return;
	while (at && near->distances[at - 1] > far)
		at--;
	if (at == NEAR_MOST)
		return;
	if (near->count < NEAR_MOST)
		near->count++;
	for (size_t i = near->count - 1; i > at; i--) {
		near->names[i] = near->names[i - 1];
		near->distances[i] = near->distances[i - 1];
	}
	near->names[at] = name;
	near->distances[at] = far;
}
