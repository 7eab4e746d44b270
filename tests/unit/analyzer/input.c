/* SPDX-License-Identifier: MIT */
/* Files to members: whole ones, cut ones, and what is no trace. */
#include "input.h"

#include <unistd.h>

#include "check.h"
#include "trace_writer.h"

/* Reads all members; returns how many, or -1. */
static int read_all(const uint8_t *bytes, size_t count, bool *cut, struct error *err)
{
	struct input input;
	int ret = input_open_image(&input, "t.hmk", bytes, count, err);

	while (ret >= 0 && (ret = input_next(&input, err)) > 0)
		;
	if (ret == 0)
		ret = (int)input.member_count;
	*cut = input.cut;
	input_release(&input);
	return ret;
}

static void hands_on_every_whole_member(void **state)
{
	struct error err = ERROR_INIT;
	struct trace_writer w;
	bool cut;

	(void)state;
	trace_sample(&w);
	assert_int_equal(read_all(w.file.bytes, w.file.size, &cut, &err), 3);
	assert_false(cut);
	trace_release(&w);
}

static void leaves_out_a_cut_member_and_says_so(void **state)
{
	struct error err = ERROR_INIT;
	struct trace_writer w;
	bool cut;

	(void)state;
	trace_sample(&w);
	for (size_t size = 1; size < w.file.size; size++) {
		int members = read_all(w.file.bytes, size, &cut, &err);

		assert_in_range(members + 1, 0, 3);
		if (members < 0)
			assert_contains(err.text, "cut at byte");
	}
	assert_int_equal(read_all(w.file.bytes, w.file.size - 1, &cut, &err), 2);
	assert_true(cut);
	trace_release(&w);
}

static void a_flipped_bit_is_never_silent(void **state)
{
	struct error err = ERROR_INIT;
	struct trace_writer w;
	bool cut;

	(void)state;
	trace_sample(&w);
	for (size_t i = 0; i < w.file.size; i++) {
		uint8_t kept = w.file.bytes[i];
		int members;

		w.file.bytes[i] ^= 0x10;
		members = read_all(w.file.bytes, w.file.size, &cut, &err);
		/* Some bytes of a gzip header mean nothing: the members are then all there. */
		assert_true(members < 0 || cut || members == 3);
		w.file.bytes[i] = kept;
	}
	trace_release(&w);
}

static void refuses_bytes_between_members(void **state)
{
	struct error err = ERROR_INIT;
	struct trace_writer w;
	bool cut;

	(void)state;
	trace_sample(&w);
	buffer_append(&w.file, "trailing", 8);
	assert_int_equal(read_all(w.file.bytes, w.file.size, &cut, &err), -1);
	assert_contains(err.text, "damaged");
	trace_release(&w);
}

static void knows_what_is_not_a_trace(void **state)
{
	struct error err = ERROR_INIT;
	bool cut;

	(void)state;
	assert_int_equal(read_all((const uint8_t *)"#!/bin/sh\n", 10, &cut, &err), -1);
	assert_contains(err.text, "not a heapmark trace");
	assert_int_equal(read_all((const uint8_t *)"", 0, &cut, &err), -1);
	assert_contains(err.text, "is empty");
	assert_int_equal(read_all((const uint8_t *)"\x1f", 1, &cut, &err), -1);
	assert_contains(err.text, "cut at byte 1");
}

static void reads_a_file_twice(void **state)
{
	char path[] = "input-test-XXXXXX";
	struct error err = ERROR_INIT;
	struct trace_writer w;
	struct input input;

	(void)state;
	close(mkstemp(path));
	trace_sample(&w);
	trace_save(&w, path);
	trace_release(&w);
	assert_int_equal(input_open(&input, path, &err), 0);
	for (int pass = 0; pass < 2; pass++) {
		assert_int_equal(input_next(&input, &err), 1);
		assert_memory_equal(input.member.bytes, HEAPMARK_MAGIC, HEAPMARK_MAGIC_BYTES);
		assert_int_equal(input_next(&input, &err), 1);
		assert_int_equal(input_rewind(&input, &err), 0);
	}
	input_release(&input);
	unlink(path);
}

static void says_what_cannot_be_opened(void **state)
{
	struct error err = ERROR_INIT;
	struct input input;

	(void)state;
	assert_int_equal(input_open(&input, "/no/such/file", &err), -1);
	assert_contains(err.text, "/no/such/file: No such file");
	input_release(&input);
	assert_int_equal(input_open(&input, "/tmp", &err), -1);
	assert_contains(err.text, "directory");
	input_release(&input);
	assert_int_equal(input_open(&input, "/dev/null", &err), -1);
	assert_contains(err.text, "not a regular file");
	input_release(&input);
}

/* Sixteen members of a mebibyte of zeros, a kibibyte each in the file. */
static void members_share_one_buffer(void **state)
{
	struct error err = ERROR_INIT;
	struct trace_writer w;
	struct input input;

	(void)state;
	trace_init(&w);
	for (int i = 0; i < 16; i++) {
		buffer_reserve(&w.stream, 1 << 20);
		memset(w.stream.bytes, 0, 1 << 20);
		w.stream.size = 1 << 20;
		trace_member(&w);
	}
	assert_int_equal(input_open_image(&input, "t", w.file.bytes, w.file.size, &err), 0);
	for (int i = 0; i < 16; i++)
		assert_int_equal(input_next(&input, &err), 1);
	assert_in_range(input.member.capacity, 1 << 20, 4 << 20);
	assert_int_equal(input_next(&input, &err), 0);
	input_release(&input);
	trace_release(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hands_on_every_whole_member),
		cmocka_unit_test(leaves_out_a_cut_member_and_says_so),
		cmocka_unit_test(a_flipped_bit_is_never_silent),
		cmocka_unit_test(refuses_bytes_between_members),
		cmocka_unit_test(knows_what_is_not_a_trace),
		cmocka_unit_test(reads_a_file_twice),
		cmocka_unit_test(says_what_cannot_be_opened),
		cmocka_unit_test(members_share_one_buffer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
