/* SPDX-License-Identifier: MIT */
/*
 * A tracemalloc.Snapshot of Python, as Snapshot.load() reads it: a trace for each live block. The
 * sizes of a stack's blocks are not known one by one; they are written as equal as they can be, and
 * add up to its bytes.
 *
 * A trace is (domain, size, frames) up to Python 3.8, and has the number of frames behind it since
 * 3.9. Loading a pickle is running it, so this one cuts the traces to what the Python that loads it
 * expects. It also has each different trace once, with how often there is one, so the file stays
 * small however many blocks there are:
 *
 *	list(chain(*tuple(map(repeat, map(keep, TRACES), COUNTS))))
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "export/callers.h"
#include "export/export.h"
#include "export/numbers.h"
#include "export/pickle.h"
#include "export/sites.h"
#include "export/text.h"
#include "util/buffer.h"
#include "util/progress.h"
#include "util/utf8.h"

/* Python needs 8 bytes for each trace, and a second or so for a million of them. */
#define MOST_TRACES 10000000

#define FIELDS_OF_OLD 3 /* of a trace up to Python 3.8 */

struct tracemalloc {
	const struct export *export;
	struct callers callers;
	struct pickle pickle;
	struct chain chain;
	struct numbers files; /* those that are kept in the pickle */
	uint32_t *kept_file;  /* their numbers there, by number - 1 */
	struct pairs frames;  /* of (place, 0): those that are kept */
	uint32_t *kept_frame; /* by number */
	size_t file_capacity, frame_capacity;
	uint64_t blocks_of_trace; /* 1, unless there are too many */
	size_t longest;           /* in frames */
};

/* itemgetter(slice(add(3, ge(version_info, (3, 9))))) */
static void write_keep(struct pickle *pickle)
{
	pickle_global(pickle, "operator", "itemgetter");
	pickle_global(pickle, "builtins", "slice");
	pickle_global(pickle, "operator", "add");
	pickle_number(pickle, FIELDS_OF_OLD);
	pickle_global(pickle, "operator", "ge");
	pickle_global(pickle, "sys", "version_info");
	pickle_number(pickle, 3);
	pickle_number(pickle, 9);
	pickle_op(pickle, PICKLE_TUPLE2);
	pickle_call(pickle, 2); /* ge */
	pickle_call(pickle, 2); /* add */
	pickle_call(pickle, 1); /* slice */
	pickle_call(pickle, 1); /* itemgetter */
}

/* Where the file is unknown, the function stands for it. */
static void write_file(struct tracemalloc *this, const struct place *place)
{
	const char *known = place->file ? place->file : (const char *)place;
	bool is_new;
	uint32_t number = numbers_of(&this->files, known, &is_new) - 1;
	char *label;

	if (!is_new) {
		pickle_again(&this->pickle, this->kept_file[number]);
		return;
	}
	label = place->file ? utf8_printable(place->file) : place_label(place);
	pickle_text(&this->pickle, label);
	free(label);
	this->kept_file =
		array_grow(this->kept_file, number, &this->file_capacity, sizeof(*this->kept_file));
	this->kept_file[number] = pickle_keep(&this->pickle);
}

static void write_frame(struct tracemalloc *this, uint32_t number)
{
	const struct place *place = places_get(&this->export->report->places, number);
	size_t known = this->frames.count ? this->frames.count : 1;
	uint32_t index = pairs_number(&this->frames, number, 0);

	if (index < known) {
		pickle_again(&this->pickle, this->kept_frame[index]);
		return;
	}
	write_file(this, place);
	pickle_number(&this->pickle, place->line);
	pickle_op(&this->pickle, PICKLE_TUPLE2);
	this->kept_frame = array_grow(this->kept_frame, index, &this->frame_capacity,
				      sizeof(*this->kept_frame));
	this->kept_frame[index] = pickle_keep(&this->pickle);
}

/* Innermost first, as in a Snapshot. */
static void write_frames(struct tracemalloc *this)
{
	pickle_op(&this->pickle, PICKLE_MARK);
	for (size_t i = 0; i < this->chain.count; i++)
		write_frame(this, callers_place(&this->callers, this->chain.contexts[i]));
	pickle_op(&this->pickle, PICKLE_TUPLE);
	if (this->chain.count > this->longest)
		this->longest = this->chain.count;
}

/* The traces of a stack: `count`, of which `larger` have a byte more than the others. */
struct share {
	uint64_t count, size, larger;
};

