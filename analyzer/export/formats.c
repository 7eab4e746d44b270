/* SPDX-License-Identifier: MIT */
/* The table of formats; see export.h. */
#include <stddef.h>

#include "export/export.h"

const struct export_format export_formats[] = {
#define FORMAT(name, flags, text) {#name, flags, name##_write},
#include "export/formats.def"
#undef FORMAT
};

const char *const export_format_names[] = {
#define FORMAT(name, flags, text) #name,
#include "export/formats.def"
#undef FORMAT
	NULL,
};
