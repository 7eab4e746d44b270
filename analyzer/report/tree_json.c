/* SPDX-License-Identifier: MIT */
/* Call trees as JSON: a list of branches, each with the number of the one that it belongs to. */
#include <stdlib.h>

#include "report/json_row.h"
#include "report/json_stack.h"
#include "report/tree_write.h"
#include "util/buffer.h"

struct writer {
	struct json_out json;
	uint64_t *ids; /* of the path at hand */
	size_t capacity;
	uint64_t count;
};

static json_t *numbers(const struct side *side, const struct row *row)
{
	json_t *object = json_object();

	json_put_row(object, side, row);
	return object;
}

static json_t *pruned(const struct side *side, const struct level *level)
{
	json_t *object;

	if (!level->pruned_count)
		return json_null();
	object = json_object();
	json_put(object, "branches", json_count(level->pruned_count));
	json_put_row(object, side, &level->pruned);
	return object;
}

static void put_place(json_t *object, const struct report *report, uint32_t key)
{
	const struct place *place = places_get(&report->places, key);

	json_put_place(object, place);
	if (!place->function && place->address)
		json_put(object, "address", json_address(place->address));
}

static void enter(void *context, const struct tree_walk *walk)
{
	struct writer *writer = context;
	const struct tree_step *step = &walk->steps[walk->depth];
	const struct report *report = walk->tree->report;
	const struct side *side = &report->sides[0];
	json_t *object = json_object();

	writer->ids = array_grow(writer->ids, walk->depth, &writer->capacity, sizeof(*writer->ids));
	writer->ids[walk->depth] = writer->count++;
	json_put(object, "id", json_count(writer->ids[walk->depth]));
	json_put(object, "parent",
		 walk->depth ? json_count(writer->ids[walk->depth - 1]) : json_null());
	json_put(object, "depth", json_count(walk->depth));
	if (walk->depth)
		put_place(object, report, step->branch.total.key);
	json_put(object, "total", numbers(side, &step->branch.total));
	json_put(object, "self",
		 step->level.self_count ? numbers(side, &step->level.self) : json_null());
	json_put(object, "pruned", pruned(side, &step->level));
	json_out_element(&writer->json, object);
}

static void leave(void *context, const struct tree_walk *walk)
{
	(void)context;
	(void)walk;
}

void tree_write_json(struct tree *tree, struct out *out)
{
	const struct side *side = &tree->report->sides[0];
	const struct tree_options *options = tree->options;
	struct writer writer = {0};

	json_out_begin(&writer.json, out, "heapmark.tree/1");
	json_out_member(&writer.json, "trace", json_trace(&side->profile));
	json_out_member(&writer.json, "sampling", json_sampling(&side->profile));
	json_out_member(&writer.json, "when", json_when(side));
	json_out_member(&writer.json, "totals", json_totals(&side->profile));
	json_out_member(&writer.json, "losses", json_losses(&side->profile));
	json_out_member(&writer.json, "group_by",
			json_text(report_group_names[options->report.group]));
	json_out_member(&writer.json, "direction",
			json_text(options->bottom_up ? "bottom-up" : "top-down"));
	json_out_member(&writer.json, "fold_recursion", json_boolean(options->fold_recursion));
	json_out_array(&writer.json, "nodes");
	tree_walk(tree, enter, leave, &writer);
	json_out_end(&writer.json);
	free(writer.ids);
}