static struct share share_of(const struct tracemalloc *this, const struct row *row)
{
	uint64_t count =
		row->blocks / this->blocks_of_trace + (row->blocks % this->blocks_of_trace > 0);

	if (!count && row->bytes)
		count = 1;
	if (!count)
		return (struct share){0, 0, 0};
	return (struct share){count, row->bytes / count, row->bytes % count};
}

/* (domain, size, frames, number of frames); `frames` is kept for a second trace of the stack. */
static void begin_trace(struct tracemalloc *this, uint64_t size)
{
	pickle_op(&this->pickle, PICKLE_MARK);
	pickle_number(&this->pickle, 0);
	pickle_number(&this->pickle, size);
}

static void end_trace(struct tracemalloc *this)
{
	pickle_number(&this->pickle, this->chain.count);
	pickle_op(&this->pickle, PICKLE_TUPLE);
}

static void write_stack(struct tracemalloc *this, const struct row *row)
{
	struct share share = share_of(this, row);
	uint32_t frames;

	if (!share.count)
		return;
	callers_chain(&this->callers, row->key, &this->chain);
	begin_trace(this, share.size);
	write_frames(this);
	frames = pickle_keep(&this->pickle);
	end_trace(this);
	if (!share.larger)
		return;
	begin_trace(this, share.size + 1);
	pickle_again(&this->pickle, frames);
	end_trace(this);
}

static void write_counts(struct tracemalloc *this, const struct row *row)
{
	struct share share = share_of(this, row);

	if (share.count)
		pickle_number(&this->pickle, share.count - share.larger);
	if (share.larger)
		pickle_number(&this->pickle, share.larger);
}

static void write_list(struct tracemalloc *this,
		       void (*write)(struct tracemalloc *this, const struct row *row))
{
	pickle_begin_list(&this->pickle);
	for (size_t i = 0; i < this->callers.sites.count; i++)
		write(this, &this->callers.sites.rows[i]);
	pickle_end_list(&this->pickle);
}

/* The expression above. */
static void write_traces(struct tracemalloc *this)
{
	struct pickle *pickle = &this->pickle;

	pickle_global(pickle, "builtins", "list");
	pickle_global(pickle, "itertools", "chain");
	pickle_global(pickle, "builtins", "tuple");
	pickle_global(pickle, "builtins", "map");
	pickle_global(pickle, "itertools", "repeat");
	pickle_global(pickle, "builtins", "map");
	write_keep(pickle);
	write_list(this, write_stack);
	pickle_call(pickle, 2); /* map(keep, ...) */
	write_list(this, write_counts);
	pickle_call(pickle, 3);              /* map(repeat, ...) */
	pickle_call(pickle, 1);              /* tuple(...) */
	pickle_op(pickle, PICKLE_CALL_WITH); /* chain(*...) */
	pickle_call(pickle, 1);              /* list(...) */
}

/* So that Python can load it; the bytes stay exact. */
static void limit_traces(struct tracemalloc *this)
{
	struct row sum = export_sum(this->export);

	this->blocks_of_trace = sum.blocks / MOST_TRACES + (sum.blocks % MOST_TRACES > 0);
	if (!this->blocks_of_trace)
		this->blocks_of_trace = 1;
	progress_clear();
	if (this->blocks_of_trace > 1)
		fprintf(stderr,
			"heapmark: there are %" PRIu64
			" blocks, which is too many for Python: each "
			"trace stands for up to %" PRIu64 " of them, and bytes are exact\n",
			sum.blocks, this->blocks_of_trace);
}

static void release(struct tracemalloc *this)
{
	numbers_release(&this->files);
	pairs_release(&this->frames);
	chain_release(&this->chain);
	callers_release(&this->callers);
	free(this->kept_file);
	free(this->kept_frame);
}

void tracemalloc_write(struct export *export, struct out *out)
{
	struct tracemalloc this = {.export = export};

	callers_build(&this.callers, export, GROUP_LINE);
	limit_traces(&this);
	pickle_begin(&this.pickle, out);
	pickle_begin_object(&this.pickle, "tracemalloc", "Snapshot");
	pickle_text(&this.pickle, "traces");
	pickle_begin_object(&this.pickle, "tracemalloc", "_Traces");
	pickle_text(&this.pickle, "_traces");
	write_traces(&this);
	pickle_end_object(&this.pickle);
	pickle_text(&this.pickle, "traceback_limit");
	pickle_number(&this.pickle, this.longest);
	pickle_end_object(&this.pickle);
	pickle_end(&this.pickle);
	release(&this);
}
