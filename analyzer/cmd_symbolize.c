/* SPDX-License-Identifier: MIT */
/* `heapmark symbolize`: names and lines into a copy of a trace, to be read on another machine. */
#include <inttypes.h>
#include <stdio.h>

#include "cmd.h"
#include "input.h"
#include "load.h"
#include "model/split.h"
#include "symbol/gather.h"
#include "util/human.h"
#include "util/options.h"
#include "write/symbols.h"

#define MOST_TOLD 8 /* modules of which nothing is known */

static const struct usage_example examples[] = {
	{"heapmark symbolize -o app.named.hmk app.hmk",
	 "where the program and its debug information are"},
	{"heapmark report app.named.hmk", "anywhere"},
	{NULL, NULL},
};

static const struct usage usage = {
	.command = "symbolize",
	.operands = "[options] -o OUT TRACE",
	.summary = "Writes a copy of a trace that holds the names and lines of all its call "
		   "stacks, so that it can be read where the program and its libraries are not.",
	.details = "It is to be run where they are, with their debug information. A trace that was "
		   "symbolized before keeps what it has, and gains what is known better here.",
	.examples = examples,
	.operands_min = 1,
	.operands_max = 1,
};

/* What is asked for, and what it takes. */
struct symbolizing {
	const char *out, *perf_map;
	bool force, quiet;
	struct profile profile;
	struct input input;
	struct trace_file file;
	struct symbolizer *symbolizer;
	struct perf_map *made;
	struct gathered found;
};

static int parse(struct symbolizing *self, int argc, char **argv, struct operands *operands,
		 struct error *err)
{
	const struct option_row table[] = {
		OPT_STRING('o', "output", &self->out, "OUT", "write the copy to this file"),
		OPT_FLAG(0, "force", &self->force, "replace OUT if it exists"),
		OPT_STRING(0, "perf-map", &self->perf_map, "FILE",
			   "names of code made at run time (default: perf-PID.map in /tmp, or in "
			   "the process's directory)"),
		OPT_FLAG('q', "quiet", &self->quiet, "do not say what is known, and what is not"),
		OPT_END(),
	};
	int done = options_parse(table, &usage, argc, argv, operands, err);

	if (!done && !self->out)
		return error_set(err, "symbolize: where to? Name the copy with -o OUT");
	return done;
}

/* The whole members as they are, and behind them the records of names. */
static void write_copy(struct symbolizing *self)
{
	const struct profile *profile = &self->profile;
	struct records records;

	records_init(&records, &self->file);
	trace_file_copy(&self->file, self->input.fd,
			self->input.cut ? profile->cut_offset : self->input.file_bytes);
	if (self->input.cut) {
		record_begin(&records, HEAPMARK_REC_COPY_CUT);
		record_number(&records, profile->file_bytes);
		record_number(&records, profile->cut_offset);
		record_end(&records);
	}
	symbols_write(&records, profile, &self->found.symbols);
	records_flush(&records);
	records_release(&records);
}

static void tell_found(const struct symbolizing *self)
{
	const struct symbols *found = &self->found.symbols;
	size_t modules = symbols_module_count(found);
	char module_text[HUMAN_BYTES], address_text[HUMAN_BYTES];

	if (!modules && profile_is_symbolized(&self->profile))
		fprintf(stderr,
			"heapmark: wrote %s, the same as %s: that is symbolized already, and no "
			"more is known here\n",
			self->out, self->profile.path);
	else
		fprintf(stderr, "heapmark: wrote %s, with the names of %s in %s\n", self->out,
			human_items(address_text, symbols_count(found), "location"),
			human_items(module_text, modules, "module"));
}

static bool has_made_code(const struct profile *profile)
{
	for (size_t i = 1; i < profile->node_count; i++)
		if (node_is_made_code(&profile->nodes[i]))
			return true;
	return false;
}

/* Why nothing is known of modules that frames are in. */
static void tell_nameless(const struct symbolizing *self)
{
	const struct text_list *nameless = &self->found.nameless;

	for (size_t i = 0; i < nameless->count && i < MOST_TOLD; i++)
		fprintf(stderr, "heapmark: without names: %s\n", nameless->items[i]);
	if (nameless->count > MOST_TOLD)
		fprintf(stderr, "heapmark: and %zu more without names\n",
			nameless->count - MOST_TOLD);
}

/* A map that was found, if the trace does not name such code itself; the one that was given is used
 * in any case, or it is an error. */
static int open_map(struct symbolizing *self, struct error *err)
{
	if (self->perf_map)
		return perf_map_read(&self->made, &self->profile, self->perf_map, err);
	if (!symbols_module(&self->profile.symbols, 0) && has_made_code(&self->profile))
		self->made = perf_map_seek(&self->profile);
	return 0;
}

static int run(struct symbolizing *self, const char *trace, struct error *err)
{
	if (trace_file_open(&self->file, self->out, self->force, err) < 0 ||
	    load_input(&self->profile, &self->input, trace, err) < 0)
		return -1;
	if (open_map(self, err) < 0)
		return -1;
	gather(&self->found, &self->profile, self->symbolizer, self->made);
	write_copy(self);
	if (trace_file_commit(&self->file, err) < 0)
		return -1;
	load_warn(&self->profile);
	if (!self->quiet) {
		tell_found(self);
		tell_nameless(self);
	}
	return 0;
}

int cmd_symbolize(int argc, char **argv, struct error *err)
{
	struct symbolizing self = {.file = TRACE_FILE_INIT, .input = INPUT_INIT};
	struct operands operands;
	int done = parse(&self, argc, argv, &operands, err);

	if (done)
		return done < 0 ? -1 : EXIT_FINE;
	profile_init(&self.profile);
	self.symbolizer = symbolizer_new();
	symbolizer_use_cache(self.symbolizer);
	done = run(&self, operands.values[0], err);
	gathered_release(&self.found);
	symbolizer_free(self.symbolizer);
	perf_map_free(self.made);
	trace_file_release(&self.file);
	input_release(&self.input);
	profile_release(&self.profile);
	return done < 0 ? -1 : EXIT_FINE;
}
