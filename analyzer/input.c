/* SPDX-License-Identifier: MIT */
/* File to bytes, member by member; see input.h. */
#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "heapmark/format.h"
#include "util/memory.h"

#define RAW_BYTES    (256 * 1024)
#define STEP_BYTES   (64 * 1024) /* room made for inflated bytes at a time, at least */
#define GZIP_WINDOW  (15 + 16)   /* zlib: the largest window, and a gzip header */
#define GZIP_MAGIC_0 0x1f
#define GZIP_MAGIC_1 0x8b

static int not_a_trace(const struct input *input, struct error *err)
{
	return error_set(err,
			 "%s is not a heapmark trace; `heapmark record` makes one, usually "
			 "named *.hmk",
			 input->path);
}

/* Where the next compressed byte stands in the file. */
static uint64_t file_offset(const struct input *input)
{
	return input->read_bytes - input->zlib.avail_in;
}

static int damaged(const struct input *input, const char *what, struct error *err)
{
	return error_set(err,
			 "%s is damaged: %s in the member at byte %" PRIu64
			 " (found at byte %" PRIu64
			 "); copy it again from where it was recorded, or record again",
			 input->path, what, input->member_start, file_offset(input));
}

static ssize_t read_some(struct input *input, uint8_t *to, size_t room)
{
	ssize_t count;

	if (input->fd < 0) {
		memcpy(to, input->image + input->read_bytes, room);
		return (ssize_t)room;
	}
	do
		count = read(input->fd, to, room);
	while (count < 0 && errno == EINTR);
	return count;
}

/* Appends to the compressed bytes at hand, whose rest moves to the front. A file that has become
 * shorter since it was opened counts as cut. */
static int fill(struct input *input, struct error *err)
{
	uint64_t left = input->file_bytes - input->read_bytes;
	size_t kept = input->zlib.avail_in, room = RAW_BYTES - kept;
	ssize_t count;

	if (left < room)
		room = (size_t)left;
	if (!room)
		return 0;
	if (kept)
		memmove(input->raw, input->zlib.next_in, kept);
	count = read_some(input, input->raw + kept, room);
	if (count < 0)
		return error_set(err, "cannot read %s: %s", input->path, strerror(errno));
	if (!count)
		input->file_bytes = input->read_bytes;
	input->zlib.next_in = input->raw;
	input->zlib.avail_in = (uInt)(kept + (size_t)count);
	input->read_bytes += (uint64_t)count;
	return 0;
}

static int prepare(struct input *input, struct error *err)
{
	input->raw = xmalloc(RAW_BYTES);
	if (inflateInit2(&input->zlib, GZIP_WINDOW) != Z_OK)
		die_oom();
	input->zlib_ready = true;
	if (!input->file_bytes)
		return error_set(err,
				 "%s is empty: the recording was stopped before it began, or the "
				 "disk was full",
				 input->path);
	return 0;
}

int input_open(struct input *input, const char *path, struct error *err)
{
	struct stat file;

	*input = (struct input)INPUT_INIT;
	input->path = path;
	/* O_NONBLOCK: a FIFO without a writer would block for ever. */
	input->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (input->fd < 0 || fstat(input->fd, &file) < 0)
		return error_set(err, "cannot open %s: %s", path, strerror(errno));
	if (S_ISDIR(file.st_mode))
		return error_set(err, "%s is a directory; name a trace in it", path);
	if (!S_ISREG(file.st_mode))
		return error_set(err, "%s is not a regular file; save the trace to a file first",
				 path);
	input->file_bytes = (uint64_t)file.st_size;
	return prepare(input, err);
}

int input_open_image(struct input *input, const char *path, const uint8_t *image, size_t bytes,
		     struct error *err)
{
	*input = (struct input)INPUT_INIT;
	input->path = path;
	input->image = image;
	input->file_bytes = bytes;
	return prepare(input, err);
}

/* Looks at the first bytes of a member. Returns 1 if there is one, 0 at the end or a cut. */
static int find_member(struct input *input, struct error *err)
{
	const uint8_t *at;

	if (input->zlib.avail_in < 2 && fill(input, err) < 0)
		return -1;
	input->member_start = file_offset(input);
	at = input->zlib.next_in;
	if (!input->zlib.avail_in)
		return 0;
	if (at[0] != GZIP_MAGIC_0 || (input->zlib.avail_in > 1 && at[1] != GZIP_MAGIC_1))
		return input->member_count ? damaged(input, "no gzip header", err)
					   : not_a_trace(input, err);
	return 1;
}

/* One call of inflate(). Returns 1 at the end of the member, 0 to go on. */
static int inflate_step(struct input *input, struct error *err)
{
	struct buffer *member = &input->member;
	size_t room;
	int status;

	if (member->size > INPUT_MEMBER_MAX_BYTES)
		return damaged(input, "more than 1 GiB", err);
	buffer_reserve(member, STEP_BYTES);
	room = member->capacity - member->size;
	if (room > INPUT_MEMBER_MAX_BYTES)
		room = INPUT_MEMBER_MAX_BYTES;
	input->zlib.next_out = member->bytes + member->size;
	input->zlib.avail_out = (uInt)room;
	status = inflate(&input->zlib, Z_NO_FLUSH);
	member->size += room - input->zlib.avail_out;
	if (status == Z_STREAM_END)
		return 1;
	if (status == Z_MEM_ERROR)
		die_oom();
	if (status != Z_OK && status != Z_BUF_ERROR)
		return damaged(input, input->zlib.msg ? input->zlib.msg : "bad data", err);
	return 0;
}

/* Returns 1 when the member is whole, 0 when the file ends in it. */
static int inflate_member(struct input *input, struct error *err)
{
	input->member.size = 0;
	inflateReset(&input->zlib);
	for (;;) {
		int status = inflate_step(input, err);

		if (status)
			return status;
		if (input->zlib.avail_in || !input->zlib.avail_out)
			continue;
		if (fill(input, err) < 0)
			return -1;
		if (!input->zlib.avail_in)
			return 0;
	}
}

/* The file is cut in its first member, so there is nothing to read; it may not even be ours. */
static int nothing_whole(const struct input *input, struct error *err)
{
	if (input->member.size >= HEAPMARK_MAGIC_BYTES &&
	    memcmp(input->member.bytes, HEAPMARK_MAGIC, HEAPMARK_MAGIC_BYTES) != 0)
		return not_a_trace(input, err);
	return error_set(err,
			 "%s is cut at byte %" PRIu64 ", before its first snapshot was complete: "
			 "there is nothing to read in it",
			 input->path, input->file_bytes);
}

int input_next(struct input *input, struct error *err)
{
	int found = input->cut ? 0 : find_member(input, err);

	if (found <= 0)
		return found;
	found = inflate_member(input, err);
	if (found > 0)
		input->member_count++;
	if (found)
		return found;
	input->cut = true;
	return input->member_count ? 0 : nothing_whole(input, err);
}

int input_rewind(struct input *input, struct error *err)
{
	if (input->fd >= 0 && lseek(input->fd, 0, SEEK_SET) < 0)
		return error_set(err, "cannot read %s again: %s", input->path, strerror(errno));
	input->read_bytes = 0;
	input->zlib.avail_in = 0;
	input->member_count = 0;
	input->cut = false;
	return 0;
}

void input_release(struct input *input)
{
	if (input->zlib_ready)
		inflateEnd(&input->zlib);
	if (input->fd >= 0)
		close(input->fd);
	free(input->raw);
	buffer_release(&input->member);
	*input = (struct input)INPUT_INIT;
}
