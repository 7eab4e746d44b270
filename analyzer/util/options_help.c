/* SPDX-License-Identifier: MIT */
/* What --help prints, made from a command's table; see options.h. */
#include <stdio.h>
#include <string.h>

#include "util/options.h"

#define PAGE_COLUMNS 88
#define TEXT_COLUMN  26 /* where the explanations begin */

/* Writes words from column `at`, broken before PAGE_COLUMNS and continued at column `indent`. */
static void wrapped(struct out *out, const char *text, int at, int indent)
{
	while (*text) {
		int length = (int)strcspn(text, " ");

		if (at > indent && at + 1 + length > PAGE_COLUMNS) {
			out_printf(out, "\n%*s", indent, "");
			at = indent;
		} else if (at > indent) {
			out_text(out, " ");
			at++;
		}
		out_bytes(out, text, (size_t)length);
		at += length;
		text += length;
		text += strspn(text, " ");
	}
	out_text(out, "\n");
}

static void explained(struct out *out, const char *head, const char *text)
{
	int length = (int)strlen(head);

	out_text(out, head);
	if (length + 2 > TEXT_COLUMN)
		out_printf(out, "\n%*s", TEXT_COLUMN, "");
	else
		out_printf(out, "%*s", TEXT_COLUMN - length, "");
	wrapped(out, text, TEXT_COLUMN, TEXT_COLUMN);
}

static void option(struct out *out, char letter, const char *name, const char *argument,
		   const char *help)
{
	char head[128];
	char dash[8] = "    ";

	if (letter)
		snprintf(dash, sizeof(dash), "-%c, ", letter);
	snprintf(head, sizeof(head), "  %s--%s%s%s", dash, name, argument ? " " : "",
		 argument ? argument : "");
	explained(out, head, help);
}

static void examples(struct out *out, const struct usage_example *example)
{
	out_text(out, "\nexamples:\n");
	for (; example->command; example++) {
		out_printf(out, "  %s\n%*s", example->command, 6, "");
		wrapped(out, example->text, 6, 6);
	}
}

void options_help(const struct option_row *table, const struct usage *usage, struct out *out)
{
	out_printf(out, "usage: heapmark %s %s\n\n", usage->command, usage->operands);
	wrapped(out, usage->summary, 0, 0);
	if (usage->details) {
		out_text(out, "\n");
		wrapped(out, usage->details, 0, 0);
	}
	out_text(out, "\noptions:\n");
	for (; table->kind != OPTION_END; table++)
		if (option_is_offered(table))
			option(out, table->short_name, table->name, table->argument, table->help);
	option(out, 'h', "help", NULL, "show this page");
	if (usage->examples)
		examples(out, usage->examples);
}
