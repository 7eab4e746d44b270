/* SPDX-License-Identifier: MIT */
/* Read one trace, write it as text or as JSON; see one_trace.h. */
#include "one_trace.h"

#include "cmd.h"
#include "load.h"
#include "traces.h"

static int show(const struct one_trace_command *command, const char *trace, bool json,
		struct error *err)
{
	struct profile profile;
	struct out out;
	int ret;

	profile_init(&profile);
	ret = traces_load(&profile, trace, NULL, NULL, err);
	if (ret == 0) {
		load_warn(&profile);
		out_stdout(&out);
		(json ? command->write_json : command->write_text)(&out, &profile);
		ret = out_close(&out, err);
	}
	profile_release(&profile);
	return ret;
}

int one_trace_main(const struct one_trace_command *command, int argc, char **argv,
		   struct error *err)
{
	bool json = false;
	const struct option_row table[] = {
		OPT_FLAG('j', "json", &json, command->json_help),
		OPT_END(),
	};
	struct operands operands;
	int done = options_parse(table, command->usage, argc, argv, &operands, err);

	if (!done)
		done = show(command, operands.values[0], json, err);
	return done < 0 ? -1 : EXIT_FINE;
}
