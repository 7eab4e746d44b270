/* SPDX-License-Identifier: MIT */
/* One writer for each shell; see completion.h. */
#include "util/completion.h"

#include <string.h>

/* How --help calls a value says what it is. */
static bool is_file(const struct option_row *row)
{
	return row->argument &&
	       (strcmp(row->argument, "FILE") == 0 || strcmp(row->argument, "DIR") == 0);
}

/* A word in single quotes, which a shell takes as it is; `also` is one more character that must not
 * stand alone, and is written with a backslash. */
static void quoted(struct out *out, const char *text, const char *also)
{
	for (; *text; text++) {
		if (*text == '\'')
			out_text(out, "'\\''");
		else if (strchr(also, *text))
			out_printf(out, "\\%c", *text);
		else
			out_bytes(out, text, 1);
	}
}

/* A value that is one of a few words: as the row lists them, or as "one|two|three". */
static bool has_words(const struct option_row *row)
{
	return row->choices || (row->argument && strchr(row->argument, '|'));
}

static void words(struct out *out, const struct option_row *row)
{
	if (!row->choices)
		for (const char *at = row->argument; *at; at++)
			out_bytes(out, *at == '|' ? " " : at, 1);
	for (size_t i = 0; row->choices && row->choices[i]; i++)
		out_printf(out, "%s%s", i ? " " : "", row->choices[i]);
}

static void bash_begin(struct out *out, const struct command_name *commands)
{
	out_text(out,
		 "# bash completion for heapmark\n"
		 "_heapmark()\n{\n"
		 "\tlocal current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}\n"
		 "\tlocal command=${COMP_WORDS[1]} values= files= options=\n"
		 "\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n\t\tmapfile -t COMPREPLY < <(compgen -W '");
	for (; commands->name; commands++)
		out_printf(out, "%s ", commands->name);
	out_text(out, "--help --version' -- \"$current\")\n\t\treturn\n\tfi\n\tcase $command in\n");
}

static void bash_values(struct out *out, const struct option_row *row)
{
	out_text(out, "\t\t");
	if (row->short_name)
		out_printf(out, "-%c | ", row->short_name);
	out_printf(out, "--%s) ", row->name);
	if (has_words(row)) {
		out_text(out, "values='");
		words(out, row);
		out_text(out, "'");
	} else {
		out_text(out, is_file(row) ? "files=1" : "values=' '");
	}
	out_text(out, " ;;\n");
}

static void bash_command(struct out *out, const struct option_row *table, const struct usage *usage)
{
	out_printf(out, "\t%s)\n\t\toptions='", usage->command);
	for (const struct option_row *row = table; row->kind != OPTION_END; row++)
		if (option_is_offered(row))
			out_printf(out, "--%s ", row->name);
	out_text(out, "--help'\n\t\tcase $previous in\n");
	for (const struct option_row *row = table; row->kind != OPTION_END; row++)
		if (row->argument)
			bash_values(out, row);
	out_text(out, "\t\tesac\n\t\t;;\n");
}

static void bash_end(struct out *out)
{
	out_text(out, "\tesac\n"
		      "\tif [ -n \"$values\" ]; then\n"
		      "\t\tmapfile -t COMPREPLY < <(compgen -W \"$values\" -- \"$current\")\n"
		      "\telif [ -z \"$files\" ] && [[ $current == -* ]]; then\n"
		      "\t\tmapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$current\")\n"
		      "\telif [ \"$command\" = record ] && [ -z \"$files\" ]; then\n"
		      "\t\tmapfile -t COMPREPLY < <(compgen -c -f -- \"$current\")\n"
		      "\telse\n"
		      "\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$current\")\n"
		      "\tfi\n}\n"
		      "complete -o filenames -F _heapmark heapmark\n");
}

