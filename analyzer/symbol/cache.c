/* SPDX-License-Identifier: MIT */
/* Files of names by build-id, and how many there may be; see cache.h. */
#include "symbol/cache.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "load.h"
#include "util/buffer.h"
#include "util/memory.h"
#include "util/strings.h"
#include "write/profile.h"

/* Of all files together; what was used longest ago goes first. */
#define MOST_BYTES        (256ULL << 20)
#define SUFFIX            ".names"
#define LEFT_OVER_SECONDS 3600

/* To be changed with whatever changes the names that symbol/ finds. */
#define EDITION HEAPMARK_VERSION "/1"

static bool is_allowed;

void cache_allow(void)
{
	is_allowed = true;
}

/* The directory, to be freed; NULL: nothing is to be kept. */
static char *directory(void)
{
	const char *asked = getenv("HEAPMARK_CACHE"), *all = getenv("XDG_CACHE_HOME"),
		   *home = getenv("HOME");

	if (!is_allowed)
		return NULL;
	if (asked)
		return *asked ? xstrdup(asked) : NULL;
	if (all && *all == '/') /* others do not count, says the XDG Base Directory Specification */
		return xasprintf("%s/heapmark", all);
	return home && *home ? xasprintf("%s/.cache/heapmark", home) : NULL;
}

/* The directory and the one around it; not a home, for example, that there is not. What fails shows
 * when a file is to be made there. */
static void make_directory(char *path)
{
	char *slash = strrchr(path, '/');

	if (slash && slash > path) {
		*slash = '\0';
		mkdir(path, 0700);
		*slash = '/';
	}
	mkdir(path, 0700);
}

static char *file_of(const char *in, const uint8_t *build_id, size_t bytes)
{
	char *id = hex_text(build_id, bytes);
	char *path = xasprintf("%s/%s" SUFFIX, in, id);

	free(id);
	return path;
}

/* Another heapmark may find, or write, names otherwise. */
static bool is_of(const struct profile *kept, const uint8_t *build_id, size_t bytes)
{
	const struct module *module = &kept->modules[CACHE_MODULE];

	return strcmp(kept->machine.heapmark_version, EDITION) == 0 &&
	       kept->module_count == CACHE_MODULE + 1 && module->build_id_bytes == bytes &&
	       memcmp(module->build_id, build_id, bytes) == 0 &&
	       symbols_module(&kept->symbols, CACHE_MODULE);
}

bool cache_read(struct profile *kept, const uint8_t *build_id, size_t bytes,
		struct strings *strings)
{
	char *in = directory(), *path;
	struct error ignored;
	bool ok;

	if (!in)
		return false;
	path = file_of(in, build_id, bytes);
	/* The profile's own texts are the caller's for as long as it is being read. */
	kept->strings = *strings;
	ok = load_again(kept, path, UINT64_MAX, &ignored) == 0 && is_of(kept, build_id, bytes);
	*strings = kept->strings;
	kept->strings = (struct strings)STRINGS_INIT;
	if (ok) /* it is in use */
		utimensat(AT_FDCWD, path, NULL, 0);
	free(path);
	free(in);
	return ok;
}

void cache_describe(struct profile *names, const char *path, const uint8_t *build_id, size_t bytes)
{
	struct module module = {
		.id = CACHE_MODULE,
		.build_id = build_id,
		.build_id_bytes = bytes,
		.path = strings_text(&names->strings, path),
	};

	module.name = path_base(module.path);
	names->machine.heapmark_version = EDITION;
	profile_add_module(names, &module);
}

struct kept_file {
	char *path;
	struct timespec used;
	uint64_t bytes;
};

static int compare(const void *a, const void *b)
{
	const struct timespec *x = &((const struct kept_file *)a)->used,
			      *y = &((const struct kept_file *)b)->used;

	if (x->tv_sec != y->tv_sec)
		return x->tv_sec < y->tv_sec ? 1 : -1;
	return x->tv_nsec < y->tv_nsec ? 1 : x->tv_nsec > y->tv_nsec ? -1 : 0;
}

static bool is_temporary(const char *name)
{
	size_t prefix = strlen(TRACE_FILE_TEMPORARY);

	return strncmp(name, TRACE_FILE_TEMPORARY, prefix) == 0 &&
	       strlen(name) == prefix + TRACE_FILE_RANDOM;
}

/* A build-id and SUFFIX, or what is left where a command was killed while it wrote; nothing else in
 * the directory is ours. */
static bool is_ours(const char *name)
{
	size_t digits = strspn(name, "0123456789abcdef");

	return (digits && digits % 2 == 0 && strcmp(name + digits, SUFFIX) == 0) ||
	       is_temporary(name);
}

static struct kept_file *list_files(DIR *stream, const char *in, size_t *count)
{
	struct kept_file *files = NULL;
	size_t capacity = 0;
	struct dirent *entry;
	struct stat file;

	*count = 0;
	while ((entry = readdir(stream))) {
		if (!is_ours(entry->d_name) ||
		    fstatat(dirfd(stream), entry->d_name, &file, AT_SYMLINK_NOFOLLOW) != 0 ||
		    !S_ISREG(file.st_mode))
			continue;
		files = array_grow(files, *count, &capacity, sizeof(*files));
		files[(*count)++] = (struct kept_file){xasprintf("%s/%s", in, entry->d_name),
						       file.st_mtim, (uint64_t)file.st_size};
	}
	return files;
}

/* What a command that was killed has left; another may still be writing what is younger. */
static bool is_left_over(const struct kept_file *file)
{
	return time(NULL) - file->used.tv_sec > LEFT_OVER_SECONDS;
}

static void make_room(const char *in)
{
	DIR *stream = opendir(in);
	struct kept_file *files;
	uint64_t bytes = 0;
	size_t count;

	if (!stream)
		return;
	files = list_files(stream, in, &count);
	closedir(stream);
	qsort(files, count, sizeof(*files), compare);
	for (size_t i = 0; i < count; i++) {
		bool is_names = !is_temporary(path_base(files[i].path));

		bytes += is_names ? files[i].bytes : 0;
		if (is_names ? bytes > MOST_BYTES : is_left_over(&files[i]))
			unlink(files[i].path);
		free(files[i].path);
	}
	free(files);
}

void cache_write(const struct profile *names)
{
	const struct module *module = &names->modules[CACHE_MODULE];
	struct trace_file file;
	struct records records;
	struct error ignored;
	char *in = directory(), *path;
	void (*limit)(int);

	if (!in)
		return;
	limit = signal(SIGXFSZ, SIG_IGN); /* it fails like a full disk */
	make_directory(in);
	path = file_of(in, module->build_id, module->build_id_bytes);
	if (trace_file_open(&file, path, true, &ignored) == 0) {
		records_init(&records, &file);
		profile_write_names(&records, names);
		records_release(&records);
		trace_file_commit(&file, &ignored);
		make_room(in);
	}
	trace_file_release(&file);
	signal(SIGXFSZ, limit);
	free(path);
	free(in);
}
