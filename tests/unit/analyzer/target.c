/* SPDX-License-Identifier: MIT */
/*
 * Finding programs and judging them, on programs made for it (target_fixtures/). Their directory is
 * argv[1].
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "target/checks.h"
#include "target/library.h"
#include "target/program.h"
#include "util/error.h"
#include "util/memory.h"

static const char *fixtures;

static char *fixture(const char *name)
{
	return xasprintf("%s/%s", fixtures, name);
}

static int find(struct program *program, const char *name, struct error *err)
{
	char *path = fixture(name);
	int ret = program_find(program, path, err);

	free(path);
	return ret;
}

static void check_chain(const char *name, const char *const *steps)
{
	struct program program;
	struct error err;
	size_t count = 0;

	assert_int_equal(find(&program, name, &err), 0);
	for (; steps[count]; count++) {
		const char *step = program.steps[count];

		assert_true(count < program.step_count);
		assert_string_equal(strrchr(step, '/') + 1, steps[count]);
	}
	assert_int_equal(program.step_count, count);
	program_release(&program);
}

static void follows_interpreters(void **state)
{
	char *path = fixture("path");

	(void)state;
	setenv("PATH", path, 1);
	free(path);
	check_chain("plain", (const char *[]){"plain", NULL});
	check_chain("script", (const char *[]){"script", "plain", NULL});
	check_chain("script2", (const char *[]){"script2", "script", "plain", NULL});
	check_chain("env", (const char *[]){"env", "env", "plain", NULL});
	check_chain("shell", (const char *[]){"shell", NULL});
	check_chain("empty", (const char *[]){"empty", NULL});
}

static void searches_path(void **state)
{
	char *path = xasprintf("/no/such::%s/path", fixtures);
	struct program program;
	struct error err;

	(void)state;
	setenv("PATH", path, 1);
	assert_int_equal(program_find(&program, "plain", &err), 0);
	assert_string_equal(program_file(&program) + strlen(fixtures), "/path/plain");
	program_release(&program);
	assert_int_equal(program_find(&program, "directory", &err), PROGRAM_NOT_EXECUTABLE);
	assert_int_equal(program_find(&program, "not-executable", &err), PROGRAM_NOT_EXECUTABLE);
	assert_int_equal(program_find(&program, "no-such-program", &err), PROGRAM_NOT_FOUND);
	assert_non_null(strstr(err.text, "no-such-program"));
	assert_int_equal(program_find(&program, "", &err), PROGRAM_NOT_FOUND);
	free(path);
}

static void says_why_it_cannot_run(void **state)
{
	static const struct {
		const char *name;
		int failure;
		const char *word;
	} cases[] = {
		{"no-such-program", PROGRAM_NOT_FOUND, "No such file"},
		{"plain/x", PROGRAM_NOT_FOUND, "Not a directory"},
		{"not-executable", PROGRAM_NOT_EXECUTABLE, "not executable"},
		{"path", PROGRAM_NOT_EXECUTABLE, "directory"},
		{"no-interpreter", PROGRAM_NOT_FOUND, "/no/such/interpreter"},
		{"loop", PROGRAM_NOT_EXECUTABLE, "too many"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct program program;
		struct error err = ERROR_INIT;

		assert_int_equal(find(&program, cases[i].name, &err), cases[i].failure);
		assert_non_null(strstr(err.text, cases[i].word));
		program_release(&program);
	}
}

/* Returns what checks_refuse() says: the refusal, the warning after "warning: ", or "". */
static char *judge(const char *name)
{
	struct program program;
	struct error err = ERROR_INIT;
	char *warning, *text;

	assert_int_equal(find(&program, name, &err), 0);
	if (checks_refuse(&program, &warning, &err) < 0)
		text = xstrdup(err.text);
	else
		text = xasprintf("%s%s", warning ? "warning: " : "", warning ? warning : "");
	free(warning);
	program_release(&program);
	return text;
}

