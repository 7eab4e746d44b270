/* SPDX-License-Identifier: MIT */
/* Options as text for the library; see environment.h. */
#include "record/environment.h"

#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "heapmark/options.h"
#include "util/buffer.h"
#include "util/human.h"
#include "util/memory.h"

static int check_STRING(const char *what, const char *value, const char *choices, struct error *err)
{
	(void)choices;
	return *value ? 0 : error_set(err, "%s needs a value", what);
}

static int check_COUNT(const char *what, const char *value, const char *choices, struct error *err)
{
	uint64_t number;

	(void)choices;
	return human_parse_count(what, value, &number, err);
}

static int check_DURATION(const char *what, const char *value, const char *choices,
			  struct error *err)
{
	uint64_t ns;

	(void)choices;
	return human_parse_duration(what, value, &ns, err);
}

static int check_SWITCH(const char *what, const char *value, const char *choices, struct error *err)
{
	(void)choices;
	if (strcmp(value, "0") == 0 || strcmp(value, "1") == 0)
		return 0;
	return error_set(err, "%s takes 0 or 1, not '%s'", what, value);
}

static int check_SIGNAL(const char *what, const char *value, const char *choices, struct error *err)
{
	char *rest;
	long number = strtol(value, &rest, 10);

	(void)choices;
	if (strcmp(value, "none") == 0 || (*value && !*rest && number > 0 && number < NSIG))
		return 0;
	if (strncmp(value, "SIG", 3) == 0)
		value += 3;
	for (int i = 1; i < NSIG; i++) {
		const char *name = sigabbrev_np(i);

		if (name && strcmp(value, name) == 0)
			return 0;
	}
	return error_set(err, "%s takes the name or the number of a signal, or 'none', not '%s'",
			 what, value);
}

static int check_BYTES(const char *what, const char *value, const char *choices, struct error *err)
{
	uint64_t bytes;

	(void)choices;
	return human_parse_size(what, value, &bytes, err);
}

static int check_CHOICE(const char *what, const char *value, const char *choices, struct error *err)
{
	if (heapmark_choice(choices, value) >= 0)
		return 0;
	return error_set(err, "%s takes one of %s, not '%s'", what, choices, value);
}

static int check_depth(const char *value, struct error *err)
{
	uint64_t depth;

	if (human_parse_count("--depth", value, &depth, err) < 0)
		return -1;
	if (!heapmark_depth_fits(depth))
		return error_set(err, "--depth takes a number from %d to %d, not %s",
				 HEAPMARK_DEPTH_MIN, HEAPMARK_DEPTH_MAX, value);
	return 0;
}

static int check_sample(const char *value, struct error *err)
{
	char min[HUMAN_BYTES], max[HUMAN_BYTES];
	uint64_t bytes;

	if (human_parse_size("--sample", value, &bytes, err) < 0)
		return -1;
	if (!heapmark_sample_fits(bytes))
		return error_set(err, "--sample takes a size from %s to %s, or 0 for all, not %s",
				 human_size(min, HEAPMARK_SAMPLE_MIN),
				 human_size(max, HEAPMARK_SAMPLE_MAX), value);
	return 0;
}

int record_options_check(const struct record_options *options, struct error *err)
{
#define HEAPMARK_OPTION(field, kind, name, argument, fallback, help) \
	if (options->field && check_##kind("--" name, options->field, argument, err) < 0) \
		return -1;
#include "heapmark/options.def"
#undef HEAPMARK_OPTION
	if (options->depth && check_depth(options->depth, err) < 0)
		return -1;
	return options->sample ? check_sample(options->sample, err) : 0;
}

/* In text, so that nothing in a value can be taken for the next option. */
static void add_plain(struct buffer *text, const char *value)
{
	for (; *value; value++) {
		if (*value == ':' || *value == '\\')
			buffer_append(text, "\\", 1);
		buffer_append(text, value, 1);
	}
}

/* The library knows no fractions. */
static void add_duration(struct buffer *text, const char *value)
{
	struct error ignored;
	uint64_t ns = 0;
	char *plain;

	human_parse_duration("", value, &ns, &ignored);
	plain = xasprintf("%" PRIu64 "ns", ns);
	add_plain(text, plain);
	free(plain);
}

static void add_bytes(struct buffer *text, const char *value)
{
	struct error ignored;
	uint64_t bytes = 0;
	char *plain;

	human_parse_size("", value, &bytes, &ignored);
	plain = xasprintf("%" PRIu64, bytes);
	add_plain(text, plain);
	free(plain);
}

#define add_STRING   add_plain
#define add_COUNT    add_plain
#define add_SWITCH   add_plain
#define add_SIGNAL   add_plain
#define add_CHOICE   add_plain
#define add_DURATION add_duration
#define add_BYTES    add_bytes

static void add_name(struct buffer *text, const char *name)
{
	if (text->size)
		buffer_append(text, ":", 1);
	buffer_append(text, name, strlen(name));
	buffer_append(text, "=", 1);
}

char *environment_options(const struct record_options *options)
{
	struct buffer text = BUFFER_INIT;

#define HEAPMARK_OPTION(field, kind, name, argument, fallback, help) \
	if (options->field) { \
		add_name(&text, name); \
		add_##kind(&text, options->field); \
	}
#include "heapmark/options.def"
#undef HEAPMARK_OPTION
	buffer_append(&text, "", 1);
	return (char *)text.bytes;
}

char *environment_preload(const char *library, const char *now)
{
	if (!now || !*now)
		return xstrdup(library);
	return xasprintf("%s:%s", library, now);
}
