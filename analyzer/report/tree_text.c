/* SPDX-License-Identifier: MIT */
/*
 * Call trees as text. A level is indented below its branch:
 *
 *	main  src/main.c:60
 *	|- load  src/load.c:12
 *	|  read_row  src/load.c:40      a chain: as much as the line above, so without numbers
 *	|- [self]
 *	`- ... 3 smaller branches
 */
#include <stdlib.h>

#include "report/estimate_text.h"
#include "report/grid.h"
#include "report/notes.h"
#include "report/place_text.h"
#include "report/text_head.h"
#include "report/text_moment.h"
#include "report/tree_write.h"
#include "util/buffer.h"

#define CHAIN_BEGIN   2 /* frames that are shown of a long chain */
#define CHAIN_END     3
#define CHAIN_LONG    (CHAIN_BEGIN + CHAIN_END + 2)
#define NARROWEST     32 /* columns left for a place */
#define GUIDE_COLUMNS 3

static const struct columns usual_columns = {{METRIC_BYTES, METRIC_SHARE, METRIC_BLOCKS}, 3};

/* What is drawn before a line, by what follows: more lines of the level, or none. */
struct guides {
	const char *branch[2], *below[2];
};

static const struct guides ascii = {{"`- ", "|- "}, {"   ", "|  "}};
static const struct guides boxes = {{"\u2514\u2500 ", "\u251c\u2500 "}, {"   ", "\u2502  "}};

struct drawing {
	struct out *out;
	struct terminal terminal;
	const struct guides *guides;
	struct grid grid;
	bool *more; /* for each level that is drawn, whether lines follow in it */
	size_t levels, more_capacity;
	struct row chain_total;
	uint32_t *chain; /* places that are yet to be drawn as one branch */
	size_t chain_count, chain_capacity;
};

/* Nothing in any column: such a line would say nothing, and nothing lacks without it. */
static bool is_nothing(const struct drawing *drawing, const struct row *row)
{
	const struct columns *columns = drawing->grid.columns;

	for (unsigned i = 0; i < columns->count; i++)
		if (metric_value((enum metric)columns->metrics[i], row, drawing->grid.side) != 0)
			return false;
	return true;
}

static bool shows_self(const struct drawing *drawing, const struct level *level)
{
	return level->count && !is_nothing(drawing, &level->self);
}

/* At the root the numbers have no line to stand in but this. */
static bool shows_pruned(const struct drawing *drawing, const struct level *level, size_t depth)
{
	return (level->count || !depth) && !is_nothing(drawing, &level->pruned);
}

/* All of a branch is in one branch: the two share a line's numbers. */
static bool is_chain(const struct drawing *drawing, const struct tree_walk *walk, size_t depth)
{
	const struct level *level = &walk->steps[depth].level;

	return depth && level->count == 1 && !shows_self(drawing, level) &&
	       !shows_pruned(drawing, level, depth);
}

/* How many of the outermost levels there is no room for. */
static size_t levels_cut(const struct drawing *drawing)
{
	int room = drawing->terminal.columns - grid_width(&drawing->grid) - NARROWEST;
	size_t most = room > 4 * GUIDE_COLUMNS ? (size_t)room / GUIDE_COLUMNS : 4;

	if (!drawing->terminal.columns || drawing->levels <= most)
		return 0;
	return drawing->levels - most;
}

/* Draws what stands before a place; the outermost level has nothing. Returns its columns. */
static int prefix(const struct drawing *drawing, bool is_first_line)
{
	const struct terminal *terminal = &drawing->terminal;
	size_t cut = levels_cut(drawing);
	int columns = 0;

	out_printf(drawing->out, " %s", terminal_style(terminal, STYLE_DIM));
	if (cut) {
		columns = GUIDE_COLUMNS;
		out_printf(drawing->out, "%-*s", GUIDE_COLUMNS, "..");
	}
	for (size_t i = cut + 1; i < drawing->levels; i++) {
		bool is_last = i + 1 == drawing->levels;
		const char *const *parts =
			is_last && is_first_line ? drawing->guides->branch : drawing->guides->below;

		out_text(drawing->out, parts[drawing->more[i]]);
		columns += GUIDE_COLUMNS;
	}
	out_text(drawing->out, terminal_style(terminal, STYLE_PLAIN));
	return columns + 1;
}

static void cells(const struct drawing *drawing, const struct row *row)
{
	if (row)
		grid_cells(&drawing->grid, drawing->out, row);
	else
		grid_blank(&drawing->grid, drawing->out);
}

static void draw_place(const struct drawing *drawing, const struct report *report,
		       const struct row *row, uint32_t key)
{
	int columns = drawing->terminal.columns, used;
	char *text;

	cells(drawing, row);
	used = grid_width(&drawing->grid) + prefix(drawing, row);
	if (columns)
		columns = columns - used > NARROWEST ? columns - used : NARROWEST;
	text = place_text(places_get(&report->places, key),
			  report->sides[0].profile.process.directory, columns);
	out_text(drawing->out, text);
	free(text);
}

