/* SPDX-License-Identifier: MIT */
/* A snapshot written bit by bit, while the program goes on, is the one that is written at once. */
#include "trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "capture/calls.h"
#include "capture/tree.h"
#include "config.h"
#include "facts.h"
#include "heapmark/varint.h"
#include "modules.h"
#include "order.h"
#include "records.h"
#include "sites.h"
#include "test.h"
#include "thread.h"

#define SITES       100000
#define DEPTH       17
#define STREAM_ROOM (16u << 20)
#define GONE_START  0x10000000u /* where a library was */
#define GONE_END    0x20000000u

static struct picture picture;
static struct site_values sites[SITES];
static char directory[] = "/tmp/heapmark-trace-XXXXXX", path[64];

struct stream {
	uint8_t *bytes;
	size_t count;
	uint32_t lists, modules; /* records; the last id */
	uint32_t nodes, in_none, in_gone;
};

/* Most calls, and so most nodes, come late: those of the outer frames. */
static uint32_t intern(uint32_t number, uint64_t base)
{
	uint32_t node = 0;

	for (uint32_t i = DEPTH; i-- > 0;)
		node = tree_child(node, calls_find(base + 64 * i + (number >> i & 1) * 8));
	return node;
}

static int start(void **state)
{
	static char *none[] = {NULL}; /* the facts keep it */
	uint64_t seed = 3;

	(void)state;
	config_read(none);
	if (!calls_start() || !tree_start())
		return -1;
	facts_read(0, NULL, none);
	modules_refresh();
	for (uint32_t i = 0; i < SITES; i++) {
		uint64_t blocks = test_below(&seed, 100);

		sites[i] = (struct site_values){.node = intern(i, GONE_START),
						.allocations = blocks,
						.allocated_bytes = blocks * 7,
						.live_blocks = blocks,
						.live_bytes = blocks * 7};
	}
	picture = (struct picture){.reason = HEAPMARK_REASON_API,
				   .label = "all",
				   .label_bytes = 3,
				   .nodes = nodes_count(),
				   .domains = 3,
				   .sites = sites,
				   .site_count = SITES,
				   .point_count = TIMELINE_ROOM};
	for (uint32_t i = 0; i < TIMELINE_ROOM; i++)
		picture.points[i] = (struct point){i, test_below(&seed, 1000), 1, 1};
	return mkdtemp(directory) ? 0 : -1;
}

/* Always of the same name, as that is in the trace. */
static void begin_trace(void)
{
	snprintf(path, sizeof(path), "%s/t.hmk", directory);
	config.out = path;
	assert_true(trace_open());
}

static uint8_t *decompressed(size_t *count)
{
	gzFile file = gzopen(path, "rb");
	uint8_t *bytes = malloc(STREAM_ROOM);
	int got = gzread(file, bytes, STREAM_ROOM);
	int error;

	gzerror(file, &error);
	gzclose(file);
	unlink(path);
	assert_true(error == Z_OK || error == Z_STREAM_END);
	assert_in_range(got, 1, STREAM_ROOM - 1);
	*count = (size_t)got;
	return bytes;
}

/* Modules come before what lies in them. */
static void look_at_nodes(struct stream *stream, struct cursor in)
{
	assert_int_equal(cursor_varint(&in), stream->nodes + 1);
	for (uint64_t left = cursor_varint(&in); left > 0; left--) {
		uint64_t module;

		cursor_varint(&in);
		module = cursor_varint(&in);
		cursor_signed(&in);
		assert_in_range(module, 0, stream->modules);
		stream->nodes++;
		stream->in_none += module == 0;
		stream->in_gone += module == 1;
	}
	assert_false(in.bad);
}

/* No list is longer than what a step may take. */
static void look_at(struct stream *stream, uint64_t type, struct cursor in)
{
	struct cursor list = in;

	switch (type) {
	case HEAPMARK_REC_MODULE:
		assert_int_equal(cursor_varint(&in), ++stream->modules);
		return;
	case HEAPMARK_REC_NODES:
		cursor_varint(&list);
		assert_in_range(cursor_varint(&list), 1, RECORDS_NODES);
		look_at_nodes(stream, in);
		break;
	case HEAPMARK_REC_SITES:
		assert_in_range(cursor_varint(&list), 1, RECORDS_SITES);
		break;
	case HEAPMARK_REC_TIMELINE:
		assert_in_range(cursor_varint(&list), 1, RECORDS_POINTS);
		break;
	default:
		return;
	}
	stream->lists++;
}

static struct stream read_stream(void)
{
	struct stream stream = {0};
	struct cursor in;

	stream.bytes = decompressed(&stream.count);
	in = (struct cursor){stream.bytes, stream.bytes + stream.count, false};
	cursor_take(&in, HEAPMARK_MAGIC_BYTES + 2);
	while (cursor_left(&in) > 0) {
		uint64_t type = cursor_varint(&in), bytes = cursor_varint(&in);
		struct cursor payload = cursor_take(&in, bytes);

		assert_false(in.bad);
		look_at(&stream, type, payload);
	}
	return stream;
}

/* What other threads, and the program, may do between two steps. */
static void disturb(uint32_t step)
{
	intern(step, 0x30000000u); /* a call stack */
	if (step % 16 == 0)
		modules_refresh();
	if (step == 100) /* all descriptors closed, and one in the place of ours */
		for (int fd = 3; fd < 1024; fd++)
			dup2(STDERR_FILENO, fd);
	/* A library was unloaded. Its nodes that are not written yet become its own. */
	if (step == 101)
		calls_retire(GONE_START, GONE_END, 1);
}

static uint32_t write_in_steps(void (*between)(uint32_t step))
{
	uint32_t steps = 1;

	picture.flags = 0;
	assert_true(trace_begin(&picture));
	for (; trace_step(); steps++)
		if (between)
			between(steps);
	assert_int_equal(trace_result(), 1);
	return steps;
}

static uint32_t steps_of_ordering(void)
{
	uint32_t steps = 1;

	order_begin(&picture);
	while (!order_step())
		steps++;
	return steps;
}

static void is_the_same_in_steps_as_at_once(void **state)
{
	struct stream disturbed, alone;
	uint32_t steps;

	(void)state;
	begin_trace();
	steps = write_in_steps(disturb);
	trace_child(); /* begins a trace anew */
	disturbed = read_stream();
	/* A step each; and the beginning, the snapshot itself, that it has no estimates, the end.
	 */
	assert_int_equal(steps, steps_of_ordering() + disturbed.lists + 4);
	assert_int_equal(disturbed.nodes, picture.nodes);
	assert_int_equal(disturbed.in_none + disturbed.in_gone, picture.nodes);
	assert_true(disturbed.in_none > 0 && disturbed.in_gone > 0);

	begin_trace();
	write_in_steps(NULL);
	alone = read_stream();
	assert_int_equal(alone.count, disturbed.count);
	assert_memory_equal(alone.bytes, disturbed.bytes, alone.count);
	free(alone.bytes);
	free(disturbed.bytes);
}

static int stop(void **state)
{
	(void)state;
	return rmdir(directory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_the_same_in_steps_as_at_once),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
