/* SPDX-License-Identifier: MIT */
/* Modules of two traces; see builds.h. */
#include "report/builds.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "util/buffer.h"
#include "util/memory.h"

/* Where no build-id tells, a file of the same path and size is taken for the same. */
static bool same_module(const struct module *a, const struct module *b)
{
	if (a->build_id_bytes != b->build_id_bytes)
		return false;
	if (a->build_id_bytes)
		return memcmp(a->build_id, b->build_id, a->build_id_bytes) == 0;
	return a->bytes == b->bytes && strcmp(a->path, b->path) == 0;
}

/* Whether each module of the name in `profile` is also in `other`, by `other_name`. */
static bool all_are_in(const struct profile *profile, const char *name, const struct profile *other,
		       const char *other_name)
{
	for (size_t i = 1; i < profile->module_count; i++) {
		bool found = false;

		if (strcmp(places_module_name(&profile->modules[i]), name) != 0)
			continue;
		for (size_t j = 1; !found && j < other->module_count; j++)
			found = same_module(&profile->modules[i], &other->modules[j]) &&
				strcmp(places_module_name(&other->modules[j]), other_name) == 0;
		if (!found)
			return false;
	}
	return true;
}

static const struct module *module_named(const struct profile *profile, const char *name)
{
	for (size_t i = 1; i < profile->module_count; i++)
		if (strcmp(places_module_name(&profile->modules[i]), name) == 0)
			return &profile->modules[i];
	return NULL;
}

/* The name with each version in it (digits and dots) as one #; the caller frees it. */
static char *without_versions(const char *name)
{
	struct buffer text = BUFFER_INIT;

	while (*name) {
		size_t length = strspn(name, "0123456789");

		while (length && name[length] == '.' && isdigit((unsigned char)name[length + 1]))
			length += 1 + strspn(name + length + 1, "0123456789");
		buffer_append(&text, length ? "#" : name, 1);
		name += length ? length : 1;
	}
	buffer_append(&text, "", 1);
	return (char *)text.bytes;
}

/* The only module of `profile` that has the name but for its version, and is not in `other`. */
static const char *other_version(const struct profile *profile, const char *name,
				 const struct profile *other)
{
	char *wanted = without_versions(name);
	const char *found = NULL;
	bool is_only = true;

	for (size_t i = 1; i < profile->module_count; i++) {
		const char *candidate = places_module_name(&profile->modules[i]);
		char *general = without_versions(candidate);

		if (strcmp(general, wanted) == 0 && !module_named(other, candidate)) {
			is_only = is_only && (!found || strcmp(found, candidate) == 0);
			found = candidate;
		}
		free(general);
	}
	free(wanted);
	return is_only ? found : NULL;
}

static const char *same_build(const struct profile *profile, const struct module *module)
{
	for (size_t i = 1; module->build_id_bytes && i < profile->module_count; i++)
		if (same_module(&profile->modules[i], module))
			return places_module_name(&profile->modules[i]);
	return NULL;
}

/* What an old module is called in the new trace; NULL if nothing there can be meant. */
static const char *counterpart(const struct profile *old, const struct profile *new,
			       const struct module *module, struct path_map *map)
{
	const char *name = places_module_name(module), *mapped, *found;

	mapped = *module->path ? path_map_new(map, module->path) : module->path;
	if (mapped != module->path && module_named(new, path_base(mapped)))
		return path_base(mapped);
	if (module_named(new, name))
		return name;
	found = same_build(new, module);
	if (found)
		return found;
	found = other_version(new, name, old);
	/* And the other way round: it must be the only old version, too. */
	return found && other_version(old, found, new) == NULL ? NULL : found;
}

static void add(struct builds *builds, const struct profile *old, const struct profile *new,
		const struct module *module, struct path_map *map, struct strings *strings)
{
	struct build *build = &builds->items[builds->count];
	const char *name = strings_text(strings, places_module_name(module)), *found;

	if (builds_get(builds, name))
		return;
	*build = (struct build){.name = name};
	builds->count++;
	found = counterpart(old, new, module, map);
	if (!found)
		return;
	build->new_name = strings_text(strings, found);
	build->new_path = strings_text(strings, places_module_path(module_named(new, found)));
	build->is_same = all_are_in(old, name, new, found) && all_are_in(new, found, old, name);
	builds->differ = builds->differ || !build->is_same || build->new_name != name;
}

void builds_find(struct builds *builds, const struct profile *old, const struct profile *new,
		 struct path_map *map, struct strings *strings)
{
	*builds = (struct builds){xcalloc(old->module_count + 1, sizeof(struct build)), 0, false};
	for (size_t i = 1; i < old->module_count; i++)
		if (!(old->modules[i].flags & HEAPMARK_MODULE_SHIM))
			add(builds, old, new, &old->modules[i], map, strings);
}

void builds_release(struct builds *builds)
{
	free(builds->items);
	*builds = (struct builds){0};
}

const struct build *builds_get(const struct builds *builds, const char *name)
{
	for (size_t i = 0; i < builds->count; i++)
		if (builds->items[i].name == name)
			return &builds->items[i];
	return NULL;
}
