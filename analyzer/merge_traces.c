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

#define TRACE_PATTERN "*.hmk"

/* A file, and how long it was when it was read first. */
struct source {
	char *path;
	uint64_t bytes;
};

struct sources {
	struct source *items;
	size_t count, capacity;
};

static void add_source(struct sources *sources, char *path)
{
	sources->items = array_grow(sources->items, sources->count, &sources->capacity,
				    sizeof(*sources->items));
	sources->items[sources->count++] = (struct source){path, 0};
}

bool is_directory_of_traces(const char *path)
{
	struct stat file;

	return stat(path, &file) == 0 && S_ISDIR(file.st_mode);
}

static int is_trace(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && glob_match(TRACE_PATTERN, entry->d_name);
}

/* By name, so that the result does not depend on the file system. */
static int add_directory(struct sources *sources, const char *path, struct error *err)
{
	bool has_slash = *path && path[strlen(path) - 1] == '/';
	struct dirent **entries;
	int count = scandir(path, &entries, is_trace, alphasort);

	if (count < 0)
		return error_set(err, "%s cannot be read: %s", path, strerror(errno));
	for (int i = 0; i < count; i++) {
		add_source(sources,
			   xasprintf("%s%s%s", path, has_slash ? "" : "/", entries[i]->d_name));
		free(entries[i]);
	}
	free(entries);
	if (!count)
		return error_set(err,
				 "%s is a directory without traces (" TRACE_PATTERN
				 "); name a trace, or a directory that holds some",
				 path);
	return 0;
}

static int list(struct sources *sources, char *const *operands, size_t count, struct error *err)
{
	for (size_t i = 0; i < count; i++) {
		if (!is_directory_of_traces(operands[i]))
			add_source(sources, xstrdup(operands[i]));
		else if (add_directory(sources, operands[i], err) < 0)
			return -1;
	}
	return 0;
}

static int add_end(struct merge *merge, struct source *source, FILE *warnings, struct error *err)
{
	struct profile profile;
	int ret;

	profile_init(&profile);
	ret = load_trace(&profile, source->path, NULL, NULL, err);
	if (ret == 0)
		ret = merge_add(merge, &profile, err);
	if (ret == 0 && warnings)
		load_warn_to(warnings, &profile);
	source->bytes = profile.file_bytes;
	profile_release(&profile);
	return ret;
}

static int add_ends(struct merge *merge, const struct sources *sources, FILE *warnings,
		    struct error *err)
{
	struct progress progress;
	int ret = 0;

	progress_begin(&progress);
	for (size_t i = 0; ret == 0 && i < sources->count; i++) {
		if (progress_is_due(&progress))
			progress_show(&progress, "merging trace %zu of %zu", i + 1, sources->count);
		ret = add_end(merge, &sources->items[i], warnings, err);
	}
	progress_end(&progress);
	return ret;
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

int merge_traces(struct merge *merge, char *const *operands, size_t count, FILE *warnings,
		 struct error *err)
{
	struct sources sources = {0};
	int ret = list(&sources, operands, count, err);

	if (ret == 0)
		ret = add_ends(merge, &sources, warnings, err);
	if (ret == 0) {
		merge_choose(merge);
		ret = add_peaks(merge, &sources, err);
	}
	if (ret == 0)
		merge_finish(merge);
	for (size_t i = 0; i < sources.count; i++)
		free(sources.items[i].path);
	free(sources.items);
	return ret;
}
