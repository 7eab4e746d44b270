/* SPDX-License-Identifier: MIT */
/* Parses a command line by a table; see options.h. --help is in options_help.c. */
#include "util/options.h"

#include <stdlib.h>
#include <string.h>

#include "util/completion.h"
#include "util/human.h"
#include "util/memory.h"

/* The state of one options_parse(): argv is read at `next`, operands are kept at its front. */
struct parse {
	const struct option_row *table;
	const struct usage *usage;
	char **argv;
	int argc, next;
	struct operands *operands;
	struct error *err;
};

void option_list_release(struct option_list *list)
{
	free(list->values);
	*list = (struct option_list){0};
}

static bool takes_value(const struct option_row *row)
{
	return row->kind != OPTION_SET && row->kind != OPTION_UNSET;
}

bool option_is_offered(const struct option_row *row)
{
	return !takes_value(row) || row->argument;
}

static const struct option_row *find_long(const struct option_row *table, const char *name,
					  size_t length)
{
	for (; table->kind != OPTION_END; table++)
		if (option_is_offered(table) && strlen(table->name) == length &&
		    memcmp(table->name, name, length) == 0)
			return table;
	return NULL;
}

static const struct option_row *find_short(const struct option_row *table, char letter)
{
	for (; table->kind != OPTION_END; table++)
		if (option_is_offered(table) && table->short_name == letter)
			return table;
	return NULL;
}

static int set_choice(struct parse *parse, const struct option_row *row, const char *value)
{
	char names[256] = "";
	size_t used = 0;

	for (int i = 0; row->choices[i]; i++) {
		if (strcmp(row->choices[i], value) == 0) {
			*row->target.choice = i;
			return 0;
		}
	}
	for (int i = 0; row->choices[i] && used < sizeof(names); i++)
		used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s", i ? ", " : "",
					 row->choices[i]);
	return error_set(parse->err, "--%s takes one of %s, not '%s'; see 'heapmark %s --help'",
			 row->name, names, value, parse->usage->command);
}

static void append(struct option_list *list, const char *value)
{
	list->values = xreallocarray(list->values, list->count + 1, sizeof(*list->values));
	list->values[list->count++] = value;
}

static int set_value(struct parse *parse, const struct option_row *row, const char *value)
{
	char what[64];

	snprintf(what, sizeof(what), "--%s", row->name);
	switch (row->kind) {
	case OPTION_STRING:
		*row->target.text = value;
		return 0;
	case OPTION_COUNT:
		return human_parse_count(what, value, row->target.number, parse->err);
	case OPTION_CHOICE:
		return set_choice(parse, row, value);
	case OPTION_LIST:
		append(row->target.list, value);
		return 0;
	case OPTION_CALL:
		return row->call(row->name, value, row->target.context, parse->err);
	case OPTION_SET:
	case OPTION_UNSET:
	case OPTION_END:
		break;
	}
	return 0;
}

/* `attached` is the value written together with the option, or NULL: then it is the next word. */
static int take_value(struct parse *parse, const struct option_row *row, const char *attached)
{
	if (!attached && parse->next < parse->argc)
		attached = parse->argv[parse->next++];
	if (!attached)
		return error_set(parse->err, "--%s needs a value (%s); see 'heapmark %s --help'",
				 row->name, row->argument, parse->usage->command);
	return set_value(parse, row, attached);
}

static int show_help(const struct parse *parse)
{
	struct out out;

	out_stdout(&out);
	options_help(parse->table, parse->usage, &out);
	return out_close(&out, parse->err) ? -1 : 1;
}

static int show_completion(const struct parse *parse, const char *shell)
{
	struct out out;
	int index = 0;

	while (completion_shells[index] && strcmp(completion_shells[index], shell) != 0)
		index++;
	if (!completion_shells[index])
		return error_set(parse->err, "there is no completion for the shell '%s'", shell);
	out_stdout(&out);
	completion_command(&out, index, parse->table, parse->usage);
	return out_close(&out, parse->err) ? -1 : 1;
}

static int unknown(const struct parse *parse, const char *word)
{
	return error_set(parse->err, "unknown option '%s'; see 'heapmark %s --help'", word,
			 parse->usage->command);
}

static int parse_long(struct parse *parse, const char *word)
{
	const char *name = word + 2;
	const char *equals = strchr(name, '=');
	size_t length = equals ? (size_t)(equals - name) : strlen(name);
	const struct option_row *row = find_long(parse->table, name, length);

	if (!row && equals && strncmp(name, "completion", length) == 0 && length == 10)
		return show_completion(parse, equals + 1);
	if (!row)
		return strcmp(name, "help") == 0 ? show_help(parse) : unknown(parse, word);
	if (takes_value(row))
		return take_value(parse, row, equals ? equals + 1 : NULL);
	if (equals)
		return error_set(parse->err, "--%s takes no value; see 'heapmark %s --help'",
				 row->name, parse->usage->command);
	*row->target.flag = row->kind == OPTION_SET;
	return 0;
}

static int parse_short(struct parse *parse, const char *word)
{
	for (const char *letter = word + 1; *letter; letter++) {
		const struct option_row *row = find_short(parse->table, *letter);
		char shown[] = {'-', *letter, '\0'};

		if (!row)
			return *letter == 'h' ? show_help(parse) : unknown(parse, shown);
		if (takes_value(row))
			return take_value(parse, row, letter[1] ? letter + 1 : NULL);
		*row->target.flag = row->kind == OPTION_SET;
	}
	return 0;
}

static void keep_rest(struct parse *parse)
{
	while (parse->next < parse->argc)
		parse->operands->values[parse->operands->count++] = parse->argv[parse->next++];
}

/* One word of argv. Operands move to the front of argv, where their place is already read. */
static int parse_word(struct parse *parse)
{
	char *word = parse->argv[parse->next++];

	if (strcmp(word, "--") == 0) {
		keep_rest(parse);
		return 0;
	}
	if (word[0] == '-' && word[1] == '-')
		return parse_long(parse, word);
	if (word[0] == '-' && word[1])
		return parse_short(parse, word);
	parse->operands->values[parse->operands->count++] = word;
	if (parse->usage->stop_at_operand)
		keep_rest(parse);
	return 0;
}

static int check_operands(const struct parse *parse)
{
	const struct usage *usage = parse->usage;
	int count = parse->operands->count;

	if (count < usage->operands_min)
		return error_set(parse->err,
				 "something is missing: the usage is 'heapmark %s %s'; see "
				 "'heapmark %s --help'",
				 usage->command, usage->operands, usage->command);
	if (usage->operands_max >= 0 && count > usage->operands_max)
		return error_set(parse->err,
				 "do not know what to do with '%s'; see 'heapmark %s --help'",
				 parse->operands->values[usage->operands_max], usage->command);
	return 0;
}

int options_parse(const struct option_row *table, const struct usage *usage, int argc, char **argv,
		  struct operands *operands, struct error *err)
{
	struct parse parse = {table, usage, argv, argc, 1, operands, err};

	*operands = (struct operands){argv + 1, 0};
	while (parse.next < parse.argc) {
		int done = parse_word(&parse);

		if (done)
			return done;
	}
	operands->values[operands->count] = NULL;
	return check_operands(&parse);
}