static void zsh_begin(struct out *out, const struct command_name *commands)
{
	out_text(out, "#compdef heapmark\n"
		      "# zsh completion for heapmark\n"
		      "_heapmark()\n{\n"
		      "\tif (( CURRENT == 2 )); then\n\t\tlocal -a commands\n\t\tcommands=(\n");
	for (; commands->name; commands++) {
		out_printf(out, "\t\t\t'%s:", commands->name);
		quoted(out, commands->summary, ":\\");
		out_text(out, "'\n");
	}
	out_text(out, "\t\t)\n\t\t_describe command commands\n\t\treturn\n\tfi\n"
		      "\tlocal command=$words[2]\n"
		      "\tshift words\n\t(( CURRENT-- ))\n\tcase $command in\n");
}

static void zsh_option(struct out *out, const struct option_row *row)
{
	out_text(out, "\t\t\t");
	if (row->short_name)
		out_printf(out, "'*'{-%c,--%s}'[", row->short_name, row->name);
	else
		out_printf(out, "'*--%s[", row->name);
	quoted(out, row->help, "[]:\\");
	out_text(out, "]");
	if (row->argument)
		out_printf(out, ":%s:", row->argument);
	if (has_words(row)) {
		out_text(out, "(");
		words(out, row);
		out_text(out, ")");
	} else if (is_file(row)) {
		out_text(out, "_files");
	}
	out_text(out, "' \\\n");
}

static void zsh_command(struct out *out, const struct option_row *table, const struct usage *usage)
{
	out_printf(out, "\t%s)\n\t\t_arguments -s -S \\\n", usage->command);
	for (; table->kind != OPTION_END; table++)
		if (option_is_offered(table))
			zsh_option(out, table);
	out_printf(out,
		   "\t\t\t'(-)'{-h,--help}'[show the page of the command]' \\\n\t\t\t%s\n\t\t;;\n",
		   usage->stop_at_operand ? "'*::program:_normal'" : "'*:trace:_files'");
}

static void zsh_end(struct out *out)
{
	out_text(out, "\tesac\n}\n_heapmark \"$@\"\n");
}

static void fish_begin(struct out *out, const struct command_name *commands)
{
	out_text(out, "# fish completion for heapmark\n");
	for (; commands->name; commands++) {
		out_printf(out, "complete -c heapmark -f -n __fish_use_subcommand -a %s -d '",
			   commands->name);
		quoted(out, commands->summary, "\\");
		out_text(out, "'\n");
	}
}

static void fish_command(struct out *out, const struct option_row *table, const struct usage *usage)
{
	for (; table->kind != OPTION_END; table++) {
		if (!option_is_offered(table))
			continue;
		out_printf(out, "complete -c heapmark -n '__fish_seen_subcommand_from %s'",
			   usage->command);
		if (table->short_name)
			out_printf(out, " -s %c", table->short_name);
		out_printf(out, " -l %s", table->name);
		if (table->argument)
			out_text(out, is_file(table) ? " -r -F" : " -x");
		if (has_words(table)) {
			out_text(out, " -a '");
			words(out, table);
			out_text(out, "'");
		}
		out_text(out, " -d '");
		quoted(out, table->help, "\\");
		out_text(out, "'\n");
	}
}

static void fish_end(struct out *out)
{
	(void)out;
}

static const struct {
	void (*begin)(struct out *out, const struct command_name *commands);
	void (*command)(struct out *out, const struct option_row *table, const struct usage *usage);
	void (*end)(struct out *out);
} shells[] = {
	{bash_begin, bash_command, bash_end},
	{zsh_begin, zsh_command, zsh_end},
	{fish_begin, fish_command, fish_end},
};

const char *const completion_shells[] = {"bash", "zsh", "fish", NULL};

void completion_begin(struct out *out, int shell, const struct command_name *commands)
{
	shells[shell].begin(out, commands);
}

void completion_command(struct out *out, int shell, const struct option_row *table,
			const struct usage *usage)
{
	shells[shell].command(out, table, usage);
}

void completion_end(struct out *out, int shell)
{
	shells[shell].end(out);
}
