/* SPDX-License-Identifier: MIT */
/* What valgrind's callgrind writes: for each function what its lines have by themselves, and what
 * they have through the functions that they call; see costs.h. */
#include <inttypes.h>
#include <stdlib.h>

#include "export/costs.h"
#include "export/export.h"
#include "export/numbers.h"
#include "export/sites.h"
#include "export/text.h"
#include "report/text_head.h"
#include "util/utf8.h"

/* In the order of the columns. */
static const enum value events[] = {
	VALUE_BYTES,     VALUE_BLOCKS, VALUE_ALLOCATED, VALUE_ALLOCATIONS,
	VALUE_TEMPORARY, VALUE_PEAK,   VALUE_END,
};

#define EVENT_COUNT (sizeof(events) / sizeof(*events))

struct callgrind {
	const struct export *export;
	struct out *out;
	struct numbers files, objects, functions; /* those whose names are written */
};

/* "fl=(3) /src/app.c", and when it is met again "fl=(3)". */
static void write_name(struct out *out, const char *tag, struct numbers *numbers, const void *known,
		       const char *name)
{
	bool is_new;
	uint32_t number = numbers_of(numbers, known, &is_new);

	out_printf(out, "%s=(%" PRIu32 ")%s%s\n", tag, number, is_new ? " " : "",
		   is_new ? name : "");
}

/* Paths are interned, so equal ones are at one address. */
static void write_path(struct out *out, const char *tag, struct numbers *numbers, const char *path)
{
	static const char unknown[] = "???";
	const char *known = path ? path : unknown;
	char *printable = utf8_printable(known);

	write_name(out, tag, numbers, known, printable);
	free(printable);
}

static void write_function(struct callgrind *callgrind, uint32_t function, bool is_called)
{
	struct out *out = callgrind->out;
	const struct place *place = places_get(&callgrind->export->report->places, function);
	char *name = place_name(place);

	write_path(out, is_called ? "cob" : "ob", &callgrind->objects, place->module_path);
	write_path(out, is_called ? "cfi" : "fl", &callgrind->files, place->file);
	write_name(out, is_called ? "cfn" : "fn", &callgrind->functions, place, name);
	free(name);
}

static void write_values(struct callgrind *callgrind, const struct line_cost *cost)
{
	const struct place *place = places_get(&callgrind->export->report->places, cost->place);

	out_printf(callgrind->out, "%" PRIu32, place->line);
	for (size_t i = 0; i < EVENT_COUNT; i++)
		out_printf(callgrind->out, " %" PRIu64, cost->values[events[i]]);
	out_text(callgrind->out, "\n");
}

/* A number of calls is not known, but of the allocations that came this way. None would be taken
 * for no call at all. */
static void write_cost(struct callgrind *callgrind, const struct line_cost *cost)
{
	if (cost->is_call) {
		write_function(callgrind, cost->callee, true);
		out_printf(callgrind->out, "calls=%" PRIu64 " 0\n", cost->calls ? cost->calls : 1);
	}
	write_values(callgrind, cost);
}

static void write_head(struct callgrind *callgrind)
{
	const struct profile *profile = &callgrind->export->side->profile;
	struct out *out = callgrind->out;
	char *command = text_command(profile);

	out_text(out, "# callgrind format\nversion: 1\ncreator: heapmark " HEAPMARK_VERSION "\n");
	out_printf(out, "pid: %" PRIu64 "\ncmd: %s\n", profile->process.pid, command);
	export_write_notes(callgrind->export, out, "desc: ");
	out_text(out, "positions: line\n");
	for (size_t i = 0; i < EVENT_COUNT; i++)
		out_printf(out, "event: %s : %s\n", value_kinds[events[i]].field,
			   value_kinds[events[i]].text);
	out_text(out, "events:");
	for (size_t i = 0; i < EVENT_COUNT; i++)
		out_printf(out, " %s", value_kinds[events[i]].field);
	out_text(out, "\n");
	free(command);
}

static void write_totals(struct callgrind *callgrind)
{
	struct row sum = export_sum(callgrind->export);

	out_text(callgrind->out, "\ntotals:");
	for (size_t i = 0; i < EVENT_COUNT; i++)
		out_printf(callgrind->out, " %" PRIu64, value_of(events[i], &sum));
	out_text(callgrind->out, "\n");
}

void callgrind_write(struct export *export, struct out *out)
{
	struct callgrind callgrind = {export, out, NUMBERS_INIT, NUMBERS_INIT, NUMBERS_INIT};
	struct costs costs;
	struct callers callers;

	callers_build(&callers, export, GROUP_LINE);
	costs_build(&costs, export, &callers);
	write_head(&callgrind);
	for (size_t i = 0; i < costs.count; i++) {
		if (!i || costs.items[i].function != costs.items[i - 1].function) {
			out_text(out, "\n");
			write_function(&callgrind, costs.items[i].function, false);
		}
		write_cost(&callgrind, &costs.items[i]);
	}
	write_totals(&callgrind);
	numbers_release(&callgrind.files);
	numbers_release(&callgrind.objects);
	numbers_release(&callgrind.functions);
	costs_release(&costs);
	callers_release(&callers);
}
