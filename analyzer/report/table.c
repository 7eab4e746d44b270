/* SPDX-License-Identifier: MIT */
/* Places in tables; see table.h. */
#include "report/table.h"

#include <stdlib.h>

#include "report/place_text.h"

static void one_place(const struct table *table, const struct report *report,
		      const struct side *side, uint32_t number, int indent)
{
	int columns = table->terminal.columns;
	char *text;

	if (columns)
		columns = columns > table->place_column + indent + 24
				  ? columns - table->place_column - indent
				  : 24;
	text = place_text(places_get(&report->places, number), side->profile.process.directory,
			  columns);
	out_printf(table->out, "%s\n", text);
	free(text);
}

/* The frames outside the row's place, innermost first, each on a line of its own. The plumbing
 * within it is left out, as everywhere. */
static void callers(const struct table *table, struct report *report, struct side *side,
		    uint32_t node, uint32_t place)
{
	const struct node *nodes = side->profile.nodes;
	bool is_outside = false;

	for (; node; node = nodes[node].parent) {
		uint32_t count;
		const struct frame *frames = stacks_frames(&side->stacks, node, &count);

		for (uint32_t i = 0; i < count; i++) {
			if (is_outside) {
				out_printf(table->out, "%*s", table->place_column + 2, "");
				one_place(table, report, side, frames[i].place, 2);
			} else if (frames[i].place == place) {
				is_outside = true;
			}
		}
	}
}

void table_place(const struct table *table, struct report *report, struct side *side, uint32_t key,
		 uint32_t node)
{
	if (report->options->group != GROUP_STACK) {
		one_place(table, report, side, key, 0);
		return;
	}
	key = stacks_place(&side->stacks, node);
	one_place(table, report, side, key, 0);
	callers(table, report, side, node, key);
}
