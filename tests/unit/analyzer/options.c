/* SPDX-License-Identifier: MIT */
/* Command lines against a table of options. */
#include "util/options.h"

#include "check.h"

/* What the table of these tests fills. */
struct values {
	bool json, follow, quiet;
	const char *output;
	uint64_t top;
	int sort;
	struct option_list domains;
	char called[64];
	struct operands operands;
	struct error err;
};

static const char *const sorts[] = {"bytes", "blocks", NULL};

static int call(const char *name, const char *value, void *context, struct error *err)
{
	struct values *values = context;

	if (strcmp(value, "bad") == 0)
		return error_set(err, "--%s does not like 'bad'", name);
	snprintf(values->called, sizeof(values->called), "%s=%s", name, value);
	return 0;
}

/* Parses a command line given as words apart by spaces. */
static int parse(struct values *v, const char *line, bool stop_at_operand)
{
	const struct option_row table[] = {
		OPT_FLAG('j', "json", &v->json, "write JSON"),
		OPT_FLAG('q', "quiet", &v->quiet, "say nothing"),
		OPT_UNFLAG(0, "no-follow", &v->follow, "only this program"),
		OPT_STRING('o', "output", &v->output, "FILE", "write to FILE"),
		OPT_COUNT('n', "top", &v->top, "N", "show N"),
		OPT_CHOICE('s', "sort", &v->sort, "WHAT", sorts, "order"),
		OPT_LIST('d', "domain", &v->domains, "NAME", "only NAME"),
		OPT_CALL(0, "depth", call, v, "N", "frames"),
		OPT_CALL(0, "session", call, v, NULL, "for heapmark itself"),
		OPT_END(),
	};
	const struct usage usage = {
		.command = "test",
		.operands = "[options] FILE",
		.summary = "Tests.",
		.operands_max = 2,
		.stop_at_operand = stop_at_operand,
	};
	static char words[256], *argv[16]; /* the operands point into both */
	char *word;
	int argc = 1;

	*v = (struct values){.follow = true, .top = 20};
	snprintf(words, sizeof(words), "test %s", line);
	argv[0] = strtok(words, " ");
	while ((word = strtok(NULL, " ")) && argc < 15)
		argv[argc++] = word;
	argv[argc] = NULL;
	return options_parse(table, &usage, argc, argv, &v->operands, &v->err);
}

static void takes_values_in_every_form(void **state)
{
	static const char *const lines[] = {"--top 7 --output x", "--top=7 --output=x", "-n 7 -o x",
					    "-n7 -ox", "-jqn7 -o x"};
	struct values v;

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		assert_int_equal(parse(&v, lines[i], false), 0);
		assert_int_equal(v.top, 7);
		assert_string_equal(v.output, "x");
	}
	assert_true(v.json && v.quiet);
}

static void fills_flags_choices_lists_and_calls(void **state)
{
	struct values v;

	(void)state;
	assert_int_equal(parse(&v, "--json --no-follow -s blocks -d a --domain=b --depth 9", false),
			 0);
	assert_true(v.json);
	assert_false(v.follow);
	assert_int_equal(v.sort, 1);
	assert_int_equal(v.domains.count, 2);
	assert_string_equal(v.domains.values[0], "a");
	assert_string_equal(v.domains.values[1], "b");
	assert_string_equal(v.called, "depth=9");
	option_list_release(&v.domains);
}

static void keeps_operands_in_order(void **state)
{
	struct values v;

	(void)state;
	assert_int_equal(parse(&v, "a --json -", false), 0);
	assert_int_equal(v.operands.count, 2);
	assert_string_equal(v.operands.values[0], "a");
	assert_string_equal(v.operands.values[1], "-");
	assert_null(v.operands.values[2]);
	assert_int_equal(parse(&v, "-j -- --json", false), 0);
	assert_int_equal(v.operands.count, 1);
	assert_string_equal(v.operands.values[0], "--json");
}

static void leaves_a_programs_options_alone(void **state)
{
	struct values v;

	(void)state;
	assert_int_equal(parse(&v, "-j prog -q", true), 0);
	assert_int_equal(v.operands.count, 2);
	assert_string_equal(v.operands.values[1], "-q");
	assert_false(v.quiet);
	assert_int_equal(parse(&v, "-j -- -q", true), 0);
	assert_string_equal(v.operands.values[0], "-q");
}

static void names_what_it_does_not_know(void **state)
{
	static const struct {
		const char *line, *part;
	} wrong[] = {
		{"--frobnicate", "'--frobnicate'"},
		{"--jso", "'--jso'"},
		{"-x", "'-x'"},
		{"-jx", "'-x'"},
		{"--json=1", "--json takes no value"},
		{"--top", "--top needs a value (N)"},
		{"--top x", "'x'"},
		{"--sort name", "bytes, blocks"},
		{"--depth bad", "does not like"},
		{"--session 3", "'--session'"},
		{"a b c", "'c'"},
	};
	struct values v;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		assert_int_equal(parse(&v, wrong[i].line, false), -1);
		assert_contains(v.err.text, wrong[i].part);
	}
}

static void help_shows_every_offered_option(void **state)
{
	static const struct usage_example examples[] = {{"heapmark test x", "tests x"},
							{NULL, NULL}};
	const struct option_row table[] = {
		OPT_STRING('o', "output", NULL, "FILE", "write to FILE"),
		OPT_CALL(0, "session", call, NULL, NULL, "hidden"),
		OPT_END(),
	};
	const struct usage usage = {
		.command = "test", .operands = "FILE", .summary = "Tests.", .examples = examples};
	struct error err = ERROR_INIT;
	struct out out;
	size_t size;
	char *text;

	(void)state;
	out_memory(&out, &text, &size);
	options_help(table, &usage, &out);
	assert_int_equal(out_close(&out, &err), 0);
	assert_contains(text, "usage: heapmark test FILE");
	assert_contains(text, "-o, --output FILE");
	assert_contains(text, "--help");
	assert_contains(text, "heapmark test x");
	assert_null(strstr(text, "session"));
	free(text);
}

static void remembers_a_write_that_failed(void **state)
{
	struct error err = ERROR_INIT;
	struct out out = {fopen("/dev/full", "w"), "the output", 0, true};

	(void)state;
	assert_non_null(out.file);
	out_text(&out, "x");
	assert_int_equal(out_close(&out, &err), -1);
	assert_contains(err.text, "No space left");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_values_in_every_form),
		cmocka_unit_test(fills_flags_choices_lists_and_calls),
		cmocka_unit_test(keeps_operands_in_order),
		cmocka_unit_test(leaves_a_programs_options_alone),
		cmocka_unit_test(names_what_it_does_not_know),
		cmocka_unit_test(help_shows_every_offered_option),
		cmocka_unit_test(remembers_a_write_that_failed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
