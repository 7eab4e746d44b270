/* SPDX-License-Identifier: MIT */
/* Places in tables; see table.h. */
#include "report/table.h"

#include <stdlib.h>

#include "report/place_text.h"
#include "util/utf8.h"

#define NARROWEST 24

/* `aside` may be NULL. */
static void one_place(const struct table *table, const struct report *report,
		      const struct side *side, uint32_t number, int indent, const char *aside)
{
	int columns = table->terminal.columns;
	int used = table->place_column + indent + (aside ? (int)utf8_columns(aside) + 2 : 0);
	char *text;

	if (columns)
		columns = columns > used + NARROWEST ? columns - used : NARROWEST;
	text = place_text(places_get(&report->places, number), side->profile.process.directory,
			  columns);
	out_text(table->out, text);
	if (aside)
		out_printf(table->out, "  %s%s%s", terminal_style(&table->terminal, STYLE_DIM),
			   aside, terminal_style(&table->terminal, STYLE_PLAIN));
	out_text(table->out, "\n");
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
				one_place(table, report, side, frames[i].place, 2, NULL);
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
		one_place(table, report, side, key, 0, table->aside);
		return;
	}
	key = stacks_place(&side->stacks, node);
	one_place(table, report, side, key, 0, table->aside);
	callers(table, report, side, node, key);
}
