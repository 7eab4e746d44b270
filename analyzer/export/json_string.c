/* SPDX-License-Identifier: MIT */
/* JSON's rules for texts are jansson's business; see json_string.h. */
#include "export/json_string.h"

#include <stdlib.h>

#include "report/json_value.h"
#include "util/memory.h"

void json_string_write(struct out *out, const char *text)
{
	json_t *value = json_text(text);
	char *quoted = json_dumps(value, JSON_ENCODE_ANY);

	if (!quoted)
		die_oom();
	out_text(out, quoted);
	free(quoted);
	json_decref(value);
}

void json_member_write(struct out *out, const char *name, const char *text)
{
	out_printf(out, ",\"%s\":", name);
	json_string_write(out, text);
}
