/* SPDX-License-Identifier: MIT */
/*
 * The recording options, read once from HEAPMARK="name=value:name=value"; see options.def.
 *
 * A ':' or '\' that belongs to a value is written "\:" or "\\".
 */
#ifndef PRELOAD_CONFIG_H
#define PRELOAD_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "atomic.h"

#include "heapmark/options.h"

/* Field types by the KIND of the option. */
typedef const char *config_STRING;
typedef uint64_t config_DURATION; /* nanoseconds; 0: never */
typedef uint64_t config_COUNT;
typedef bool config_SWITCH;
typedef int config_SIGNAL; /* a signal's number; 0: none */
typedef uint64_t config_BYTES;
typedef int config_CHOICE; /* an enum of heapmark/options.h */

struct config {
#define HEAPMARK_OPTION(field, kind, name, argument, fallback, help) config_##kind field;
#include "heapmark/options.def"
#undef HEAPMARK_OPTION
};

/* What is in force. Written once, before any other part starts. */
extern HIDDEN struct config config;

/* Reads the options, from `environment` (as main() gets it), says what it could not understand, and
 * falls back to the default there. */
void config_read(char **environment);

/* Parses one option's text into `to`. False, and nothing is changed, if name or value is no good.
 */
bool config_set(struct config *to, const char *name, const char *value);

/* Every option that people can set, by position: its name and its value as text in the caller's
 * buffer. False past the last. */
bool config_describe(size_t position, const char **name, char *value, size_t room);

#endif
