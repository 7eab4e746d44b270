/* SPDX-License-Identifier: MIT */
/* Allocation that ends the command instead of failing; see memory.h. */
#include "util/memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void die_oom(void)
{
	fputs("heapmark: out of memory while reading the trace; run the report on a machine with "
	      "more\n",
	      stderr);
	exit(2);
}

static void *checked(void *block)
{
	if (!block)
		die_oom();
	return block;
}

void *xmalloc(size_t bytes)
{
	return checked(malloc(bytes ? bytes : 1));
}

void *xcalloc(size_t count, size_t bytes)
{
	return checked(calloc(count ? count : 1, bytes ? bytes : 1));
}

void *xreallocarray(void *block, size_t count, size_t bytes)
{
	return checked(reallocarray(block, count ? count : 1, bytes ? bytes : 1));
}

char *xstrdup(const char *text)
{
	return checked(strdup(text));
}

char *xstrndup(const char *text, size_t bytes)
{
	return checked(strndup(text, bytes));
}

char *xasprintf(const char *format, ...)
{
	char *text = NULL;
	va_list args;
	int length;

	va_start(args, format);
	length = vasprintf(&text, format, args);
	va_end(args);
	return checked(length < 0 ? NULL : text);
}
