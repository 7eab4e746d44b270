/* SPDX-License-Identifier: MIT */
/* The selection as exports need it; see sites.h. */
#include "export/sites.h"

bool export_is_whole(const struct export *export)
{
	const struct selection *selection = &export->report->options->selection;

	return !selection->domains.count && !selection->threads.count &&
	       !selection->included.count && !selection->excluded.count &&
	       !selection->suppression_files.count;
}

struct row export_sum(const struct export *export)
{
	struct tally tally = TALLY_INIT;
	struct row sum = {0};

	for (uint32_t i = 1; i < export->side->profile.site_count; i++)
		if (side_takes(export->side, i))
			tally_add(&tally, 0, &export->side->profile, i);
	if (tally.count)
		sum = tally.rows[0];
	tally_release(&tally);
	return sum;
}
