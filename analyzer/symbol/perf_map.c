/* SPDX-License-Identifier: MIT */
/* Maps of code made at run time; see perf_map.h. */
#include "symbol/perf_map.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/buffer.h"
#include "util/memory.h"
#include "util/progress.h"
#include "util/strings.h"

#define USUAL_DIRECTORY "/tmp"
#define NS_PER_SECOND   UINT64_C(1000000000)
/* A file's time comes from a coarser clock, and a last write may follow the end of the trace. */
#define CLOCK_SLACK_NS NS_PER_SECOND

struct piece {
	uint64_t start, end;
	uint64_t reach; /* the furthest end of all pieces up to this one */
	size_t line;    /* of pieces that overlap, the one of the later line holds */
	const char *name;
};

struct perf_map {
	struct strings strings;
	struct piece *pieces; /* by start */
	size_t count, capacity;
};

static int open_map(const char *path, struct stat *file, struct error *err)
{
	/* A FIFO without a writer would block for ever. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0 || fstat(fd, file) != 0)
		error_set(err, "%s cannot be read: %s", path, strerror(errno));
	else if (S_ISREG(file->st_mode))
		return fd;
	else
		error_set(err, "%s is not a regular file", path);
	if (fd >= 0)
		close(fd);
	return -1;
}

static uint64_t modified_ns(const struct stat *file)
{
	return (uint64_t)file->st_mtim.tv_sec * NS_PER_SECOND + (uint64_t)file->st_mtim.tv_nsec;
}

/* Process ids come again: a map that was finished before this process began is another's. */
static int check_age(const struct profile *profile, const char *path, const struct stat *file,
		     struct error *err)
{
	if (modified_ns(file) + CLOCK_SLACK_NS >= profile_wall_ns(profile, 0))
		return 0;
	return error_set(err,
			 "%s is older than the recorded process %" PRIu64
			 ": it is the map of another one",
			 path, profile->process.pid);
}

/* A name says whose map it is; a file may have any other. */
static int check_pid(const struct profile *profile, const char *path, struct error *err)
{
	uint64_t pid = 0;
	char rest = 0;

	if (sscanf(path_base(path), "perf-%" SCNu64 ".ma%c", &pid, &rest) != 2 || rest != 'p' ||
	    pid == profile->process.pid)
		return 0;
	return error_set(err,
			 "%s is the map of process %" PRIu64 ", and %s is the trace of process "
			 "%" PRIu64,
			 path, pid, profile->path, profile->process.pid);
}

static void add_piece(struct perf_map *map, char *line)
{
	struct piece piece = {.line = map->count};
	char *after_start, *after_size;
	uint64_t bytes;

	piece.start = strtoull(line, &after_start, 16);
	bytes = strtoull(after_start, &after_size, 16);
	if (after_start == line || after_size == after_start || *after_size != ' ' || !bytes ||
	    piece.start > UINT64_MAX - bytes)
		return;
	after_size[strcspn(after_size, "\r\n")] = '\0';
	piece.end = piece.start + bytes;
	piece.name = strings_text(&map->strings, after_size + 1);
	map->pieces = array_grow(map->pieces, map->count, &map->capacity, sizeof(*map->pieces));
	map->pieces[map->count++] = piece;
}

static int compare(const void *a, const void *b)
{
	const struct piece *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return x->line < y->line ? -1 : x->line > y->line;
}

static void sort(struct perf_map *map)
{
	uint64_t reach = 0;

	if (map->count)
		qsort(map->pieces, map->count, sizeof(*map->pieces), compare);
	for (size_t i = 0; i < map->count; i++) {
		if (reach < map->pieces[i].end)
			reach = map->pieces[i].end;
		map->pieces[i].reach = reach;
	}
}

static struct perf_map *read_lines(FILE *lines)
{
	struct perf_map *map = xcalloc(1, sizeof(*map));
	char *line = NULL;
	size_t room = 0;

	while (getline(&line, &room, lines) >= 0)
		add_piece(map, line);
	free(line);
	sort(map);
	return map;
}

static struct perf_map *read_open(int fd)
{
	FILE *lines = fdopen(fd, "r");
	struct perf_map *map;

	if (!lines)
		die_oom();
	map = read_lines(lines);
	fclose(lines);
	return map;
}

int perf_map_read(struct perf_map **map, const struct profile *profile, const char *path,
		  struct error *err)
{
	struct stat file;
	int fd = open_map(path, &file, err);

	*map = NULL;
	if (fd < 0)
		return -1;
	if (check_pid(profile, path, err) < 0 || check_age(profile, path, &file, err) < 0) {
		close(fd);
		return -1;
	}
	*map = read_open(fd);
	return 0;
}

/* Where nobody named the file, it must be as good as certain that it is the right one: anybody may
 * write to /tmp, and a later process may have had the same id. */
static int check_found(const struct profile *profile, const char *path, struct error *err)
{
	uint64_t end = profile_wall_ns(profile, profile_duration_ns(profile));
	struct stat file;

	if (stat(path, &file) != 0)
		return error_set(err, "%s cannot be read: %s", path, strerror(errno));
	if (file.st_uid != geteuid() && file.st_uid != 0)
		return error_set(err, "%s belongs to somebody else", path);
	if (profile_is_complete(profile) && modified_ns(&file) > end + CLOCK_SLACK_NS)
		return error_set(err,
				 "%s was written after the recorded process %" PRIu64
				 " ended: it is the map of another one",
				 path, profile->process.pid);
	return 0;
}

static struct perf_map *seek_in(const struct profile *profile, const char *directory)
{
	char *path = xasprintf("%s/perf-%" PRIu64 ".map", directory, profile->process.pid);
	struct perf_map *map = NULL;
	struct error err;

	if (access(path, F_OK) == 0 && (check_found(profile, path, &err) < 0 ||
					perf_map_read(&map, profile, path, &err) < 0)) {
		progress_clear();
		fprintf(stderr, "heapmark: not used for names of code made at run time: %s\n",
			err.text);
	}
	free(path);
	return map;
}

struct perf_map *perf_map_seek(const struct profile *profile)
{
	struct perf_map *map;

	if (profile->merged_count > 1)
		return NULL;
	map = seek_in(profile, USUAL_DIRECTORY);
	if (!map && *profile->process.directory)
		map = seek_in(profile, profile->process.directory);
	return map;
}

const char *perf_map_find(const struct perf_map *map, uint64_t address)
{
	size_t low = 0, high = map ? map->count : 0;
	const struct piece *found = NULL;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (map->pieces[middle].start <= address)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low > 0 && map->pieces[low - 1].reach > address; low--) {
		const struct piece *piece = &map->pieces[low - 1];

		if (piece->end > address && (!found || piece->line > found->line))
			found = piece;
	}
	return found ? found->name : NULL;
}

void perf_map_free(struct perf_map *map)
{
	if (!map)
		return;
	free(map->pieces);
	strings_release(&map->strings);
	free(map);
}
