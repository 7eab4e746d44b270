/* SPDX-License-Identifier: MIT */
/* Bytes to members to a file; see trace_file.h. */
#include "write/trace_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "util/memory.h"
#include "util/strings.h"

#define COPY_BYTES       (256 * 1024)
#define GZIP_WINDOW      (15 + 16)         /* zlib: the largest window, and a gzip header */
#define GZIP_MEMORY      8                 /* zlib's default */
#define MEMBER_MAX_BYTES ((size_t)1 << 30) /* FORMAT.md */

static int check_name(const char *path, bool replace, struct error *err)
{
	struct stat file;

	if (!*path_base(path))
		return error_set(err, "the trace cannot be written to '%s': it names no file",
				 path);
	if (lstat(path, &file) != 0)
		return 0;
	if (S_ISDIR(file.st_mode))
		return error_set(err, "the trace cannot be written to %s: it is a directory", path);
	if (!S_ISREG(file.st_mode) && !S_ISLNK(file.st_mode))
		return error_set(err, "%s is not a regular file, and is not replaced", path);
	if (!replace)
		return error_set(err, "%s exists already; --force replaces it", path);
	return 0;
}

/* Such as any program gives to a new file; mkostemp() gives less. */
static mode_t new_file_mode(void)
{
	mode_t mask = umask(0);

	umask(mask);
	return 0666 & ~mask;
}

int trace_file_open(struct trace_file *file, const char *path, bool replace, struct error *err)
{
	int directory_bytes = (int)(path_base(path) - path);

	*file = (struct trace_file)TRACE_FILE_INIT;
	if (check_name(path, replace, err) < 0)
		return -1;
	file->path = path;
	file->replace = replace;
	file->temporary = xasprintf("%.*s" TRACE_FILE_TEMPORARY "XXXXXX", directory_bytes, path);
	file->fd = mkostemp(file->temporary, O_CLOEXEC);
	if (file->fd >= 0 && fchmod(file->fd, new_file_mode()) == 0)
		return 0;
	error_set(err, "the trace cannot be written to %s: %s", path, strerror(errno));
	trace_file_release(file);
	return -1;
}

void trace_file_begin_in_memory(struct trace_file *file)
{
	*file = (struct trace_file)TRACE_FILE_INIT;
	file->in_memory = true;
}

static void append(struct trace_file *file, const uint8_t *bytes, size_t count)
{
	if (file->in_memory) {
		buffer_append(&file->held, bytes, count);
		return;
	}
	while (count && !file->failure) {
		ssize_t written = write(file->fd, bytes, count);

		if (written < 0 && errno != EINTR)
			file->failure = errno;
		if (written <= 0)
			continue;
		bytes += written;
		count -= (size_t)written;
		file->bytes += (uint64_t)written;
	}
}

void trace_file_copy(struct trace_file *file, int from, uint64_t count)
{
	uint8_t *bytes = xmalloc(COPY_BYTES);
	uint64_t at = 0;

	while (at < count && !file->failure) {
		size_t room = count - at < COPY_BYTES ? (size_t)(count - at) : COPY_BYTES;
		ssize_t have = pread(from, bytes, room, (off_t)at);

		if (have < 0 && errno == EINTR)
			continue;
		if (have <= 0) /* it has become shorter since it was read */
			file->failure = have < 0 ? errno : EIO;
		else
			append(file, bytes, (size_t)have);
		at += have > 0 ? (uint64_t)have : 0;
	}
	free(bytes);
}

void trace_file_member(struct trace_file *file, const void *bytes, size_t count)
{
	z_stream zlib = {0};

	if (!file->failure && count > MEMBER_MAX_BYTES)
		file->failure = EFBIG;
	if (file->failure)
		return;
	if (deflateInit2(&zlib, Z_DEFAULT_COMPRESSION, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY,
			 Z_DEFAULT_STRATEGY) != Z_OK)
		die_oom();
	file->packed.size = 0;
	buffer_reserve(&file->packed, deflateBound(&zlib, count));
	zlib.next_in = (Bytef *)bytes;
	zlib.avail_in = (uInt)count;
	zlib.next_out = file->packed.bytes;
	zlib.avail_out = (uInt)file->packed.capacity;
	deflate(&zlib, Z_FINISH);
	append(file, file->packed.bytes, zlib.total_out);
	deflateEnd(&zlib);
}

/* What has come into being under this name meanwhile is not to be replaced either. */
static int give_name(const struct trace_file *file)
{
	if (file->replace)
		return rename(file->temporary, file->path);
	if (renameat2(AT_FDCWD, file->temporary, AT_FDCWD, file->path, RENAME_NOREPLACE) == 0)
		return 0;
	/* Some network file systems cannot do that. */
	if (errno != EINVAL || access(file->path, F_OK) == 0)
		return -1;
	return rename(file->temporary, file->path);
}

int trace_file_commit(struct trace_file *file, struct error *err)
{
	int closed = close(file->fd);

	file->fd = -1;
	if (!file->failure && (closed != 0 || give_name(file) != 0))
		file->failure = errno;
	if (file->failure)
		return error_set(err, "the trace cannot be written to %s: %s", file->path,
				 strerror(file->failure));
	free(file->temporary);
	file->temporary = NULL;
	return 0;
}

void trace_file_release(struct trace_file *file)
{
	if (file->fd >= 0)
		close(file->fd);
	if (file->temporary)
		unlink(file->temporary);
	free(file->temporary);
	buffer_release(&file->packed);
	buffer_release(&file->held);
	*file = (struct trace_file)TRACE_FILE_INIT;
}
