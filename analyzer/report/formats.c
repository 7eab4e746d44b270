/* SPDX-License-Identifier: MIT */
/* The table of formats; see formats.h. */
#include "report/formats.h"

#include <string.h>

static const struct report_format formats[] = {
	{"text", text_write_report, text_write_diff},
	{"json", json_write_report, json_write_diff},
};

const struct report_format *format_find(const char *name)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(*formats); i++)
		if (strcmp(formats[i].name, name) == 0)
			return &formats[i];
	return NULL;
}

size_t format_shown(const struct report *report, size_t count, uint64_t default_top)
{
	uint64_t top = report->options->top_given ? report->options->top : default_top;

	return top < count ? (size_t)top : count;
}
