/* SPDX-License-Identifier: MIT */
/*
 * The lines of /proc/self/smaps, and what each mapping is for; see regions.h.
 *
 * The kernel makes one mapping of neighbours that are alike, whoever mapped them. So what is the
 * shim's own and what the program mapped itself are taken out by address, with mincore() for how
 * much of them is resident, and only the rest is judged as a whole.
 */
#include "regions.h"

#include <string.h>
#include <sys/syscall.h>

#include "live.h"
#include "maps.h"
#include "mem.h"
#include "sys.h"
#include "tables.h"
#include "text.h"
#include "thread.h"

#define BUFFER_BYTES  8192
#define ARENA_BYTES   (64ull << 20) /* the C library's further heaps begin at multiples of this */
#define MINCORE_PAGES 4096

struct mapping {
	uint64_t start, end, resident_bytes;
	bool accessible; /* for reading or writing */
	bool is_file;
	char name[16]; /* the beginning of its path or of its name in brackets */
};

/* What the steps of a reading share; one caller at a time. */
static struct {
	struct regions *regions;
	struct mapping now, last;
	struct region_sum part; /* of the mapping that is being judged */
	char buffer[BUFFER_BYTES];
	unsigned char core[MINCORE_PAGES];
} reading;

static void add(enum heapmark_region kind, struct region_sum sum)
{
	reading.regions->sums[kind].bytes += sum.bytes;
	reading.regions->sums[kind].resident_bytes += sum.resident_bytes;
}

static uint64_t resident_bytes(uint64_t start, uint64_t end)
{
	uint64_t pages = 0;

	while (start < end) {
		uint64_t count = (end - start) / MEM_PAGE_BYTES;

		if (count > MINCORE_PAGES)
			count = MINCORE_PAGES;
		if (!count || sys_call(SYS_mincore, start, count * MEM_PAGE_BYTES, reading.core))
			break;
		for (uint64_t i = 0; i < count; i++)
			pages += reading.core[i] & 1;
		start += count * MEM_PAGE_BYTES;
	}
	return pages * MEM_PAGE_BYTES;
}

/* A part of the mapping that is known by its address. */
static void add_part(uint64_t start, uint64_t end, void *context)
{
	(void)context;
	reading.part.bytes += end - start;
	reading.part.resident_bytes += resident_bytes(start, end);
}

static uint64_t less(uint64_t whole, uint64_t part)
{
	return whole > part ? whole - part : 0;
}

/* The parts are one kind, and `rest` is without them. */
static void take_parts(enum heapmark_region kind, struct region_sum *rest)
{
	if (reading.part.resident_bytes > rest->resident_bytes)
		reading.part.resident_bytes = rest->resident_bytes;
	add(kind, reading.part);
	rest->bytes = less(rest->bytes, reading.part.bytes);
	rest->resident_bytes -= reading.part.resident_bytes;
	reading.part = (struct region_sum){0, 0};
}

/* The C library puts what is local to a thread at the end of its stack. The first thread has it
 * elsewhere, and its stack has a name. */
static bool is_stack(const struct mapping *mapping)
{
	if (strncmp(mapping->name, "[stack", 6) == 0)
		return true;
	for (struct thread *thread = thread_first(); thread; thread = thread_next(thread)) {
		uint64_t local = load_relaxed(&thread->local);

		if (local >= mapping->start && local < mapping->end &&
		    (uint64_t)load_relaxed(&thread->tid) != (uint64_t)sys_getpid())
			return true;
	}
	return false;
}

static bool is_heap(const struct mapping *mapping)
{
	return strncmp(mapping->name, "[heap", 5) == 0 || mapping->start % ARENA_BYTES == 0 ||
	       live_any(LIVE_HEAP, mapping->start, mapping->end);
}

/* What a file's zeroed data does not fit into lies behind it, and has no name. */
static bool is_behind_file(const struct mapping *mapping)
{
	return reading.last.is_file && reading.last.end == mapping->start;
}

/* Our own zeroed data. */
static bool is_ours(const struct mapping *mapping)
{
	return (uint64_t)&reading >= mapping->start && (uint64_t)&reading < mapping->end;
}

