/* SPDX-License-Identifier: MIT */
/* `heapmark merge`: the traces of several processes as one. */
#include <stdio.h>
#include <stdlib.h>

#include "cmd.h"
#include "merge_traces.h"
#include "util/human.h"
#include "util/memory.h"
#include "util/options.h"
#include "write/profile.h"

static const struct usage_example examples[] = {
	{"heapmark merge -o all.hmk heapmark.*.hmk", "all processes of a recording"},
	{"heapmark merge -o all.hmk runs/", "all traces of a directory"},
	{"heapmark report all.hmk", "the lines that held the memory of all of them"},
	{"heapmark diff before.hmk after.hmk", "of two merged traces: what changed in sum"},
	{NULL, NULL},
};

static const struct usage usage = {
	.command = "merge",
	.operands = "[options] -o OUT TRACE|DIRECTORY...",
	.summary = "Makes one trace of those of several processes, ranks or hosts: sums for each "
		   "call stack, which every other command reads.",
	.details =
		"What was allocated, freed and left at the end are exact sums. The peak is what "
		"the processes surely held at once, and how much more it can have been is stated "
		"with it. A directory stands for the traces (*.hmk) in it; commands that "
		"report take one as well, and merge what is in it.",
	.examples = examples,
	.operands_min = 1,
	.operands_max = -1,
};

struct merging {
	const char *out;
	bool force, quiet;
	struct merge merge;
	struct trace_file file;
	char *warnings; /* held back until there is an answer */
	size_t warning_bytes;
};

static int parse(struct merging *self, int argc, char **argv, struct operands *operands,
		 struct error *err)
{
	const struct option_row table[] = {
		OPT_STRING('o', "output", &self->out, "OUT", "write the merged trace to this file"),
		OPT_FLAG(0, "force", &self->force, "replace OUT if it exists"),
		OPT_FLAG('q', "quiet", &self->quiet, "do not say what was merged"),
		OPT_END(),
	};
	int done = options_parse(table, &usage, argc, argv, operands, err);

	if (!done && !self->out)
		return error_set(err, "merge: where to? Name the merged trace with -o OUT");
	return done;
}

static int merge_all(struct merging *self, const struct operands *operands, struct error *err)
{
	FILE *warnings = open_memstream(&self->warnings, &self->warning_bytes);
	int ret;

	if (!warnings)
		die_oom();
	ret = merge_traces(&self->merge, operands->values, (size_t)operands->count, warnings,
			   warnings, err);
	fclose(warnings);
	return ret;
}

/* What came behind the cut nobody knows, and so there is no bound for it. */
static bool any_is_cut(const struct profile *merged)
{
	for (size_t i = 0; i < merged->merged_count; i++)
		if (merged->merged[i].is_cut || !merged->merged[i].end.seen)
			return true;
	return false;
}

static void tell(const struct merging *self)
{
	const struct snapshot *last = profile_last(&self->merge.result);
	char count[HUMAN_BYTES], peak[HUMAN_BYTES], more[HUMAN_BYTES];

	fprintf(stderr,
		"heapmark: wrote %s: %s, which held at least %s at once, and at most %s more%s\n",
		self->out, human_items(count, self->merge.result.merged_count, "process"),
		human_size(peak, last->totals.peak_bytes), human_size(more, last->peak_error_bytes),
		any_is_cut(&self->merge.result) ? ", up to where the cut ones go" : "");
}

static int run(struct merging *self, const struct operands *operands, struct error *err)
{
	struct records records;

	if (trace_file_open(&self->file, self->out, self->force, err) < 0 ||
	    merge_all(self, operands, err) < 0)
		return -1;
	records_init(&records, &self->file);
	profile_write(&records, &self->merge.result);
	records_release(&records);
	if (trace_file_commit(&self->file, err) < 0)
		return -1;
	fputs(self->warnings, stderr);
	if (!self->quiet)
		tell(self);
	return 0;
}

static void release(struct merging *self)
{
	free(self->warnings);
	merge_release(&self->merge);
	trace_file_release(&self->file);
}

int cmd_merge(int argc, char **argv, struct error *err)
{
	struct merging self = {.file = TRACE_FILE_INIT};
	struct operands operands;
	int done = parse(&self, argc, argv, &operands, err);

	if (done)
		return done < 0 ? -1 : EXIT_FINE;
	merge_init(&self.merge);
	done = run(&self, &operands, err);
	release(&self);
	return done < 0 ? -1 : EXIT_FINE;
}
