/* SPDX-License-Identifier: MIT */
/* The rows of the report as RFC 4180 has them: a header, commas, lines that end with CR and LF. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "export/export.h"
#include "export/text.h"
#include "model/estimate.h"
#include "model/split.h"
#include "util/buffer.h"
#include "util/memory.h"
#include "util/utf8.h"

static void write_field(struct out *out, const char *text)
{
	if (!strpbrk(text, ",\"\r\n")) {
		out_text(out, text);
		return;
	}
	out_text(out, "\"");
	for (; *text; text++) {
		if (*text == '"')
			out_text(out, "\"");
		out_bytes(out, text, 1);
	}
	out_text(out, "\"");
}

/* Nothing for what is unknown. */
static void write_text(struct out *out, const char *text)
{
	char *clean = utf8_printable(text ? text : "");

	write_field(out, clean);
	free(clean);
}

static void write_place(struct out *out, const struct place *place)
{
	const char *marker = place_marker_text(place);

	write_text(out, marker ? marker : place->function);
	out_text(out, ",");
	write_text(out, place->file);
	out_text(out, ",");
	if (place->line)
		out_printf(out, "%" PRIu32, place->line);
	out_text(out, ",");
	write_text(out, place->module_path);
	out_text(out, ",");
	if (!place->function && place->address)
		out_printf(out, "0x%" PRIx64, place->address);
}

/* "main (app.c:5);parse (app.c:9)": the outermost frame first, as in folded stacks. */
static void write_stack(struct out *out, struct export *export, uint32_t node)
{
	struct buffer reversed = BUFFER_INIT; /* of uint32_t: places, innermost first */
	struct out text;
	struct error ignored;
	char *joined;
	size_t bytes;

	for (; node; node = export->side->profile.nodes[node].parent) {
		uint32_t count;
		const struct frame *frames = stacks_frames(&export->side->stacks, node, &count);

		for (uint32_t i = 0; i < count; i++)
			if (frames[i].skip != SKIP_SHIM)
				buffer_append(&reversed, &frames[i].place, sizeof(uint32_t));
	}
	out_memory(&text, &joined, &bytes);
	for (size_t i = reversed.size / sizeof(uint32_t); i-- > 0;) {
		uint32_t number = ((const uint32_t *)(const void *)reversed.bytes)[i];
		char *label = place_label(places_get(&export->report->places, number));

		text_replace(label, ';', ':');
		out_printf(&text, "%s%s", label, i ? ";" : "");
		free(label);
	}
	if (out_close(&text, &ignored) < 0)
		die_oom();
	write_field(out, joined);
	free(joined);
	buffer_release(&reversed);
}

static void write_header(struct out *out, const struct export *export)
{
	out_text(out, "function,file,line,module,address");
	for (unsigned i = 0; i < VALUE_COUNT; i++)
		out_printf(out, ",%s", value_kinds[i].field);
	out_text(out, ",own_peak_bytes");
	if (report_is_sampled(export->report))
		out_text(out, ",bytes_low,bytes_high");
	if (export->report->options->group >= GROUP_DOMAIN)
		out_printf(out, ",%s", report_group_names[export->report->options->group]);
	if (export->report->options->group == GROUP_STACK)
		out_text(out, ",stack");
	out_text(out, "\r\n");
}

static void write_row(struct out *out, struct export *export, const struct row *row)
{
	bool is_stack = export->report->options->group == GROUP_STACK;
	uint32_t number = is_stack ? stacks_place(&export->side->stacks, row->node) : row->key;
	const struct place *place = places_get(&export->report->places, number);

	write_place(out, place);
	for (unsigned i = 0; i < VALUE_COUNT; i++)
		out_printf(out, ",%" PRIu64, value_of((enum value)i, row));
	out_printf(out, ",%" PRIu64, row_own_peak(row));
	if (report_is_sampled(export->report)) {
		struct range range = estimate_range(row->bytes, row->variance);

		out_printf(out, ",%" PRId64 ",%" PRId64, range.low, range.high);
	}
	if (place->domain) {
		out_text(out, ",");
		write_text(out, place->domain);
	}
	if (place->split) {
		char *text = split_text(place->split);

		out_text(out, ",");
		write_text(out, text);
		free(text);
	}
	if (is_stack) {
		out_text(out, ",");
		write_stack(out, export, row->node);
	}
	out_text(out, "\r\n");
}

void csv_write(struct export *export, struct out *out)
{
	write_header(out, export);
	for (size_t i = 0; i < export->side->kept; i++)
		write_row(out, export, &export->side->tally.rows[i]);
}
