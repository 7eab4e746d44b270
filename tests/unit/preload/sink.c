/* SPDX-License-Identifier: MIT */
/* Members that are in the file as a whole, or not at all. */
#include "sink.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#include "facts.h"
#include "test.h"

static char path[] = "/tmp/heapmark-sink-XXXXXX";
static struct output output;
static uint8_t noise[100000];

static int start(void **state)
{
	uint64_t seed = 11;

	(void)state;
	for (size_t i = 0; i < sizeof(noise); i++)
		noise[i] = (uint8_t)test_random(&seed);
	facts_read(0, NULL, NULL);
	output.file = fd_hold(mkstemp(path));
	strcpy(output.path, path);
	return sink_start(&output) ? 0 : -1;
}

static int stop(void **state)
{
	(void)state;
	return unlink(path);
}

static off_t file_size(void)
{
	struct stat now;

	return stat(path, &now) == 0 ? now.st_size : -1;
}

/* What the file says when it is decompressed; -1 if it is no whole gzip file. */
static long decompressed(uint8_t *to, size_t room)
{
	gzFile file = gzopen(path, "rb");
	int count = gzread(file, to, (unsigned)room);
	int error;

	gzerror(file, &error);
	gzclose(file);
	return error == Z_OK || error == Z_STREAM_END ? count : -1;
}

static void write_member(const char *text, bool expected)
{
	sink_begin(0);
	sink_bytes(text, strlen(text));
	assert_int_equal(sink_commit(), expected);
}

static void writes_members_that_follow_each_other(void **state)
{
	uint8_t bytes[64];

	(void)state;
	write_member("first ", true);
	write_member("second", true);
	assert_int_equal(decompressed(bytes, sizeof(bytes)), 12);
	assert_memory_equal(bytes, "first second", 12);
}

static void takes_a_member_back(void **state)
{
	off_t before = file_size();

	(void)state;
	write_member(" too much", true);
	sink_take_back();
	assert_int_equal(file_size(), before);
}

static void frames_records(void **state)
{
	uint8_t bytes[64];

	(void)state;
	sink_begin(0);
	sink_record(HEAPMARK_REC_ARGUMENT, (const uint8_t *)"ab", 2);
	assert_true(sink_commit());
	assert_int_equal(decompressed(bytes, sizeof(bytes)), 16);
	assert_memory_equal(bytes + 12,
			    "\x02\x02"
			    "ab",
			    4);
}

/* Without our check the kernel would kill the test with SIGXFSZ. */
static void cuts_back_a_member_that_does_not_fit(void **state)
{
	off_t before = file_size();
	struct rlimit limit;
	uint8_t bytes[64];

	(void)state;
	getrlimit(RLIMIT_FSIZE, &limit);
	limit.rlim_cur = (rlim_t)before + 50000;
	setrlimit(RLIMIT_FSIZE, &limit);
	sink_begin(0);
	sink_bytes(noise, sizeof(noise));
	assert_false(sink_commit());
	assert_int_equal(file_size(), before);
	assert_int_equal(decompressed(bytes, sizeof(bytes)), 16);
	write_member("small", true);
	assert_int_equal(decompressed(bytes, sizeof(bytes)), 21);
}

/* A signal handler may fork in the midst of a member. */
static void lets_no_forked_copy_write(void **state)
{
	int status = -1;
	off_t before = file_size();
	pid_t pid;

	(void)state;
	sink_begin(0);
	sink_bytes(noise, sizeof(noise) / 4);
	pid = fork();
	if (pid == 0) {
		sink_bytes(noise, sizeof(noise));
		_exit(sink_commit() ? 1 : 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(file_size(), before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_members_that_follow_each_other),
		cmocka_unit_test(takes_a_member_back),
		cmocka_unit_test(frames_records),
		cmocka_unit_test(lets_no_forked_copy_write),
		cmocka_unit_test(cuts_back_a_member_that_does_not_fit),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
