/* SPDX-License-Identifier: MIT */
/* profile.proto, as pprof reads it: its head and its samples. pprof_tables.c has what they refer
 * to. */
#include "export/pprof.h"

#include <stdlib.h>
#include <string.h>

#include "export/text.h"
#include "report/text_head.h"
#include "util/memory.h"
#include "util/pairs.h"

static const struct {
	const char *name, *unit;
	enum value value;
} types[] = {
	{"alloc_objects", "count", VALUE_ALLOCATIONS},
	{"alloc_space", "bytes", VALUE_ALLOCATED},
	{"inuse_objects", "count", VALUE_BLOCKS},
	{"inuse_space", "bytes", VALUE_BYTES},
};

#define TYPE_COUNT   (sizeof(types) / sizeof(*types))
#define DEFAULT_TYPE "inuse_space"

static void add_stack(struct pprof *pprof, uint32_t node)
{
	static const struct node nowhere = {0, 0, 0};
	struct side *side = pprof->export->side;
	uint32_t count, id;

	for (; node; node = side->profile.nodes[node].parent) {
		const struct frame *frames = stacks_frames(&side->stacks, node, &count);

		id = pprof_location(pprof, &side->profile.nodes[node], frames, count);
		if (id)
			proto_element(&pprof->list, id);
	}
	if (!pprof->list.size)
		proto_element(&pprof->list, pprof_location(pprof, &nowhere, &pprof->unknown, 1));
	proto_message(&pprof->message, SAMPLE_LOCATIONS, &pprof->list);
}

/* Signed in the format; what does not fit can only be a lie. */
static uint64_t signed_value(uint64_t value)
{
	return value < INT64_MAX ? value : INT64_MAX;
}

static void write_sample(struct pprof *pprof, const struct row *row)
{
	const struct profile *profile = &pprof->export->side->profile;
	uint32_t domain = profile->sites[row->last_site].domain;

	add_stack(pprof, row->node);
	for (size_t i = 0; i < TYPE_COUNT; i++)
		proto_element(&pprof->list, signed_value(value_of(types[i].value, row)));
	proto_message(&pprof->message, SAMPLE_VALUES, &pprof->list);
	proto_number(&pprof->list, LABEL_KEY, pprof_string(pprof, "domain"));
	proto_number(&pprof->list, LABEL_TEXT, pprof_string(pprof, profile->domains[domain].name));
	proto_message(&pprof->message, SAMPLE_LABEL, &pprof->list);
	pprof_emit(pprof, PROFILE_SAMPLE, &pprof->message);
}

/* One sample for each stack in its domain. */
static void write_samples(struct pprof *pprof)
{
	const struct export *export = pprof->export;
	const struct profile *profile = &export->side->profile;
	struct tally samples = TALLY_INIT;
	struct pairs keys = PAIRS_INIT;

	for (uint32_t i = 1; i < profile->site_count; i++)
		if (side_takes(export->side, i))
			tally_add(&samples,
				  pairs_number(&keys, profile->sites[i].node,
					       profile->sites[i].domain),
				  profile, i);
	for (size_t i = 0; i < samples.count; i++)
		write_sample(pprof, &samples.rows[i]);
	tally_release(&samples);
	pairs_release(&keys);
}

static void write_type(struct pprof *pprof, enum profile_field field, const char *name,
		       const char *unit)
{
	proto_number(&pprof->message, TYPE_NAME, pprof_string(pprof, name));
	proto_number(&pprof->message, TYPE_UNIT, pprof_string(pprof, unit));
	pprof_emit(pprof, field, &pprof->message);
}

static void write_comments(struct pprof *pprof)
{
	const struct profile *profile = &pprof->export->side->profile;
	char *command = text_command(profile), *notes = export_notes(pprof->export);
	char *rest = notes;

	pprof_emit_number(pprof, PROFILE_COMMENT, pprof_string(pprof, command));
	for (char *line; (line = strsep(&rest, "\n")) && *line;)
		pprof_emit_number(pprof, PROFILE_COMMENT, pprof_string(pprof, line));
	free(command);
	free(notes);
}

static void write_head(struct pprof *pprof)
{
	const struct profile *profile = &pprof->export->side->profile;

	pprof_begin_strings(pprof);
	for (size_t i = 0; i < TYPE_COUNT; i++)
		write_type(pprof, PROFILE_SAMPLE_TYPE, types[i].name, types[i].unit);
	write_type(pprof, PROFILE_PERIOD_TYPE, "space", "bytes");
	pprof_emit_number(pprof, PROFILE_PERIOD,
			  profile_is_sampled(profile) ? profile->sample_bytes : 1);
	pprof_emit_number(pprof, PROFILE_DEFAULT_TYPE, pprof_string(pprof, DEFAULT_TYPE));
	pprof_emit_number(pprof, PROFILE_TIME_NS,
			  profile->process.start_unix_ns + side_time_ns(pprof->export->side));
	pprof_emit_number(pprof, PROFILE_DURATION_NS, profile_duration_ns(profile));
	write_comments(pprof);
}

static void release(struct pprof *pprof)
{
	struct buffer *buffers[] = {&pprof->field,    &pprof->message, &pprof->list,
				    &pprof->location, &pprof->line,    &pprof->function};

	for (size_t i = 0; i < sizeof(buffers) / sizeof(*buffers); i++)
		buffer_release(buffers[i]);
	numbers_release(&pprof->strings);
	numbers_release(&pprof->locations);
	pairs_release(&pprof->functions);
	free(pprof->module_used);
}

void pprof_write(struct export *export, struct out *out)
{
	struct place unknown = {.marker = HEAPMARK_MARKER_UNKNOWN};
	struct pprof pprof = {.export = export};

	pprof.unknown.skip = SKIP_MARKER;
	pprof.unknown.place = places_intern(&export->report->places, &unknown);
	pprof.module_used = xcalloc(export->side->profile.module_count, sizeof(bool));
	gzip_begin(&pprof.gzip, out);
	write_head(&pprof);
	write_samples(&pprof);
	pprof_write_mappings(&pprof);
	gzip_end(&pprof.gzip);
	release(&pprof);
}
