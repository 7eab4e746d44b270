/* SPDX-License-Identifier: MIT */
/* Names and notes; see text.h. */
#include "export/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "report/losses.h"
#include "report/text_head.h"
#include "report/text_moment.h"
#include "util/human.h"
#include "util/memory.h"
#include "util/strings.h"
#include "util/utf8.h"

/* Takes `text` over. */
static char *printable(char *text)
{
	char *clean = utf8_printable(text);

	free(text);
	return clean;
}

char *place_name(const struct place *place)
{
	const char *marker = place_marker_text(place);

	if (marker || place->function)
		return utf8_printable(marker ? marker : place->function);
	if (!place->module)
		return xasprintf("0x%" PRIx64, place->address);
	return printable(xasprintf("%s+0x%" PRIx64, place->module, place->address));
}

char *place_label(const struct place *place)
{
	char *name = place_name(place), *label;

	if (place->file && place->line)
		label = xasprintf("%s (%s:%" PRIu32 ")", name, path_base(place->file), place->line);
	else if (place->file)
		label = xasprintf("%s (%s)", name, path_base(place->file));
	else if (place->module)
		label = xasprintf("%s (in %s)", name, place->module_path);
	else
		return name;
	free(name);
	return printable(label);
}

void text_replace(char *text, char from, char to)
{
	for (; *text; text++)
		if (*text == from)
			*text = to;
}

/* With threads the peak may have been missed by a little. */
static void note_peak_error(struct out *out, const struct profile *profile)
{
	uint64_t error = profile_last(profile)->peak_error_bytes;
	char size[HUMAN_BYTES];

	if (profile->moment.kind == MOMENT_PEAK && error)
		out_printf(out, "the true peak held at most %s more\n", human_size(size, error));
}

static void note_incomplete(struct out *out, const struct profile *profile)
{
	char *end;

	if (profile_is_complete(profile))
		return;
	end = text_end(profile);
	out_printf(out, "%s\n", end);
	free(end);
}

char *export_notes(const struct export *export)
{
	const struct profile *profile = &export->side->profile;
	char moment[256], mean[HUMAN_BYTES], *notes;
	struct error ignored;
	struct out out;
	size_t bytes;

	text_moment(moment, sizeof(moment), export->side);
	out_memory(&out, &notes, &bytes);
	out_text(&out, "heapmark " HEAPMARK_VERSION ": ");
	text_printable(&out, moment);
	out_text(&out, "\n");
	if (profile_is_sampled(profile))
		out_printf(&out, "all numbers are estimates from a sample (one block per %s)\n",
			   human_size(mean, profile->sample_bytes));
	note_peak_error(&out, profile);
	note_incomplete(&out, profile);
	losses_write(&out, profile);
	if (out_close(&out, &ignored) < 0)
		die_oom();
	return notes;
}

void export_write_notes(const struct export *export, struct out *out, const char *prefix)
{
	char *notes = export_notes(export), *rest = notes;

	for (char *line; (line = strsep(&rest, "\n")) && *line;)
		out_printf(out, "%s%s\n", prefix, line);
	free(notes);
}
