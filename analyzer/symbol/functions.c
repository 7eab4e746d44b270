/* SPDX-License-Identifier: MIT */
/* Functions from DWARF; see functions.h. */
#include "symbol/functions.h"

#include <stdlib.h>

#include "util/buffer.h"
#include "util/memory.h"

/* What a walk is for. */
struct walk {
	struct functions *functions;
	struct function_level *level; /* one of its two */
	const struct elf_file *file;
	bool is_inner; /* which */
};

static void read_function(const struct walk *walk, const Dwarf_Die *die)
{
	struct functions *functions = walk->functions;
	struct function function = {.die = *die};

	if (!scope_add_ranges(&walk->level->ranges, &function.die, walk->file,
			      (uint32_t)functions->count))
		return;
	functions->items = array_grow(functions->items, functions->count, &functions->capacity,
				      sizeof(*functions->items));
	functions->items[functions->count++] = function;
}

static void walk_children(const struct walk *walk, Dwarf_Die *parent, bool inside)
{
	Dwarf_Die die;

	if (dwarf_child(parent, &die) != 0)
		return;
	do {
		enum scope_kind kind = scope_kind(&die);

		if (kind == SCOPE_NONE)
			continue;
		if (kind == SCOPE_FUNCTION && inside == walk->is_inner)
			read_function(walk, &die);
		if (kind == SCOPE_CONTAINER || walk->is_inner)
			walk_children(walk, &die, inside || kind == SCOPE_FUNCTION);
	} while (dwarf_siblingof(&die, &die) == 0);
}

static void read_level(struct functions *functions, struct function_level *level, Dwarf_Die *root,
		       const struct elf_file *file)
{
	struct walk walk = {functions, level, file, level == &functions->inner};

	if (level->is_read)
		return;
	level->is_read = true;
	walk_children(&walk, root, false);
	ranges_build(&level->ranges);
}

void functions_read(struct functions *functions, Dwarf_Die *root, const struct elf_file *file)
{
	read_level(functions, &functions->outer, root, file);
}

void functions_read_inner(struct functions *functions, Dwarf_Die *root, const struct elf_file *file)
{
	read_level(functions, &functions->inner, root, file);
}

void functions_release(struct functions *functions)
{
	for (size_t i = 0; i < functions->count; i++) {
		if (functions->items[i].scopes)
			scopes_release(functions->items[i].scopes);
		free(functions->items[i].scopes);
	}
	ranges_release(&functions->outer.ranges);
	ranges_release(&functions->inner.ranges);
	free(functions->items);
	*functions = (struct functions){0};
}

struct scopes *functions_find(struct functions *functions, Dwarf_Die *root,
			      const struct elf_file *file, uint64_t address)
{
	uint32_t index = ranges_find(&functions->outer.ranges, address);
	struct function *function;

	if (index == RANGES_NONE) {
		functions_read_inner(functions, root, file);
		index = ranges_find(&functions->inner.ranges, address);
	}
	if (index == RANGES_NONE)
		return NULL;
	function = &functions->items[index];
	if (!function->scopes) {
		function->scopes = xcalloc(1, sizeof(*function->scopes));
		scopes_read(function->scopes, &function->die, file);
	}
	return function->scopes;
}
