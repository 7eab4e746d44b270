/* SPDX-License-Identifier: MIT */
/* Numbers to text and back; see human.h. */
#include "util/human.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "heapmark/options.h"

#define NS_PER_SECOND UINT64_C(1000000000)

const char *human_size(char text[static HUMAN_BYTES], uint64_t bytes)
{
	static const char *const units[] = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
	unsigned unit = 0;
	double value = (double)bytes / 1024;

	if (bytes < 1024) {
		snprintf(text, HUMAN_BYTES, "%" PRIu64 " B", bytes);
		return text;
	}
	/* 1023.95 would print as 1024.0 */
	while (value >= 1023.95 && unit + 1 < sizeof(units) / sizeof(*units)) {
		value /= 1024;
		unit++;
	}
	snprintf(text, HUMAN_BYTES, "%.1f %s", value, units[unit]);
	return text;
}

static uint64_t magnitude(int64_t value)
{
	return value < 0 ? -(uint64_t)value : (uint64_t)value;
}

static const char *signed_text(char text[static HUMAN_BYTES], int64_t value,
			       const char *format(char *, uint64_t))
{
	if (!value)
		return format(text, 0);
	text[0] = value < 0 ? '-' : '+';
	format(text + 1, magnitude(value));
	return text;
}

/* The digits of `format` functions never fill the buffer, so one byte for the sign is there. */
static const char *size_after_sign(char *text, uint64_t bytes)
{
	char plain[HUMAN_BYTES];

	return strcpy(text, human_size(plain, bytes));
}

static const char *count_after_sign(char *text, uint64_t count)
{
	char plain[HUMAN_BYTES];

	return strcpy(text, human_count(plain, count));
}

const char *human_size_diff(char text[static HUMAN_BYTES], int64_t bytes)
{
	return signed_text(text, bytes, size_after_sign);
}

const char *human_count_diff(char text[static HUMAN_BYTES], int64_t count)
{
	return signed_text(text, count, count_after_sign);
}

const char *human_count(char text[static HUMAN_BYTES], uint64_t count)
{
	char digits[24];
	int length = snprintf(digits, sizeof(digits), "%" PRIu64, count);
	char *to = text;

	for (int i = 0; i < length; i++) {
		if (i && (length - i) % 3 == 0)
			*to++ = ',';
		*to++ = digits[i];
	}
	*to = '\0';
	return text;
}

const char *human_items(char text[static HUMAN_BYTES], uint64_t count, const char *thing)
{
	size_t length, name_length = strlen(thing);
	const char *plural = name_length && thing[name_length - 1] == 's' ? "es" : "s";

	human_count(text, count);
	length = strlen(text);
	snprintf(text + length, HUMAN_BYTES - length, " %.20s%s", thing, count == 1 ? "" : plural);
	return text;
}

const char *human_duration(char text[static HUMAN_BYTES], uint64_t ns)
{
	uint64_t seconds = ns / NS_PER_SECOND;

	if (ns < 1000)
		snprintf(text, HUMAN_BYTES, "%" PRIu64 " ns", ns);
	else if (ns < 1000000)
		snprintf(text, HUMAN_BYTES, "%.1f us", (double)ns / 1e3);
	else if (ns < NS_PER_SECOND)
		snprintf(text, HUMAN_BYTES, "%.1f ms", (double)ns / 1e6);
	else if (seconds < 60)
		snprintf(text, HUMAN_BYTES, "%.2f s", (double)ns / 1e9);
	else if (seconds < 3600)
		snprintf(text, HUMAN_BYTES, "%u min %02u s", (unsigned)(seconds / 60),
			 (unsigned)(seconds % 60));
	else
		snprintf(text, HUMAN_BYTES, "%" PRIu64 " h %02u min", seconds / 3600,
			 (unsigned)(seconds / 60 % 60));
	return text;
}

static uint64_t unit_ns(const char *unit)
{
	static const struct {
		const char *name;
		uint64_t ns;
	} units[] = {
		{"ns", 1},
		{"us", 1000},
		{"ms", 1000000},
		{"s", NS_PER_SECOND},
		{"m", 60 * NS_PER_SECOND},
		{"min", 60 * NS_PER_SECOND},
		{"h", 3600 * NS_PER_SECOND},
	};

	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
		if (strcmp(unit, units[i].name) == 0)
			return units[i].ns;
	return 0;
}

/* Digits with at most one dot, at `*text`, times 10^9 would overflow: so as a double, which is
 * exact to the nanosecond for a hundred days. Returns negative if there are none, and no number at
 * all for hundreds of digits. */
static double decimal(const char **text)
{
	double value = 0, place = 0;
	const char *at = *text;
	bool any = false;

	for (; isdigit((unsigned char)*at) || (*at == '.' && place == 0); at++) {
		if (*at == '.') {
			place = 1;
			continue;
		}
		any = true;
		value = value * 10 + (*at - '0');
		place *= 10;
	}
	*text = at;
	return any ? value / (place > 1 ? place : 1) : -1;
}

int human_parse_duration(const char *what, const char *text, uint64_t *ns, struct error *err)
{
	const char *at = text;
	double value = decimal(&at);
	uint64_t unit = unit_ns(at);

	if (value == 0 && !*at)
		unit = 1;
	if (value < 0 || !unit || !(value * (double)unit < 9e18))
		return error_set(
			err,
			"%s needs a time such as 200ms, 1s or 2m (units: us, ms, s, m, h), "
			"not '%s'",
			what, text);
	*ns = (uint64_t)(value * (double)unit + 0.5);
	return 0;
}

int human_parse_size(const char *what, const char *text, uint64_t *bytes, struct error *err)
{
	const char *at = text;
	double value = decimal(&at);
	int unit = heapmark_size_unit(at);

	if (value < 0 || unit < 0 || !(ldexp(value, 10 * unit) < 9e18))
		return error_set(err,
				 "%s needs a size such as 4096, 512K or 1M (units: K, M, G, powers "
				 "of 1024), not '%s'",
				 what, text);
	*bytes = (uint64_t)(ldexp(value, 10 * unit) + 0.5);
	return 0;
}

int human_option_size(const char *name, const char *value, void *context, struct error *err)
{
	char what[64];

	snprintf(what, sizeof(what), "--%s", name);
	return human_parse_size(what, value, context, err);
}

int human_parse_count(const char *what, const char *text, uint64_t *count, struct error *err)
{
	uint64_t value = 0;
	const char *at = text;

	for (; isdigit((unsigned char)*at); at++) {
		unsigned digit = (unsigned)(*at - '0');

		if (value > (UINT64_MAX - digit) / 10)
			return error_set(err, "%s: '%s' is too large a number", what, text);
		value = value * 10 + digit;
	}
	if (at == text || *at)
		return error_set(err, "%s needs a whole number, not '%s'", what, text);
	*count = value;
	return 0;
}
