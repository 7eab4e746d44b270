/* SPDX-License-Identifier: MIT */
/* Reports and diffs as JSON. The names of the fields are a contract: they are added to, never
 * changed. */
#include <stdio.h>

#include "report/formats.h"
#include "report/json_value.h"

static json_t *when(const struct side *side)
{
	static const char *const kinds[] = {
		[MOMENT_PEAK] = "peak", [MOMENT_END] = "end", [MOMENT_SNAPSHOT] = "snapshot"};
	const struct snapshot *snapshot = side_snapshot(side);
	json_t *object = json_object();

	json_put(object, "kind", json_text(kinds[side->profile.moment.kind]));
	json_put(object, "index", snapshot ? json_count(snapshot->index) : json_null());
	json_put(object, "label",
		 snapshot && *snapshot->label ? json_text(snapshot->label) : json_null());
	json_put(object, "time_s", json_seconds(side_time_ns(side)));
	json_put(object, "bytes", json_count(side->bytes));
	json_put(object, "blocks", json_count(side->blocks));
	return object;
}

static json_t *hexadecimal(uint64_t address)
{
	char text[32];

	snprintf(text, sizeof(text), "0x%llx", (unsigned long long)address);
	return json_text(text);
}

/* A marker stands where the function would: a row must say what it is. */
static void put_place(json_t *object, const struct place *place)
{
	const char *marker = place_marker_text(place);

	json_put(object, "function", json_text(marker ? marker : place->function));
	json_put(object, "file", json_text(place->file));
	json_put(object, "line", json_count(place->line));
	json_put(object, "module", json_text(place->module_path));
}

static json_t *stack_frame(const struct report *report, const struct frame *frame,
			   const struct node *node)
{
	json_t *object = json_object();

	put_place(object, places_get(&report->places, frame->place));
	json_put(object, "address", hexadecimal(node->offset));
	json_put(object, "inlined", json_boolean(frame->inlined));
	return object;
}

/* All frames of a call stack, innermost first. */
static json_t *stack(struct report *report, struct side *side, uint32_t node)
{
	const struct node *nodes = side->profile.nodes;
	json_t *array = json_array();

	for (; node; node = nodes[node].parent) {
		uint32_t count;
		const struct frame *frames = stacks_frames(&side->stacks, node, &count);

		for (uint32_t i = 0; i < count; i++)
			json_array_append_new(array, stack_frame(report, &frames[i], &nodes[node]));
	}
	return array;
}

/* The members of a row that say where it is. */
static json_t *row_place(struct report *report, struct side *side, uint32_t key, uint32_t node)
{
	bool is_stack = report->options->group == GROUP_STACK;
	uint32_t number = is_stack ? stacks_place(&side->stacks, node) : key;
	const struct place *place = places_get(&report->places, number);
	json_t *object = json_object();

	put_place(object, place);
	if (!place->function && place->address)
		json_put(object, "address", hexadecimal(place->address));
	if (is_stack)
		json_put(object, "stack", stack(report, side, node));
	return object;
}

static json_t *report_row(struct report *report, const struct row *row)
{
	json_t *object = row_place(report, &report->sides[0], row->key, row->node);

	json_put(object, "blocks", json_count(row->blocks));
	json_put(object, "bytes", json_count(row->bytes));
	json_put(object, "peak_bytes", json_count(row->peak_bytes));
	json_put(object, "peak_blocks", json_count(row->peak_blocks));
	json_put(object, "end_bytes", json_count(row->end_bytes));
	json_put(object, "end_blocks", json_count(row->end_blocks));
	json_put(object, "allocations", json_count(row->allocations));
	json_put(object, "allocated_bytes", json_count(row->allocated_bytes));
	json_put(object, "frees", json_count(row->frees));
	json_put(object, "reallocations", json_count(row->reallocations));
	json_put(object, "temporary", json_count(row->temporary));
	return object;
}

static void put_grouping(struct json_out *json, const struct report *report)
{
	json_out_member(json, "group_by", json_text(report_group_names[report->options->group]));
	json_out_member(json, "cumulative", json_boolean(report->options->cumulative));
}

void json_write_report(struct report *report, struct out *out)
{
	const struct side *side = &report->sides[0];
	size_t shown = format_shown(report, side->tally.count, REPORT_ALL_ROWS);
	struct json_out json;

	json_out_begin(&json, out, "heapmark.report/1");
	json_out_member(&json, "trace", json_trace(&side->profile));
	json_out_member(&json, "when", when(side));
	json_out_member(&json, "totals", json_totals(&side->profile));
	json_out_member(&json, "losses", json_losses(&side->profile));
	put_grouping(&json, report);
	json_out_member(&json, "row_count", json_count(side->tally.count));
	json_out_array(&json, "rows");
	for (size_t i = 0; i < shown; i++)
		json_out_element(&json, report_row(report, &side->tally.rows[i]));
	json_out_end(&json);
}

static json_t *head(const struct side *side)
{
	json_t *object = json_object();

	json_put(object, "trace", json_trace(&side->profile));
	json_put(object, "when", when(side));
	json_put(object, "totals", json_totals(&side->profile));
	json_put(object, "losses", json_losses(&side->profile));
	return object;
}

/* new - old; both are below 2^63 unless the trace is a lie. */
static json_t *difference(uint64_t old, uint64_t new)
{
	return json_integer((json_int_t)(new - old));
}

static json_t *diff_row(struct report *report, const struct change *change)
{
	bool in_new = change->new_node || !change->old_node;
	json_t *object = row_place(report, &report->sides[in_new ? 1 : 0], change->key,
				   in_new ? change->new_node : change->old_node);

	json_put(object, "bytes_old", json_count(change->old_bytes));
	json_put(object, "bytes_new", json_count(change->new_bytes));
	json_put(object, "bytes_diff", difference(change->old_bytes, change->new_bytes));
	json_put(object, "blocks_old", json_count(change->old_blocks));
	json_put(object, "blocks_new", json_count(change->new_blocks));
	json_put(object, "blocks_diff", difference(change->old_blocks, change->new_blocks));
	return object;
}

void json_write_diff(struct report *report, struct out *out)
{
	size_t shown = format_shown(report, report->change_count, REPORT_ALL_ROWS);
	struct json_out json;

	json_out_begin(&json, out, "heapmark.diff/1");
	json_out_member(&json, "old", head(&report->sides[0]));
	json_out_member(&json, "new", head(&report->sides[1]));
	put_grouping(&json, report);
	json_out_member(&json, "row_count", json_count(report->change_count));
	json_out_array(&json, "rows");
	for (size_t i = 0; i < shown; i++)
		json_out_element(&json, diff_row(report, &report->changes[i]));
	json_out_end(&json);
}
