/* SPDX-License-Identifier: MIT */
/* gzip members by zlib, written at our own offset; see sink.h. */
#include "sink.h"

#include <errno.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include <zlib.h>

#include "facts.h"
#include "heapmark/varint.h"
#include "log.h"
#include "mem.h"
#include "sys.h"

#define BUFFER_BYTES (32u << 10)
#define LEVEL_SMALL  6
#define LEVEL_LARGE  1 /* a third of the time, and a quarter more bytes */
#define LARGE_BYTES  (64u << 10)
#define GZIP_WINDOW  (15 + 16) /* zlib: the largest window, with a gzip header */

static struct {
	struct output output;
	z_stream stream;
	uint8_t *buffer;
	bool ready;        /* memory was had */
	bool failed;       /* the current member cannot be completed */
	uint64_t end;      /* where the file's last whole member ends */
	uint64_t at;       /* where the next bytes go */
	uint64_t previous; /* where the last whole member began */
} sink;

static void *take(void *unused, unsigned items, unsigned bytes)
{
	(void)unused;
	return mem_take((size_t)items * bytes);
}

static void give(void *unused, void *block)
{
	(void)unused;
	(void)block; /* the shim's memory is never given back, only used again */
}

bool sink_start(const struct output *output)
{
	sink.output = *output;
	sink.end = sink.at = sink.previous = 0;
	if (sink.ready)
		return true;
	sink.buffer = mem_take(BUFFER_BYTES);
	sink.stream = (z_stream){.zalloc = take, .zfree = give};
	sink.ready = sink.buffer && deflateInit2(&sink.stream, LEVEL_SMALL, Z_DEFLATED, GZIP_WINDOW,
						 8, Z_DEFAULT_STRATEGY) == Z_OK;
	return sink.ready;
}

/* Past the limit the kernel would not only fail the write but kill the program with SIGXFSZ. */
static bool exceeds_limit(size_t count)
{
	struct rlimit limit;

	if (sys_limit(RLIMIT_FSIZE, NULL, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY ||
	    sink.at + count <= limit.rlim_cur)
		return false;
	errno = EFBIG;
	return true;
}

static bool write_all(const uint8_t *bytes, size_t count)
{
	while (count > 0) {
		ssize_t done = sys_pwrite(sink.output.file.fd, bytes, count, (off_t)sink.at);

		if (done < 0 && errno == ESPIPE) /* a device: it has no offsets */
			done = sys_write(sink.output.file.fd, bytes, count);
		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return false;
		bytes += done;
		count -= (size_t)done;
		sink.at += (uint64_t)done;
	}
	return true;
}

/* A child forked in the midst of a member has its parent's file. */
static bool is_ours(void)
{
	return (uint64_t)sys_getpid() == facts.pid;
}

/* The program may have closed or replaced the descriptor since the member was begun. */
static bool write_out(size_t count)
{
	return output_reach(&sink.output) && !exceeds_limit(count) && write_all(sink.buffer, count);
}

static void flush(void)
{
	size_t count = BUFFER_BYTES - sink.stream.avail_out;

	sink.failed = sink.failed || !is_ours();
	if (!sink.failed && count > 0 && !write_out(count)) {
		const char *why = strerrordesc_np(errno);

		sink.failed = true;
		log_say(LOG_WRITE, "cannot write to the trace ", sink.output.path, ": ",
			why ? why : "unknown error", "; the program runs on", NULL);
	}
	sink.stream.next_out = sink.buffer;
	sink.stream.avail_out = BUFFER_BYTES;
}

void sink_begin(size_t expected)
{
	sink.at = sink.end;
	sink.failed = !sink.ready || !output_reach(&sink.output);
	if (sink.failed)
		return;
	deflateReset(&sink.stream);
	deflateParams(&sink.stream, expected < LARGE_BYTES ? LEVEL_SMALL : LEVEL_LARGE,
		      Z_DEFAULT_STRATEGY);
	sink.stream.next_out = sink.buffer;
	sink.stream.avail_out = BUFFER_BYTES;
}

void sink_bytes(const void *bytes, size_t count)
{
	if (sink.failed)
		return;
	sink.stream.next_in = (Bytef *)bytes;
	sink.stream.avail_in = (unsigned)count;
	while (sink.stream.avail_in > 0) {
		deflate(&sink.stream, Z_NO_FLUSH);
		if (sink.stream.avail_out == 0)
			flush();
	}
}

void sink_record(enum heapmark_record type, const uint8_t *payload, size_t bytes)
{
	uint8_t head[2 * HEAPMARK_VARINT_MAX_BYTES];
	struct writer out = {head, head + sizeof(head), false};

	writer_varint(&out, type);
	writer_varint(&out, bytes);
	sink_bytes(head, (size_t)(out.at - head));
	sink_bytes(payload, bytes);
}

static void cut_back(uint64_t end)
{
	sink.at = sink.end = end;
	if (is_ours() && output_reach(&sink.output) &&
	    sys_truncate(sink.output.file.fd, (off_t)end) != 0) {
		/* A reader meets a member that is cut, and ignores it. */
	}
}

bool sink_commit(void)
{
	int state = Z_OK;

	while (!sink.failed && state != Z_STREAM_END) {
		state = deflate(&sink.stream, Z_FINISH);
		flush();
	}
	if (sink.failed) {
		cut_back(sink.end);
		return false;
	}
	sink.previous = sink.end;
	sink.end = sink.at;
	return true;
}

bool sink_has_failed(void)
{
	return sink.failed;
}

void sink_take_back(void)
{
	cut_back(sink.previous);
	sink.previous = sink.end;
}

void sink_close(void)
{
	fd_release(&sink.output.file);
}