static void refuses_what_cannot_be_recorded(void **state)
{
	static const struct {
		const char *name, *begins, *holds;
	} cases[] = {
		{"static", "/", "statically linked"},
		{"static-pie", "/", "statically linked"},
		{"bits32", "/", "32-bit"},
		{"riscv", "/", "another machine"},
		{"no-loader", "/", "/no/such/ld.so"},
		{"allocator", "warning: ", "mimalloc"},
		{"hidden-allocator", "warning: ", "mimalloc"},
		{"plain", "", ""},
		{"stripped", "", ""},
		{"script", "", ""},
		{"shell", "", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char *text = judge(cases[i].name);

		if (!*cases[i].begins)
			assert_string_equal(text, "");
		assert_int_equal(strncmp(text, cases[i].begins, strlen(cases[i].begins)), 0);
		assert_non_null(strstr(text, cases[i].holds));
		free(text);
	}
}

/* Only one who is not root can tell; root's programs keep their identity. */
static void sees_set_user_id(void **state)
{
	char *path = fixture("plain");
	struct facts facts;

	(void)state;
	facts_read(&facts, path);
	assert_false(facts.changes_identity);
	facts_release(&facts);
	chmod(path, 04755);
	if (getuid() == 0 && chown(path, 12345, (gid_t)-1) == 0 && chmod(path, 04755) == 0) {
		facts_read(&facts, path);
		assert_true(facts.changes_identity);
		facts_release(&facts);
		assert_int_equal(chown(path, 0, (gid_t)-1), 0);
	}
	chmod(path, 0755);
	free(path);
}

static const struct finding *finding(const struct findings *findings, const char *name)
{
	for (size_t i = 0; i < findings->count; i++)
		if (strcmp(findings->items[i].name, name) == 0)
			return &findings->items[i];
	return NULL;
}

static void check_finding(const char *file, const char *check, enum finding_status status)
{
	struct program program;
	struct findings findings;
	struct error err;

	assert_int_equal(find(&program, file, &err), 0);
	checks_run(&program, &findings);
	assert_non_null(finding(&findings, check));
	assert_int_equal(finding(&findings, check)->status, status);
	findings_release(&findings);
	program_release(&program);
}

static void answers_each_question(void **state)
{
	(void)state;
	check_finding("plain", "program", FINDING_OK);
	check_finding("script", "program", FINDING_NOTE);
	check_finding("plain", "debug_info", FINDING_OK);
	check_finding("stripped", "debug_info", FINDING_NOTE);
	check_finding("plain", "linking", FINDING_OK);
	check_finding("static", "linking", FINDING_PROBLEM);
	check_finding("plain", "allocator", FINDING_OK);
	check_finding("hidden-allocator", "allocator", FINDING_PROBLEM);
	check_finding("shell", "format", FINDING_NOTE);
	check_finding("bits32", "machine", FINDING_PROBLEM);
}

static void finds_the_library_it_is_told(void **state)
{
	char *plain = fixture("plain"), *path;
	struct error err;

	(void)state;
	setenv("HEAPMARK_LIBRARY", plain, 1);
	path = library_find(&err);
	assert_string_equal(path, plain);
	free(path);
	setenv("HEAPMARK_LIBRARY", "/no/such/library.so", 1);
	assert_null(library_find(&err));
	assert_non_null(strstr(err.text, "/no/such/library.so"));
	unsetenv("HEAPMARK_LIBRARY");
	free(plain);
}

int main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(follows_interpreters),
		cmocka_unit_test(searches_path),
		cmocka_unit_test(says_why_it_cannot_run),
		cmocka_unit_test(refuses_what_cannot_be_recorded),
		cmocka_unit_test(sees_set_user_id),
		cmocka_unit_test(answers_each_question),
		cmocka_unit_test(finds_the_library_it_is_told),
	};

	if (argc != 2)
		return 2;
	fixtures = realpath(argv[1], NULL);
	unsetenv("HEAPMARK_LIBRARY");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
