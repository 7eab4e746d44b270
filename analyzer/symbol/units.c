/* SPDX-License-Identifier: MIT */
/* Compilation units by address; see units.h. */
#include "symbol/units.h"

#include <dwarf.h>
#include <stdlib.h>

#include "util/memory.h"

static struct unit *add_unit(struct units *units)
{
	if (units->count == units->capacity) {
		units->capacity = units->capacity ? 2 * units->capacity : 64;
		units->items = xreallocarray(units->items, units->capacity, sizeof(*units->items));
	}
	units->items[units->count] = (struct unit){0};
	return &units->items[units->count++];
}

static void add_all(struct units *units, const struct ranges *ranges, uint32_t index)
{
	for (size_t i = 0; i < ranges->count; i++)
		ranges_add(&units->ranges, ranges->items[i].low, ranges->items[i].high, index);
}

/* Some producers state no ranges for the unit; those of its functions serve as well. */
static void add_function_ranges(struct units *units, struct unit *unit, uint32_t index,
				const struct elf_file *file)
{
	functions_read(&unit->functions, &unit->root, file);
	functions_read_inner(&unit->functions, &unit->root, file);
	add_all(units, &unit->functions.outer.ranges, index);
	add_all(units, &unit->functions.inner.ranges, index);
}

static void add_ranges(struct units *units, uint32_t index, const struct elf_file *file)
{
	struct unit *unit = &units->items[index];
	Dwarf_Addr base, low, high;
	ptrdiff_t at = 0;
	bool any = false;

	while ((at = dwarf_ranges(&unit->lines, at, &base, &low, &high)) > 0) {
		any = true;
		if (elf_file_is_code(file, low))
			ranges_add(&units->ranges, low, high, index);
	}
	if (!any)
		add_function_ranges(units, unit, index, file);
}

void units_read(struct units *units, const struct elf_file *file)
{
	Dwarf_CU *cu = NULL;
	Dwarf_Die die, split;
	uint8_t kind;

	while (dwarf_get_units(file->dwarf, cu, &cu, NULL, &kind, &die, &split) == 0) {
		struct unit *unit;

		if (kind != DW_UT_compile && kind != DW_UT_skeleton)
			continue;
		unit = add_unit(units);
		unit->lines = die;
		units->is_split_gone |= kind == DW_UT_skeleton && !split.addr;
		unit->root = kind == DW_UT_skeleton && split.addr ? split : die;
		add_ranges(units, (uint32_t)units->count - 1, file);
	}
	ranges_build(&units->ranges);
}

void units_release(struct units *units)
{
	for (size_t i = 0; i < units->count; i++) {
		functions_release(&units->items[i].functions);
		contexts_release(&units->items[i].contexts);
	}
	ranges_release(&units->ranges);
	free(units->items);
	*units = (struct units){0};
}

struct unit *units_find(struct units *units, const struct elf_file *file, uint64_t address)
{
	uint32_t index = ranges_find(&units->ranges, address);

	if (index == RANGES_NONE)
		return NULL;
	functions_read(&units->items[index].functions, &units->items[index].root, file);
	return &units->items[index];
}

/* Link-time optimisation makes functions of one unit refer to declarations in others. */
static struct unit *unit_of(struct units *units, const Dwarf_Die *die)
{
	for (size_t i = 0; i < units->count; i++)
		if (units->items[i].root.cu == die->cu)
			return &units->items[i];
	return NULL;
}

const char *units_context(struct units *units, Dwarf_Die *function, struct strings *strings)
{
	struct unit *unit = unit_of(units, function);

	if (!unit)
		return NULL;
	if (!unit->has_contexts)
		contexts_read(&unit->contexts, &unit->root, strings);
	unit->has_contexts = true;
	return contexts_find(&unit->contexts, function);
}
