/* SPDX-License-Identifier: MIT */
/* Suppression files; see suppressions.h. */
#include "report/suppressions.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/buffer.h"
#include "util/memory.h"

#define KIND "leak:"

static char *trimmed(char *line)
{
	size_t length;

	line += strspn(line, " \t");
	length = strlen(line);
	while (length && strchr(" \t\r\n", line[length - 1]))
		length--;
	line[length] = '\0';
	return line;
}

/* A template is found anywhere unless it says otherwise; a pattern matches the whole. */
static const char *pattern_of(struct strings *strings, const char *template)
{
	bool at_start = *template == '^';
	size_t length = strlen(template += at_start);
	bool at_end = length && template[length - 1] == '$';
	char *text = xasprintf("%s%.*s%s", at_start ? "" : "*", (int)(length - at_end), template,
			       at_end ? "" : "*");
	const char *pattern = strings_text(strings, text);

	free(text);
	return pattern;
}

static void add_rule(struct suppressions *suppressions, const char *template)
{
	struct suppression *rule;

	suppressions->rules = array_grow(suppressions->rules, suppressions->count,
					 &suppressions->capacity, sizeof(*suppressions->rules));
	rule = &suppressions->rules[suppressions->count++];
	*rule = (struct suppression){
		.template = strings_text(&suppressions->strings, template),
		.pattern = pattern_of(&suppressions->strings, template),
	};
}

static int read_line(struct suppressions *suppressions, const char *path, unsigned number,
		     char *line, struct error *err)
{
	line = trimmed(line);
	if (!*line || *line == '#')
		return 0;
	if (strncmp(line, KIND, strlen(KIND)) != 0 || !line[strlen(KIND)])
		return error_set(err,
				 "%s, line %u: '%.60s' is no suppression; write leak:TEMPLATE, "
				 "such as leak:parse_config or leak:libfoo.so",
				 path, number, line);
	add_rule(suppressions, line + strlen(KIND));
	return 0;
}

int suppressions_read(struct suppressions *suppressions, const char *path, struct error *err)
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;
	int ret = 0;

	if (!file)
		return error_set(err, "cannot read the suppressions %s: %s", path, strerror(errno));
	for (unsigned number = 1; ret == 0 && getline(&line, &size, file) >= 0; number++)
		ret = read_line(suppressions, path, number, line, err);
	if (ret == 0 && ferror(file))
		ret = error_set(err, "cannot read the suppressions %s: %s", path, strerror(errno));
	free(line);
	fclose(file);
	return ret;
}

static bool matches(const char *pattern, const char *text)
{
	return text && glob_match(pattern, text);
}

uint32_t suppressions_match(const struct suppressions *suppressions, const struct place *place)
{
	for (uint32_t i = 0; i < suppressions->count; i++) {
		const char *pattern = suppressions->rules[i].pattern;

		if (matches(pattern, place->function) || matches(pattern, place->file) ||
		    matches(pattern, place->module_path))
			return i + 1;
	}
	return 0;
}

void suppressions_release(struct suppressions *suppressions)
{
	free(suppressions->rules);
	strings_release(&suppressions->strings);
	*suppressions = (struct suppressions)SUPPRESSIONS_INIT;
}
