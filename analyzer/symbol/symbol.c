/* SPDX-License-Identifier: MIT */
/* The registered modules; see symbol.h. */
#include "symbol/symbol.h"

#include <stdlib.h>

#include "symbol/answers.h"
#include "symbol/debug_file.h"
#include "util/memory.h"

struct symbolizer {
	struct answer_context context;
	struct answers *modules; /* by handle */
	size_t module_count;
};

struct symbolizer *symbolizer_new(void)
{
	struct symbolizer *self = xcalloc(1, sizeof(*self));

	self->context.debug_root = xstrdup(DEBUG_ROOT);
	return self;
}

void symbolizer_set_debug_root(struct symbolizer *self, const char *root)
{
	free(self->context.debug_root);
	self->context.debug_root = xstrdup(root);
}

void symbolizer_use_cache(struct symbolizer *self)
{
	self->context.uses_cache = true;
}

void symbolizer_free(struct symbolizer *self)
{
	if (!self)
		return;
	for (size_t i = 0; i < self->module_count; i++) {
		answers_keep(&self->modules[i], &self->context);
		answers_release(&self->modules[i]);
	}
	free(self->modules);
	strings_release(&self->context.strings);
	free(self->context.debug_root);
	free(self);
}

uint32_t symbolizer_module(struct symbolizer *self, const struct symbol_module *module)
{
	for (size_t i = 0; i < self->module_count; i++)
		if (answers_are_of(&self->modules[i], module))
			return (uint32_t)i;
	self->modules =
		xreallocarray(self->modules, self->module_count + 1, sizeof(*self->modules));
	answers_init(&self->modules[self->module_count], module);
	return (uint32_t)self->module_count++;
}

const struct symbol_frame *symbolizer_resolve(struct symbolizer *self, uint32_t module,
					      uint64_t address, size_t *count)
{
	return answers_resolve(&self->modules[module], &self->context, address, count);
}

enum symbol_quality symbolizer_quality(struct symbolizer *self, uint32_t module, const char **why)
{
	return answers_quality(&self->modules[module], &self->context, why);
}
