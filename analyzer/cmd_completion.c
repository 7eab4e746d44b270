/* SPDX-License-Identifier: MIT */
/* `heapmark completion`: what a shell needs to complete heapmark's command lines. */
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "util/completion.h"
#include "util/memory.h"
#include "util/options.h"

static const struct usage_example examples[] = {
	{"source <(heapmark completion bash)", "in this shell; put it into ~/.bashrc to keep it"},
	{"heapmark completion zsh > ~/.zfunc/_heapmark", "for a zsh with ~/.zfunc in its fpath"},
	{"heapmark completion fish > ~/.config/fish/completions/heapmark.fish", "for fish"},
	{NULL, NULL},
};

static const struct usage usage = {
	.command = "completion",
	.operands = "SHELL",
	.summary =
		"Writes what a shell needs to complete heapmark's commands and options: bash, zsh "
		"or fish.",
	.details = "`meson install` puts the scripts where these shells look for them.",
	.examples = examples,
	.operands_min = 1,
	.operands_max = 1,
};

static int find_shell(const char *name, struct error *err)
{
	for (int i = 0; completion_shells[i]; i++)
		if (strcmp(completion_shells[i], name) == 0)
			return i;
	return error_set(err,
			 "there is no completion for the shell '%s'; there are bash, zsh and fish",
			 name);
}

/* The beginning or the end of the script. */
static int write_frame(int shell, bool is_begin, struct error *err)
{
	struct command_name names[64] = {{NULL, NULL}};
	struct out out;

	for (size_t i = 0; commands[i].name && i + 1 < sizeof(names) / sizeof(*names); i++)
		names[i] = (struct command_name){commands[i].name, commands[i].summary};
	out_stdout(&out);
	if (is_begin)
		completion_begin(&out, shell, names);
	else
		completion_end(&out, shell);
	return out_close(&out, err);
}

/* Each command knows its own options, and writes its part. */
static int write_script(int shell, struct error *err)
{
	char *request = xasprintf("--completion=%s", completion_shells[shell]);
	int ret = write_frame(shell, true, err);

	for (const struct command *command = commands; ret >= 0 && command->name; command++) {
		char *argv[] = {(char *)command->name, request, NULL};

		ret = command->run(2, argv, err);
	}
	free(request);
	return ret < 0 ? -1 : write_frame(shell, false, err);
}

int cmd_completion(int argc, char **argv, struct error *err)
{
	static const struct option_row table[] = {OPT_END()};
	struct operands operands;
	int done = options_parse(table, &usage, argc, argv, &operands, err), shell;

	if (done)
		return done < 0 ? -1 : EXIT_FINE;
	shell = find_shell(operands.values[0], err);
	return shell < 0 || write_script(shell, err) < 0 ? -1 : EXIT_FINE;
}
