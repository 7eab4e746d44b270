/* SPDX-License-Identifier: MIT */
/* What a stream is, and colours for when it is a terminal. */
#ifndef ANALYZER_UTIL_TERMINAL_H
#define ANALYZER_UTIL_TERMINAL_H

#include <stdbool.h>

struct terminal {
	int columns; /* 0: no limit, stdout is not a terminal */
	bool colours;
	bool utf8; /* it shows characters beyond ASCII; false if it is no terminal */
};

/* How many columns a descriptor's terminal has, or the usual number if it does not say; 0: it is
 * none. */
int terminal_columns(int fd);

/* Whether terminals understand more than lines of text, as TERM says. */
bool terminal_is_able(void);

/* Looks at stdout, NO_COLOR, TERM and the locale. */
struct terminal terminal_of_stdout(void);

enum style { STYLE_PLAIN, STYLE_BOLD, STYLE_DIM, STYLE_WARNING, STYLE_GREW, STYLE_SHRANK };

/* What to write to begin a style (STYLE_PLAIN: to end it); "" without colours. */
const char *terminal_style(const struct terminal *terminal, enum style style);

#endif
