/* SPDX-License-Identifier: MIT */
/* The table of places; see places.h. */
#include "report/places.h"

#include <stdlib.h>
#include <string.h>

#include "util/buffer.h"
#include "util/hash.h"

/* What makes two places the same; compared as bytes, so it is zeroed before it is filled. */
struct identity {
	const char *function, *file, *module, *domain;
	uint64_t address;
	uint32_t line, marker;
	uint64_t split;
	uint64_t is_left; /* wide, so that there is no padding */
};

struct place_entry {
	struct identity identity;
	struct place place;
	uint32_t number;
	uint32_t coarse[GROUP_STACK]; /* by grouping, plus 1; 0: not asked for yet */
	UT_hash_handle hh;
};

void places_init(struct places *places)
{
	*places = (struct places){.strings = STRINGS_INIT};
}

void places_release(struct places *places)
{
	struct place_entry *entry, *next;

	HASH_ITER (hh, places->table, entry, next) {
		HASH_DEL(places->table, entry);
		free(entry);
	}
	free(places->by_number);
	strings_release(&places->strings);
	*places = (struct places){0};
}

static const char *intern_or_null(struct places *places, const char *text)
{
	return text ? strings_text(&places->strings, text) : NULL;
}

static struct place_entry *add(struct places *places, const struct identity *identity,
			       const char *module_path)
{
	struct place_entry *entry = xcalloc(1, sizeof(*entry));

	memcpy(&entry->identity, identity, sizeof(*identity));
	entry->place = (struct place){
		.function = identity->function,
		.file = identity->file,
		.module = identity->module,
		.module_path = intern_or_null(places, module_path),
		.address = identity->address,
		.line = identity->line,
		.marker = identity->marker,
		.domain = identity->domain,
		.split = identity->split,
		.is_left = identity->is_left,
	};
	entry->number = places->count;
	places->by_number = array_grow(places->by_number, places->count, &places->capacity,
				       sizeof(struct place_entry *));
	places->by_number[places->count++] = entry;
	HASH_ADD(hh, places->table, identity, sizeof(entry->identity), entry);
	return entry;
}

uint32_t places_intern(struct places *places, const struct place *place)
{
	struct identity identity;
	struct place_entry *entry;

	memset(&identity, 0, sizeof(identity));
	identity.function = intern_or_null(places, place->function);
	identity.file = intern_or_null(places, place->file);
	identity.module = intern_or_null(places, place->module);
	identity.domain = intern_or_null(places, place->domain);
	identity.address = place->address;
	identity.line = place->line;
	identity.marker = place->marker;
	identity.split = place->split;
	identity.is_left = place->is_left;
	HASH_FIND(hh, places->table, &identity, sizeof(identity), entry);
	if (!entry)
		entry = add(places, &identity, place->module_path);
	return entry->number;
}

static uint32_t coarsen(struct places *places, struct place coarse, enum group group)
{
	coarse.line = 0;
	/* Places without symbols stay apart by address only where the function is the question. */
	if (group == GROUP_FILE || group == GROUP_MODULE) {
		coarse.function = NULL;
		coarse.address = 0;
	}
	if (group == GROUP_MODULE)
		coarse.file = NULL;
	return places_intern(places, &coarse);
}

uint32_t places_coarsen(struct places *places, uint32_t number, enum group group)
{
	struct place_entry *entry = places->by_number[number];

	if (group == GROUP_LINE)
		return number;
	if (!entry->coarse[group])
		entry->coarse[group] = coarsen(places, entry->place, group) + 1;
	return entry->coarse[group] - 1;
}

const struct place *places_get(const struct places *places, uint32_t number)
{
	return &places->by_number[number]->place;
}

const char *places_module_name(const struct module *module)
{
	if (*module->name)
		return module->name;
	return module->flags & HEAPMARK_MODULE_VDSO ? "[vdso]" : "[no file]";
}

const char *places_module_path(const struct module *module)
{
	return *module->path ? module->path : places_module_name(module);
}

const char *place_marker_text(const struct place *place)
{
	if (!place->marker)
		return NULL;
	return place->marker == HEAPMARK_MARKER_TRUNCATED ? "[stack truncated]"
							  : "[unknown caller]";
}
