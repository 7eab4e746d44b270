/* SPDX-License-Identifier: MIT */
/*
 * The frames of a profile's call stacks, with names: those that a symbolized trace holds, else
 * those that this machine knows. Each address is looked up once, when it is first needed; call
 * stacks that share frames share the work.
 */
#ifndef ANALYZER_REPORT_STACKS_H
#define ANALYZER_REPORT_STACKS_H

#include <stdbool.h>
#include <stdint.h>

#include "model/profile.h"
#include "report/places.h"
#include "report/skip.h"
#include "report/translation.h"
#include "symbol/symbol.h"
#include "util/pairs.h"

/* One source-level frame. */
struct frame {
	uint32_t place;     /* a line */
	uint32_t from_line; /* where its function is declared; 0: unknown */
	bool inlined;       /* into the next frame of the same address */
	enum skip skip;
};

struct location;
struct perf_map;

struct stacks {
	const struct profile *profile; /* borrowed, as all of these */
	struct symbolizer *symbolizer;
	struct places *places;             /* shared by the profiles that are compared */
	struct pairs *paths;               /* likewise: the numbers of whole call stacks */
	const struct option_list *skipped; /* --skip */
	/* NULL unless builds are compared: then paths are of what places have become. */
	const struct translation *translation;
	uint32_t *handles; /* per module: the symbolizer's handle */
	enum skip *module_skips;
	struct location *table;    /* by module and offset */
	struct location **of_node; /* NULL: not looked up yet */
	uint32_t *path_of_node;    /* 0: not asked for yet */
	struct perf_map *perf_map; /* names of code without a module; NULL: none */
	bool perf_map_sought;
};

void stacks_init(struct stacks *stacks, const struct profile *profile,
		 struct symbolizer *symbolizer, struct places *places, struct pairs *paths,
		 const struct option_list *skipped);
void stacks_release(struct stacks *stacks);

/* The frames of one node (never of the root), innermost first; none only if it tells blocks
 * apart (model/split.h). Borrowed. */
const struct frame *stacks_frames(struct stacks *stacks, uint32_t node, uint32_t *count);

/* How much is known of a module where its frames come from; `why` gets a sentence on what is
 * missing there, or NULL. */
enum symbol_quality stacks_quality(const struct stacks *stacks, uint32_t module, const char **why);

/* The line that a call stack stands for: its innermost frame that is not to be skipped. */
uint32_t stacks_place(struct stacks *stacks, uint32_t node);

/* A number for the whole call stack: the same for stacks of the same places. */
uint32_t stacks_path(struct stacks *stacks, uint32_t node);

#endif
