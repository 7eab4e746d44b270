/* SPDX-License-Identifier: MIT */
/* The registered modules and the answers already given; see symbol.h. */
#include "symbol/symbol.h"

#include <stdlib.h>
#include <string.h>

#include "symbol/binary.h"
#include "symbol/debug_file.h"
#include "util/hash.h"
#include "util/memory.h"
#include "util/strings.h"

struct answer {
	uint64_t address;
	UT_hash_handle hh;
	size_t count;
	struct symbol_frame frames[];
};

struct module {
	char *path;
	uint8_t *build_id;
	size_t build_id_bytes;
	struct binary *binary; /* NULL until first needed */
	struct answer *answers;
};

struct symbolizer {
	char *debug_root;
	struct module *modules;
	size_t module_count;
	struct strings strings;
};

struct symbolizer *symbolizer_new(void)
{
	struct symbolizer *self = xcalloc(1, sizeof(*self));

	self->debug_root = xstrdup(DEBUG_ROOT);
	return self;
}

void symbolizer_set_debug_root(struct symbolizer *self, const char *root)
{
	free(self->debug_root);
	self->debug_root = xstrdup(root);
}

static void module_release(struct module *module)
{
	struct answer *answer, *next;

	HASH_ITER (hh, module->answers, answer, next) {
		HASH_DEL(module->answers, answer);
		free(answer);
	}
	if (module->binary)
		binary_release(module->binary);
	free(module->binary);
	free(module->build_id);
	free(module->path);
}

void symbolizer_free(struct symbolizer *self)
{
	if (!self)
		return;
	for (size_t i = 0; i < self->module_count; i++)
		module_release(&self->modules[i]);
	free(self->modules);
	strings_release(&self->strings);
	free(self->debug_root);
	free(self);
}

static bool is_same(const struct module *module, const struct symbol_module *other)
{
	return strcmp(module->path, other->path) == 0 &&
	       module->build_id_bytes == other->build_id_bytes &&
	       (!other->build_id_bytes ||
		memcmp(module->build_id, other->build_id, other->build_id_bytes) == 0);
}

uint32_t symbolizer_module(struct symbolizer *self, const struct symbol_module *module)
{
	struct module *added;

	for (size_t i = 0; i < self->module_count; i++)
		if (is_same(&self->modules[i], module))
			return (uint32_t)i;
	self->modules =
		xreallocarray(self->modules, self->module_count + 1, sizeof(*self->modules));
	added = &self->modules[self->module_count];
	*added = (struct module){.path = xstrdup(module->path)};
	if (module->build_id_bytes) {
		added->build_id = xmalloc(module->build_id_bytes);
		memcpy(added->build_id, module->build_id, module->build_id_bytes);
		added->build_id_bytes = module->build_id_bytes;
	}
	return (uint32_t)self->module_count++;
}

static struct binary *module_binary(struct symbolizer *self, struct module *module)
{
	struct symbol_module description = {module->path, module->build_id, module->build_id_bytes};

	if (!module->binary) {
		module->binary = xcalloc(1, sizeof(*module->binary));
		binary_open(module->binary, &description, self->debug_root);
	}
	return module->binary;
}

static struct answer *answer_new(struct symbolizer *self, struct module *module, uint64_t address)
{
	struct symbol_frame frames[BINARY_FRAMES_MAX];
	size_t count = binary_resolve(module_binary(self, module), address, &self->strings, frames);
	struct answer *answer = xmalloc(sizeof(*answer) + count * sizeof(*frames));

	answer->address = address;
	answer->count = count;
	memcpy(answer->frames, frames, count * sizeof(*frames));
	HASH_ADD(hh, module->answers, address, sizeof(address), answer);
	return answer;
}

const struct symbol_frame *symbolizer_resolve(struct symbolizer *self, uint32_t module,
					      uint64_t address, size_t *count)
{
	struct module *owner = &self->modules[module];
	struct answer *answer;

	HASH_FIND(hh, owner->answers, &address, sizeof(address), answer);
	if (!answer)
		answer = answer_new(self, owner, address);
	*count = answer->count;
	return answer->frames;
}

enum symbol_quality symbolizer_quality(struct symbolizer *self, uint32_t module, const char **why)
{
	struct binary *binary = module_binary(self, &self->modules[module]);

	if (why)
		*why = binary->why;
	return binary->quality;
}
