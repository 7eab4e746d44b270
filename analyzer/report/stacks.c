/* SPDX-License-Identifier: MIT */
/* From nodes to named frames; see stacks.h. */
#include "report/stacks.h"

#include <stdlib.h>
#include <string.h>

#include "model/split.h"
#include "symbol/perf_map.h"
#include "util/hash.h"

#define MADE_CODE "[jit]" /* where a module would stand */

struct address {
	uint64_t offset;
	uint64_t module; /* wide, so that there is no padding: compared as bytes */
};

struct location {
	struct address address;
	UT_hash_handle hh;
	uint32_t count;
	struct frame frames[];
};

static void register_module(struct stacks *stacks, size_t index)
{
	const struct module *module = &stacks->profile->modules[index];
	struct symbol_module known = {module->path, module->build_id, module->build_id_bytes};

	stacks->handles[index] = symbolizer_module(stacks->symbolizer, &known);
	stacks->module_skips[index] = skip_module(module);
}

void stacks_init(struct stacks *stacks, const struct profile *profile,
		 struct symbolizer *symbolizer, struct places *places, struct pairs *paths,
		 const struct option_list *skipped)
{
	*stacks = (struct stacks){
		.profile = profile,
		.symbolizer = symbolizer,
		.places = places,
		.paths = paths,
		.skipped = skipped,
	};
	stacks->handles = xcalloc(profile->module_count, sizeof(*stacks->handles));
	stacks->module_skips = xcalloc(profile->module_count, sizeof(*stacks->module_skips));
	stacks->of_node = xcalloc(profile->node_count, sizeof(struct location *));
	for (size_t i = 1; i < profile->module_count; i++)
		register_module(stacks, i);
}

void stacks_release(struct stacks *stacks)
{
	struct location *location, *next;

	HASH_ITER (hh, stacks->table, location, next) {
		HASH_DEL(stacks->table, location);
		free(location);
	}
	free(stacks->handles);
	free(stacks->module_skips);
	free(stacks->of_node);
	free(stacks->path_of_node);
	perf_map_free(stacks->perf_map);
	*stacks = (struct stacks){0};
}

static struct location *add_location(struct stacks *stacks, const struct address *address,
				     size_t count)
{
	struct location *location =
		xcalloc(1, sizeof(*location) + count * sizeof(location->frames[0]));

	location->address = *address;
	location->count = (uint32_t)count;
	HASH_ADD(hh, stacks->table, address, sizeof(location->address), location);
	return location;
}

/* The name of code that was made at run time: what the trace says, else the process's own map. */
static const char *name_of_made_code(struct stacks *stacks, uint64_t address)
{
	const struct symbol_frame *known;
	size_t count;

	known = symbols_find(&stacks->profile->symbols, 0, address - 1, &count);
	if (known || symbols_module(&stacks->profile->symbols, 0))
		return known ? known->function : NULL;
	if (!stacks->perf_map_sought)
		stacks->perf_map = perf_map_seek(stacks->profile);
	stacks->perf_map_sought = true;
	return perf_map_find(stacks->perf_map, address - 1);
}

static void fill_made_code(struct stacks *stacks, struct frame *frame, struct place *place)
{
	place->function = name_of_made_code(stacks, place->address);
	if (!place->function)
		return;
	place->module = place->module_path = MADE_CODE;
	place->address = 0;
	if (skip_asked(place, stacks->skipped))
		frame->skip = SKIP_PLUMBING;
}

/* Module 0: a plain address, a marker, or what tells blocks apart and is no frame. */
static struct location *locate_nowhere(struct stacks *stacks, const struct address *address)
{
	bool is_frame = !split_kind(address->offset);
	struct location *location = add_location(stacks, address, is_frame ? 1 : 0);
	struct place place = {.address = address->offset};

	if (!is_frame)
		return location;
	if (address->offset < HEAPMARK_MARKER_LIMIT) {
		place.address = 0;
		place.marker = (uint32_t)address->offset;
		if (!place.marker)
			place.marker = HEAPMARK_MARKER_UNKNOWN;
		location->frames[0].skip = SKIP_MARKER;
	} else {
		fill_made_code(stacks, &location->frames[0], &place);
	}
	location->frames[0].place = places_intern(stacks->places, &place);
	return location;
}

static void fill_frame(struct stacks *stacks, struct frame *frame, const struct symbol_frame *known,
		       const struct address *address)
{
	const struct module *module = &stacks->profile->modules[address->module];
	struct place place = {
		.function = known->function,
		.file = known->file,
		.line = known->line,
		.module = places_module_name(module),
		.module_path = places_module_path(module),
		.address = known->function ? 0 : address->offset,
	};

	frame->place = places_intern(stacks->places, &place);
	frame->from_line = known->from_line;
	frame->inlined = known->inlined;
	frame->skip = skip_asked(&place, stacks->skipped) ? SKIP_PLUMBING : skip_function(known);
	if (frame->skip < stacks->module_skips[address->module])
		frame->skip = stacks->module_skips[address->module];
}

