/* SPDX-License-Identifier: MIT */
/*
 * Command-line options from a table: each command writes its options once, and parsing, --help and
 * the check of its man page all read that table.
 *
 *	bool json = false;
 *	uint64_t top = 20;
 *	const struct option_row table[] = {
 *		OPT_FLAG(0, "json", &json, "write JSON"),
 *		OPT_COUNT('n', "top", &top, "N", "show the N heaviest rows"),
 *		OPT_END(),
 *	};
 *	struct operands operands;
 *	int done = options_parse(table, &usage, argc, argv, &operands, err);
 *
 *	if (done)
 *		return done < 0 ? -1 : 0;
 *
 * Accepted: --name value, --name=value, -n value, -nvalue, flags combined as in -qf, and `--` after
 * which everything is an operand. --help and -h are always there. Names are never abbreviated, so
 * that a later option cannot change what a script means.
 */
#ifndef ANALYZER_UTIL_OPTIONS_H
#define ANALYZER_UTIL_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/error.h"
#include "util/out.h"

/* The values of an option that may be given more than once, in order. The texts are borrowed from
 * argv; the array is the list's own. */
struct option_list {
	const char **values;
	size_t count;
};

void option_list_release(struct option_list *list);

/* Called with the option's name (without dashes) and its value each time it is given. Returns 0, or
 * negative with the error set. `value` is borrowed from argv and lives as long. */
typedef int option_callback(const char *name, const char *value, void *context, struct error *err);

enum option_kind {
	OPTION_END,
	OPTION_SET,    /* a flag: true when given */
	OPTION_UNSET,  /* a flag like --no-x: false when given */
	OPTION_STRING, /* the last one given wins */
	OPTION_COUNT,  /* a whole number, 0 or more */
	OPTION_CHOICE, /* the index of one of `choices` */
	OPTION_LIST,   /* may be repeated */
	OPTION_CALL,   /* anything else */
};

/* Use the OPT_ macros below, which fill the fields that belong together. */
struct option_row {
	enum option_kind kind;
	char short_name;      /* 0: none */
	const char *name;     /* without dashes */
	const char *argument; /* how --help calls the value. Hidden: a kind with a value and NULL
				 here is neither offered nor accepted */
	const char *help;     /* what it does, without a final dot */
	union {
		bool *flag;
		const char **text;
		uint64_t *number;
		int *choice;
		struct option_list *list;
		void *context;
	} target;
	const char *const *choices; /* ends with NULL */
	option_callback *call;
};

#define OPT_FLAG(letter, long_name, target_flag, text) \
	{ \
		.kind = OPTION_SET, .short_name = (letter), .name = (long_name), .help = (text), \
		.target.flag = (target_flag) \
	}
#define OPT_UNFLAG(letter, long_name, target_flag, text) \
	{ \
		.kind = OPTION_UNSET, .short_name = (letter), .name = (long_name), .help = (text), \
		.target.flag = (target_flag) \
	}
#define OPT_STRING(letter, long_name, target_text, argument_name, text_help) \
	{ \
		.kind = OPTION_STRING, .short_name = (letter), .name = (long_name), \
		.argument = (argument_name), .help = (text_help), .target.text = (target_text) \
	}
#define OPT_COUNT(letter, long_name, target_number, argument_name, text_help) \
	{ \
		.kind = OPTION_COUNT, .short_name = (letter), .name = (long_name), \
		.argument = (argument_name), .help = (text_help), .target.number = (target_number) \
	}
#define OPT_CHOICE(letter, long_name, target_index, argument_name, names, text_help) \
	{ \
		.kind = OPTION_CHOICE, .short_name = (letter), .name = (long_name), \
		.argument = (argument_name), .help = (text_help), .target.choice = (target_index), \
		.choices = (names) \
	}
#define OPT_LIST(letter, long_name, target_list, argument_name, text_help) \
	{ \
		.kind = OPTION_LIST, .short_name = (letter), .name = (long_name), \
		.argument = (argument_name), .help = (text_help), .target.list = (target_list) \
	}
#define OPT_CALL(letter, long_name, callback, callback_context, argument_name, text_help) \
	{ \
		.kind = OPTION_CALL, .short_name = (letter), .name = (long_name), \
		.argument = (argument_name), .help = (text_help), \
		.target.context = (callback_context), .call = (callback) \
	}
#define OPT_END() \
	{ \
		.kind = OPTION_END \
	}

/* Whether --help shows the option, and the command line takes it. */
bool option_is_offered(const struct option_row *row);

struct usage_example {
	const char *command; /* a whole command line; NULL ends the list */
	const char *text;    /* what it does */
};

/* What --help says besides the options. */
struct usage {
	const char *command;                  /* "report" */
	const char *operands;                 /* "[options] TRACE[@WHEN]" */
	const char *summary;                  /* one sentence */
	const char *details;                  /* more, wrapped by us; NULL for none */
	const struct usage_example *examples; /* NULL for none */
	int operands_min, operands_max;       /* max negative: any number */
	bool stop_at_operand; /* what follows the first operand is not ours: `record PROGRAM -x` */
};

/* What is left of argv without the options; the array is argv itself, reordered. */
struct operands {
	char **values; /* values[count] is NULL if argv[argc] was */
	int count;
};

/*
 * Parses argv[1] to argv[argc - 1]; argv[0] is the command's name. Returns 0; 1 when --help was
 * asked for and has been printed to stdout (the command then ends with status 0), or likewise with
 * the hidden --completion=SHELL the command's part of completion.h; negative with a sentence that
 * names the offending word and the command's --help.
 */
int options_parse(const struct option_row *table, const struct usage *usage, int argc, char **argv,
		  struct operands *operands, struct error *err);

/* Writes what --help shows. */
void options_help(const struct option_row *table, const struct usage *usage, struct out *out);

#endif
