/* SPDX-License-Identifier: MIT */
/*
 * heapmark doctor: says in plain words whether a program can be recorded, and why not. The
 * questions are in target/; here they are only asked and printed.
 */
#include "cmd.h"
#include "report/json_value.h"
#include "target/checks.h"
#include "target/program.h"
#include "util/options.h"
#include "util/out.h"

static const struct usage_example examples[] = {
	{"heapmark doctor", "looks at the machine and at this installation"},
	{"heapmark doctor ./app", "looks at a program too"},
	{NULL, NULL},
};

static const struct usage usage = {
	.command = "doctor",
	.operands = "[options] [PROGRAM]",
	.summary = "Says whether PROGRAM, or any program here, can be recorded, and why not.",
	.details = "The exit status is 0 if it can, 1 if it cannot, 2 if there is no such program. "
		   "PROGRAM is not run.",
	.examples = examples,
	.operands_max = 1,
};

static bool is_recordable(const struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++)
		if (findings->items[i].status == FINDING_PROBLEM)
			return false;
	return true;
}

static void write_text(struct out *out, const char *name, const struct findings *findings)
{
	static const char *const words[] = {"ok  ", "note", "NO  "};

	for (size_t i = 0; i < findings->count; i++)
		out_printf(out, "%s  %s\n", words[findings->items[i].status],
			   findings->items[i].text);
	if (is_recordable(findings))
		out_printf(out, "\n%s can be recorded: heapmark record %s\n",
			   name ? name : "Programs", name ? name : "PROGRAM");
	else
		out_printf(out, "\n%s cannot be recorded here.\n", name ? name : "Programs");
}

static void write_json(struct out *out, const char *name, const struct findings *findings)
{
	static const char *const words[] = {"ok", "note", "problem"};
	struct json_out json;

	json_out_begin(&json, out, "heapmark.doctor/1");
	json_out_member(&json, "program", json_text(name));
	json_out_member(&json, "recordable", json_boolean(is_recordable(findings)));
	json_out_array(&json, "checks");
	for (size_t i = 0; i < findings->count; i++) {
		json_t *check = json_object();

		json_put(check, "name", json_text(findings->items[i].name));
		json_put(check, "status", json_text(words[findings->items[i].status]));
		json_put(check, "text", json_text(findings->items[i].text));
		json_out_element(&json, check);
	}
	json_out_end(&json);
}

static int examine(const char *name, bool json, struct error *err)
{
	struct program program = PROGRAM_INIT;
	struct findings findings;
	struct out out;
	bool recordable;

	if (name && program_find(&program, name, err) != 0) {
		program_release(&program);
		return -1;
	}
	checks_run(name ? &program : NULL, &findings);
	recordable = is_recordable(&findings);
	out_stdout(&out);
	(json ? write_json : write_text)(&out, name, &findings);
	findings_release(&findings);
	program_release(&program);
	if (out_close(&out, err) < 0)
		return -1;
	return recordable ? EXIT_FINE : EXIT_FOUND;
}

int cmd_doctor(int argc, char **argv, struct error *err)
{
	bool json = false;
	const struct option_row table[] = {
		OPT_FLAG('j', "json", &json, "write JSON (schema heapmark.doctor/1)"),
		OPT_END(),
	};
	struct operands operands;
	int done = options_parse(table, &usage, argc, argv, &operands, err);

	if (done)
		return done < 0 ? -1 : EXIT_FINE;
	return examine(operands.count ? operands.values[0] : NULL, json, err);
}
