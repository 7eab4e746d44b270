/* SPDX-License-Identifier: MIT */
/* The table of commands. To add one, write its function in a file of its own, and a row here. */
#include <stddef.h>

#include "cmd.h"

const struct command commands[] = {
	/* clang-format off */
	{"record",     cmd_record,     "run a program and record what it does with its heap"},
	{"report",     cmd_report,     "the lines that hold the memory, at the peak or another moment"},
	{"annotate",   cmd_annotate,   "a source file with the memory of its lines beside it"},
	{"tree",       cmd_tree,       "the calls that lead to the memory, as a tree"},
	{"diff",       cmd_diff,       "what grew and what shrank between two moments"},
	{"export",     cmd_export,     "a moment in the format of another tool: pprof, flame graphs, ..."},
	{"list",       cmd_list,       "the snapshots of a trace"},
	{"info",       cmd_info,       "the recorded process, its modules, and what the recording cost"},
	{"memory",     cmd_memory,     "what the resident memory is made of, besides the heap"},
	{"merge",      cmd_merge,      "the traces of several processes as one"},
	{"symbolize",  cmd_symbolize,  "names and lines into a copy, to be read on another machine"},
	{"doctor",     cmd_doctor,     "whether a program can be recorded, and why not"},
	{"completion", cmd_completion, "completion of heapmark's commands and options, for a shell"},
	{NULL,         NULL,           NULL},
	/* clang-format on */
};
