/* SPDX-License-Identifier: MIT */
/*
 * The `heapmark` command: finds the command by name, runs it, prints its error and ends with its
 * exit status. Nothing else may print errors or call exit().
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "symbol/cache.h"
#include "symbol/debuginfod.h"
#include "util/out.h"
#include "util/progress.h"
#include "util/utf8.h"

static const struct command *find_command(const char *name)
{
	for (const struct command *command = commands; command->name; command++)
		if (strcmp(command->name, name) == 0)
			return command;
	return NULL;
}

static int help(struct error *err)
{
	struct out out;

	out_stdout(&out);
	out_text(&out, "usage: heapmark COMMAND [options] ...\n\n"
		       "Finds the lines of a program that hold its memory.\n\ncommands:\n");
	for (const struct command *command = commands; command->name; command++)
		out_printf(&out, "  %-10s %s\n", command->name, command->summary);
	out_text(&out, "\n'heapmark COMMAND --help' explains a command; 'heapmark --version' says "
		       "which heapmark this is.\n\nexamples:\n"
		       "  heapmark record -o app.hmk -- ./app --its-options\n"
		       "  heapmark report app.hmk\n"
		       "  heapmark diff app.hmk@1 app.hmk@end\n");
	return out_close(&out, err);
}

static int version(struct error *err)
{
	struct out out;

	out_stdout(&out);
	out_text(&out, "heapmark " HEAPMARK_VERSION "\n");
	return out_close(&out, err);
}

/* `heapmark help diff` is `heapmark diff --help`. */
static int help_command(char *name, struct error *err)
{
	const struct command *command = find_command(name);
	char flag[] = "--help";
	char *argv[] = {name, flag, NULL};

	if (!command)
		return error_set(err, "there is no command '%s'; see 'heapmark --help'", name);
	return command->run(2, argv, err);
}

static int dispatch(int argc, char **argv, struct error *err)
{
	const char *name = argc > 1 ? argv[1] : NULL;
	const struct command *command;

	if (!name)
		return error_set(err, "which command? See 'heapmark --help'");
	if (strcmp(name, "help") == 0 && argc > 2)
		return help_command(argv[2], err);
	if (strcmp(name, "help") == 0 || strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
		return help(err);
	if (strcmp(name, "--version") == 0)
		return version(err);
	command = find_command(name);
	if (!command)
		return error_set(err, "there is no command '%s'; see 'heapmark --help'", name);
	return command->run(argc - 1, argv + 1, err);
}

/* One sentence in one line, whatever the names in it are made of. */
static void tell(const struct error *err)
{
	char *text = utf8_printable(err->text);

	fprintf(stderr, "heapmark: %s\n", text);
	free(text);
}

int main(int argc, char **argv)
{
	struct error err = ERROR_INIT;
	int status;

	debuginfod_allow();
	cache_allow();
	status = dispatch(argc, argv, &err);

	progress_clear();
	if (status >= 0)
		return status;
	tell(&err);
	return status == -1 ? EXIT_USAGE : -status;
}
