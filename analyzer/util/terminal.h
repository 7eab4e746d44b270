/* SPDX-License-Identifier: MIT */
/* What stdout is, and colours for when it is a terminal. */
#ifndef ANALYZER_UTIL_TERMINAL_H
#define ANALYZER_UTIL_TERMINAL_H

#include <stdbool.h>

struct terminal {
	int columns; /* 0: no limit, stdout is not a terminal */
	bool colours;
	bool utf8; /* it shows characters beyond ASCII; false if it is no terminal */
};

/* Looks at stdout, NO_COLOR, TERM and the locale. */
struct terminal terminal_of_stdout(void);

enum style { STYLE_PLAIN, STYLE_BOLD, STYLE_DIM, STYLE_WARNING, STYLE_GREW, STYLE_SHRANK };

/* What to write to begin a style (STYLE_PLAIN: to end it); "" without colours. */
const char *terminal_style(const struct terminal *terminal, enum style style);

#endif
