/* SPDX-License-Identifier: MIT */
/* `heapmark memory`: why a process is larger than its heap. */
#include "cmd.h"
#include "one_trace.h"
#include "report/memory.h"

static const struct usage_example examples[] = {
	{"heapmark memory app.hmk",
	 "where the resident memory is that no line of the report holds"},
	{"heapmark memory --json app.hmk | jq '.moments[].resident_bytes'", "for a script"},
	{NULL, NULL},
};

static const struct usage usage = {
	.command = "memory",
	.operands = "[options] TRACE",
	.summary =
		"Shows what the process's memory was made of: the heap, taken apart into what the "
		"program asked for and what the allocator added or kept; its own maps, stacks, "
		"files, and heapmark's own tables.",
	.details = "Memory is looked at on signals and marks, and of a process that runs for a "
		   "tenth of "
		   "a second also when its heap has grown and at the end.",
	.examples = examples,
	.operands_min = 1,
	.operands_max = 1,
};

int cmd_memory(int argc, char **argv, struct error *err)
{
	static const struct one_trace_command command = {
		.usage = &usage,
		.json_help = "write JSON, with all moments at which memory was looked at",
		.write_text = memory_text,
		.write_json = memory_json,
	};

	return one_trace_main(&command, argc, argv, err);
}
