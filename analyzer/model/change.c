/* SPDX-License-Identifier: MIT */
/* Two tallies side by side; see change.h. */
#include "model/change.h"

#include "util/memory.h"

static const struct row nothing;

const char *const pairing_names[PAIRING_KINDS] = {
	[PAIRING_EXACT] = "exact",       [PAIRING_MOVED] = "moved",
	[PAIRING_SIMILAR] = "similar",   [PAIRING_OLD_ONLY] = "old-only",
	[PAIRING_NEW_ONLY] = "new-only",
};

const char *const status_names[] = {
	[STATUS_SAME] = "same",   [STATUS_NEW] = "new",       [STATUS_GONE] = "gone",
	[STATUS_GROWN] = "grown", [STATUS_SHRUNK] = "shrunk",
};

struct change *changes_between(const struct tally *old, const struct tally *new, size_t *count)
{
	struct change *changes = xcalloc(old->count + new->count + 1, sizeof(*changes));

	*count = 0;
	for (size_t i = 0; i < new->count; i++) {
		const struct row *row = &new->rows[i], *same = tally_find(old, row->key);

		changes[(*count)++] = same ? (struct change){same, row, PAIRING_EXACT, 0}
					   : (struct change){&nothing, row, PAIRING_NEW_ONLY, 0};
	}
	for (size_t i = 0; i < old->count; i++)
		if (!tally_find(new, old->rows[i].key))
			changes[(*count)++] =
				(struct change){&old->rows[i], &nothing, PAIRING_OLD_ONLY, 0};
	return changes;
}

bool change_has_old(const struct change *change)
{
	return change->pairing != PAIRING_NEW_ONLY;
}

bool change_has_new(const struct change *change)
{
	return change->pairing != PAIRING_OLD_ONLY;
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
	return change->old->variance + change->new->variance + change->unseen;
}
