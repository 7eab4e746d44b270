/* SPDX-License-Identifier: MIT */
/* Reports and diffs as JSON. The names of the fields are a contract: they are added to, never
 * changed. */
#include <stdio.h>

#include "model/change.h"
#include "report/formats.h"
#include "report/json_row.h"
#include "report/json_stack.h"
#include "report/json_value.h"
#include "report/pair.h"

/* What row writers share. */
struct rows {
	struct report *report;
	struct json_out json;
	struct json_stacks stacks;
};

static void rows_begin(struct rows *rows, struct report *report, struct out *out,
		       const char *schema)
{
	*rows = (struct rows){.report = report};
	json_out_begin(&rows->json, out, schema);
}

static void rows_end(struct rows *rows)
{
	json_out_end(&rows->json);
	json_stacks_release(&rows->stacks);
}

/* The members of a row that say where it is, but for its call stack. */
static json_t *row_place(struct report *report, struct side *side, uint32_t key, uint32_t node)
{
	bool is_stack = report->options->group == GROUP_STACK;
	uint32_t number = is_stack ? stacks_place(&side->stacks, node) : key;
	const struct place *place = places_get(&report->places, number);
	json_t *object = json_object();

	json_put_place(object, place);
	if (!place->function && place->address)
		json_put(object, "address", json_address(place->address));
	return object;
}

/* Writes a row, with its call stack where that is the row. Takes the object over. */
static void write_row(struct rows *rows, struct side *side, uint32_t node, json_t *object)
{
	if (rows->report->options->group != GROUP_STACK) {
		json_out_element(&rows->json, object);
		return;
	}
	json_out_open_element(&rows->json, object, "stack");
	json_stack_write(&rows->stacks, rows->report, side, node, rows->json.out);
	json_out_close_element(&rows->json);
}

static void report_row(struct rows *rows, const struct row *row)
{
	struct side *side = &rows->report->sides[0];
	json_t *object = row_place(rows->report, side, row->key, row->node);

	json_put_row(object, side, row);
	write_row(rows, side, row->node, object);
}

static void put_grouping(struct json_out *json, const struct report *report)
{
	json_out_member(json, "group_by", json_text(report_group_names[report->options->group]));
	json_out_member(json, "cumulative", json_boolean(report->options->cumulative));
}

void json_write_report(struct report *report, struct out *out)
{
	const struct side *side = &report->sides[0];
	size_t shown = format_shown(report, side->kept, REPORT_ALL_ROWS);
	struct rows rows;

	rows_begin(&rows, report, out, "heapmark.report/1");
	json_out_member(&rows.json, "trace", json_trace(&side->profile));
	json_out_member(&rows.json, "sampling", json_sampling(&side->profile));
	json_out_member(&rows.json, "when", json_when(side));
	json_out_member(&rows.json, "totals", json_totals(&side->profile));
	json_out_member(&rows.json, "losses", json_losses(&side->profile));
	put_grouping(&rows.json, report);
	json_out_member(&rows.json, "row_count", json_count(side->kept));
	json_out_array(&rows.json, "rows");
	for (size_t i = 0; i < shown; i++)
		report_row(&rows, &side->tally.rows[i]);
	rows_end(&rows);
}

static json_t *head(const struct side *side)
{
	json_t *object = json_object();

	json_put(object, "trace", json_trace(&side->profile));
	json_put(object, "sampling", json_sampling(&side->profile));
	json_put(object, "when", json_when(side));
	json_put(object, "totals", json_totals(&side->profile));
	json_put(object, "losses", json_losses(&side->profile));
	return object;
}

/* new - old; both are below 2^63 unless the trace is a lie. */
static json_t *difference(uint64_t old, uint64_t new)
{
	return json_integer((json_int_t)(new - old));
}

/* NAME_old, NAME_new and NAME_diff. */
static void put_difference(json_t *object, const char *name, uint64_t old, uint64_t new)
{
	char full[64];

	snprintf(full, sizeof(full), "%s_old", name);
	json_put(object, full, json_count(old));
	snprintf(full, sizeof(full), "%s_new", name);
	json_put(object, full, json_count(new));
	snprintf(full, sizeof(full), "%s_diff", name);
	json_put(object, full, difference(old, new));
}

/* What the place was called in the old build, as far as that differs. */
static void put_old_place(json_t *object, struct report *report, const struct change *change)
{
	const struct place *old = pair_old_place(report, change);
	json_t *known = json_object();
	const char *name;
	json_t *value;

	json_put_place(known, old);
	json_object_foreach(known, name, value)
	{
		char full[64];

		snprintf(full, sizeof(full), "%s_old", name);
		if (!json_equal(value, json_object_get(object, name)))
			json_put(object, full, json_incref(value));
	}
	json_decref(known);
}

static void diff_row(struct rows *rows, const struct change *change)
{
	const struct row *old = change->old, *new = change->new;
	const struct row *row = change_has_new(change) ? new : old;
	struct side *side = &rows->report->sides[change_has_new(change) ? 1 : 0];
	json_t *object = row_place(rows->report, side, row->key, row->node);

	json_put(object, "status", json_text(status_names[change_status(change)]));
	json_put(object, "match", json_text(pairing_names[change->pairing]));
	if (change_has_old(change) && change_has_new(change))
		put_old_place(object, rows->report, change);
	put_difference(object, "bytes", old->bytes, new->bytes);
	put_difference(object, "blocks", old->blocks, new->blocks);
	put_difference(object, "allocations", old->allocations, new->allocations);
	put_difference(object, "allocated_bytes", old->allocated_bytes, new->allocated_bytes);
	if (report_is_sampled(rows->report))
		json_put_range(object, "bytes_diff",
			       estimate_change(old->bytes, new->bytes, change_variance(change)));
	write_row(rows, side, row->node, object);
}

/* How all rows were paired, also those that are not written. */
static json_t *matching(const struct report *report)
{
	struct pairing_sum sums[PAIRING_KINDS];
	json_t *object = json_object();

	pair_sums(report, sums);
	for (unsigned i = 0; i < PAIRING_KINDS; i++) {
		json_t *sum = json_object();

		json_put(sum, "rows", json_count(sums[i].rows));
		json_put(sum, "bytes_old", json_count(sums[i].old_bytes));
		json_put(sum, "bytes_new", json_count(sums[i].new_bytes));
		json_put(object, pairing_names[i], sum);
	}
	return object;
}

void json_write_diff(struct report *report, struct out *out)
{
	size_t shown = format_shown(report, report->changes_kept, REPORT_ALL_ROWS);
	struct rows rows;

	rows_begin(&rows, report, out, "heapmark.diff/1");
	json_out_member(&rows.json, "old", head(&report->sides[0]));
	json_out_member(&rows.json, "new", head(&report->sides[1]));
	put_grouping(&rows.json, report);
	json_out_member(&rows.json, "matching", matching(report));
	json_out_member(&rows.json, "row_count", json_count(report->changes_kept));
	json_out_array(&rows.json, "rows");
	for (size_t i = 0; i < shown; i++)
		diff_row(&rows, &report->changes[i]);
	rows_end(&rows);
}
