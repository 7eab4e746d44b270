/* SPDX-License-Identifier: MIT */
/* The environment of a recorded program: its own, with the library and its options added. */
#ifndef ANALYZER_RECORD_ENVIRONMENT_H
#define ANALYZER_RECORD_ENVIRONMENT_H

#include <stdint.h>

#include "util/error.h"

/* The options of heapmark/options.def as they were given, NULL where the default holds. */
struct record_options {
#define HEAPMARK_OPTION(field, kind, name, argument, fallback, help) const char *field;
#include "heapmark/options.def"
#undef HEAPMARK_OPTION
};

/* Checks each value against its kind. Returns 0, or negative with a sentence. */
int record_options_check(const struct record_options *options, struct error *err);

/* The value of HEAPMARK for these options: "name=value:name=value", with ':' and '\' in a value
 * escaped by '\'. To be freed. */
char *environment_options(const struct record_options *options);

/* The value of LD_PRELOAD with `library` before what `now` holds (may be NULL). To be freed. */
char *environment_preload(const char *library, const char *now);

#endif
