/* SPDX-License-Identifier: MIT */
/* An annotated source as JSON: the lines with numbers, and of a whole file the others, too. */
#include <stdlib.h>

#include "report/annotate_write.h"
#include "report/json_row.h"

static json_t *sum(const struct side *side, const struct row *row)
{
	json_t *object = json_object();

	json_put_row(object, side, row);
	return object;
}

static json_t *source_state(const struct annotation *annotation)
{
	json_t *object = json_object();
	const char *newer = NULL;

	if (annotation->age)
		newer = annotation->age == SOURCE_NEWER_THAN_BINARY ? "binary" : "recording";
	json_put(object, "path", json_text(annotation->source.path));
	json_put(object, "newer_than", json_text(newer));
	json_put(object, "module",
		 annotation->newer_than ? json_text(annotation->newer_than) : json_null());
	return object;
}

static void write_line(struct json_out *json, const struct annotation *annotation, uint32_t line,
		       const struct row *row)
{
	json_t *object = json_object();
	char *text = NULL;

	json_put(object, "line", json_count(line));
	if (annotation->source.path && line <= annotation->source.line_count)
		text = source_raw(&annotation->source, line);
	json_put(object, "text", json_text(text));
	free(text);
	if (row)
		json_put_row(object, &annotation->report->sides[0], row);
	json_out_element(json, object);
}

static void write_lines(struct json_out *json, const struct annotation *annotation)
{
	for (size_t i = 0; i < annotation->range_count; i++) {
		const struct line_range *range = &annotation->ranges[i];

		for (uint64_t line = range->first; line <= range->last; line++) {
			const struct row *row = annotation_row(annotation, (uint32_t)line);

			if (row || annotation->options->whole)
				write_line(json, annotation, (uint32_t)line, row);
		}
	}
}

void annotate_write_json(struct annotation *annotation, struct out *out)
{
	const struct annotate_options *options = annotation->options;
	const struct side *side = &annotation->report->sides[0];
	struct json_out json;

	json_out_begin(&json, out, "heapmark.annotate/1");
	json_out_member(&json, "trace", json_trace(&side->profile));
	json_out_member(&json, "sampling", json_sampling(&side->profile));
	json_out_member(&json, "when", json_when(side));
	json_out_member(&json, "totals", json_totals(&side->profile));
	json_out_member(&json, "losses", json_losses(&side->profile));
	json_out_member(&json, "cumulative", json_boolean(options->report.cumulative));
	json_out_member(&json, "file", json_text(annotation->file));
	json_out_member(&json, "function",
			json_text(annotation->is_function ? options->what : NULL));
	json_out_member(&json, "source", source_state(annotation));
	json_out_member(&json, "shown", sum(side, &annotation->shown));
	json_out_member(&json, "rest", sum(side, &annotation->rest));
	json_out_member(&json, "elsewhere", sum(side, &annotation->elsewhere));
	json_out_array(&json, "lines");
	write_lines(&json, annotation);
	json_out_end(&json);
}
