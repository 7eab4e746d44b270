/* SPDX-License-Identifier: MIT */
/* A symbolized trace, with known names; see trace_writer.h. */
#include "trace_writer.h"

/* A frame as the format has it: numbers of texts. */
struct named_frame {
	uint64_t function, file, line, flags, from_line;
};

static void texts(struct trace_writer *w, uint64_t first, const char *const *list, size_t count)
{
	trace_record(w, HEAPMARK_REC_TEXTS);
	trace_number(w, first);
	trace_number(w, count);
	for (size_t i = 0; i < count; i++)
		trace_text(w, list[i]);
	trace_record_end(w);
}

void trace_symbolized_module(struct trace_writer *w, uint64_t module, uint64_t quality,
			     uint64_t why)
{
	trace_record(w, HEAPMARK_REC_SYMBOLIZED);
	trace_number(w, module);
	trace_number(w, quality);
	trace_number(w, why);
	trace_record_end(w);
}

static void frames(struct trace_writer *w, uint64_t step, const struct named_frame *list,
		   size_t count)
{
	trace_number(w, step);
	trace_number(w, count);
	for (size_t i = 0; i < count; i++) {
		trace_number(w, list[i].function);
		trace_number(w, list[i].file);
		trace_number(w, list[i].line);
		trace_number(w, list[i].flags);
		trace_number(w, list[i].from_line);
	}
}

/*
 * The nodes of the sample get these names; see there for what its sites hold.
 *
 *   1 app  0x10ff   main app.c:10
 *   2 app  0x11ff   make list.h:7, inlined into work app.c:22
 *   3 libc 0x8fff   malloc
 *   4 app  0x12ff   nothing is said of it
 */
void trace_symbols(struct trace_writer *w)
{
	const char *const of_app[] = {"main", "/src/app.c", "make", "/src/list.h", "work"};
	const char *const of_libc[] = {"malloc", "libc has no lines"};
	const struct named_frame in_main = {1, 2, 10, 0, 8};
	const struct named_frame in_work[] = {{3, 4, 7, HEAPMARK_SYMBOL_INLINED, 5},
					      {5, 2, 22, 0, 20}};
	const struct named_frame in_malloc = {6, 0, 0, 0, 0};

	texts(w, 1, of_app, 5);
	trace_symbolized_module(w, 1, HEAPMARK_SYMBOLS_LINES, 0);
	trace_record(w, HEAPMARK_REC_SYMBOLS);
	trace_number(w, 1);
	trace_number(w, 2);
	frames(w, 0x10ff, &in_main, 1);
	frames(w, 0x100, in_work, 2);
	trace_record_end(w);
	texts(w, 6, of_libc, 2);
	trace_symbolized_module(w, 2, HEAPMARK_SYMBOLS_NAMES, 7);
	trace_record(w, HEAPMARK_REC_SYMBOLS);
	trace_number(w, 2);
	trace_number(w, 1);
	frames(w, 0x8fff, &in_malloc, 1);
	trace_record_end(w);
}

void trace_symbolized(struct trace_writer *w)
{
	trace_sample(w);
	trace_symbols(w);
	trace_member(w);
}

void trace_symbolized_stream(struct trace_writer *w)
{
	trace_sample_stream(w);
	trace_symbols(w);
}