static struct location *locate(struct stacks *stacks, const struct address *address)
{
	const struct symbol_frame *known;
	struct location *location;
	size_t count;

	if (!address->module)
		return locate_nowhere(stacks, address);
	/* A return address: the call is before it. */
	known = symbols_find(&stacks->profile->symbols, (uint32_t)address->module,
			     address->offset - 1, &count);
	if (!known)
		known = symbolizer_resolve(stacks->symbolizer, stacks->handles[address->module],
					   address->offset - 1, &count);
	location = add_location(stacks, address, count);
	for (size_t i = 0; i < count; i++)
		fill_frame(stacks, &location->frames[i], &known[i], address);
	return location;
}

const struct frame *stacks_frames(struct stacks *stacks, uint32_t node, uint32_t *count)
{
	struct location *location = stacks->of_node[node];

	if (!location) {
		struct address address = {stacks->profile->nodes[node].offset,
					  stacks->profile->nodes[node].module};

		HASH_FIND(hh, stacks->table, &address, sizeof(address), location);
		if (!location)
			location = locate(stacks, &address);
		stacks->of_node[node] = location;
	}
	*count = location->count;
	return location->frames;
}

enum symbol_quality stacks_quality(const struct stacks *stacks, uint32_t module, const char **why)
{
	const struct module_symbols *known = symbols_module(&stacks->profile->symbols, module);

	if (!known)
		return symbolizer_quality(stacks->symbolizer, stacks->handles[module], why);
	*why = known->why;
	return known->quality;
}

/* A call stack of no frame at all. */
static uint32_t unknown_place(struct stacks *stacks)
{
	struct place place = {.marker = HEAPMARK_MARKER_UNKNOWN};

	return places_intern(stacks->places, &place);
}

/* The best that a stack has, while all of its frames are to be skipped. */
struct choice {
	const struct frame *frame;
	bool in_run; /* no frame of another kind came since */
};

/* The innermost frame of the least unwanted kind; but of a library's frames in a row the outermost
 * with a name, as it is the one that was called: push_back() says more than allocate(). */
static void consider(const struct stacks *stacks, struct choice *choice, const struct frame *frame)
{
	if (!choice->frame || frame->skip < choice->frame->skip) {
		*choice = (struct choice){frame, true};
		return;
	}
	choice->in_run = choice->in_run && frame->skip == choice->frame->skip;
	if (choice->in_run && frame->skip == SKIP_LIBRARY &&
	    places_get(stacks->places, frame->place)->function)
		choice->frame = frame;
}

uint32_t stacks_place(struct stacks *stacks, uint32_t node)
{
	struct choice choice = {NULL, false};

	for (; node; node = stacks->profile->nodes[node].parent) {
		uint32_t count;
		const struct frame *frames = stacks_frames(stacks, node, &count);

		for (uint32_t i = 0; i < count; i++) {
			if (frames[i].skip == SKIP_NOT)
				return frames[i].place;
			consider(stacks, &choice, &frames[i]);
		}
	}
	return choice.frame ? choice.frame->place : unknown_place(stacks);
}

/* What a frame adds to a path. Between builds an inlined call is the same as another. */
static uint32_t step_of(const struct stacks *stacks, const struct frame *frame)
{
	if (stacks->translation)
		return translation_place(stacks->translation, frame->place);
	return frame->place << 1 | (frame->inlined ? 1 : 0);
}

/* The path of one node, given its caller's. Outermost first, so that stacks share prefixes. */
static uint32_t extend_path(struct stacks *stacks, uint32_t node, uint32_t path)
{
	uint32_t count;
	const struct frame *frames = stacks_frames(stacks, node, &count);

	for (uint32_t i = count; i-- > 0;)
		path = pairs_number(stacks->paths, path, step_of(stacks, &frames[i]));
	return path;
}

/* Parents have smaller numbers than their children, so one pass in order reaches all. */
static void find_paths(struct stacks *stacks)
{
	const struct profile *profile = stacks->profile;

	stacks->path_of_node = xcalloc(profile->node_count, sizeof(uint32_t));
	for (uint32_t node = 1; node < profile->node_count; node++)
		stacks->path_of_node[node] = extend_path(
			stacks, node, stacks->path_of_node[profile->nodes[node].parent]);
}

uint32_t stacks_path(struct stacks *stacks, uint32_t node)
{
	if (!stacks->path_of_node)
		find_paths(stacks);
	return stacks->path_of_node[node];
}
