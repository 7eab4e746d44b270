/* SPDX-License-Identifier: MIT */
/* The workers' books as JSON, for test_random.py. Allocates nothing. */
#include "random.h"

#define MOMENTS_MAX 8
#define LABEL       32

static struct {
	char label[LABEL];
	struct books heap;
} moments[MOMENTS_MAX];
static int moment_count;
static struct books heap, maps;

void facts_sum(struct books *of_heap, struct books *of_maps, const struct worker *workers,
	       int count)
{
	memset(of_heap, 0, sizeof(*of_heap));
	memset(of_maps, 0, sizeof(*of_maps));
	for (int i = 0; i < count; i++) {
		books_add(of_heap, &workers[i].heap);
		books_add(of_maps, &workers[i].maps);
	}
}

void facts_moment(const char *label, const struct books *now)
{
	snprintf(moments[moment_count % MOMENTS_MAX].label, LABEL, "%s", label);
	moments[moment_count++ % MOMENTS_MAX].heap = *now;
}

void facts_no_moments(void)
{
	moment_count = 0;
}

#define D(value) ((long long)(value))

static void print_totals(int fd, const struct books *books)
{
	facts_print(fd,
		    "{\"allocations\":%lld,\"allocated_bytes\":%lld,\"frees\":%lld,"
		    "\"reallocations\":%lld,\"live_blocks\":%lld,\"live_bytes\":%lld}",
		    D(books->allocations), D(books->allocated_bytes), D(books->frees),
		    D(books->reallocations), D(books->blocks), D(books->bytes));
}

/* Rows of places that were ever used, with what was live `at` a moment, too. */
static void print_rows(int fd, const struct books *books, const struct books *at)
{
	const char *comma = "";

	facts_print(fd, "[");
	for (int i = 0; i < BOOKS_PLACES; i++) {
		if (!books->places[i].allocated_bytes && !books->places[i].allocations &&
		    !books->places[i].blocks && !at->places[i].blocks)
			continue;
		facts_print(fd,
			    "%s\n{\"line\":%d,\"depth\":%d,\"allocations\":%lld,"
			    "\"allocated_bytes\":%lld,\"end_blocks\":%lld,\"end_bytes\":%lld,"
			    "\"blocks\":%lld,\"bytes\":%lld}",
			    comma, i / DEPTHS, i % DEPTHS, D(books->places[i].allocations),
			    D(books->places[i].allocated_bytes), D(books->places[i].blocks),
			    D(books->places[i].bytes), D(at->places[i].blocks),
			    D(at->places[i].bytes));
		comma = ",";
	}
	facts_print(fd, "]");
}

static void print_moment(int fd, const char *label, const struct books *at)
{
	facts_print(fd, ",\n\"%s\":{\"totals\":", label);
	print_totals(fd, at);
	facts_print(fd, ",\"rows\":");
	print_rows(fd, &heap, at);
	facts_print(fd, "}");
}

void facts_save(const char *path, const struct worker *workers, int count, int64_t libc_bytes,
		bool amid)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);

	if (fd < 0)
		return;
	facts_sum(&heap, &maps, workers, count);
	if (peak.known && peak.is_now)
		peak.at = heap;
	facts_print(fd, "{\"amid\":%s,\"libc_bytes\":%lld,\"totals\":", amid ? "true" : "false",
		    D(libc_bytes));
	print_totals(fd, &heap);
	facts_print(fd, ",\n\"maps\":");
	print_rows(fd, &maps, &maps);
	facts_print(fd, ",\n\"moments\":{\"end\":{\"totals\":");
	print_totals(fd, &heap);
	facts_print(fd, ",\"rows\":");
	print_rows(fd, &heap, &heap);
	facts_print(fd, "}");
	if (peak.known)
		print_moment(fd, "peak", &peak.at);
	for (int i = 0; i < moment_count && i < MOMENTS_MAX; i++)
		print_moment(fd, moments[i].label, &moments[i].heap);
	facts_print(fd, "}}\n");
	close(fd);
}
