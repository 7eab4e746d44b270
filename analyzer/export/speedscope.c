/* SPDX-License-Identifier: MIT */
/* speedscope's own file format: frames, and a profile of weighted stacks. */
#include <inttypes.h>
#include <stdlib.h>

#include "export/callers.h"
#include "export/export.h"
#include "export/json_string.h"
#include "export/text.h"
#include "report/text_head.h"

static void write_frame(struct out *out, const struct place *place)
{
	char *name = place_name(place);

	out_text(out, "{\"name\":");
	json_string_write(out, name);
	if (place->file || place->module_path)
		json_member_write(out, "file", place->file ? place->file : place->module_path);
	if (place->line)
		out_printf(out, ",\"line\":%" PRIu32, place->line);
	out_text(out, "}");
	free(name);
}

/* Writes the places of all contexts, each once; returns their numbers in the file. */
static struct pairs write_frames(const struct export *export, const struct callers *callers,
				 struct out *out)
{
	struct pairs numbers = PAIRS_INIT; /* of (place, 0), from 1 */
	uint32_t written = 0;

	for (uint32_t context = 1; context < callers_count(callers); context++) {
		uint32_t place = callers_place(callers, context);

		if (pairs_number(&numbers, place, 0) <= written)
			continue;
		out_text(out, written++ ? ",\n" : "\n");
		write_frame(out, places_get(&export->report->places, place));
	}
	return numbers;
}

/* Outermost first. */
static void write_stack(struct out *out, const struct callers *callers, const struct chain *chain,
			struct pairs *numbers)
{
	for (size_t i = chain->count; i-- > 0;)
		out_printf(out, "%" PRIu32 "%s",
			   pairs_number(numbers, callers_place(callers, chain->contexts[i]), 0) - 1,
			   i ? "," : "");
}

static void write_samples(const struct export *export, const struct callers *callers,
			  struct pairs *numbers, struct out *out)
{
	struct chain chain = CHAIN_INIT;
	bool is_first = true;

	for (size_t i = 0; i < callers->sites.count; i++) {
		if (!value_of(export->value, &callers->sites.rows[i]))
			continue;
		callers_chain(callers, callers->sites.rows[i].key, &chain);
		out_text(out, is_first ? "\n[" : ",\n[");
		write_stack(out, callers, &chain, numbers);
		out_text(out, "]");
		is_first = false;
	}
	chain_release(&chain);
}

/* Returns their sum. */
static uint64_t write_weights(const struct export *export, const struct callers *callers,
			      struct out *out)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < callers->sites.count; i++) {
		uint64_t value = value_of(export->value, &callers->sites.rows[i]);

		if (value)
			out_printf(out, "%s%" PRIu64, sum ? "," : "", value);
		sum += value;
	}
	return sum;
}

static void write_profile(const struct export *export, const struct callers *callers,
			  struct pairs *numbers, struct out *out)
{
	const struct value_kind *kind = &value_kinds[export->value];
	uint64_t sum;

	out_printf(out, "{\"type\":\"sampled\",\"name\":\"%s\",\"unit\":\"%s\",\"startValue\":0,",
		   kind->text, kind->is_bytes ? "bytes" : "none");
	out_text(out, "\"samples\":[");
	write_samples(export, callers, numbers, out);
	out_text(out, "],\n\"weights\":[");
	sum = write_weights(export, callers, out);
	out_printf(out, "],\"endValue\":%" PRIu64 "}", sum);
}

static void write_name(const struct export *export, struct out *out)
{
	char *command = text_command(&export->side->profile), *notes = export_notes(export);

	json_member_write(out, "name", command);
	text_replace(notes, '\n', ' ');
	json_member_write(out, "exporter", notes);
	free(command);
	free(notes);
}

void speedscope_write(struct export *export, struct out *out)
{
	struct pairs numbers;
	struct callers callers;

	callers_build(&callers, export, GROUP_LINE);
	out_text(out, "{\"$schema\":\"https://www.speedscope.app/file-format-schema.json\"");
	write_name(export, out);
	out_text(out, ",\"activeProfileIndex\":0,\n\"shared\":{\"frames\":[");
	numbers = write_frames(export, &callers, out);
	out_text(out, "]},\n\"profiles\":[");
	write_profile(export, &callers, &numbers, out);
	out_text(out, "]}\n");
	pairs_release(&numbers);
	callers_release(&callers);
}
