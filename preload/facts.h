/* SPDX-License-Identifier: MIT */
/* What the process is: read once at the start, and again in a forked child. */
#ifndef PRELOAD_FACTS_H
#define PRELOAD_FACTS_H

#include <stdint.h>

#include "heapmark/format.h"

/* What the head of a trace says of the process. The strings are copies: as it was started. */
struct facts {
	enum heapmark_origin origin;
	uint64_t pid, parent_pid;
	uint64_t start_unix_ns;
	const char *executable, *directory;
	const char *program; /* the name it was called by, without directories */
	char **arguments;
	char **environment; /* the variables that change what is recorded */
};

extern struct facts facts;

/* Reads the facts. Before anything else of the shim. */
void facts_read(int argument_count, char **arguments, char **environment);

/* In a forked child: a process of its own, that begins now. */
void facts_child(void);

/* Opens what facts_resident_bytes() reads. */
void facts_open_statm(void);

/* Bytes of the process that are in memory now; 0 if not to be had. */
uint64_t facts_resident_bytes(void);

#endif
