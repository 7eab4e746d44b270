/* SPDX-License-Identifier: MIT */
/*
 * What a target knows of itself: a small model of its own heap, kept without allocating, and
 * written as JSON ("facts") to the file that is the target's first argument. check_target.py
 * compares the facts with what heapmark recorded.
 *
 *   int main(int argc, char **argv)
 *   {
 *           void *block = MALLOC(100);        counted for this line
 *           FREE(block);
 *           return facts_write(argc, argv);
 *   }
 *
 * The macros call the allocator at the line where they stand, so keep each on one line. For one
 * thread only; targets with several add up by hand.
 */
#ifndef TESTS_PRELOAD_TARGET_H
#define TESTS_PRELOAD_TARGET_H

#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FACTS_BLOCKS 4096
#define FACTS_LINES  1024

struct facts_line {
	uint64_t allocations, allocated_bytes, blocks, bytes, peak_blocks, peak_bytes;
};

struct facts_block {
	uintptr_t block; /* 0: free slot */
	size_t size;
	int line;
};

static struct facts {
	struct facts_block blocks[FACTS_BLOCKS];
	struct facts_line lines[FACTS_LINES];
	uint64_t allocations, allocated_bytes, frees, reallocations;
	uint64_t live_blocks, live_bytes, peak_blocks, peak_bytes;
	bool at_peak;        /* nothing has become less since */
	bool inexact_totals; /* libraries allocate too: compare the totals with libtruth.so */
	bool claims_temporary;
	uint64_t temporary;
	bool no_row_peaks;
	bool no_peak;          /* threads: another peak in every run */
	uint64_t unknown_free; /* the losses to expect; no other may occur */
	uint64_t stack_truncated;
} facts;

/* The peak is the last moment before live bytes fell from their maximum. */
static inline void facts_moved(uint64_t before)
{
	if (facts.live_bytes < before)
		facts.at_peak = false;
	if (facts.live_bytes > facts.peak_bytes)
		facts.at_peak = true;
	if (!facts.at_peak)
		return;
	facts.peak_bytes = facts.live_bytes;
	facts.peak_blocks = facts.live_blocks;
	for (int i = 0; i < FACTS_LINES; i++) {
		facts.lines[i].peak_bytes = facts.lines[i].bytes;
		facts.lines[i].peak_blocks = facts.lines[i].blocks;
	}
}

static inline struct facts_block *facts_find(uintptr_t block)
{
	for (int i = 0; i < FACTS_BLOCKS; i++)
		if (facts.blocks[i].block == block)
			return &facts.blocks[i];
	_exit(97); /* the target's own mistake */
}

static inline void facts_add(int line, uintptr_t block, size_t size)
{
	struct facts_line *row = &facts.lines[line];
	struct facts_block *slot = facts_find(0);

	slot->block = block;
	slot->size = size;
	slot->line = line;
	row->allocations++;
	row->allocated_bytes += size;
	row->blocks++;
	row->bytes += size;
	facts.allocations++;
	facts.allocated_bytes += size;
	facts.live_blocks++;
	facts.live_bytes += size;
}

static inline void facts_remove(uintptr_t block)
{
	struct facts_block *slot = facts_find(block);

	facts.lines[slot->line].blocks--;
	facts.lines[slot->line].bytes -= slot->size;
	facts.frees++;
	facts.live_blocks--;
	facts.live_bytes -= slot->size;
	slot->block = 0;
}

static inline void *facts_allocated(int line, void *block, size_t size)
{
	uint64_t before = facts.live_bytes;

	if (!block)
		return block;
	facts_add(line, (uintptr_t)block, size);
	facts_moved(before);
	return block;
}

static inline void facts_freed(const void *block)
{
	uint64_t before = facts.live_bytes;

	if (!block)
		return;
	facts_remove((uintptr_t)block);
	facts_moved(before);
}

static inline void *facts_reallocated(int line, uintptr_t old, void *block, size_t size)
{
	uint64_t before = facts.live_bytes;

	if (!old)
		return facts_allocated(line, block, size);
	if (!block && size)
		return NULL; /* failed: nothing happened */
	facts_remove(old);
	if (block) {
		facts_add(line, (uintptr_t)block, size);
		facts.reallocations++;
	}
	facts_moved(before);
	return block;
}

