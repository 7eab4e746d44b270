/* SPDX-License-Identifier: MIT */
/* The numbers of the format as words, the same in text and JSON. "unknown" for what a later minor
 * version may add. */
#ifndef ANALYZER_REPORT_WORDS_H
#define ANALYZER_REPORT_WORDS_H

#include <stdint.h>

const char *word_reason(uint64_t reason);    /* "interval", "peak", ... */
const char *word_end(uint64_t how);          /* "exit", "signal", ... */
const char *word_origin(uint64_t origin);    /* "executed", "forked" */
const char *word_domain_kind(uint64_t kind); /* "asked", "storage" */
const char *word_symbols(uint64_t quality);  /* "none", "names", "lines" */

#endif
