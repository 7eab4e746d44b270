/* SPDX-License-Identifier: MIT */
/* The answers about one module; see answers.h. */
#include "symbol/answers.h"

#include <stdlib.h>
#include <string.h>

#include "symbol/binary.h"
#include "symbol/cache.h"
#include "util/hash.h"
#include "util/human.h"
#include "util/memory.h"

/* Where there is less debug information, looking up again costs less than keeping. */
#define KEPT_DEBUG_BYTES (16 << 20)

struct answer {
	uint64_t address;
	UT_hash_handle hh;
	size_t count;
	struct symbol_frame frames[];
};

void answers_init(struct answers *answers, const struct symbol_module *module)
{
	*answers = (struct answers){.path = xstrdup(module->path)};
	if (!module->build_id_bytes)
		return;
	answers->build_id = xmalloc(module->build_id_bytes);
	memcpy(answers->build_id, module->build_id, module->build_id_bytes);
	answers->build_id_bytes = module->build_id_bytes;
}

void answers_release(struct answers *answers)
{
	struct answer *answer, *next;

	HASH_ITER (hh, answers->table, answer, next) {
		HASH_DEL(answers->table, answer);
		free(answer);
	}
	if (answers->binary)
		binary_release(answers->binary);
	if (answers->kept)
		profile_release(answers->kept);
	free(answers->binary);
	free(answers->kept);
	free(answers->build_id);
	free(answers->path);
}

bool answers_are_of(const struct answers *answers, const struct symbol_module *module)
{
	return strcmp(answers->path, module->path) == 0 &&
	       answers->build_id_bytes == module->build_id_bytes &&
	       (!module->build_id_bytes ||
		memcmp(answers->build_id, module->build_id, module->build_id_bytes) == 0);
}

static struct binary *reach_binary(struct answers *answers, const struct answer_context *context)
{
	struct symbol_module module = {answers->path, answers->build_id, answers->build_id_bytes};

	if (!answers->binary) {
		answers->binary = xcalloc(1, sizeof(*answers->binary));
		binary_open(answers->binary, &module, context->debug_root);
	}
	return answers->binary;
}

/* What the cache has of the module, or NULL. */
static const struct profile *reach_kept(struct answers *answers, struct answer_context *context)
{
	struct profile *kept;

	if (answers->is_kept_sought || !context->uses_cache || !answers->build_id_bytes)
		return answers->kept;
	answers->is_kept_sought = true;
	kept = xmalloc(sizeof(*kept));
	profile_init(kept);
	if (cache_read(kept, answers->build_id, answers->build_id_bytes, &context->strings)) {
		answers->kept = kept;
		return kept;
	}
	profile_release(kept);
	free(kept);
	return NULL;
}

static void show_progress(const struct answers *answers, struct answer_context *context)
{
	char count[HUMAN_BYTES];

	progress_show(&context->progress, "looking up names in %.32s (%s so far)",
		      path_base(answers->path), human_count(count, context->count));
}

static struct answer *look_up(struct answers *answers, struct answer_context *context,
			      uint64_t address)
{
	struct symbol_frame frames[BINARY_FRAMES_MAX];
	struct answer *answer;
	size_t count;

	if (!context->count++)
		progress_begin(&context->progress);
	count = binary_resolve(reach_binary(answers, context), address, &context->strings, frames);
	answer = xmalloc(sizeof(*answer) + count * sizeof(*frames));
	if (progress_is_due(&context->progress))
		show_progress(answers, context);
	answer->address = address;
	answer->count = count;
	memcpy(answer->frames, frames, count * sizeof(*frames));
	HASH_ADD(hh, answers->table, address, sizeof(address), answer);
	return answer;
}

const struct symbol_frame *answers_resolve(struct answers *answers, struct answer_context *context,
					   uint64_t address, size_t *count)
{
	const struct profile *kept = reach_kept(answers, context);
	const struct symbol_frame *frames = NULL;
	struct answer *answer;

	if (kept)
		frames = symbols_find(&kept->symbols, CACHE_MODULE, address, count);
	if (frames)
		return frames;
	HASH_FIND(hh, answers->table, &address, sizeof(address), answer);
	if (!answer)
		answer = look_up(answers, context, address);
	*count = answer->count;
	return answer->frames;
}

enum symbol_quality answers_quality(struct answers *answers, struct answer_context *context,
				    const char **why)
{
	const struct profile *kept = reach_kept(answers, context);
	const struct binary *binary = NULL;

	/* What is kept lacks nothing; what it did not have was looked up. */
	if (!kept || answers->binary)
		binary = reach_binary(answers, context);
	if (why)
		*why = binary ? binary->why : NULL;
	return kept ? symbols_module(&kept->symbols, CACHE_MODULE)->quality : binary->quality;
}

static int compare(const void *a, const void *b)
{
	const struct answer *x = *(struct answer *const *)a, *y = *(struct answer *const *)b;

	return x->address < y->address ? -1 : x->address > y->address;
}

/* The answers that the cache does not have, by rising address. */
static void add_symbols(struct symbols *symbols, const struct answers *answers)
{
	struct answer **list = xcalloc(HASH_COUNT(answers->table), sizeof(struct answer *));
	struct answer *answer, *next;
	size_t count = 0;

	HASH_ITER (hh, answers->table, answer, next)
		list[count++] = answer;
	qsort(list, count, sizeof(struct answer *), compare);
	symbols_begin(symbols, CACHE_MODULE, answers->binary->quality, NULL);
	for (size_t i = 0; i < count; i++)
		memcpy(symbols_add(symbols, CACHE_MODULE, list[i]->address,
				   (uint32_t)list[i]->count),
		       list[i]->frames, list[i]->count * sizeof(*list[i]->frames));
	free(list);
}

/* Only what cannot become better: with lines, and with nothing missing. */
static bool is_worth_keeping(const struct answers *answers)
{
	const struct binary *binary = answers->binary;

	return answers->build_id_bytes && answers->table && binary->quality == SYMBOL_LINES &&
	       !binary->why && binary_debug_bytes(binary) >= KEPT_DEBUG_BYTES;
}

void answers_keep(const struct answers *answers, const struct answer_context *context)
{
	struct profile names;

	if (!context->uses_cache || !is_worth_keeping(answers))
		return;
	profile_init(&names);
	cache_describe(&names, answers->path, answers->build_id, answers->build_id_bytes);
	add_symbols(&names.symbols, answers);
	if (answers->kept)
		symbols_unite(&names.symbols, CACHE_MODULE, &answers->kept->symbols, CACHE_MODULE,
			      &names.strings);
	cache_write(&names);
	profile_release(&names);
}
