/* SPDX-License-Identifier: MIT */
/* Looking up all addresses of a profile; see gather.h. */
#include "symbol/gather.h"

#include <stdlib.h>
#include <string.h>

#include "model/split.h"
#include "util/buffer.h"
#include "util/memory.h"
#include "util/progress.h"

struct used {
	uint32_t module;
	uint64_t address;
};

static int compare(const void *a, const void *b)
{
	const struct used *x = a, *y = b;

	if (x->module != y->module)
		return x->module < y->module ? -1 : 1;
	return x->address < y->address ? -1 : x->address > y->address;
}

/* The addresses of all frames, by module and rising; some more than once. The caller frees them. */
static struct used *list_used(const struct profile *profile, size_t *count)
{
	struct used *used = xcalloc(profile->node_count, sizeof(*used));

	*count = 0;
	for (size_t i = 1; i < profile->node_count; i++) {
		const struct node *node = &profile->nodes[i];

		if (node->module || node_is_made_code(node))
			used[(*count)++] = (struct used){node->module, node->offset - 1};
	}
	qsort(used, *count, sizeof(*used), compare);
	return used;
}

static bool is_worth_it(const struct profile *profile, uint32_t index, enum symbol_quality quality,
			const char *why)
{
	const struct module_symbols *known = symbols_module(&profile->symbols, index);

	if (known)
		return symbols_rank(quality, why) > symbols_rank(known->quality, known->why);
	return quality > SYMBOL_NONE || !profile->modules[index].build_id_bytes;
}

static void add_nameless(struct text_list *list, const char *why)
{
	list->items = array_grow(list->items, list->count, &list->capacity, sizeof(*list->items));
	list->items[list->count++] = why;
}

/* All addresses of one module, `count` of them. */
static void look_up(struct symbols *symbols, struct symbolizer *symbolizer, uint32_t handle,
		    const struct used *used, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct symbol_frame *frames;
		size_t frame_count;

		if (i && used[i].address == used[i - 1].address)
			continue;
		frames = symbolizer_resolve(symbolizer, handle, used[i].address, &frame_count);
		memcpy(symbols_add(symbols, used->module, used[i].address, (uint32_t)frame_count),
		       frames, frame_count * sizeof(*frames));
	}
}

/* What is known of the module is only clear once all is looked up. */
static void gather_module(struct gathered *found, const struct profile *profile,
			  struct symbolizer *symbolizer, const struct used *used, size_t count)
{
	uint32_t index = used->module;
	const struct module *module = &profile->modules[index];
	const struct symbol_module known = {module->path, module->build_id, module->build_id_bytes};
	uint32_t handle = symbolizer_module(symbolizer, &known);
	struct module_symbols *symbols;
	enum symbol_quality quality;
	const char *why;

	symbols_begin(&found->symbols, index, SYMBOL_NONE, NULL);
	look_up(&found->symbols, symbolizer, handle, used, count);
	quality = symbolizer_quality(symbolizer, handle, &why);
	symbols = &found->symbols.modules[index];
	symbols->quality = quality;
	symbols->why = why;
	if (quality == SYMBOL_NONE && *module->path && !symbols_module(&profile->symbols, index))
		add_nameless(&found->nameless, why);
	if (!is_worth_it(profile, index, quality, why))
		symbols_forget(&found->symbols, index);
}

/* Code that no module holds: what the map names. Without a map, or with none of its names, nothing.
 */
static void gather_made(struct gathered *found, const struct perf_map *made,
			const struct used *used, size_t count)
{
	bool has_begun = false;

	for (size_t i = 0; i < count; i++) {
		const char *name = perf_map_find(made, used[i].address);

		if (!name || (i && used[i].address == used[i - 1].address))
			continue;
		if (!has_begun)
			symbols_begin(&found->symbols, 0, SYMBOL_NAMES, NULL);
		has_begun = true;
		symbols_add(&found->symbols, 0, used[i].address, 1)->function = name;
	}
}

void gather(struct gathered *found, const struct profile *profile, struct symbolizer *symbolizer,
	    const struct perf_map *made)
{
	size_t count, first = 0;
	struct used *used = list_used(profile, &count);

	for (size_t i = 1; i <= count; i++) {
		if (i < count && used[i].module == used[first].module)
			continue;
		if (used[first].module)
			gather_module(found, profile, symbolizer, used + first, i - first);
		else
			gather_made(found, made, used, i - first);
		first = i;
	}
	free(used);
	progress_clear();
}

void gathered_release(struct gathered *found)
{
	symbols_release(&found->symbols);
	free(found->nameless.items);
	*found = (struct gathered){0};
}
