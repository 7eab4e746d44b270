/* SPDX-License-Identifier: MIT */
/* Namespaces and classes around functions; see contexts.h. */
#include "symbol/contexts.h"

#include <dwarf.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "util/memory.h"

struct walk {
	struct contexts *contexts;
	struct strings *strings;
};

static bool is_cplusplus(Dwarf_Die *unit)
{
	switch (dwarf_srclang(unit)) {
	case DW_LANG_C_plus_plus:
	case DW_LANG_C_plus_plus_03:
	case DW_LANG_C_plus_plus_11:
	case DW_LANG_C_plus_plus_14:
		return true;
	default:
		return false;
	}
}

static void add(struct contexts *contexts, Dwarf_Die *function, const char *prefix)
{
	if (contexts->count == contexts->capacity) {
		contexts->capacity = contexts->capacity ? 2 * contexts->capacity : 64;
		contexts->items = xreallocarray(contexts->items, contexts->capacity,
						sizeof(*contexts->items));
	}
	contexts->items[contexts->count++] = (struct context){dwarf_dieoffset(function), prefix};
}

static bool is_lambda(Dwarf_Die *type)
{
	Dwarf_Die member;

	if (dwarf_child(type, &member) != 0)
		return false;
	do {
		const char *name = dwarf_diename(&member);

		if (name && strcmp(name, "operator()") == 0)
			return true;
	} while (dwarf_siblingof(&member, &member) == 0);
	return false;
}

static const char *name_of(Dwarf_Die *die)
{
	const char *name = dwarf_diename(die);

	if (name)
		return name;
	if (dwarf_tag(die) == DW_TAG_namespace)
		return "(anonymous namespace)";
	return is_lambda(die) ? "{lambda}" : "(unnamed)";
}

/* "prefix::name", of a namespace, a class or a function. */
static const char *inside(const struct walk *walk, const char *prefix, Dwarf_Die *die)
{
	char *text = xasprintf("%s%s%s", prefix ? prefix : "", prefix ? "::" : "", name_of(die));
	const char *result = strings_text(walk->strings, text);

	free(text);
	return result;
}

static void walk_children(const struct walk *walk, Dwarf_Die *parent, const char *prefix)
{
	Dwarf_Die die;

	if (dwarf_child(parent, &die) != 0)
		return;
	do {
		switch (dwarf_tag(&die)) {
		case DW_TAG_subprogram:
			if (prefix)
				add(walk->contexts, &die, prefix);
			if (dwarf_haschildren(&die))
				walk_children(walk, &die, inside(walk, prefix, &die));
			break;
		case DW_TAG_namespace:
		case DW_TAG_structure_type:
		case DW_TAG_class_type:
		case DW_TAG_union_type:
			if (dwarf_haschildren(&die))
				walk_children(walk, &die, inside(walk, prefix, &die));
			break;
		case DW_TAG_lexical_block:
			walk_children(walk, &die, prefix);
			break;
		}
	} while (dwarf_siblingof(&die, &die) == 0);
}

void contexts_read(struct contexts *contexts, Dwarf_Die *root, struct strings *strings)
{
	struct walk walk = {contexts, strings};

	if (is_cplusplus(root))
		walk_children(&walk, root, NULL);
}

void contexts_release(struct contexts *contexts)
{
	free(contexts->items);
	*contexts = (struct contexts){0};
}

/* The walk goes through the unit in order, so the offsets are sorted. */
static int compare(const void *a, const void *b)
{
	const struct context *x = a, *y = b;

	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

const char *contexts_find(const struct contexts *contexts, Dwarf_Die *function)
{
	struct context key = {.offset = dwarf_dieoffset(function)};
	const struct context *found = NULL;

	if (contexts->count)
		found = bsearch(&key, contexts->items, contexts->count, sizeof(key), compare);
	return found ? found->prefix : NULL;
}
