/* SPDX-License-Identifier: MIT */
/* Anonymous maps: made, cut, moved, grown, mapped over. */
#include <sys/mman.h>

#include "random.h"

#define PAGE      4096u
#define MAP_PAGES 40
#define PRIVATE   (MAP_PRIVATE | MAP_ANONYMOUS)

static volatile size_t huge = SIZE_MAX / 2; /* volatile, or the compiler complains of it */

/* Mostly whole pages; a map counts the bytes asked for. */
static size_t choose_bytes(struct worker *w)
{
	size_t bytes = (choose(w, MAP_PAGES) + 2) * PAGE;

	return choose(w, 4) ? bytes : bytes - choose(w, PAGE - 1);
}

static void touch(char *at, size_t size)
{
	at[0] = at[size - 1] = 1;
}

/* The first part that there is, or NULL's. */
static int first_part(const struct map *map)
{
	return map->parts[0].at || !map->parts[1].at ? 0 : 1;
}

static void note_lost(struct worker *w, struct map *map, size_t bytes)
{
	w->maps.places[map->place].bytes -= (int64_t)bytes;
	w->maps.bytes -= (int64_t)bytes;
	if (map->parts[0].at || map->parts[1].at)
		return;
	books_gone(&w->maps, map->place, 0);
}

static void make_map(struct worker *w, struct map *map, char *over, size_t bytes)
{
	char *at;
	int place;

	place = (__LINE__ + 1) * DEPTHS + w->depth;
	at = mmap(over, bytes, PROT_READ | PROT_WRITE, PRIVATE | (over ? MAP_FIXED : 0), -1, 0);
	if (at == MAP_FAILED)
		fail("mmap() failed");
	touch(at, bytes);
	*map = (struct map){.parts = {{at, bytes}}, .place = place};
	books_new(&w->maps, place, bytes);
}

static void unmap(char *at, size_t size)
{
	if (munmap(at, size))
		fail("munmap() failed");
}

static void drop_part(struct worker *w, struct map *map, int part)
{
	size_t size = map->parts[part].size;
	char *at = map->parts[part].at;

	map->parts[part].at = NULL;
	note_lost(w, map, size);
	unmap(at, size);
}

/* Takes some pages off the front, the back, or out of the middle. */
static void cut(struct worker *w, struct map *map, int part)
{
	size_t pages = map->parts[part].size / PAGE, from, count;
	char *at = map->parts[part].at;

	if (pages < 3 || map->parts[part].size % PAGE) {
		drop_part(w, map, part);
		return;
	}
	count = choose(w, pages - 2) + 1;
	from = choose(w, 3) * (pages - count) / 2;
	if (from && from + count < pages) {
		if (map->parts[!part].at)
			return;
		map->parts[!part].at = at + (from + count) * PAGE;
		map->parts[!part].size = (pages - from - count) * PAGE;
	}
	map->parts[part].at = from ? at : at + count * PAGE;
	map->parts[part].size = (from ? from : pages - count) * PAGE;
	note_lost(w, map, count * PAGE);
	unmap(at + from * PAGE, count * PAGE);
}

/* The whole part, to another size; it may move. The kernel rounds the old size, too. */
static void remap(struct worker *w, struct map *map, int part)
{
	size_t old = map->parts[part].size, bytes = choose_bytes(w);
	size_t said = old % PAGE ? old : old - choose(w, PAGE);
	char *at = mremap(map->parts[part].at, said, bytes, MREMAP_MAYMOVE);

	if (at == MAP_FAILED)
		fail("mremap() failed");
	touch(at, bytes);
	map->parts[part].at = at;
	map->parts[part].size = bytes;
	w->maps.places[map->place].bytes += (int64_t)bytes - (int64_t)old;
	w->maps.bytes += (int64_t)bytes - (int64_t)old;
	if (bytes > old) {
		w->maps.places[map->place].allocated_bytes += (int64_t)(bytes - old);
		w->maps.allocated_bytes += (int64_t)(bytes - old);
	}
}

static void map_over(struct worker *w, struct map *map, int part)
{
	size_t size = map->parts[part].size;
	char *at = map->parts[part].at;

	if (map->parts[!part].at)
		return;
	map->parts[part].at = NULL;
	note_lost(w, map, size);
	make_map(w, map, at, size);
}

/* Calls that fail leave everything as it is. */
static void fail_on_purpose(struct map *map, int part)
{
	size_t size = map->parts[part].size;
	char *at = map->parts[part].at;

	if (munmap(at + 1, size) == 0 || munmap(at, 0) == 0 || munmap(at, huge) == 0 ||
	    mremap(at + 1, size, size, MREMAP_MAYMOVE) != MAP_FAILED ||
	    mremap(at, size, huge, MREMAP_MAYMOVE) != MAP_FAILED)
		fail("a map was changed by a call that cannot succeed");
}

void map_deed(struct worker *w)
{
	struct map *map = &w->map_slots[choose(w, MAP_SLOTS)];
	int part = first_part(map);

	if (!map->parts[part].at) {
		make_map(w, map, NULL, choose_bytes(w));
		return;
	}
	switch (choose(w, 8)) {
	case 0:
		drop_part(w, map, part);
		break;
	case 7:
		fail_on_purpose(map, part);
		break;
	case 1:
	case 2:
		cut(w, map, part);
		break;
	case 3:
		map_over(w, map, part);
		break;
	default:
		remap(w, map, part);
	}
}
