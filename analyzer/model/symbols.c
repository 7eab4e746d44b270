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

void symbols_forget(struct symbols *symbols, uint32_t module)
{
	struct module_symbols *known = &symbols->modules[module];

	if (known->count)
		symbols->frame_count = known->addresses[0].first;
	known->is_known = false;
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

static const char *kept(struct strings *strings, const char *text)
{
	return text ? strings_text(strings, text) : NULL;
}

static bool is_same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* Copies the frames of an address from another table behind those of `to`. */
static struct symbol_address copy_frames(struct symbols *to, const struct symbols *from,
					 const struct symbol_address *address,
					 struct strings *strings)
{
	struct symbol_address copy = {address->address, to->frame_count, address->count};
	struct symbol_frame *frames = add_frames(to, address->count);

	for (uint32_t i = 0; i < address->count; i++) {
		frames[i] = from->frames[address->first + i];
		frames[i].function = kept(strings, frames[i].function);
		frames[i].file = kept(strings, frames[i].file);
	}
	return copy;
}

/* Code without a module is another in each process: where names contradict each other, there is
 * none. */
static void settle(struct symbols *symbols, const struct symbol_address *address,
		   const struct symbols *from, const struct symbol_address *other)
{
	struct symbol_frame *frame = &symbols->frames[address->first];

	if (!is_same_text(frame->function, from->frames[other->first].function))
		frame->function = frame->file = NULL;
}

int symbols_rank(enum symbol_quality quality, const char *why)
{
	return 2 * (int)quality + (why ? 0 : 1);
}

/* The addresses of both, rising, each once: `known` is empty and gets them. */
static void unite_addresses(struct symbols *symbols, struct module_symbols *known,
			    const struct module_symbols *old, const struct symbols *from,
			    const struct module_symbols *more, bool is_better,
			    struct strings *strings)
{
	size_t i = 0, j = 0;

	while (i < old->count || j < more->count) {
		const struct symbol_address *a = i < old->count ? &old->addresses[i] : NULL;
		const struct symbol_address *b = j < more->count ? &more->addresses[j] : NULL;
		bool both = a && b && a->address == b->address;
		bool take_old = a && (!b || a->address < b->address || (both && !is_better));

		if (both && known == &symbols->modules[0])
			settle(symbols, a, from, b);
		known->addresses = array_grow(known->addresses, known->count, &known->capacity,
					      sizeof(*known->addresses));
		known->addresses[known->count++] =
			take_old ? *a : copy_frames(symbols, from, b, strings);
		i += take_old || both ? 1 : 0;
		j += !take_old || both ? 1 : 0;
	}
}

void symbols_unite(struct symbols *symbols, uint32_t module, const struct symbols *from,
		   uint32_t other, struct strings *strings)
{
	const struct module_symbols *more = symbols_module(from, other);
	struct module_symbols *known, old;
	bool is_better;

	if (!more)
		return;
	known = reach_module(symbols, module);
	old = *known;
	is_better = !old.is_known ||
		    symbols_rank(more->quality, more->why) > symbols_rank(old.quality, old.why);
	*known = (struct module_symbols){.is_known = true, .quality = old.quality, .why = old.why};
	if (is_better) {
		known->quality = more->quality;
		known->why = kept(strings, more->why);
	}
	unite_addresses(symbols, known, &old, from, more, is_better, strings);
	free(old.addresses);
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
