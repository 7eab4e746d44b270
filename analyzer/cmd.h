/* SPDX-License-Identifier: MIT */
/*
 * The commands, one file each. argv[0] is the command's name. They return the exit status (0 fine,
 * 1 the thing asked about was found, 2 usage or input), or a negative value with the error set,
 * which main prints: -1 becomes 2, and another -N becomes N (record: 126 and 127, as a shell says).
 */
#ifndef ANALYZER_CMD_H
#define ANALYZER_CMD_H

#include "util/error.h"

enum exit_status {
	EXIT_FINE = 0,
	EXIT_FOUND = 1,
	EXIT_USAGE = 2,
};

int cmd_annotate(int argc, char **argv, struct error *err);
int cmd_completion(int argc, char **argv, struct error *err);
int cmd_diff(int argc, char **argv, struct error *err);
int cmd_doctor(int argc, char **argv, struct error *err);
int cmd_export(int argc, char **argv, struct error *err);
int cmd_info(int argc, char **argv, struct error *err);
int cmd_list(int argc, char **argv, struct error *err);
int cmd_memory(int argc, char **argv, struct error *err);
int cmd_merge(int argc, char **argv, struct error *err);
int cmd_record(int argc, char **argv, struct error *err);
int cmd_report(int argc, char **argv, struct error *err);
int cmd_symbolize(int argc, char **argv, struct error *err);
int cmd_tree(int argc, char **argv, struct error *err);

struct command {
	const char *name;
	int (*run)(int argc, char **argv, struct error *err);
	const char *summary;
};

extern const struct command commands[]; /* ends with a NULL name */

#endif
