/* SPDX-License-Identifier: MIT */
/* Finds source files and cuts them into lines; see source.h. */
#include "report/source.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/memory.h"
#include "util/utf8.h"

#define MOST_BYTES  ((off_t)1 << 30)
#define CHUNK       (64 * 1024)
#define TAB_COLUMNS 8

static uint64_t modified(const struct stat *status)
{
	return (uint64_t)status->st_mtim.tv_sec * 1000000000 + (uint64_t)status->st_mtim.tv_nsec;
}

uint64_t source_modified_ns(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 ? modified(&status) : 0;
}

static bool read_all(struct source *source, int fd)
{
	ssize_t got;

	do {
		buffer_reserve(&source->bytes, CHUNK);
		got = read(fd, source->bytes.bytes + source->bytes.size, CHUNK);
		if (got > 0)
			source->bytes.size += (size_t)got;
	} while (got > 0 && source->bytes.size <= (size_t)MOST_BYTES);
	return got == 0;
}

static bool open_file(struct source *source, const char *path)
{
	/* Not to wait for whoever writes to a pipe of that name. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat status;
	bool done;

	if (fd < 0)
		return false;
	done = fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size <= MOST_BYTES &&
	       read_all(source, fd);
	close(fd);
	if (done) {
		source->path = xstrdup(path);
		source->modified_ns = modified(&status);
	} else {
		buffer_release(&source->bytes);
	}
	return done;
}

/* DIR/home/me/app/src/a.c, DIR/me/app/src/a.c, ..., DIR/a.c */
static bool open_below(struct source *source, const char *directory, const char *file)
{
	while (file) {
		char *path;
		bool done;

		file += *file == '/';
		path = xasprintf("%s/%s", directory, file);
		done = *file && open_file(source, path);
		free(path);
		if (done)
			return true;
		file = strchr(file, '/');
	}
	return false;
}

/* Behind the end of the line that begins at `at`. Compilers count a carriage return alone as a
 * line, so that debug information does. */
static size_t line_end(const struct source *source, size_t at)
{
	const uint8_t *bytes = source->bytes.bytes;

	while (at < source->bytes.size && bytes[at] != '\n' && bytes[at] != '\r')
		at++;
	at += at + 1 < source->bytes.size && bytes[at] == '\r' && bytes[at + 1] == '\n';
	return at < source->bytes.size ? at + 1 : at;
}

static void find_lines(struct source *source)
{
	size_t capacity = 0, at = 0;

	while (at < source->bytes.size && source->line_count < UINT32_MAX) {
		source->starts = array_grow(source->starts, source->line_count, &capacity,
					    sizeof(*source->starts));
		source->starts[source->line_count++] = at;
		at = line_end(source, at);
	}
	source->starts =
		array_grow(source->starts, source->line_count, &capacity, sizeof(*source->starts));
	source->starts[source->line_count] = at;
}

void source_open(struct source *source, const char *file, const struct option_list *directories)
{
	bool found = false;

	*source = (struct source){.bytes = BUFFER_INIT};
	for (size_t i = 0; i < directories->count && !found; i++)
		found = open_below(source, directories->values[i], file);
	if (found || open_file(source, file))
		find_lines(source);
}

void source_release(struct source *source)
{
	free(source->path);
	free(source->starts);
	buffer_release(&source->bytes);
	*source = (struct source){0};
}

char *source_raw(const struct source *source, uint32_t line)
{
	size_t start = source->starts[line - 1], end = source->starts[line];
	const char *bytes = (const char *)source->bytes.bytes;
	char *text;

	if (line == 1 && end - start >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
		start += 3; /* a byte order mark */
	if (end > start && bytes[end - 1] == '\n')
		end--;
	if (end > start && bytes[end - 1] == '\r')
		end--;
	text = xmalloc(end - start + 1);
	for (size_t i = start; i < end; i++)
		text[i - start] = bytes[i] ? bytes[i] : '?';
	text[end - start] = '\0';
	return text;
}

static char *expand_tabs(const char *text)
{
	struct buffer expanded = BUFFER_INIT;

	for (size_t column = 0; *text; column++) {
		size_t length = utf8_length(text);

		if (*text == '\t')
			while ((column + 1) % TAB_COLUMNS) {
				buffer_append(&expanded, " ", 1);
				column++;
			}
		buffer_append(&expanded, *text == '\t' ? " " : text, length ? length : 1);
		text += length ? length : 1;
	}
	buffer_append(&expanded, "", 1);
	return (char *)expanded.bytes;
}

char *source_text(const struct source *source, uint32_t line, int columns)
{
	char *raw = source_raw(source, line);
	char *expanded = expand_tabs(raw);
	char *text = utf8_printable(expanded);

	free(raw);
	free(expanded);
	if (columns > 0)
		utf8_cut(text, (size_t)columns, false);
	return text;
}
