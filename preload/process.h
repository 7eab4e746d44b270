/* SPDX-License-Identifier: MIT */
/*
 * The process we are a guest in: what it is, when recording began, and how it ends or multiplies.
 */
#ifndef PRELOAD_PROCESS_H
#define PRELOAD_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

#include "heapmark/format.h"

/* What the head of a trace says of the process. */
struct process_facts {
	enum heapmark_origin origin;
	uint64_t pid, parent_pid;
	uint64_t start_unix_ns;
	const char *executable, *directory;
	const char *program; /* the name it was called by, without directories */
	char **arguments, **environment;
};

/* Reads the facts. Before anything else of the shim. */
void process_start(int argument_count, char **arguments, char **environment);

/* Opens the trace, which needs the modules to be known, and starts to record. `pending` is called
 * when a hook ends on a thread that has been asked for something meanwhile. */
struct thread;
void process_begin(void (*pending)(struct thread *self));

const struct process_facts *process_facts(void);
const char *process_executable(void);

/* Resident bytes now; 0 if not to be had. */
uint64_t process_resident_bytes(void);

/* False in the child of a vfork(), which runs in our memory but is another process: it must not
 * write to the trace. */
bool process_is_ours(void);

/* The last snapshot and the end of the trace. `status` is the exit status or the signal. Nothing is
 * recorded afterwards. */
void process_end(enum heapmark_end how, int status);

/* Around an exec: the trace ends; if the call returns, it had not. */
bool process_exec_begin(void);
void process_exec_failed(void);

#endif
