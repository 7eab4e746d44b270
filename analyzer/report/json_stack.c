/* SPDX-License-Identifier: MIT */
/* Frames as JSON text, kept; see json_stack.h. */
#include "report/json_stack.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/split.h"
#include "util/buffer.h"
#include "util/hash.h"

/* The frames of one address, as objects with commas between them. */
struct frames_text {
	const struct frame *frames; /* which: stacks_frames() gives the same for the same address */
	UT_hash_handle hh;
	char *text;
	size_t bytes;
};

json_t *json_address(uint64_t address)
{
	char text[32];

	snprintf(text, sizeof(text), "0x%llx", (unsigned long long)address);
	return json_text(text);
}

/* Nulls stand for what is not known. */
static void put_split(json_t *object, uint64_t split)
{
	bool is_thread = split_kind(split) == HEAPMARK_SPLIT_THREAD;
	uint64_t first = 0, second = 0;
	bool known = is_thread ? split_thread(split, &first, &second)
			       : split_sizes(split, &first, &second);

	json_put(object, is_thread ? "thread" : "size_above",
		 known ? json_count(first) : json_null());
	json_put(object, is_thread ? "tid" : "size_most",
		 known && second ? json_count(second) : json_null());
}

/* A marker stands where the function would: a row must say what it is. */
void json_put_place(json_t *object, const struct place *place)
{
	const char *marker = place_marker_text(place);

	json_put(object, "function", json_text(marker ? marker : place->function));
	json_put(object, "file", json_text(place->file));
	json_put(object, "line", json_count(place->line));
	json_put(object, "module", json_text(place->module_path));
	if (place->domain)
		json_put(object, "domain", json_text(place->domain));
	if (place->split)
		put_split(object, place->split);
}

static void append_frame(struct buffer *to, const struct report *report, const struct frame *frame,
			 const struct node *node)
{
	json_t *object = json_object();
	char *text;

	json_put_place(object, places_get(&report->places, frame->place));
	json_put(object, "address", json_address(node->offset));
	json_put(object, "inlined", json_boolean(frame->inlined));
	text = json_dumps(object, JSON_COMPACT);
	if (!text)
		die_oom();
	buffer_append(to, text, strlen(text));
	free(text);
	json_decref(object);
}

static struct frames_text *add_text(struct json_stacks *stacks, const struct report *report,
				    const struct frame *frames, uint32_t count,
				    const struct node *node)
{
	struct frames_text *entry = xcalloc(1, sizeof(*entry));
	struct buffer text = BUFFER_INIT;

	for (uint32_t i = 0; i < count; i++) {
		if (i)
			buffer_append(&text, ",", 1);
		append_frame(&text, report, &frames[i], node);
	}
	entry->frames = frames;
	entry->bytes = text.size;
	entry->text = xreallocarray(text.bytes, text.size, 1);
	HASH_ADD_PTR(stacks->table, frames, entry);
	return entry;
}

void json_stack_write(struct json_stacks *stacks, struct report *report, struct side *side,
		      uint32_t node, struct out *out)
{
	const struct node *nodes = side->profile.nodes;

	for (bool is_first = true; node; node = nodes[node].parent) {
		uint32_t count;
		const struct frame *frames = stacks_frames(&side->stacks, node, &count);
		struct frames_text *entry;

		HASH_FIND_PTR(stacks->table, &frames, entry);
		if (!entry)
			entry = add_text(stacks, report, frames, count, &nodes[node]);
		if (!is_first)
			out_bytes(out, ",", 1);
		is_first = false;
		out_bytes(out, entry->text, entry->bytes);
	}
}

void json_stacks_release(struct json_stacks *stacks)
{
	struct frames_text *entry, *next;

	HASH_ITER (hh, stacks->table, entry, next) {
		HASH_DEL(stacks->table, entry);
		free(entry->text);
		free(entry);
	}
}
