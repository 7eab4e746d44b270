/* SPDX-License-Identifier: MIT */
/*
 * Demangling, by the toolchain's own demangler; see demangle.h.
 *
 * libiberty's header declares things it should not (basename, asprintf, a non-prototype malloc), so
 * it is included by this file alone.
 */
#include "symbol/demangle.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include <libiberty/demangle.h>

#include "util/memory.h"

/* The demangler allocates through xmalloc(), xstrdup() and xrealloc(). The first two it gets from
 * util/memory.c; without this one the linker would take libiberty's file of all three. */
void *xrealloc(void *block, size_t bytes);

void *xrealloc(void *block, size_t bytes)
{
	return xreallocarray(block, 1, bytes);
}

/* The demangler would also take C names for types ("i" is int). All manglings open like this. */
static bool looks_mangled(const char *name)
{
	return name[0] == '_' &&
	       (name[1] == 'Z' || name[1] == 'R' || name[1] == 'D' ||
		strncmp(name, "__Z", 3) == 0 || strncmp(name, "_GLOBAL_", 8) == 0);
}

char *demangle(const char *name)
{
	char *text;

	if (!looks_mangled(name))
		return NULL;
	text = cplus_demangle(name, DMGL_AUTO | DMGL_ANSI);
	/* The automatic style leaves D out. */
	if (!text && name[1] == 'D')
		text = cplus_demangle(name, DMGL_DLANG);
	return text;
}