static enum heapmark_region kind_of(const struct mapping *mapping)
{
	if (is_ours(mapping))
		return HEAPMARK_REGION_SHIM;
	if (mapping->is_file)
		return HEAPMARK_REGION_FILE;
	if (is_stack(mapping))
		return HEAPMARK_REGION_STACK;
	if (is_heap(mapping))
		return HEAPMARK_REGION_HEAP;
	if (is_behind_file(mapping) || mapping->name[0] == '[')
		return HEAPMARK_REGION_FILE;
	return HEAPMARK_REGION_OTHER;
}

static void judge(struct mapping *mapping)
{
	struct region_sum rest = {mapping->end - mapping->start, mapping->resident_bytes};

	/* Address space that is set aside, and guard pages. */
	if (!mapping->accessible && !mapping->resident_bytes)
		return;
	if (!mapping->is_file) {
		mem_each_within(mapping->start, mapping->end, add_part, NULL);
		take_parts(HEAPMARK_REGION_SHIM, &rest);
		if (tables_take()) {
			maps_each_within(mapping->start, mapping->end, add_part, NULL);
			tables_drop();
		}
		take_parts(HEAPMARK_REGION_MAP, &rest);
	}
	if (rest.bytes)
		add(kind_of(mapping), rest);
}

static const char *hex(const char *at, uint64_t *number)
{
	for (*number = 0;; at++) {
		int digit = *at >= '0' && *at <= '9'   ? *at - '0'
			    : *at >= 'a' && *at <= 'f' ? *at - 'a' + 10
						       : -1;

		if (digit < 0)
			return at;
		*number = *number << 4 | (uint64_t)digit;
	}
}

static const char *skip_word(const char *at)
{
	while (*at && *at != ' ')
		at++;
	while (*at == ' ')
		at++;
	return at;
}

/* "start-end perms offset device inode   path" */
static void begin_mapping(const char *line)
{
	struct mapping *mapping = &reading.now;
	const char *at = hex(line, &mapping->start);

	at = hex(at + (*at == '-'), &mapping->end);
	at += *at == ' ';
	mapping->accessible = at[0] == 'r' || (at[0] && at[1] == 'w');
	for (int word = 0; word < 4; word++)
		at = skip_word(at);
	strncpy(mapping->name, at, sizeof(mapping->name) - 1);
	/* Shared anonymous memory has a file that nobody can open. */
	mapping->is_file = at[0] == '/' && strncmp(at, "/dev/zero (del", 14) != 0;
}

static void end_mapping(void)
{
	if (reading.now.end)
		judge(&reading.now);
	reading.last = reading.now;
	memset(&reading.now, 0, sizeof(reading.now));
}

/* Lines of numbers have a name with a capital letter. */
static void read_line(const char *line)
{
	uint64_t kib = 0;

	if (*line < 'A' || *line > 'Z') {
		end_mapping();
		begin_mapping(line);
	} else if (strncmp(line, "Rss:", 4) == 0) {
		for (line += 4; *line == ' '; line++)
			;
		text_number(line, &kib, &line);
		reading.now.resident_bytes = kib << 10;
	}
}

/* The whole lines in the buffer; returns how many bytes of the last one are left at its start. */
static size_t read_lines(size_t filled)
{
	char *line = reading.buffer, *end = reading.buffer + filled, *newline;
	size_t left;

	while ((newline = memchr(line, '\n', (size_t)(end - line)))) {
		*newline = '\0';
		read_line(line);
		line = newline + 1;
	}
	left = (size_t)(end - line);
	/* A path may be longer than the buffer; its beginning is enough. */
	if (left == BUFFER_BYTES)
		left = BUFFER_BYTES / 2;
	memmove(reading.buffer, line, left);
	return left;
}

void regions_read(struct regions *regions)
{
	int fd = sys_open("/proc/self/smaps", O_RDONLY | O_CLOEXEC);
	size_t left = 0;
	off_t offset = 0;
	ssize_t got;

	memset(regions, 0, sizeof(*regions));
	if (fd < 0)
		return;
	reading.regions = regions;
	memset(&reading.now, 0, sizeof(reading.now));
	memset(&reading.last, 0, sizeof(reading.last));
	while ((got = sys_pread(fd, reading.buffer + left, BUFFER_BYTES - left, offset)) > 0) {
		offset += got;
		left = read_lines(left + (size_t)got);
	}
	end_mapping();
	regions->known = got == 0 && offset > 0;
	sys_close(fd);
}
