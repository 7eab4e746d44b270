/* SPDX-License-Identifier: MIT */
/* Strings, functions, locations and mappings of a profile; see pprof.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "export/pprof.h"
#include "export/text.h"
#include "util/memory.h"
#include "util/utf8.h"

void pprof_emit(struct pprof *pprof, enum profile_field field, struct buffer *message)
{
	proto_message(&pprof->field, field, message);
	gzip_write(&pprof->gzip, pprof->field.bytes, pprof->field.size);
	pprof->field.size = 0;
}

void pprof_emit_number(struct pprof *pprof, enum profile_field field, uint64_t number)
{
	proto_number(&pprof->field, field, number);
	gzip_write(&pprof->gzip, pprof->field.bytes, pprof->field.size);
	pprof->field.size = 0;
}

static void emit_string(struct pprof *pprof, const char *text)
{
	struct buffer string = BUFFER_INIT;

	buffer_append(&string, text, strlen(text));
	pprof_emit(pprof, PROFILE_STRING, &string);
	buffer_release(&string);
}

void pprof_begin_strings(struct pprof *pprof)
{
	emit_string(pprof, "");
}

uint32_t pprof_string(struct pprof *pprof, const char *text)
{
	char *clean = utf8_printable(text ? text : "");
	const char *interned = strings_text(&pprof->export->report->places.strings, clean);
	uint32_t index = 0;
	bool is_new = false;

	if (*clean)
		index = numbers_of(&pprof->strings, interned, &is_new);
	if (is_new)
		emit_string(pprof, clean);
	free(clean);
	return index;
}

static uint32_t function(struct pprof *pprof, uint32_t line_place)
{
	struct places *places = &pprof->export->report->places;
	uint32_t number = places_coarsen(places, line_place, GROUP_FUNCTION);
	size_t known = pprof->functions.count ? pprof->functions.count : 1;
	uint32_t id = pairs_number(&pprof->functions, number, 0);
	char *name;

	if (id < known)
		return id;
	name = place_name(places_get(places, number));
	proto_number(&pprof->function, FUNCTION_ID, id);
	proto_number(&pprof->function, FUNCTION_NAME, pprof_string(pprof, name));
	proto_number(&pprof->function, FUNCTION_SYSTEM_NAME, pprof_string(pprof, name));
	proto_number(&pprof->function, FUNCTION_FILE,
		     pprof_string(pprof, places_get(places, number)->file));
	pprof_emit(pprof, PROFILE_FUNCTION, &pprof->function);
	free(name);
	return id;
}

static void add_line(struct pprof *pprof, const struct frame *frame)
{
	proto_number(&pprof->line, LINE_FUNCTION, function(pprof, frame->place));
	proto_number(&pprof->line, LINE_NUMBER,
		     places_get(&pprof->export->report->places, frame->place)->line);
	proto_message(&pprof->location, LOCATION_LINE, &pprof->line);
}

uint32_t pprof_location(struct pprof *pprof, const struct node *node, const struct frame *frames,
			uint32_t count)
{
	const struct module *module = &pprof->export->side->profile.modules[node->module];
	bool is_new;
	uint32_t id;

	if (frames->skip == SKIP_SHIM)
		return 0;
	id = numbers_of(&pprof->locations, frames, &is_new);
	if (!is_new)
		return id;
	proto_number(&pprof->location, LOCATION_ID, id);
	proto_number(&pprof->location, LOCATION_MAPPING, node->module);
	/* Inside of the call; the address recorded is where it returns to. */
	if (frames->skip != SKIP_MARKER)
		proto_number(&pprof->location, LOCATION_ADDRESS, module->bias + node->offset - 1);
	for (uint32_t i = 0; i < count; i++)
		add_line(pprof, &frames[i]);
	pprof_emit(pprof, PROFILE_LOCATION, &pprof->location);
	pprof->module_used[node->module] = true;
	return id;
}

static const char *module_file(const struct module *module)
{
	if (*module->path)
		return module->path;
	return module->flags & HEAPMARK_MODULE_VDSO ? "[vdso]" : "[no file]";
}

static void write_mapping(struct pprof *pprof, size_t index)
{
	const struct module *module = &pprof->export->side->profile.modules[index];
	char *build_id = hex_text(module->build_id, module->build_id_bytes);

	proto_number(&pprof->message, MAPPING_ID, index);
	proto_number(&pprof->message, MAPPING_START, module->start);
	proto_number(&pprof->message, MAPPING_LIMIT, module->start + module->bytes);
	proto_number(&pprof->message, MAPPING_FILE, pprof_string(pprof, module_file(module)));
	proto_number(&pprof->message, MAPPING_BUILD_ID, pprof_string(pprof, build_id));
	for (uint32_t field = MAPPING_HAS_FIRST; field <= MAPPING_HAS_LAST; field++)
		proto_number(&pprof->message, field, 1);
	pprof_emit(pprof, PROFILE_MAPPING, &pprof->message);
	free(build_id);
}

/* The first is taken for the program. */
void pprof_write_mappings(struct pprof *pprof)
{
	const struct profile *profile = &pprof->export->side->profile;

	for (size_t i = 1; i < profile->module_count; i++)
		if (profile->modules[i].flags & HEAPMARK_MODULE_EXECUTABLE)
			write_mapping(pprof, i);
	for (size_t i = 1; i < profile->module_count; i++)
		if (pprof->module_used[i] &&
		    !(profile->modules[i].flags & HEAPMARK_MODULE_EXECUTABLE))
			write_mapping(pprof, i);
}
