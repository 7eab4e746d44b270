/* SPDX-License-Identifier: MIT */
/* Two tallies side by side; see change.h. */
#include "model/change.h"

#include <stdlib.h>

#include "util/memory.h"

static const struct row nothing;

const char *const match_names[MATCH_KINDS] = {
	[MATCH_EXACT] = "exact",       [MATCH_MOVED] = "moved",       [MATCH_SIMILAR] = "similar",
	[MATCH_OLD_ONLY] = "old-only", [MATCH_NEW_ONLY] = "new-only",
};

const char *const status_names[] = {
	[STATUS_SAME] = "same",   [STATUS_NEW] = "new",       [STATUS_GONE] = "gone",
	[STATUS_GROWN] = "grown", [STATUS_SHRUNK] = "shrunk",
};

/* Each new row's old one, by index. */
static const struct row **old_rows(const struct tally *old, const struct tally *new,
				   const uint32_t *partners)
{
	const struct row **found = xcalloc(new->count + 1, sizeof(struct row *));

	for (size_t i = 0; i < old->count; i++) {
		const struct row *same = tally_find(new, old->rows[i].key);

		if (same)
			found[same - new->rows] = &old->rows[i];
		else if (partners && partners[i])
			found[partners[i] - 1] = &old->rows[i];
	}
	return found;
}

struct change *changes_between(const struct tally *old, const struct tally *new,
			       const uint32_t *partners, size_t *count)
{
	struct change *changes = xcalloc(old->count + new->count + 1, sizeof(*changes));
	const struct row **olds = old_rows(old, new, partners);

	*count = 0;
	for (size_t i = 0; i < new->count; i++) {
		const struct row *row = &new->rows[i], *other = olds[i];
		enum match match = !other                   ? MATCH_NEW_ONLY
				   : other->key == row->key ? MATCH_EXACT
							    : MATCH_SIMILAR;

		changes[(*count)++] = (struct change){other ? other : &nothing, row, match};
	}
	for (size_t i = 0; i < old->count; i++)
		if (!(partners && partners[i]) && !tally_find(new, old->rows[i].key))
			changes[(*count)++] =
				(struct change){&old->rows[i], &nothing, MATCH_OLD_ONLY};
	free(olds);
	return changes;
}

bool change_has_old(const struct change *change)
{
	return change->match != MATCH_NEW_ONLY;
}

bool change_has_new(const struct change *change)
{
	return change->match != MATCH_OLD_ONLY;
}

uint32_t change_key(const struct change *change)
{
	return change_has_new(change) ? change->new->key : change->old->key;
}

enum status change_status(const struct change *change)
{
	const struct row *old = change->old, *new = change->new;
	bool had = old->bytes || old->blocks, has = new->bytes || new->blocks;

	if (had != has)
		return has ? STATUS_NEW : STATUS_GONE;
	if (new->bytes != old->bytes)
		return new->bytes > old->bytes ? STATUS_GROWN : STATUS_SHRUNK;
	if (new->blocks != old->blocks)
		return new->blocks > old->blocks ? STATUS_GROWN : STATUS_SHRUNK;
	return STATUS_SAME;
}

double change_variance(const struct change *change)
{
	return change->old->variance + change->new->variance;
}
