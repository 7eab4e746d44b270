/* SPDX-License-Identifier: MIT */
/* Functions from DWARF; see functions.h. */
#include "symbol/functions.h"

#include <dwarf.h>
#include <stdlib.h>

#include "util/memory.h"

/* Where a walk stands. */
struct walk {
	struct functions *functions;
	const struct elf_file *file;
	bool only_inner; /* functions inside functions, as the others are known */
};

static uint32_t add_function(struct functions *functions, const Dwarf_Die *die)
{
	if (functions->count == functions->capacity) {
		functions->capacity = functions->capacity ? 2 * functions->capacity : 32;
		functions->items = xreallocarray(functions->items, functions->capacity,
						 sizeof(*functions->items));
	}
	functions->items[functions->count] = (struct function){.die = *die};
	return (uint32_t)functions->count++;
}

static void read_function(const struct walk *walk, Dwarf_Die *die)
{
	struct functions *functions = walk->functions;
	uint32_t index = RANGES_NONE;
	Dwarf_Addr base, low, high;
	ptrdiff_t at = 0;

	while ((at = dwarf_ranges(die, at, &base, &low, &high)) > 0) {
		if (!elf_file_is_code(walk->file, low))
			continue;
		if (index == RANGES_NONE)
			index = add_function(functions, die);
		ranges_add(walk->only_inner ? &functions->inner : &functions->ranges, low, high,
			   index);
	}
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
		if (kind == SCOPE_FUNCTION && inside == walk->only_inner)
			read_function(walk, &die);
		if (kind == SCOPE_CONTAINER || walk->only_inner)
			walk_children(walk, &die, inside || kind == SCOPE_FUNCTION);
	} while (dwarf_siblingof(&die, &die) == 0);
}

void functions_read(struct functions *functions, Dwarf_Die *root, const struct elf_file *file)
{
	struct walk walk = {functions, file, false};

	if (functions->is_read)
		return;
	functions->is_read = true;
	walk_children(&walk, root, false);
	ranges_build(&functions->ranges);
}

void functions_read_inner(struct functions *functions, Dwarf_Die *root, const struct elf_file *file)
{
	struct walk walk = {functions, file, true};

	if (functions->has_inner)
		return;
	functions->has_inner = true;
	walk_children(&walk, root, false);
	ranges_build(&functions->inner);
}

void functions_release(struct functions *functions)
{
	for (size_t i = 0; i < functions->count; i++) {
		if (functions->items[i].scopes)
			scopes_release(functions->items[i].scopes);
		free(functions->items[i].scopes);
	}
	ranges_release(&functions->ranges);
	ranges_release(&functions->inner);
	free(functions->items);
	*functions = (struct functions){0};
}

struct scopes *functions_find(struct functions *functions, Dwarf_Die *root,
			      const struct elf_file *file, uint64_t address)
{
	uint32_t index = ranges_find(&functions->ranges, address);
	struct function *function;

	if (index == RANGES_NONE) {
		functions_read_inner(functions, root, file);
		index = ranges_find(&functions->inner, address);
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
