/* SPDX-License-Identifier: MIT */
/*
 * What valgrind's DHAT writes, version 2. How long blocks lived is not in a trace, so the file says
 * that it does not know (bklt), and the viewer shows one number for bytes and one for blocks: what
 * was live at the moment.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "export/callers.h"
#include "export/export.h"
#include "export/json_string.h"
#include "export/text.h"
#include "report/text_head.h"

#define NS_OF_US 1000

static void write_head(const struct export *export, struct out *out)
{
	const struct profile *profile = &export->side->profile;
	char *command = text_command(profile), *notes = export_notes(export);

	text_replace(notes, '\n', ' ');
	out_text(out, "{\"dhatFileVersion\":2");
	json_member_write(out, "mode", notes);
	out_text(out, ",\"verb\":\"Live\",\"bklt\":false,\"bkacc\":false");
	/* Viewers show rates for a million of the unit. */
	out_text(out, ",\"tu\":\"\u00b5s\",\"Mtu\":\"s\"");
	json_member_write(out, "cmd", command);
	out_printf(out, ",\"pid\":%" PRIu64 ",\"te\":%" PRIu64, profile->process.pid,
		   profile_duration_ns(profile) / NS_OF_US);
	free(command);
	free(notes);
}

/* A program point: a stack, innermost frame first. */
static void write_point(struct out *out, const struct callers *callers, const struct row *row,
			const struct chain *chain, struct pairs *numbers)
{
	out_printf(out, "{\"tb\":%" PRIu64 ",\"tbk\":%" PRIu64 ",\"fs\":[", row->bytes,
		   row->blocks);
	for (size_t i = 0; i < chain->count; i++)
		out_printf(out, "%s%" PRIu32, i ? "," : "",
			   pairs_number(numbers, callers_place(callers, chain->contexts[i]), 0));
	out_text(out, "]}");
}

/* Returns the numbers of the frames: of (place, 0), from 1; 0 is the root. */
static struct pairs write_points(const struct callers *callers, struct out *out)
{
	struct pairs numbers = PAIRS_INIT;
	struct chain chain = CHAIN_INIT;
	bool is_first = true;

	for (size_t i = 0; i < callers->sites.count; i++) {
		const struct row *row = &callers->sites.rows[i];

		if (!row->bytes && !row->blocks)
			continue;
		callers_chain(callers, row->key, &chain);
		out_text(out, is_first ? "\n" : ",\n");
		write_point(out, callers, row, &chain, &numbers);
		is_first = false;
	}
	chain_release(&chain);
	return numbers;
}

static void write_frames(const struct export *export, const struct pairs *numbers, struct out *out)
{
	out_text(out, "\"[root]\"");
	for (size_t i = 1; i < numbers->count; i++) {
		uint32_t place = (uint32_t)(numbers->pairs[i] >> 32);
		char *label = place_label(places_get(&export->report->places, place));

		out_text(out, ",\n");
		json_string_write(out, label);
		free(label);
	}
}

void dhat_write(struct export *export, struct out *out)
{
	struct pairs numbers;
	struct callers callers;

	callers_build(&callers, export, GROUP_LINE);
	write_head(export, out);
	out_text(out, ",\"pps\":[");
	numbers = write_points(&callers, out);
	out_text(out, "],\n\"ftbl\":[");
	write_frames(export, &numbers, out);
	out_text(out, "]}\n");
	pairs_release(&numbers);
	callers_release(&callers);
}
