/* SPDX-License-Identifier: MIT */
/* Tables of frames by module and address; see symbols.h. */
#include "model/symbols.h"

#include <stdlib.h>
#include <string.h>

#include "util/buffer.h"
#include "util/memory.h"

static struct module_symbols *reach_module(struct symbols *symbols, uint32_t module)
{
	size_t before = symbols->module_count;

	if (module >= before) {
		symbols->module_count = module + (size_t)1;
		symbols->modules = xreallocarray(symbols->modules, symbols->module_count,
						 sizeof(*symbols->modules));
		memset(symbols->modules + before, 0,
		       (symbols->module_count - before) * sizeof(*symbols->modules));
	}
	return &symbols->modules[module];
}

void symbols_begin(struct symbols *symbols, uint32_t module, enum symbol_quality quality,
		   const char *why)
{
	struct module_symbols *known = reach_module(symbols, module);

	known->is_known = true;
	known->quality = quality;
	known->why = why;
	known->count = 0;
}

static struct symbol_frame *add_frames(struct symbols *symbols, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		symbols->frames = array_grow(symbols->frames, symbols->frame_count,
					     &symbols->frame_capacity, sizeof(*symbols->frames));
		symbols->frames[symbols->frame_count++] = (struct symbol_frame){0};
	}
	return symbols->frames + symbols->frame_count - count;
}

struct symbol_frame *symbols_add(struct symbols *symbols, uint32_t module, uint64_t address,
				 uint32_t count)
{
	struct module_symbols *known = &symbols->modules[module];

	if (known->count && address <= known->addresses[known->count - 1].address)
		return NULL;
	known->addresses = array_grow(known->addresses, known->count, &known->capacity,
				      sizeof(*known->addresses));
	known->addresses[known->count++] =
		(struct symbol_address){address, symbols->frame_count, count};
	return add_frames(symbols, count);
}

const struct module_symbols *symbols_module(const struct symbols *symbols, uint32_t module)
{
	if (module >= symbols->module_count || !symbols->modules[module].is_known)
		return NULL;
	return &symbols->modules[module];
}

static int compare(const void *key, const void *element)
{
	uint64_t address = *(const uint64_t *)key;
	const struct symbol_address *other = element;

	return address < other->address ? -1 : address > other->address;
}

const struct symbol_frame *symbols_find(const struct symbols *symbols, uint32_t module,
					uint64_t address, size_t *count)
{
	const struct module_symbols *known = symbols_module(symbols, module);
	const struct symbol_address *found = NULL;

	if (known && known->count)
		found = bsearch(&address, known->addresses, known->count, sizeof(*found), compare);
	if (!found)
		return NULL;
	*count = found->count;
	return symbols->frames + found->first;
}

size_t symbols_count(const struct symbols *symbols)
{
	size_t count = 0;

	for (size_t i = 0; i < symbols->module_count; i++)
		count += symbols->modules[i].count;
	return count;
}

size_t symbols_module_count(const struct symbols *symbols)
{
	size_t count = 0;

	for (size_t i = 0; i < symbols->module_count; i++)
		count += symbols->modules[i].is_known ? 1 : 0;
	return count;
}

void symbols_release(struct symbols *symbols)
{
	for (size_t i = 0; i < symbols->module_count; i++)
		free(symbols->modules[i].addresses);
	free(symbols->modules);
	free(symbols->frames);
	*symbols = (struct symbols){0};
}
