/* SPDX-License-Identifier: MIT */
/* From @WHEN to a snapshot; see moment.h. */
#include "model/moment.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "model/profile.h"
#include "util/human.h"

#define LISTED_LABELS 6

int moment_parse(const char *when, struct moment *moment)
{
	*moment = (struct moment){MOMENT_PEAK, 0};
	if (strcmp(when, "peak") == 0)
		return 1;
	moment->kind = strcmp(when, "end") == 0 ? MOMENT_END : MOMENT_SNAPSHOT;
	return moment->kind == MOMENT_END;
}

static bool find_index(const char *when, const struct profile *profile, size_t *position)
{
	struct error ignored;
	uint64_t index;

	if (human_parse_count("", when, &index, &ignored) < 0)
		return false;
	for (size_t i = 0; i < profile->snapshot_count; i++) {
		*position = i;
		if (profile->snapshots[i].index == index)
			return true;
	}
	return false;
}

static bool find_label(const char *when, const struct profile *profile, size_t *position)
{
	for (size_t i = profile->snapshot_count; i-- > 0;) {
		*position = i;
		if (*when && strcmp(profile->snapshots[i].label, when) == 0)
			return true;
	}
	return false;
}

/* A time as `heapmark list` prints it, with or without spaces: that very snapshot. */
static bool find_shown_time(const char *when, const struct profile *profile, size_t *position)
{
	for (size_t i = profile->snapshot_count; i-- > 0;) {
		char shown[HUMAN_BYTES];
		const char *a = human_duration(shown, profile->snapshots[i].time_ns), *b = when;

		while (*a && *b && *(a += *a == ' ') == *(b += *b == ' ')) {
			a++;
			b++;
		}
		*position = i;
		if (!*a && !*b)
			return true;
	}
	return false;
}

static bool find_time(const char *when, const struct profile *profile, size_t *position)
{
	const struct snapshot *snapshots = profile->snapshots;
	struct error ignored;
	bool found = false;
	uint64_t ns;

	/* A bare 0 is a duration elsewhere; after an @ a bare number is a snapshot's. */
	if (!*when || isdigit((unsigned char)when[strlen(when) - 1]))
		return false;
	if (human_parse_duration("", when, &ns, &ignored) < 0 || ns > profile_duration_ns(profile))
		return false;
	for (size_t i = 0; i < profile->snapshot_count; i++) {
		if (snapshots[i].time_ns > ns)
			continue;
		if (!found || snapshots[i].time_ns >= snapshots[*position].time_ns)
			*position = i;
		found = true;
	}
	return found;
}

static int add_text(char *text, size_t size, int used, const char *more)
{
	if (used < 0 || (size_t)used >= size)
		return used;
	return used + snprintf(text + used, size - (size_t)used, "%s", more);
}

/* Appends ", @loaded, @saved"; stops after a few. */
static void list_labels(char *text, size_t size, int used, const struct profile *profile)
{
	size_t listed = 0;

	for (size_t i = 0; i < profile->snapshot_count; i++) {
		const char *label = profile->snapshots[i].label;

		if (!*label)
			continue;
		if (listed++ == LISTED_LABELS) {
			add_text(text, size, used, ", ...");
			return;
		}
		used = add_text(text, size, used, ", @");
		used = add_text(text, size, used, label);
	}
}

static int not_found(const char *when, const struct profile *profile, struct error *err)
{
	char from[HUMAN_BYTES], until[HUMAN_BYTES], text[640];
	const struct snapshot *last = profile_last(profile);
	int used;

	if (!last)
		return error_set(err, "%s has no snapshot, so there is no @%.60s in it",
				 profile->path, when);
	human_duration(from, profile->snapshots[0].time_ns);
	human_duration(until, profile_duration_ns(profile));
	used = snprintf(text, sizeof(text),
			"@peak, @end, @%" PRIu64 " to @%" PRIu64 ", times from %s to %s",
			profile->snapshots[0].index, last->index, from, until);
	list_labels(text, sizeof(text), used, profile);
	return error_set(err, "%s has no @%.60s; it has %s; see `heapmark list`", profile->path,
			 when, text);
}

int moment_find(const char *when, const struct profile *profile, struct moment *moment,
		struct error *err)
{
	moment->kind = MOMENT_SNAPSHOT;
	if (find_index(when, profile, &moment->position) ||
	    find_shown_time(when, profile, &moment->position) ||
	    find_time(when, profile, &moment->position) ||
	    find_label(when, profile, &moment->position))
		return 0;
	return not_found(when, profile, err);
}
