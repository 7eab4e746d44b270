/* SPDX-License-Identifier: MIT */
/*
 * Runs a program as if nobody stood in between: signals meant for it reach it, and it finds
 * dispositions, mask and file descriptors as we found them.
 */
#ifndef ANALYZER_RECORD_CHILD_H
#define ANALYZER_RECORD_CHILD_H

#include "util/error.h"

/* Runs argv[0], searched in PATH, and waits for its end. Returns what a shell would: the exit
 * status, or 128 and the number of the signal that ended it. 126 or 127 with a sentence in `err`
 * (which is empty otherwise) if it could not be started; negative if there was no process to be
 * had.
 */
int child_run(char **argv, char **environment, struct error *err);

#endif
