/* SPDX-License-Identifier: MIT */
/* Names of traces, and that no file is ever taken for ours that is not. */
#include "output.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test.h"

static char directory[] = "/tmp/heapmark-output-XXXXXX";

static int make_directory(void **state)
{
	(void)state;
	return mkdtemp(directory) ? 0 : -1;
}

static int remove_directory(void **state)
{
	char command[sizeof(directory) + 16];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", directory);
	return system(command);
}

static struct output output;

__attribute__((format(printf, 1, 2))) static void expect_name(const char *format, ...)
{
	char wanted[PATH_MAX], name[256];
	va_list args;

	va_start(args, format);
	vsnprintf(name, sizeof(name), format, args);
	va_end(args);
	snprintf(wanted, sizeof(wanted), "%s/%s", directory, name);
	assert_string_equal(output.path, wanted);
	assert_int_equal(access(wanted, F_OK), 0);
}

static void fills_in_the_template(void **state)
{
	(void)state;
	output_open(&output, "%e-%p-%%.hmk", "my prog", directory);
	assert_true(output.file.fd >= 0);
	expect_name("my_prog-%d-%%.hmk", getpid());
	fd_release(&output.file);
}

static void never_takes_an_existing_file(void **state)
{
	(void)state;
	for (int turn = 0; turn < 3; turn++) {
		output_open(&output, "t.hmk", "prog", directory);
		if (turn == 0)
			expect_name("t.hmk");
		else if (turn == 1)
			expect_name("t.prog.%d.hmk", getpid());
		else
			expect_name("t.prog.%d.2.hmk", getpid());
		fd_release(&output.file);
	}
}

static void keeps_out_of_the_low_numbers(void **state)
{
	int before = open("/", O_PATH), after;

	(void)state;
	output_open(&output, "high.hmk", "prog", directory);
	after = open("/", O_PATH);
	assert_int_equal(after, before + 1);
	assert_true(output.file.fd > before + 100);
	assert_true(fcntl(output.file.fd, F_GETFD) & FD_CLOEXEC);
	close(before);
	close(after);
	fd_release(&output.file);
}

static void notices_that_its_number_was_given_away(void **state)
{
	char path[PATH_MAX];
	int other;

	(void)state;
	output_open(&output, "stolen.hmk", "prog", directory);
	snprintf(path, sizeof(path), "%s/other", directory);
	other = open(path, O_RDWR | O_CREAT, 0600);
	assert_int_equal(dup2(other, output.file.fd), output.file.fd);
	assert_false(fd_is_ours(&output.file));
	assert_true(output_reach(&output)); /* found again by its name */
	assert_true(fd_is_ours(&output.file));
	assert_true(output.file.fd >= 0);
	close(output.file.fd);
	snprintf(path, sizeof(path), "%s/keeps-the-inode", directory);
	assert_int_equal(link(output.path, path), 0);
	unlink(output.path);
	assert_false(output_reach(&output));
	/* Another file of that name is not ours either. */
	close(open(output.path, O_WRONLY | O_CREAT, 0600));
	assert_false(output_reach(&output));
	close(other);
}

static void says_why_it_cannot(void **state)
{
	(void)state;
	output_open(&output, "no/such/directory.hmk", "prog", directory);
	assert_int_equal(output.file.fd, -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fills_in_the_template),
		cmocka_unit_test(never_takes_an_existing_file),
		cmocka_unit_test(keeps_out_of_the_low_numbers),
		cmocka_unit_test(notices_that_its_number_was_given_away),
		cmocka_unit_test(says_why_it_cannot),
	};

	return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
