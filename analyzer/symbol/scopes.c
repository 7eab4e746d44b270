/* SPDX-License-Identifier: MIT */
/* Functions and inlined calls from DWARF; see scopes.h. */
#include "symbol/scopes.h"

#include <dwarf.h>
#include <stdlib.h>

#include "util/memory.h"

/* Where a walk stands: `outer` is the scope around the entries being read. */
struct walk {
	struct scopes *scopes;
	const struct elf_file *file;
};

static uint32_t add_scope(struct scopes *scopes, const Dwarf_Die *die, uint32_t outer)
{
	if (scopes->count == scopes->capacity) {
		scopes->capacity = scopes->capacity ? 2 * scopes->capacity : 2;
		scopes->items =
			xreallocarray(scopes->items, scopes->capacity, sizeof(*scopes->items));
	}
	scopes->items[scopes->count] = (struct scope){.die = *die, .outer = outer};
	return (uint32_t)scopes->count++;
}

bool scope_add_ranges(struct ranges *ranges, Dwarf_Die *die, const struct elf_file *file,
		      uint32_t owner)
{
	Dwarf_Addr base, low, high;
	ptrdiff_t at = 0;
	bool any = false;

	while ((at = dwarf_ranges(die, at, &base, &low, &high)) > 0) {
		if (!elf_file_is_code(file, low))
			continue;
		ranges_add(ranges, low, high, owner);
		any = true;
	}
	return any;
}

/* The scope of a function or inlined call that has code; else RANGES_NONE. */
static uint32_t read_scope(const struct walk *walk, Dwarf_Die *die, uint32_t outer)
{
	struct scopes *scopes = walk->scopes;

	if (!scope_add_ranges(&scopes->ranges, die, walk->file, (uint32_t)scopes->count))
		return RANGES_NONE;
	return add_scope(scopes, die, outer);
}

enum scope_kind scope_kind(Dwarf_Die *die)
{
	switch (dwarf_tag(die)) {
	case DW_TAG_subprogram:
	case DW_TAG_entry_point:
		return SCOPE_FUNCTION;
	case DW_TAG_inlined_subroutine:
		return SCOPE_INLINED;
	case DW_TAG_lexical_block:
	case DW_TAG_try_block:
	case DW_TAG_catch_block:
	case DW_TAG_with_stmt:
	case DW_TAG_namespace:
	case DW_TAG_module:
	case DW_TAG_structure_type:
	case DW_TAG_class_type:
	case DW_TAG_union_type:
	case DW_TAG_interface_type:
		return SCOPE_CONTAINER;
	default:
		return SCOPE_NONE;
	}
}

static void walk_children(const struct walk *walk, Dwarf_Die *parent, uint32_t outer)
{
	Dwarf_Die die;

	if (dwarf_child(parent, &die) != 0)
		return;
	do {
		enum scope_kind kind = scope_kind(&die);

		/* A nested function is a function of its own, not part of the one around it. */
		if (kind == SCOPE_INLINED)
			walk_children(walk, &die, read_scope(walk, &die, outer));
		if (kind == SCOPE_CONTAINER)
			walk_children(walk, &die, outer);
	} while (dwarf_siblingof(&die, &die) == 0);
}

void scopes_read(struct scopes *scopes, Dwarf_Die *function, const struct elf_file *file)
{
	struct walk walk = {scopes, file};

	walk_children(&walk, function, read_scope(&walk, function, RANGES_NONE));
	ranges_build(&scopes->ranges);
}

void scopes_release(struct scopes *scopes)
{
	ranges_release(&scopes->ranges);
	free(scopes->items);
	*scopes = (struct scopes){0};
}

struct scope *scopes_find(struct scopes *scopes, uint64_t address)
{
	uint32_t index = ranges_find(&scopes->ranges, address);

	return index == RANGES_NONE ? NULL : &scopes->items[index];
}

struct scope *scopes_outer(struct scopes *scopes, const struct scope *scope)
{
	return scope->outer == RANGES_NONE ? NULL : &scopes->items[scope->outer];
}
