/* SPDX-License-Identifier: MIT */
/* Notes below a table; see notes.h. */
#include "report/notes.h"

#include <inttypes.h>
#include <stdlib.h>

#include "report/losses.h"
#include "report/text_head.h"
#include "util/human.h"
#include "util/memory.h"

#define WORTH_A_NOTE 20 /* a module is named if it holds more than one part in this many */

/* The module of the frame that a stack's line is in; 0: none. */
static uint32_t module_of_stack(struct side *side, uint32_t node)
{
	uint32_t place = stacks_place(&side->stacks, node);

	for (; node; node = side->profile.nodes[node].parent) {
		uint32_t count;
		const struct frame *frames = stacks_frames(&side->stacks, node, &count);

		for (uint32_t i = 0; i < count; i++)
			if (frames[i].place == place)
				return side->profile.nodes[node].module;
	}
	return 0;
}

/* Bytes whose place has no file, by module; the caller frees the array. */
static uint64_t *bytes_without_lines(struct report *report, struct side *side)
{
	const struct profile *profile = &side->profile;
	uint64_t *bytes = xcalloc(profile->module_count, sizeof(*bytes));

	for (size_t i = 1; i < profile->site_count; i++) {
		const struct site *site = &profile->sites[i];
		uint32_t place;

		if (!site->chosen_bytes || !side_takes(side, i))
			continue;
		place = stacks_place(&side->stacks, site->node);
		if (!places_get(&report->places, place)->file)
			bytes[module_of_stack(side, site->node)] += site->chosen_bytes;
	}
	return bytes;
}

static void module_note(struct out *out, const struct side *side, size_t index)
{
	const struct module *module = &side->profile.modules[index];
	const char *why = NULL;
	enum symbol_quality quality = stacks_quality(&side->stacks, (uint32_t)index, &why);

	if (quality == SYMBOL_LINES && !why)
		return;
	out_text(out, "note: ");
	/* What was missing there may well be here. */
	if (symbols_module(&side->profile.symbols, (uint32_t)index))
		out_text(out, "where this trace was symbolized: ");
	if (why)
		text_printable(out, why);
	else
		text_printable(out, module->name);
	out_text(out, why ? "\n" : ": no debug info, so functions only\n");
}

/* Where one address without a name holds most, it is an allocator's wrapper often enough. */
static void wrapper_note(struct out *out, struct report *report, const struct side *side)
{
	const struct row *row = side->tally.count ? &side->tally.rows[0] : NULL;
	const struct place *place;

	if (report->side_count > 1 || report->options->group != GROUP_LINE || !row ||
	    row->bytes / 2 < side->bytes / 4)
		return;
	place = places_get(&report->places, row->key);
	if (place->function || !place->module || !place->address)
		return;
	out_text(out, "note: ");
	text_printable(out, place->module);
	out_printf(out, "+0x%" PRIx64 " may be a wrapper of malloc; --skip '", place->address);
	text_printable(out, place->module);
	out_text(out, "+*' shows the named functions that lead there\n");
}

static void suppression_notes(struct out *out, const struct report *report)
{
	const struct suppressions *suppressions = &report->options->selection.suppressions;
	char size[HUMAN_BYTES], blocks[HUMAN_BYTES];

	for (unsigned i = 0; suppressions->count && i < report->side_count; i++) {
		const struct side *side = &report->sides[i];

		out_text(out, "suppressed: ");
		if (report->side_count > 1)
			out_text(out, i ? "new: " : "old: ");
		out_printf(out, "%s in %s\n", human_size(size, side->suppressed_bytes),
			   human_items(blocks, side->suppressed_blocks, "block"));
	}
	for (uint32_t i = 0; i < suppressions->count; i++) {
		if (suppressions->rules[i].used)
			continue;
		out_text(out, "note: no call stack matches the suppression leak:");
		text_printable(out, suppressions->rules[i].template);
		out_text(out, "\n");
	}
}

void notes_write(struct out *out, struct report *report, struct side *side)
{
	uint64_t *bytes = bytes_without_lines(report, side);

	out_text(out, "\n");
	suppression_notes(out, report);
	losses_write(out, &side->profile);
	for (size_t i = 1; i < side->profile.module_count; i++)
		if (bytes[i] && bytes[i] >= side->bytes / WORTH_A_NOTE)
			module_note(out, side, i);
	free(bytes);
	wrapper_note(out, report, side);
}
