/* SPDX-License-Identifier: MIT */
/*
 * The functions of two builds, by name; see translate.h. Of several with the same name (static
 * ones, in files of their own) the file tells which is which: as it is, by --map, or by as many
 * parts of its path's end as agree.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "model/candidates.h"
#include "report/translate.h"
#include "util/hash.h"
#include "util/memory.h"

/* How good a pair is. Between the two: by the number of parts of the path. */
enum { SCORE_OTHER_FILE = 1, SCORE_TAIL = 1000, SCORE_SAME_FILE = 1000000 };

/* Less by this if the compiler's suffix differs: it makes f.part.0 and f.isra.1 out of f. */
enum { LESS_FOR_SUFFIX = 500 };

/* What both functions must agree in. Compared as bytes; the texts are interned. */
struct name_key {
	const char *module, *name;
};

struct named {
	struct name_key key;
	uint32_t first; /* caller, plus 1 */
	UT_hash_handle hh;
};

/* The new callers, by name. */
struct by_name {
	struct named *table;
	uint32_t *next; /* caller to caller of the same name, plus 1 */
};

static const char *plain_name(struct places *places, const char *function)
{
	static const char *const suffixes[] = {".part.", ".isra.", ".constprop.", ".cold",
					       ".lto_priv."};
	size_t length = strlen(function);

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(*suffixes); i++) {
		const char *at = strstr(function, suffixes[i]);

		if (at && at > function && (size_t)(at - function) < length)
			length = (size_t)(at - function);
	}
	return function[length] ? strings_intern(&places->strings, function, length) : function;
}

static struct name_key key_of(struct report *report, const struct place *place, const char *module)
{
	struct name_key key;

	memset(&key, 0, sizeof(key));
	key.module = module;
	key.name = plain_name(&report->places, place->function);
	return key;
}

static struct by_name index_names(struct report *report, const struct calls *new)
{
	struct by_name index = {NULL, xcalloc(new->caller_count + 1, sizeof(uint32_t))};

	for (size_t i = 0; i < new->caller_count; i++) {
		const struct place *place = places_get(&report->places, new->callers[i].function);
		struct name_key key;
		struct named *named;

		if (!place->function || !place->module)
			continue;
		key = key_of(report, place, place->module);
		HASH_FIND(hh, index.table, &key, sizeof(key), named);
		if (!named) {
			named = xcalloc(1, sizeof(*named));
			memcpy(&named->key, &key, sizeof(key));
			HASH_ADD(hh, index.table, key, sizeof(key), named);
		}
		index.next[i] = named->first;
		named->first = (uint32_t)i + 1;
	}
	return index;
}

static void index_release(struct by_name *index)
{
	struct named *named, *next;

	HASH_ITER (hh, index->table, named, next) {
		HASH_DEL(index->table, named);
		free(named);
	}
	free(index->next);
}

static uint32_t score_of(struct report *report, const struct place *old, const struct place *new)
{
	const char *mapped = path_map_new(&report->options->map, old->file);
	uint32_t score = SCORE_OTHER_FILE + LESS_FOR_SUFFIX;
	unsigned tail;

	if (mapped == new->file) { /* neither has one */
		score = SCORE_SAME_FILE;
	} else if (mapped && new->file) {
		tail = path_common_tail(mapped, new->file);
		if (tail == INT_MAX)
			score = SCORE_SAME_FILE;
		else if (tail)
			score = SCORE_TAIL + LESS_FOR_SUFFIX * 2 * (tail < 900 ? tail : 900);
	}
	return old->function == new->function ? score : score - LESS_FOR_SUFFIX;
}

/* By what has been found alike. */
static enum pairing pairing_of(const struct place *old, const struct place *new, uint32_t score)
{
	if (old->function != new->function || score < SCORE_TAIL)
		return PAIRING_SIMILAR;
	return old->file == new->file && old->module == new->module ? PAIRING_EXACT : PAIRING_MOVED;
}

static void add_candidates(struct report *report, struct candidates *candidates,
			   const struct by_name *index, const struct calls *old,
			   const struct calls *new)
{
	for (uint32_t i = 0; i < old->caller_count; i++) {
		const struct place *place = places_get(&report->places, old->callers[i].function);
		const struct build *build =
			place->module ? builds_get(&report->builds, place->module) : NULL;
		struct name_key key;
		struct named *named;

		if (!place->function || !build || !build->new_name || build->is_same)
			continue;
		key = key_of(report, place, build->new_name);
		HASH_FIND(hh, index->table, &key, sizeof(key), named);
		for (uint32_t j = named ? named->first : 0; j; j = index->next[j - 1])
			candidates_add(candidates, i, j - 1,
				       score_of(report, place,
						places_get(&report->places,
							   new->callers[j - 1].function)));
	}
}

uint32_t *pair_functions(struct report *report, const struct calls *old, const struct calls *new,
			 uint8_t **pairings)
{
	struct by_name index = index_names(report, new);
	struct candidates candidates = CANDIDATES_INIT;
	uint32_t *partners;

	add_candidates(report, &candidates, &index, old, new);
	partners = candidates_choose(&candidates, old->caller_count, new->caller_count);
	*pairings = xcalloc(old->caller_count + 1, sizeof(**pairings));
	for (uint32_t i = 0; i < old->caller_count; i++) {
		const struct place *before = places_get(&report->places, old->callers[i].function);
		const struct place *after;

		if (!partners[i])
			continue;
		after = places_get(&report->places, new->callers[partners[i] - 1].function);
		(*pairings)[i] =
			(uint8_t)pairing_of(before, after, score_of(report, before, after));
	}
	candidates_release(&candidates);
	index_release(&index);
	return partners;
}