static inline void *facts_posix_memalign(int line, void *block, int ret, size_t size)
{
	return ret == 0 ? facts_allocated(line, block, size) : NULL;
}

/* A function: its line is of no interest, and its argument must be evaluated once. */
static inline void FREE(void *block)
{
	facts_freed(block);
	free(block);
}

#define MALLOC(size)               facts_allocated(__LINE__, malloc(size), size)
#define CALLOC(count, size)        facts_allocated(__LINE__, calloc(count, size), (count) * (size))
#define MEMALIGN(align, size)      facts_allocated(__LINE__, memalign(align, size), size)
#define ALIGNED_ALLOC(align, size) facts_allocated(__LINE__, aligned_alloc(align, size), size)
#define VALLOC(size)               facts_allocated(__LINE__, valloc(size), size)
#define PVALLOC(size)              facts_allocated(__LINE__, pvalloc(size), size)
#define REALLOC(block, size) \
	facts_reallocated(__LINE__, (uintptr_t)(block), realloc(block, size), size)
#define REALLOCARRAY(block, count, size) \
	facts_reallocated(__LINE__, (uintptr_t)(block), reallocarray(block, count, size), \
			  (count) * (size))
#define POSIX_MEMALIGN(slot, align, size) \
	facts_posix_memalign(__LINE__, *(slot), posix_memalign(slot, align, size), size)

/* Not fprintf: it allocates. */
__attribute__((format(printf, 2, 3))) static inline void facts_print(int fd, const char *format,
								     ...)
{
	char text[512];
	va_list arguments;
	int size;

	va_start(arguments, format);
	size = vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (write(fd, text, (size_t)size) != size)
		_exit(96);
}

#define FACT     "%llu"
#define N(value) ((unsigned long long)(value))

static inline void facts_print_lines(int fd)
{
	const char *comma = "";

	for (int i = 0; i < FACTS_LINES; i++) {
		const struct facts_line *row = &facts.lines[i];

		if (!row->allocations)
			continue;
		facts_print(fd,
			    "%s\n{\"line\":%d,\"allocations\":" FACT ",\"allocated_bytes\":" FACT
			    ",\"end_blocks\":" FACT ",\"end_bytes\":" FACT ",\"peak_blocks\":" FACT
			    ",\"peak_bytes\":" FACT "}",
			    comma, i, N(row->allocations), N(row->allocated_bytes), N(row->blocks),
			    N(row->bytes), N(row->peak_blocks), N(row->peak_bytes));
		comma = ",";
	}
}

/* The last thing a target does; 0, for main to return. Without an argument nothing is written. */
static inline int facts_write(int argc, char **argv)
{
	int fd = argc > 1 ? open(argv[1], O_WRONLY | O_CREAT | O_TRUNC, 0666) : -1;

	if (fd < 0)
		return 0;
	facts_print(fd,
		    "{\"totals\":{\"allocations\":" FACT ",\"allocated_bytes\":" FACT
		    ",\"frees\":" FACT ",\"reallocations\":" FACT ",\"live_blocks\":" FACT
		    ",\"live_bytes\":" FACT ",\"peak_blocks\":" FACT ",\"peak_bytes\":" FACT "},",
		    N(facts.allocations), N(facts.allocated_bytes), N(facts.frees),
		    N(facts.reallocations), N(facts.live_blocks), N(facts.live_bytes),
		    N(facts.peak_blocks), N(facts.peak_bytes));
	if (facts.claims_temporary)
		facts_print(fd, "\"temporary\":" FACT ",", N(facts.temporary));
	facts_print(fd, "\"no_peak\":%s,\"no_row_peaks\":%s,", facts.no_peak ? "true" : "false",
		    facts.no_row_peaks ? "true" : "false");
	facts_print(fd,
		    "\"inexact_totals\":%s,\"losses\":{\"unknown_free\":" FACT
		    ",\"stack_truncated\":" FACT "},\"rows\":[",
		    facts.inexact_totals ? "true" : "false", N(facts.unknown_free),
		    N(facts.stack_truncated));
	facts_print_lines(fd);
	facts_print(fd, "]}\n");
	close(fd);
	return 0;
}

#endif
