/* SPDX-License-Identifier: MIT */
/* The table of values; see value.h. */
#include "export/value.h"

#include <stddef.h>

const struct value_kind value_kinds[VALUE_COUNT] = {
#define VALUE(id, name, field, is_bytes, text) {name, #field, is_bytes, text},
#include "export/values.def"
#undef VALUE
};

const char *const value_names[] = {
#define VALUE(id, name, ...) name,
#include "export/values.def"
#undef VALUE
	NULL,
};

uint64_t value_of(enum value value, const struct row *row)
{
	switch (value) {
#define VALUE(id, name, field, ...) \
	case VALUE_##id: \
		return row->field;
#include "export/values.def"
#undef VALUE
	case VALUE_COUNT:
		break;
	}
	return 0;
}
