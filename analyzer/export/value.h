/* SPDX-License-Identifier: MIT */
/* What a format can say of a stack or a row; the table is values.def. */
#ifndef ANALYZER_EXPORT_VALUE_H
#define ANALYZER_EXPORT_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#include "model/tally.h"

enum value {
#define VALUE(id, ...) VALUE_##id,
#include "export/values.def"
#undef VALUE
	VALUE_COUNT
};

struct value_kind {
	const char *name;  /* of --metric */
	const char *field; /* in JSON, as in reports */
	bool is_bytes;     /* else a count */
	const char *text;  /* "bytes live at the moment" */
};

extern const struct value_kind value_kinds[VALUE_COUNT];
extern const char *const value_names[]; /* in the same order; ends with NULL */

uint64_t value_of(enum value value, const struct row *row);

#endif
