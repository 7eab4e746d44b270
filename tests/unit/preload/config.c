/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <signal.h>

#include "test.h"

static void read_options(const char *value)
{
	char *environment[] = {(char *)"HOME=/", (char *)value, NULL};

	config_read(environment);
}

static void has_the_defaults_of_the_table(void **state)
{
	(void)state;
	read_options("TERM=dumb");
	assert_string_equal(config.out, "heapmark.%e.%p.hmk");
	assert_int_equal(config.interval, 1000000000);
	assert_int_equal(config.depth, 512);
	assert_int_equal(config.signal, SIGUSR2);
	assert_true(config.follow);
}

static void reads_every_kind(void **state)
{
	(void)state;
	read_options("HEAPMARK=out=a.hmk:interval=200ms:depth=64:signal=USR1:follow=0:session=7");
	assert_string_equal(config.out, "a.hmk");
	assert_int_equal(config.interval, 200000000);
	assert_int_equal(config.depth, 64);
	assert_int_equal(config.signal, SIGUSR1);
	assert_false(config.follow);
	assert_int_equal(config.session, 7);
}

static void unescapes_values(void **state)
{
	(void)state;
	read_options("HEAPMARK=out=a\\:b\\\\c=d:interval=0");
	assert_string_equal(config.out, "a:b\\c=d");
	assert_int_equal(config.interval, 0);
}

static void keeps_the_default_where_a_value_is_no_good(void **state)
{
	static const char *const bad[] = {
		"HEAPMARK=depth=1",       "HEAPMARK=depth=4097",
		"HEAPMARK=depth=x",       "HEAPMARK=interval=5parsecs",
		"HEAPMARK=signal=NOSUCH", "HEAPMARK=signal=65",
		"HEAPMARK=follow=2",      "HEAPMARK=nonsense=1",
		"HEAPMARK=out=",          "HEAPMARK=depth",
		"HEAPMARK=::=:",          "HEAPMARK=interval=99999999999999999999h",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		read_options(bad[i]);
		has_the_defaults_of_the_table(NULL);
	}
}

/* Those that people can set are shown with an argument. */
static size_t count_options(void)
{
	static const char *const arguments[] = {
#define HEAPMARK_OPTION(field, kind, name, argument, fallback, help) argument,
#include "heapmark/options.def"
#undef HEAPMARK_OPTION
	};
	size_t count = 0;

	for (size_t i = 0; i < sizeof(arguments) / sizeof(*arguments); i++)
		count += arguments[i] != NULL;
	return count;
}

static void describes_what_is_in_force(void **state)
{
	char value[64];
	const char *name;
	size_t count = 0;

	(void)state;
	read_options("HEAPMARK=interval=1500us:signal=none:session=9");
	for (; config_describe(count, &name, value, sizeof(value)); count++) {
		struct config again = config;

		/* What it says can be read back, but for the file's name, which stays a view. */
		assert_true(config_set(&again, name, value));
		assert_int_equal(again.interval, config.interval);
		assert_int_equal(again.signal, config.signal);
		assert_string_not_equal(name, "session");
		assert_string_not_equal(name, "seed");
	}
	assert_int_equal(count, count_options());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(has_the_defaults_of_the_table),
		cmocka_unit_test(reads_every_kind),
		cmocka_unit_test(unescapes_values),
		cmocka_unit_test(keeps_the_default_where_a_value_is_no_good),
		cmocka_unit_test(describes_what_is_in_force),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
