/* SPDX-License-Identifier: MIT */
/*
 * Can this program be recorded, on this machine? Each question is one row of a table in checks.c
 * (about the program) or machine.c, and has one answer, a sentence.
 */
#ifndef ANALYZER_TARGET_CHECKS_H
#define ANALYZER_TARGET_CHECKS_H

#include <stdbool.h>
#include <stddef.h>

#include "target/facts.h"
#include "target/program.h"

enum finding_status {
	FINDING_OK,
	FINDING_NOTE,    /* recordable, but something is worth knowing */
	FINDING_PROBLEM, /* not recordable, or nothing would be seen */
};

struct finding {
	const char *name; /* of the check; part of the JSON contract */
	enum finding_status status;
	char *text; /* a sentence; NULL: nothing to say, the check does not apply */
};

/* What the checks look at. For those of machine.c it may be empty. */
struct subject {
	const struct program *program;
	struct facts facts; /* of program_file() */
};

struct check {
	const char *name;
	/* Sets text and status, which are NULL and OK before. */
	void (*run)(const struct subject *subject, struct finding *finding);
	bool refuses; /* a problem here means that recording cannot work, or harms the program */
};

struct findings {
	struct finding *items;
	size_t count;
};

/* With program NULL only the machine is looked at. */
void checks_run(const struct program *program, struct findings *findings);
void findings_release(struct findings *findings);

/* The quick check before a recording. Returns 0; negative with the sentence if the program can
 * never be recorded. Else `warning` gets a sentence to be freed, if nothing may be seen, or NULL.
 */
int checks_refuse(const struct program *program, char **warning, struct error *err);

/* machine.c */
extern const struct check machine_checks[];
extern const size_t machine_check_count;

#endif
