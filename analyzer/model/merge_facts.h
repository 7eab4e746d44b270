/* SPDX-License-Identifier: MIT */
/* The part of merge.c that is about processes and sums of whole runs; nobody else's business. */
#ifndef ANALYZER_MODEL_MERGE_FACTS_H
#define ANALYZER_MODEL_MERGE_FACTS_H

#include "model/merge.h"

/* Whether a profile goes with those that were added. Negative, with a sentence. */
int merge_check(struct merge *merge, const struct profile *profile, struct error *err);

/* Adds the counters that are sums, so not the peak and the maximum. False: more than can be. */
bool merge_add_counters(struct counters *sum, const struct counters *more);

/* Leaves of what describes the processes only what this one has, too; all of the first. */
void merge_agree(struct merge *merge, const struct profile *profile);

/* Appends a copy of a text, interned in the result. */
void merge_append_text(struct merge *merge, struct text_list *list, const char *text);

/* Adds what is said of the process and of the whole run. False: more than can be. */
bool merge_add_facts(struct merge *merge, const struct profile *profile);

/* Fills the result's timeline and end, and its only snapshot but for what the peak was. */
struct snapshot *merge_finish_facts(struct merge *merge);

#endif
