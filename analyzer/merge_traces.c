/* SPDX-License-Identifier: MIT */
/* Reading what is merged; see merge_traces.h. */
#include "merge_traces.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "load.h"
#include "util/buffer.h"
#include "util/memory.h"
#include "util/progress.h"
#include "util/strings.h"
#include "util/utf8.h"

#define TRACE_PATTERN "*.hmk"

/* A file, and how long it was when it was read first. */
struct source {
	char *path;
	uint64_t bytes;
	bool is_named; /* itself, not its directory */
};

struct sources {
	struct source *items;
	size_t count, capacity;
	FILE *left_out; /* what is said of those */
};

static void add_source(struct sources *sources, char *path, bool is_named)
{
	sources->items = array_grow(sources->items, sources->count, &sources->capacity,
				    sizeof(*sources->items));
	sources->items[sources->count++] = (struct source){path, 0, is_named};
}

bool is_directory(const char *path)
{
	struct stat file;

	return stat(path, &file) == 0 && S_ISDIR(file.st_mode);
}

static int is_trace(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && glob_match(TRACE_PATTERN, entry->d_name);
}

static void leave_out(const struct sources *sources, const char *path)
{
	char *shown = utf8_printable(path);

	fprintf(sources->left_out, "heapmark: %s is left out: it holds no snapshot yet\n", shown);
	free(shown);
}

/* Takes the path. False: there is no trace of that name. An empty file is of a recording that has
 * only just begun, or whose disk was full. */
static bool add_found(struct sources *sources, char *path)
{
	struct stat file = {.st_size = 1}; /* what is not there is for the reader to tell */
	bool is_file = stat(path, &file) != 0 || !S_ISDIR(file.st_mode);

	if (is_file && (file.st_size || !S_ISREG(file.st_mode))) {
		add_source(sources, path, false);
		return true;
	}
	if (is_file)
		leave_out(sources, path);
	free(path);
	return is_file;
}

/* By name, so that the result does not depend on the file system. */
static int add_directory(struct sources *sources, const char *path, struct error *err)
{
	bool has_slash = *path && path[strlen(path) - 1] == '/';
	bool any = false;
	struct dirent **entries;
	int count = scandir(path, &entries, is_trace, alphasort);

	if (count < 0)
		return error_set(err, "%s cannot be read: %s", path, strerror(errno));
	for (int i = 0; i < count; i++) {
		any |= add_found(sources, xasprintf("%s%s%s", path, has_slash ? "" : "/",
						    entries[i]->d_name));
		free(entries[i]);
	}
	free(entries);
	if (!any)
		return error_set(err,
				 "%s is a directory without traces (" TRACE_PATTERN
				 "); name a trace, or a directory that holds some",
				 path);
	return 0;
}

static int list(struct sources *sources, char *const *operands, size_t count, struct error *err)
{
	for (size_t i = 0; i < count; i++) {
		if (!is_directory(operands[i]))
			add_source(sources, xstrdup(operands[i]), true);
		else if (add_directory(sources, operands[i], err) < 0)
			return -1;
	}
	return 0;
}

/* Returns 1 if it is left out. */
static int add_end(struct merge *merge, struct source *source, FILE *warnings, struct error *err)
{
	struct profile profile;
	int ret;

	profile_init(&profile);
	ret = load_trace(&profile, source->path, NULL, NULL, err);
	if (ret == 0 && !source->is_named && !profile.snapshot_count)
		ret = 1;
	if (ret == 0)
		ret = merge_add(merge, &profile, err);
	if (ret == 0 && warnings)
		load_warn_to(warnings, &profile);
	source->bytes = profile.file_bytes;
	profile_release(&profile);
	return ret;
}

/* The merge numbers what was added, so what is left out is taken off the list. */
static void drop(struct sources *sources, size_t index)
{
	leave_out(sources, sources->items[index].path);
	free(sources->items[index].path);
	sources->count--;
	memmove(sources->items + index, sources->items + index + 1,
		(sources->count - index) * sizeof(*sources->items));
}

static int add_ends(struct merge *merge, struct sources *sources, FILE *warnings, struct error *err)
{
	struct progress progress;
	size_t at = 0;
	int ret = 0;

	progress_begin(&progress);
	while (at < sources->count) {
		if (progress_is_due(&progress))
			progress_show(&progress, "merging trace %zu of %zu", at + 1,
				      sources->count);
		ret = add_end(merge, &sources->items[at], warnings, err);
		if (ret < 0)
			break;
		if (ret > 0)
			drop(sources, at);
		else
			at++;
	}
	progress_end(&progress);
	if (ret >= 0 && !sources->count)
		return error_set(err, "there is nothing to report: no trace holds a snapshot yet");
	return ret < 0 ? ret : 0;
}

/* Again, but only those that were there when all together held most. */
static int add_peaks(struct merge *merge, const struct sources *sources, struct error *err)
{
	struct progress progress;
	int ret = 0;

	progress_begin(&progress);
	for (size_t i = 0; ret == 0 && i < sources->count; i++) {
		struct profile profile;

		if (progress_is_due(&progress))
			progress_show(&progress, "adding the peak of trace %zu of %zu", i + 1,
				      sources->count);
		profile_init(&profile);
		if (merge_moment(merge, i, &profile.moment)) {
			ret = load_again(&profile, sources->items[i].path, sources->items[i].bytes,
					 err);
			if (ret == 0)
				ret = merge_add_peak(merge, &profile, err);
		}
		profile_release(&profile);
	}
	progress_end(&progress);
	return ret;
}

static int merge_all(struct merge *merge, struct sources *sources, FILE *warnings,
		     struct error *err)
{
	if (add_ends(merge, sources, warnings, err) < 0)
		return -1;
	merge_choose(merge);
	if (add_peaks(merge, sources, err) < 0)
		return -1;
	merge_finish(merge);
	return 0;
}

int merge_traces(struct merge *merge, char *const *operands, size_t count, FILE *warnings,
		 FILE *left_out, struct error *err)
{
	struct sources sources = {.left_out = left_out};
	int ret = list(&sources, operands, count, err);

	if (ret == 0)
		ret = merge_all(merge, &sources, warnings, err);
	for (size_t i = 0; i < sources.count; i++)
		free(sources.items[i].path);
	free(sources.items);
	return ret;
}
