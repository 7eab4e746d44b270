/* SPDX-License-Identifier: MIT */
/*
 * A tree from the innermost frames outward; see massif_tree.h. It is made level by level from the
 * list of stacks: those of a branch are sorted by the place of their next frame, so that each of
 * its children is a part of the list, and only what is large enough to be shown costs anything.
 */
#include "export/massif_tree.h"

#include <inttypes.h>
#include <stdlib.h>

#include "export/text.h"
#include "util/buffer.h"
#include "util/memory.h"

/* Of the whole: callers with less are shown as one line, as massif does below a hundredth. */
#define THRESHOLD_PARTS 1000
#define THRESHOLD_TEXT  "0.10%%" /* for printf() */

/* A stack on its way outward. */
struct stack {
	uint64_t bytes;
	uint32_t context; /* whose frame comes next; 0: none is left */
	uint32_t place;   /* of that frame */
};

/* Stacks that have been the same so far; a part of the list. */
struct branch {
	size_t begin, end;
	uint64_t bytes;
	unsigned depth;
};

struct massif {
	const struct export *export;
	const struct callers *callers;
	struct out *out;
	struct stack *stacks;
	uint64_t threshold;
	struct branch *pending; /* still to be written, the next one last */
	size_t pending_count, pending_capacity;
};

/* Those without a further frame come first. */
static int by_place(const void *left, const void *right)
{
	const struct stack *a = left, *b = right;

	if (!a->context || !b->context)
		return (a->context != 0) - (b->context != 0);
	return (a->place > b->place) - (a->place < b->place);
}

/* The largest last, where it is taken from. */
static int by_bytes(const void *left, const void *right)
{
	const struct branch *a = left, *b = right;

	if (a->bytes != b->bytes)
		return a->bytes < b->bytes ? -1 : 1;
	return (a->begin < b->begin) - (a->begin > b->begin);
}

static void add_pending(struct massif *massif, const struct branch *branch)
{
	massif->pending = array_grow(massif->pending, massif->pending_count,
				     &massif->pending_capacity, sizeof(*branch));
	massif->pending[massif->pending_count++] = *branch;
}

/* The branch of the stacks that share the next frame with the first of `begin` to `end`. */
static struct branch next_child(const struct massif *massif, size_t begin, size_t end,
				unsigned depth)
{
	const struct stack *stacks = massif->stacks;
	struct branch child = {begin, begin, 0, depth};

	while (child.end < end && stacks[child.end].place == stacks[begin].place)
		child.bytes += stacks[child.end++].bytes;
	return child;
}

/* The children that are too small for lines of their own. */
struct rest {
	uint64_t bytes;
	size_t places;
};

/* Puts the children of a branch on the list of what is pending. */
static size_t add_children(struct massif *massif, const struct branch *branch, struct rest *rest)
{
	size_t first = massif->pending_count, at = branch->begin;

	qsort(massif->stacks + branch->begin, branch->end - branch->begin, sizeof(struct stack),
	      by_place);
	while (at < branch->end && !massif->stacks[at].context)
		at++;
	while (at < branch->end) {
		struct branch child = next_child(massif, at, branch->end, branch->depth + 1);

		at = child.end;
		if (child.bytes >= massif->threshold) {
			add_pending(massif, &child);
			continue;
		}
		rest->bytes += child.bytes;
		rest->places++;
	}
	if (massif->pending_count - first > 1)
		qsort(massif->pending + first, massif->pending_count - first, sizeof(struct branch),
		      by_bytes);
	return massif->pending_count - first;
}

static void move_outward(struct massif *massif, struct stack *stack)
{
	stack->context = callers_next(massif->callers, stack->context);
	stack->place = stack->context ? callers_place(massif->callers, stack->context) : 0;
}

static char *frame_text(const struct massif *massif, uint32_t context)
{
	const struct profile *profile = &massif->export->side->profile;
	const struct node *node = &profile->nodes[massif->callers->node_of[context]];
	const struct place *place = places_get(&massif->export->report->places,
					       callers_place(massif->callers, context));
	uint64_t address = profile->modules[node->module].bias + node->offset;
	char *label = place_label(place), *text;

	/* A # would begin a comment. */
	text_replace(label, '#', '_');
	text = xasprintf("0x%" PRIX64 ": %s", place->marker ? 0 : address, label);
	free(label);
	return text;
}

static void write_line(struct massif *massif, unsigned depth, size_t children, uint64_t bytes,
		       const char *text)
{
	out_printf(massif->out, "%*sn%zu: %" PRIu64 " %s\n", (int)depth, "", children, bytes, text);
}

/* A branch below the top, with its frame, whose children become pending. The line of those that are
 * too small comes first, though it stands for the last. */
static void write_branch(struct massif *massif, const struct branch *branch, char *text)
{
	struct rest rest = {0, 0};
	size_t children = add_children(massif, branch, &rest);

	write_line(massif, branch->depth, children + (rest.places > 0), branch->bytes, text);
	free(text);
	if (!rest.places)
		return;
	text = xasprintf("in %zu place%s, %sbelow heapmark's threshold (" THRESHOLD_TEXT ")",
			 rest.places, rest.places == 1 ? "" : "s", rest.places == 1 ? "" : "all ");
	write_line(massif, branch->depth + 1, 0, rest.bytes, text);
	free(text);
}

static void write_next(struct massif *massif)
{
	struct branch branch = massif->pending[--massif->pending_count];
	char *text = frame_text(massif, massif->stacks[branch.begin].context);

	for (size_t i = branch.begin; i < branch.end; i++)
		move_outward(massif, &massif->stacks[i]);
	write_branch(massif, &branch, text);
}

/* The list of stacks; returns the branch of all. */
static struct branch list_stacks(struct massif *massif, enum value value)
{
	const struct tally *sites = &massif->callers->sites;
	struct branch all = {0, 0, 0, 0};

	massif->stacks = xcalloc(sites->count + 1, sizeof(*massif->stacks));
	for (size_t i = 0; i < sites->count; i++) {
		uint32_t context = sites->rows[i].key;
		uint64_t bytes = value_of(value, &sites->rows[i]);

		if (!bytes)
			continue;
		massif->stacks[all.end++] =
			(struct stack){bytes, context, callers_place(massif->callers, context)};
		all.bytes += bytes;
	}
	return all;
}

void massif_write_tree(const struct export *export, const struct callers *callers, enum value value,
		       struct out *out)
{
	struct massif massif = {.export = export, .callers = callers, .out = out};
	struct branch all = list_stacks(&massif, value);

	massif.threshold = all.bytes / THRESHOLD_PARTS + (all.bytes % THRESHOLD_PARTS > 0);
	write_branch(&massif, &all,
		     xstrdup("(heap allocation functions) malloc/new/new[], --alloc-fns, etc."));
	while (massif.pending_count)
		write_next(&massif);
	free(massif.pending);
	free(massif.stacks);
}
