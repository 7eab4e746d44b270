/* SPDX-License-Identifier: MIT */
/* Reading the options; see config.h. The only file that looks at the environment for them. */
#include "config.h"

#include <signal.h>
#include <string.h>

#include "log.h"
#include "text.h"

#define VARIABLE     "HEAPMARK="
#define CONFIG_BYTES 8192

struct config config;

/* Values that outlive the environment string live here. */
static char storage[CONFIG_BYTES];

static bool parse_STRING(const char *value, const char *choices, config_STRING *to)
{
	(void)choices;
	*to = value;
	return *value != '\0';
}

static bool parse_COUNT(const char *value, const char *choices, config_COUNT *to)
{
	uint64_t number;
	const char *rest;

	(void)choices;
	if (!text_number(value, &number, &rest) || *rest)
		return false;
	*to = number;
	return true;
}

static bool parse_SWITCH(const char *value, const char *choices, config_SWITCH *to)
{
	uint64_t number;

	if (!parse_COUNT(value, choices, &number) || number > 1)
		return false;
	*to = number;
	return true;
}

static bool parse_DURATION(const char *value, const char *choices, config_DURATION *to)
{
	static const struct {
		const char *unit;
		uint64_t ns;
	} units[] = {{"ns", 1},          {"us", 1000},         {"ms", 1000000}, {"s", 1000000000},
		     {"m", 60000000000}, {"h", 3600000000000}, {"", 1000000000}};
	uint64_t number;
	const char *rest;

	(void)choices;
	if (!text_number(value, &number, &rest))
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
		if (text_equal(rest, units[i].unit))
			return !__builtin_mul_overflow(number, units[i].ns, to);
	return false;
}

static bool parse_SIGNAL(const char *value, const char *choices, config_SIGNAL *to)
{
	uint64_t number;

	if (text_equal(value, "none")) {
		*to = 0;
		return true;
	}
	if (parse_COUNT(value, choices, &number)) {
		*to = (int)number;
		return number > 0 && number < (uint64_t)NSIG;
	}
	if (strncmp(value, "SIG", 3) == 0)
		value += 3;
	for (int i = 1; i < NSIG; i++) {
		const char *name = sigabbrev_np(i);

		if (name && text_equal(value, name)) {
			*to = i;
			return true;
		}
	}
	return false;
}

static bool parse_BYTES(const char *value, const char *choices, config_BYTES *to)
{
	const char *unit;
	uint64_t number;
	int power;

	(void)choices;
	if (!text_number(value, &number, &unit))
		return false;
	power = heapmark_size_unit(unit);
	return power >= 0 && !__builtin_mul_overflow(number, UINT64_C(1) << 10 * power, to);
}

static bool parse_CHOICE(const char *value, const char *choices, config_CHOICE *to)
{
	*to = heapmark_choice(choices, value);
	return *to >= 0;
}

bool config_set(struct config *to, const char *name, const char *value)
{
	struct config changed = *to;
	bool good = false;

#define HEAPMARK_OPTION(field, kind, option, argument, fallback, help) \
	if (text_equal(name, option)) \
		good = parse_##kind(value, argument, &changed.field);
#include "heapmark/options.def"
#undef HEAPMARK_OPTION
	if (!heapmark_depth_fits(changed.depth) || !heapmark_sample_fits(changed.sample))
		good = false;
	if (good)
		*to = changed;
	return good;
}

static void set_defaults(void)
{
	config.depth = HEAPMARK_DEPTH_MIN; /* within bounds while the others are set */
#define HEAPMARK_OPTION(field, kind, option, argument, fallback, help) \
	config_set(&config, option, fallback);
#include "heapmark/options.def"
#undef HEAPMARK_OPTION
}

/* Cuts the next "name=value" off `from`, unescaped and in place. */
static char *cut_item(char **from)
{
	char *start = *from, *in = start, *out = start;

	while (*in && *in != ':') {
		if (*in == '\\' && in[1])
			in++;
		*out++ = *in++;
	}
	*from = *in ? in + 1 : in;
	*out = '\0';
	return start;
}

static void read_item(char *item)
{
	char *equals = strchr(item, '=');

	if (!*item)
		return;
	if (equals)
		*equals = '\0';
	if (!config_set(&config, item, equals ? equals + 1 : ""))
		log_say(LOG_OPTION, "in HEAPMARK: '", item, equals ? "' cannot be '" : "'",
			equals ? equals + 1 : " needs a value",
			equals ? "'; this option is left at its default" : "; it is ignored", NULL);
}

void config_read(char **environment)
{
	char *rest = storage;

	set_defaults();
	for (char **at = environment; at && *at; at++) {
		if (strncmp(*at, VARIABLE, strlen(VARIABLE)) != 0)
			continue;
		if (strlen(*at) >= CONFIG_BYTES) {
			log_say(LOG_OPTION, "the variable HEAPMARK is too long; it is ignored",
				NULL);
			return;
		}
		strcpy(storage, *at + strlen(VARIABLE));
		while (*rest)
			read_item(cut_item(&rest));
		return;
	}
}

static void describe_STRING(struct text *text, config_STRING value, const char *choices)
{
	(void)choices;
	text_add(text, value);
}

static void describe_COUNT(struct text *text, config_COUNT value, const char *choices)
{
	(void)choices;
	text_add_number(text, value);
}

static void describe_SWITCH(struct text *text, config_SWITCH value, const char *choices)
{
	(void)choices;
	text_add_number(text, value);
}

static void describe_DURATION(struct text *text, config_DURATION value, const char *choices)
{
	bool whole = value % 1000000 == 0;

	(void)choices;
	text_add_number(text, whole ? value / 1000000 : value);
	text_add(text, whole ? "ms" : "ns");
}

static void describe_SIGNAL(struct text *text, config_SIGNAL value, const char *choices)
{
	const char *name = value ? sigabbrev_np(value) : NULL;

	(void)choices;
	if (name)
		text_add(text, "SIG");
	if (name || value == 0)
		text_add(text, name ? name : "none");
	else
		text_add_number(text, (uint64_t)value);
}

static void describe_BYTES(struct text *text, config_BYTES value, const char *choices)
{
	(void)choices;
	text_add_number(text, value);
}

static void describe_CHOICE(struct text *text, config_CHOICE value, const char *choices)
{
	for (; value > 0; value--)
		choices = strchr(choices, '|') + 1;
	text_add_bytes(text, choices, strcspn(choices, "|"));
}

bool config_describe(size_t position, const char **name, char *value, size_t room)
{
	struct text text;

	text_init(&text, value, room);
#define HEAPMARK_OPTION(field, kind, option, argument, fallback, help) \
	if ((argument) && position-- == 0) { \
		*name = option; \
		describe_##kind(&text, config.field, argument); \
		return true; \
	}
#include "heapmark/options.def"
#undef HEAPMARK_OPTION
	return false;
}
