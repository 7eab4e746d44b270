/* SPDX-License-Identifier: MIT */
/* Asks about the terminal; see terminal.h. */
#include "util/terminal.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define NARROWEST 60
#define USUAL     80

/* What the environment says, without making it the locale of the whole command. */
static bool locale_is_utf8(void)
{
	locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
	bool is_utf8 = false;

	if (locale) {
		is_utf8 = strcmp(nl_langinfo_l(CODESET, locale), "UTF-8") == 0;
		freelocale(locale);
	}
	return is_utf8;
}

int terminal_columns(int fd)
{
	struct winsize size = {0};

	if (!isatty(fd))
		return 0;
	return ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col ? size.ws_col : USUAL;
}

bool terminal_is_able(void)
{
	const char *term = getenv("TERM");

	return !term || strcmp(term, "dumb") != 0;
}

struct terminal terminal_of_stdout(void)
{
	const char *no_color = getenv("NO_COLOR");
	struct terminal terminal = {.columns = terminal_columns(STDOUT_FILENO)};

	if (!terminal.columns)
		return terminal;
	if (terminal.columns < NARROWEST)
		terminal.columns = NARROWEST;
	terminal.utf8 = locale_is_utf8();
	terminal.colours = (!no_color || !*no_color) && terminal_is_able();
	return terminal;
}

const char *terminal_style(const struct terminal *terminal, enum style style)
{
	static const char *const codes[] = {
		[STYLE_PLAIN] = "\033[0m", [STYLE_BOLD] = "\033[1m",
		[STYLE_DIM] = "\033[2m",   [STYLE_WARNING] = "\033[33m",
		[STYLE_GREW] = "\033[31m", [STYLE_SHRANK] = "\033[32m",
	};

	return terminal->colours ? codes[style] : "";
}
