/* SPDX-License-Identifier: MIT */
/*
 * From an address to frames: the innermost scope gives the first, with the line table's place; each
 * scope it was inlined into gives one more, at the place of the inlined call.
 */
#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

#include "symbol/binary.h"
#include "symbol/demangle.h"
#include "symbol/source_path.h"
#include "util/memory.h"

/* What the steps below share. */
struct lookup {
	struct binary *binary;
	struct unit *unit;
	struct scopes *scopes; /* of the function; NULL: there is none around the address */
	struct strings *strings;
};

static const char *readable(struct strings *strings, const char *linkage_name)
{
	char *text = demangle(linkage_name);
	const char *name = strings_text(strings, text ? text : linkage_name);

	free(text);
	return name;
}

/* The DIE that declares the function: an inlined or specialised instance refers to it, maybe
 * through others. */
static Dwarf_Die declaration(Dwarf_Die die)
{
	for (int steps = 0; steps < 16; steps++) {
		Dwarf_Attribute attribute;
		Dwarf_Die next;

		if (!dwarf_attr(&die, DW_AT_abstract_origin, &attribute) &&
		    !dwarf_attr(&die, DW_AT_specification, &attribute))
			break;
		if (!dwarf_formref_die(&attribute, &next))
			break;
		die = next;
	}
	return die;
}

static const char *qualified(const struct lookup *lookup, Dwarf_Die *die)
{
	const char *name = dwarf_diename(die), *context, *result;
	Dwarf_Die declared = declaration(*die);
	char *text;

	if (!name)
		return NULL;
	context = units_context(&lookup->binary->units, &declared, lookup->strings);
	if (!context)
		return strings_text(lookup->strings, name);
	text = xasprintf("%s::%s", context, name);
	result = strings_text(lookup->strings, text);
	free(text);
	return result;
}

static uint32_t line_of_declaration(Dwarf_Die *die)
{
	Dwarf_Attribute attribute;
	Dwarf_Word line;

	if (!dwarf_attr_integrate(die, DW_AT_decl_line, &attribute) ||
	    dwarf_formudata(&attribute, &line) != 0 || line > UINT32_MAX)
		return 0;
	return (uint32_t)line;
}

/* Fills the scope's name and line, once. */
static void name_scope(const struct lookup *lookup, struct scope *scope)
{
	Dwarf_Attribute attribute;
	const char *linkage_name = NULL;
	char *text;

	if (scope->is_named)
		return;
	scope->is_named = true;
	scope->from_line = line_of_declaration(&scope->die);
	if (dwarf_attr_integrate(&scope->die, DW_AT_linkage_name, &attribute) ||
	    dwarf_attr_integrate(&scope->die, DW_AT_MIPS_linkage_name, &attribute))
		linkage_name = dwarf_formstring(&attribute);
	text = linkage_name ? demangle(linkage_name) : NULL;
	if (text)
		scope->name = strings_text(lookup->strings, text);
	else /* a linkage name that is not mangled is an alias; the source's name is better known */
		scope->name = qualified(lookup, &scope->die);
	if (!scope->name && linkage_name)
		scope->name = strings_text(lookup->strings, linkage_name);
	free(text);
}

static const char *absolute(Dwarf_Die *unit, const char *path, struct strings *strings)
{
	Dwarf_Attribute attribute;
	const char *directory = NULL, *file;
	char *text;
	size_t bytes;

	if (!path)
		return NULL;
	if (dwarf_attr(unit, DW_AT_comp_dir, &attribute))
		directory = dwarf_formstring(&attribute);
	/* libdw has put the directory before some paths, which shows only if it is relative, as in
	 * reproducible builds. */
	bytes = directory ? strlen(directory) : 0;
	if (bytes && strncmp(path, directory, bytes) == 0 && path[bytes] == '/')
		directory = NULL;
	text = source_path(directory, path);
	file = strings_text(strings, text);
	free(text);
	return file;
}

