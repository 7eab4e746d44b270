/* SPDX-License-Identifier: MIT */
/*
 * heapmark record: runs a program with the library loaded into it, and says afterwards where the
 * traces are. What can go wrong is said before the program starts; after that, nothing may change
 * what the program does or its exit status.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "cmd.h"
#include "heapmark/options.h"
#include "record/child.h"
#include "record/destination.h"
#include "record/environment.h"
#include "target/checks.h"
#include "target/facts.h"
#include "target/library.h"
#include "target/program.h"
#include "util/human.h"
#include "util/memory.h"
#include "util/options.h"

#define MOST_TOLD 8 /* a build records hundreds of processes */

struct recording {
	struct record_options options;
	bool force, no_follow, quiet;
	char session_text[24];
	uint64_t session;
	time_t start;
	char **argv;
};

static const struct usage_example examples[] = {
	{"heapmark record ./app --its-option", "writes heapmark.app.PID.hmk here"},
	{"heapmark record -o app.hmk --interval 100ms -- ./app",
	 "names the trace, and takes ten snapshots a second"},
	{NULL, NULL},
};

static const struct usage usage = {
	.command = "record",
	.operands = "[options] [--] PROGRAM [ARGUMENT...]",
	.summary = "Runs PROGRAM and records what it does with its heap.",
	.details =
		"The exit status is PROGRAM's own, 128 and the signal's number if a signal ended "
		"it, 127 if there is no such program, 126 if it cannot be executed, and 2 if it "
		"was not started because it could not have been recorded. Each process that it "
		"starts writes a trace of its own.",
	.examples = examples,
	.operands_min = 1,
	.operands_max = -1,
	.stop_at_operand = true,
};

static int parse(struct recording *recording, int argc, char **argv, struct error *err)
{
	struct record_options *to = &recording->options;
	const struct option_row table[] = {
		OPT_STRING('o', "output", &to->out, "FILE", "the same as --out"),
		OPT_FLAG(0, "force", &recording->force, "replace FILE if it exists"),
		OPT_FLAG(0, "no-follow", &recording->no_follow, "the same as --follow 0"),
		OPT_FLAG('q', "quiet", &recording->quiet,
			 "say nothing about the traces that were written"),
#define HEAPMARK_OPTION(field, kind, name, argument, fallback, help) \
	OPT_STRING(0, name, &to->field, argument, help " [" fallback "]"),
#include "heapmark/options.def"
#undef HEAPMARK_OPTION
		OPT_END(),
	};
	struct operands operands;
	int done = options_parse(table, &usage, argc, argv, &operands, err);

	if (done)
		return done;
	recording->argv = operands.values;
	if (recording->no_follow)
		to->follow = "0";
	return record_options_check(to, err);
}

/* The trace's name as the library will use it when none was given. */
static const char *template_of(const struct recording *recording)
{
#define HEAPMARK_OPTION(field, kind, name, argument, fallback, help) .field = (fallback),
	static const struct record_options defaults = {
#include "heapmark/options.def"
	};
#undef HEAPMARK_OPTION

	return recording->options.out ? recording->options.out : defaults.out;
}

static int check_program(const struct recording *recording, struct error *err)
{
	struct program program;
	char *warning = NULL;
	int ret = program_find(&program, recording->argv[0], err);

	if (ret)
		ret = -ret;
	else
		ret = checks_refuse(&program, &warning, err);
	if (ret == 0 && warning && !recording->quiet)
		fprintf(stderr, "heapmark: warning: %s\n", warning);
	free(warning);
	program_release(&program);
	return ret;
}

/* The environment belongs to us and to the program alike: it is changed just before it starts. */
static void set_environment(const struct recording *recording, const char *library)
{
	char *options = environment_options(&recording->options);
	char *preload = environment_preload(library, getenv("LD_PRELOAD"));

	if (setenv("HEAPMARK", options, 1) != 0 || setenv("LD_PRELOAD", preload, 1) != 0)
		die_oom();
	free(options);
	free(preload);
}

static void open_session(struct recording *recording)
{
	struct timespec now;

	/* 0 means no session. */
	if (getrandom(&recording->session, sizeof(recording->session), GRND_NONBLOCK) !=
		    sizeof(recording->session) ||
	    recording->session == 0) {
		clock_gettime(CLOCK_REALTIME, &now);
		recording->session = (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
	}
	snprintf(recording->session_text, sizeof(recording->session_text), "%" PRIu64,
		 recording->session);
	recording->options.session = recording->session_text;
	recording->start = time(NULL);
}

static void tell_trace(const struct written *written)
{
	char size[HUMAN_BYTES], count[HUMAN_BYTES];

	if (written->is_damaged) {
		fprintf(stderr, "heapmark: %s cannot be read\n", written->path);
		return;
	}
	fprintf(stderr,
		"heapmark: wrote %s (peak %s, %s allocations%s%s); see: heapmark report %s\n",
		written->path, human_size(size, written->peak_bytes),
		human_count(count, written->allocations), written->is_sampled ? ": estimates" : "",
		written->is_complete ? "" : ", cut short", written->path);
}

/* Nothing seen may be the truth, or an allocator that bypasses us. A sample may just have missed
 * it.
 */
static bool saw_nothing(const struct written *written)
{
	return written->is_complete && !written->is_sampled && written->allocations == 0;
}

static void warn_nothing_seen(const struct written *written, bool is_alone)
{
	struct facts facts;

	facts_read(&facts, written->executable);
	if (is_alone || facts.defines_malloc || facts.allocator)
		fprintf(stderr,
			"heapmark: warning: %s holds no allocation at all: the program does not "
			"use "
			"the heap, or has an allocator of its own linked in; 'heapmark doctor %s' "
			"says more\n",
			written->path, written->executable);
	facts_release(&facts);
}

static void tell(const struct recording *recording)
{
	struct written_list list;

	destination_list(template_of(recording), recording->session, recording->start, &list);
	for (size_t i = 0; i < list.count && i < MOST_TOLD; i++)
		tell_trace(&list.items[i]);
	if (list.count > MOST_TOLD)
		fprintf(stderr, "heapmark: and %zu more traces of smaller peaks\n",
			list.count - MOST_TOLD);
	for (size_t i = 0; i < list.count; i++)
		if (saw_nothing(&list.items[i]))
			warn_nothing_seen(&list.items[i], list.count == 1);
	if (!list.count)
		fprintf(stderr,
			"heapmark: no trace was written: %s never loaded heapmark's library, ended "
			"before it could write, or wrote elsewhere; 'heapmark doctor %s' says "
			"more\n",
			recording->argv[0], recording->argv[0]);
	written_list_release(&list);
}

static int run(struct recording *recording, struct error *err)
{
	char *library = library_find(err);
	int status;

	if (!library)
		return -1;
	open_session(recording);
	set_environment(recording, library);
	free(library);
	status = child_run(recording->argv, environ, err);
	if (err->text[0])
		return status < 0 ? -1 : -status;
	if (!recording->quiet)
		tell(recording);
	return status;
}

int cmd_record(int argc, char **argv, struct error *err)
{
	struct recording recording = {0};
	int ret = parse(&recording, argc, argv, err);

	if (ret)
		return ret < 0 ? ret : EXIT_FINE;
	ret = check_program(&recording, err);
	if (ret == 0)
		ret = destination_check(template_of(&recording), recording.force, err);
	return ret ? ret : run(&recording, err);
}
