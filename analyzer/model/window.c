/* SPDX-License-Identifier: MIT */
/* From --since and --until to snapshots; see window.h. */
#include "model/window.h"

#include <inttypes.h>
#include <string.h>

#include "model/moment.h"
#include "model/profile.h"

bool window_is_asked(const struct window_names *names)
{
	return names && (names->since || names->until);
}

static int find_snapshot(const char *option, const char *name, const struct profile *profile,
			 size_t *position, struct error *err)
{
	struct moment moment;

	name += *name == '@';
	if (strcmp(name, "peak") == 0)
		return error_set(err,
				 "%s takes a snapshot (a number, a time or a label), and the peak "
				 "is none; see `heapmark list`",
				 option);
	if (strcmp(name, "end") == 0 && profile->snapshot_count) {
		*position = profile->snapshot_count - 1;
		return 0;
	}
	if (moment_find(name, profile, &moment, err) < 0)
		return -1;
	*position = moment.position;
	return 0;
}

int window_find(const struct window_names *names, const struct profile *profile,
		const struct moment *moment, struct window *window, struct error *err)
{
	const struct snapshot *snapshots = profile->snapshots;

	*window = (struct window){.has_since = names->since, .has_until = names->until};
	if (names->since &&
	    find_snapshot("--since", names->since, profile, &window->since, err) < 0)
		return -1;
	if (names->until &&
	    find_snapshot("--until", names->until, profile, &window->until, err) < 0)
		return -1;
	if (window->has_since && window->has_until && window->since > window->until)
		return error_set(err,
				 "--since %s is snapshot %" PRIu64
				 " of %s, and --until %s is %" PRIu64 ", which comes before it",
				 names->since, snapshots[window->since].index, profile->path,
				 names->until, snapshots[window->until].index);
	if (window->has_since && moment->kind == MOMENT_SNAPSHOT &&
	    moment->position < window->since)
		return error_set(err,
				 "snapshot %" PRIu64 " of %s lies before --since %s, which is "
				 "snapshot %" PRIu64,
				 snapshots[moment->position].index, profile->path, names->since,
				 snapshots[window->since].index);
	if (window->has_until && moment->kind == MOMENT_SNAPSHOT &&
	    moment->position > window->until)
		return error_set(err,
				 "snapshot %" PRIu64 " of %s lies behind --until %s, which is "
				 "snapshot %" PRIu64,
				 snapshots[moment->position].index, profile->path, names->until,
				 snapshots[window->until].index);
	return 0;
}