static uint64_t number(Dwarf_Die *die, unsigned name)
{
	Dwarf_Attribute attribute;
	Dwarf_Word value;

	if (!dwarf_attr(die, name, &attribute) || dwarf_formudata(&attribute, &value) != 0)
		return 0;
	return value;
}

static int dwarf_version(Dwarf_Die *die)
{
	Dwarf_Half version = 0;

	return dwarf_cu_info(die->cu, &version, NULL, NULL, NULL, NULL, NULL, NULL) == 0 ? version
											 : 0;
}

/* Where the inlined call `scope` stands in the function around it. */
static void place_call(const struct lookup *lookup, struct scope *scope)
{
	Dwarf_Die *unit = &lookup->unit->lines;
	Dwarf_Files *files;
	size_t count;
	uint64_t index;

	if (scope->is_placed)
		return;
	scope->is_placed = true;
	scope->call_line = (uint32_t)number(&scope->die, DW_AT_call_line);
	if (!dwarf_hasattr(&scope->die, DW_AT_call_file))
		return;
	index = number(&scope->die, DW_AT_call_file);
	/* Before DWARF 5 files count from 1, and libdw keeps a made-up file 0. */
	if ((index == 0 && dwarf_version(&scope->die) < 5) ||
	    dwarf_getsrcfiles(unit, &files, &count) != 0 || index >= count)
		return;
	scope->call_file = absolute(unit, dwarf_filesrc(files, index, NULL, NULL), lookup->strings);
}

static void place_address(const struct lookup *lookup, uint64_t address, struct symbol_frame *frame)
{
	Dwarf_Die *unit = &lookup->unit->lines;
	Dwarf_Line *line = dwarf_getsrc_die(unit, address);
	int number_of_line = 0;

	if (!line)
		return;
	frame->file = absolute(unit, dwarf_linesrc(line, NULL, NULL), lookup->strings);
	if (dwarf_lineno(line, &number_of_line) == 0)
		frame->line = (uint32_t)number_of_line;
}

/* Follows `scope` outwards. Returns the number of frames, at least one. */
static size_t unwind_scopes(const struct lookup *lookup, struct scope *scope,
			    struct symbol_frame *frames)
{
	struct scope *outer;
	size_t count = 0;

	for (; scope; scope = outer) {
		struct symbol_frame *frame = &frames[count];

		outer = scopes_outer(lookup->scopes, scope);
		name_scope(lookup, scope);
		frame->function = scope->name;
		frame->from_line = scope->from_line;
		if (!outer)
			break;
		frame->inlined = true;
		place_call(lookup, scope);
		/* A chain too long for the list gives up its middle, not its function. */
		if (count + 1 < BINARY_FRAMES_MAX)
			count++;
		frames[count] =
			(struct symbol_frame){.file = scope->call_file, .line = scope->call_line};
	}
	return count + 1;
}

static size_t resolve_dwarf(struct binary *binary, uint64_t address, struct strings *strings,
			    struct symbol_frame *frames)
{
	struct unit *unit = units_find(&binary->units, binary->source, address);
	struct lookup lookup = {binary, unit, NULL, strings};

	if (!unit)
		return 1;
	place_address(&lookup, address, &frames[0]);
	lookup.scopes = functions_find(&unit->functions, &unit->root, binary->source, address);
	return lookup.scopes ? unwind_scopes(&lookup, scopes_find(lookup.scopes, address), frames)
			     : 1;
}

size_t binary_resolve(struct binary *binary, uint64_t address, struct strings *strings,
		      struct symbol_frame frames[static BINARY_FRAMES_MAX])
{
	struct symbol_frame *last;
	const char *name;
	size_t count = 1;

	frames[0] = (struct symbol_frame){0};
	if (binary->source)
		count = resolve_dwarf(binary, address + binary->slide, strings, frames);
	last = &frames[count - 1];
	if (last->function)
		return count;
	name = binary_name(binary, address);
	last->function = name ? readable(strings, name) : NULL;
	return count;
}