/* "... 3 smaller branches", of which not all need be smaller: --top and --depth prune, too. */
static void draw_pruned(const struct drawing *drawing, const struct level *level)
{
	char count[HUMAN_BYTES];

	human_count(count, level->pruned_count);
	out_printf(drawing->out, "%s... %s more %s%s",
		   terminal_style(&drawing->terminal, STYLE_DIM), count,
		   level->pruned_count == 1 ? "branch" : "branches",
		   terminal_style(&drawing->terminal, STYLE_PLAIN));
}

static void draw_chain(struct drawing *drawing, const struct tree_walk *walk)
{
	const struct report *report = walk->tree->report;
	const struct tree_step *step = &walk->steps[walk->depth];
	size_t count = drawing->chain_count, from = count, to = count;

	if (count >= CHAIN_LONG && !walk->tree->options->unfold) {
		from = CHAIN_BEGIN;
		to = count - CHAIN_END;
	}
	for (size_t i = 0; i < count; i++) {
		if (i == from) {
			cells(drawing, NULL);
			prefix(drawing, false);
			out_printf(drawing->out, "... %zu frames\n", to - from);
			i = to;
		}
		draw_place(drawing, report, i ? NULL : &drawing->chain_total, drawing->chain[i]);
		if (i + 1 == count && !step->level.count &&
		    !is_nothing(drawing, &step->level.pruned)) {
			out_text(drawing->out, "  ");
			draw_pruned(drawing, &step->level);
		}
		out_text(drawing->out, "\n");
	}
	drawing->chain_count = 0;
}

static void push(struct drawing *drawing, bool more)
{
	drawing->more = array_grow(drawing->more, drawing->levels, &drawing->more_capacity,
				   sizeof(*drawing->more));
	drawing->more[drawing->levels++] = more;
}

static void enter(void *context, const struct tree_walk *walk)
{
	struct drawing *drawing = context;
	size_t depth = walk->depth;
	const struct tree_step *step = &walk->steps[depth];

	if (!depth)
		return;
	if (!is_chain(drawing, walk, depth - 1)) {
		const struct tree_step *above = &walk->steps[depth - 1];

		push(drawing, above->next < above->level.count ||
				      shows_self(drawing, &above->level) ||
				      shows_pruned(drawing, &above->level, depth - 1));
		drawing->chain_total = step->branch.total;
	}
	drawing->chain = array_grow(drawing->chain, drawing->chain_count, &drawing->chain_capacity,
				    sizeof(*drawing->chain));
	drawing->chain[drawing->chain_count++] = step->branch.total.key;
	if (!is_chain(drawing, walk, depth))
		draw_chain(drawing, walk);
}

/* The lines behind the last branch of a level. */
static void leave(void *context, const struct tree_walk *walk)
{
	struct drawing *drawing = context;
	const struct level *level = &walk->steps[walk->depth].level;
	bool pruned = shows_pruned(drawing, level, walk->depth);

	if (shows_self(drawing, level)) {
		push(drawing, pruned);
		cells(drawing, &level->self);
		prefix(drawing, true);
		out_text(drawing->out, "[self]\n");
		drawing->levels--;
	}
	if (pruned) {
		push(drawing, false);
		cells(drawing, &level->pruned);
		prefix(drawing, true);
		draw_pruned(drawing, level);
		out_text(drawing->out, "\n");
		drawing->levels--;
	}
	if (walk->depth && !is_chain(drawing, walk, walk->depth - 1))
		drawing->levels--;
}

static void heading(const struct drawing *drawing, const struct tree *tree)
{
	const struct side *side = &tree->report->sides[0];
	char moment[192], size[ESTIMATE_BYTES], count[HUMAN_BYTES];

	text_head(drawing->out, &drawing->terminal, &side->profile);
	text_moment(moment, sizeof(moment), side);
	out_printf(drawing->out, "\n%s", terminal_style(&drawing->terminal, STYLE_BOLD));
	text_printable(drawing->out, moment);
	out_printf(drawing->out, "%s: %s in %s, %s",
		   terminal_style(&drawing->terminal, STYLE_PLAIN),
		   estimate_size(size, &side->profile, side->bytes, side->variance),
		   human_items(count, side->blocks, "block"),
		   tree->options->bottom_up ? "bottom-up" : "top-down");
	text_grouping(drawing->out, tree->report);
	out_text(drawing->out, terminal_style(&drawing->terminal, STYLE_DIM));
	grid_heading(&drawing->grid, drawing->out);
	out_printf(drawing->out, " place%s\n", terminal_style(&drawing->terminal, STYLE_PLAIN));
}

void tree_write_text(struct tree *tree, struct out *out)
{
	struct side *side = &tree->report->sides[0];
	struct drawing drawing = {.out = out, .terminal = terminal_of_stdout()};

	drawing.guides = drawing.terminal.utf8 ? &boxes : &ascii;
	grid_init(&drawing.grid, side, &tree->options->report.columns, &usual_columns);
	heading(&drawing, tree);
	tree_walk(tree, enter, leave, &drawing);
	if (!tree->entry_count)
		out_text(out, "nothing is selected\n");
	notes_write(out, tree->report, side);
	free(drawing.more);
	free(drawing.chain);
}
