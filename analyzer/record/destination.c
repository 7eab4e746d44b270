/* SPDX-License-Identifier: MIT */
/* Before and after: the place of the traces; see destination.h. */
#include "record/destination.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "load.h"
#include "model/profile.h"
#include "util/buffer.h"
#include "util/memory.h"
#include "util/strings.h"

#define SUFFIX ".hmk"
/* A file's time comes from a coarser clock, and maybe from another machine. */
#define CLOCK_SLACK 2

static bool ends_with(const char *text, const char *end)
{
	size_t bytes = strlen(text), end_bytes = strlen(end);

	return bytes > end_bytes && strcmp(text + bytes - end_bytes, end) == 0;
}

/* "" for the current directory, else with the slash at its end: what comes before the name. */
static char *directory_part(const char *template)
{
	return xstrndup(template, (size_t)(path_base(template) - template));
}

/* Asking access() is not enough: root may write anywhere, but not where there is nothing to write
 * to, as in /proc. So a file is made and taken away again. */
static bool can_make_files(const char *directory)
{
	char *name = xasprintf("%s/.heapmark-XXXXXX", directory);
	int fd = mkstemp(name);
	int problem = errno;

	if (fd >= 0) {
		close(fd);
		unlink(name);
	}
	free(name);
	errno = problem;
	return fd >= 0;
}

static int check_directory(const char *template, struct error *err)
{
	char *directory = directory_part(template);
	const char *name = *directory ? directory : ".";
	struct stat file;
	int ret = 0;

	if (strchr(directory, '%'))
		ret = 0; /* only the program knows which */
	else if (stat(name, &file) != 0)
		ret = error_set(err, "the trace cannot be written to %s: its directory: %s",
				template, strerror(errno));
	else if (!S_ISDIR(file.st_mode))
		ret = error_set(err, "the trace cannot be written to %s: %s is not a directory",
				template, name);
	else if (!can_make_files(name))
		ret = error_set(err, "the trace cannot be written to %s: its directory: %s",
				template, strerror(errno));
	free(directory);
	return ret;
}

static int check_existing(const char *path, bool force, struct error *err)
{
	struct stat file;

	if (lstat(path, &file) != 0 || S_ISCHR(file.st_mode))
		return 0; /* a device such as /dev/null loses nothing */
	if (S_ISDIR(file.st_mode))
		return error_set(err, "the trace cannot be written to %s: it is a directory", path);
	if (!force)
		return error_set(err, "%s exists already; --force replaces it", path);
	if (!S_ISREG(file.st_mode) && !S_ISLNK(file.st_mode))
		return error_set(err, "%s is not a regular file, and is not replaced", path);
	if (unlink(path) != 0)
		return error_set(err, "%s cannot be replaced: %s", path, strerror(errno));
	return 0;
}

int destination_check(const char *template, bool force, struct error *err)
{
	const char *name = path_base(template);

	if (!*name)
		return error_set(err, "the trace cannot be written to '%s': it names no file",
				 template);
	if (check_directory(template, err) < 0)
		return -1;
	return strchr(template, '%') ? 0 : check_existing(template, force, err);
}

/* What all traces of a recording have in common: the library makes further names from the first by
 * putting more before its suffix. */
struct pattern {
	const char *first; /* the template's last part; borrowed */
	size_t stem_bytes; /* of `first`, up to the suffix or the first % */
	const char *tail;  /* what follows the last %x; "" without one */
};

static struct pattern pattern_of(const char *template)
{
	const char *name = path_base(template);
	const char *percent = strrchr(name, '%');
	struct pattern pattern = {name, strcspn(name, "%"), ""};

	if (percent && percent[1])
		pattern.tail = percent + 2;
	if (!percent && ends_with(name, SUFFIX))
		pattern.stem_bytes -= strlen(SUFFIX);
	return pattern;
}

static bool is_match(const struct pattern *pattern, const char *name)
{
	if (strncmp(name, pattern->first, pattern->stem_bytes) != 0)
		return false;
	return strcmp(name, pattern->first) == 0 || ends_with(name, SUFFIX) ||
	       (*pattern->tail && ends_with(name, pattern->tail));
}

static struct written *add_written(struct written_list *list, char *path_take)
{
	list->items = array_grow(list->items, list->count, &list->capacity, sizeof(*list->items));
	list->items[list->count] = (struct written){.path = path_take};
	return &list->items[list->count++];
}

/* A trace that cannot be read is listed too: it is new and has the right name, so somebody should
 * hear of it. */
static void look_at(const char *path, uint64_t session, struct written_list *list)
{
	struct profile profile;
	struct written *written;
	struct error err;
	bool readable;

	profile_init(&profile);
	readable = load_trace(&profile, path, NULL, NULL, &err) == 0;
	if (!readable || profile.process.session == session) {
		const struct snapshot *last = readable ? profile_last(&profile) : NULL;

		written = add_written(list, xstrdup(path));
		written->is_damaged = !readable;
		written->is_complete = readable && profile_is_complete(&profile);
		written->is_sampled = readable && profile_is_sampled(&profile);
		written->peak_bytes = last ? last->totals.peak_bytes : 0;
		written->allocations = last ? last->totals.allocations : 0;
		written->executable = xstrdup(readable ? profile.process.executable : "");
	}
	profile_release(&profile);
}

static int compare(const void *a, const void *b)
{
	const struct written *x = a, *y = b;

	if (x->peak_bytes != y->peak_bytes)
		return x->peak_bytes > y->peak_bytes ? -1 : 1;
	return strcmp(x->path, y->path);
}

static bool is_candidate(const char *path, int64_t since)
{
	struct stat file;

	return lstat(path, &file) == 0 && S_ISREG(file.st_mode) &&
	       file.st_mtim.tv_sec >= since - CLOCK_SLACK;
}

void destination_list(const char *template, uint64_t session, int64_t since,
		      struct written_list *list)
{
	char *directory = directory_part(template);
	struct pattern pattern = pattern_of(template);
	DIR *entries = strchr(directory, '%') ? NULL : opendir(*directory ? directory : ".");
	const struct dirent *entry;

	*list = (struct written_list){0};
	while (entries && (entry = readdir(entries))) {
		char *path;

		if (!is_match(&pattern, entry->d_name))
			continue;
		path = xasprintf("%s%s", directory, entry->d_name);
		if (is_candidate(path, since))
			look_at(path, session, list);
		free(path);
	}
	if (entries)
		closedir(entries);
	if (list->count)
		qsort(list->items, list->count, sizeof(*list->items), compare);
	free(directory);
}

void written_list_release(struct written_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		free(list->items[i].path);
		free(list->items[i].executable);
	}
	free(list->items);
	*list = (struct written_list){0};
}
