/* SPDX-License-Identifier: MIT */
/*
 * What addresses of one module stand for: each is looked up once. An answer comes from the user's
 * cache, if that is used and has it, or else from the module's files, which are opened when they
 * are first needed.
 */
#ifndef ANALYZER_SYMBOL_ANSWERS_H
#define ANALYZER_SYMBOL_ANSWERS_H

#include "symbol/symbol.h"
#include "util/progress.h"
#include "util/strings.h"

struct answer;

struct answers {
	char *path;
	uint8_t *build_id;
	size_t build_id_bytes;
	struct binary *binary; /* NULL until it is needed */
	struct profile *kept;  /* what the cache has; NULL: nothing */
	bool is_kept_sought;
	struct answer *table; /* those that the cache does not have, by address */
};

/* What all modules share. Strings of answers are interned in `strings`. */
struct answer_context {
	char *debug_root;
	bool uses_cache;
	struct strings strings;
	struct progress progress; /* of looking up */
	size_t count;             /* of what was looked up */
};

void answers_init(struct answers *answers, const struct symbol_module *module);
void answers_release(struct answers *answers);

bool answers_are_of(const struct answers *answers, const struct symbol_module *module);

/* As symbolizer_resolve() and symbolizer_quality(). */
const struct symbol_frame *answers_resolve(struct answers *answers, struct answer_context *context,
					   uint64_t address, size_t *count);
enum symbol_quality answers_quality(struct answers *answers, struct answer_context *context,
				    const char **why);

/* Adds to the cache what it did not have, if it is worth keeping. */
void answers_keep(const struct answers *answers, const struct answer_context *context);

#endif
