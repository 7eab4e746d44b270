/* SPDX-License-Identifier: MIT */
/* The table of allocator plumbing; see skip.h. */
#include "report/skip.h"

#include <inttypes.h>
#include <stdlib.h>

#include "util/memory.h"
#include "util/strings.h"

/* Modules that are passed over as a whole: memory that printf(), getline() or dlopen() take is the
 * caller's doing. */
static const struct {
	enum skip skip;
	const char *name;
} modules[] = {
	{SKIP_PLUMBING, "ld-*.so*"},     {SKIP_PLUMBING, "ld-linux*"},
	{SKIP_PLUMBING, "ld-musl*"},     {SKIP_PLUMBING, "libc-*.so"},
	{SKIP_PLUMBING, "libc.musl*"},   {SKIP_PLUMBING, "libc.so*"},
	{SKIP_PLUMBING, "libpthread*"},  {SKIP_LIBRARY, "libc++.so*"},
	{SKIP_LIBRARY, "libstdc++.so*"},
};

/* In a pattern, * stands for any characters and ? for one. `file` is a pattern too; it keeps short
 * names of one language from being taken for another's. */
static const struct {
	enum skip skip;
	const char *function;
	const char *file; /* NULL: any, even none */
} patterns[] = {
	/* C, and allocators linked into the program */
	{SKIP_PLUMBING, "malloc", NULL},
	{SKIP_PLUMBING, "calloc", NULL},
	{SKIP_PLUMBING, "realloc", NULL},
	{SKIP_PLUMBING, "reallocarray", NULL},
	{SKIP_PLUMBING, "memalign", NULL},
	{SKIP_PLUMBING, "aligned_alloc", NULL},
	{SKIP_PLUMBING, "posix_memalign", NULL},
	{SKIP_PLUMBING, "valloc", NULL},
	{SKIP_PLUMBING, "pvalloc", NULL},
	{SKIP_PLUMBING, "strdup", NULL},
	{SKIP_PLUMBING, "strndup", NULL},
	{SKIP_PLUMBING, "je_*alloc*", NULL},
	{SKIP_PLUMBING, "mi_*alloc*", NULL},
	{SKIP_PLUMBING, "tc_*alloc*", NULL},
	/* a pool's calls into heapmark.h: the pool's own caller is meant */
	{SKIP_PLUMBING, "heapmark_alloc", NULL},
	{SKIP_PLUMBING, "heapmark_realloc", NULL},
	/* the wrappers that end the program when there is no memory */
	{SKIP_PLUMBING, "xmalloc", NULL},
	{SKIP_PLUMBING, "xcalloc", NULL},
	{SKIP_PLUMBING, "xzalloc", NULL},
	{SKIP_PLUMBING, "xrealloc", NULL},
	{SKIP_PLUMBING, "xreallocarray", NULL},
	{SKIP_PLUMBING, "xmemdup", NULL},
	{SKIP_PLUMBING, "xmemdupz", NULL},
	{SKIP_PLUMBING, "xstrdup", NULL},
	{SKIP_PLUMBING, "xstrndup", NULL},
	{SKIP_PLUMBING, "xasprintf", NULL},
	{SKIP_PLUMBING, "xvasprintf", NULL},
	/* GLib */
	{SKIP_PLUMBING, "g_malloc*", NULL},
	{SKIP_PLUMBING, "g_try_malloc*", NULL},
	{SKIP_PLUMBING, "g_realloc*", NULL},
	{SKIP_PLUMBING, "g_try_realloc*", NULL},
	{SKIP_PLUMBING, "g_slice_*", NULL},
	{SKIP_PLUMBING, "g_memdup*", NULL},
	{SKIP_PLUMBING, "g_strdup*", NULL},
	{SKIP_PLUMBING, "g_strndup", NULL},
	/* well-known programs' own */
	{SKIP_PLUMBING, "CRYPTO_*alloc", NULL},
	{SKIP_PLUMBING, "CRYPTO_*dup", NULL},
	{SKIP_PLUMBING, "Perl_safesys*alloc", NULL},
	{SKIP_PLUMBING, "sqlite3DbMalloc*", NULL},
	{SKIP_PLUMBING, "sqlite3DbRealloc*", NULL},
	{SKIP_PLUMBING, "sqlite3Malloc*", NULL},
	{SKIP_PLUMBING, "sqlite3MemMalloc", NULL},
	{SKIP_PLUMBING, "sqlite3MemRealloc", NULL},
	{SKIP_PLUMBING, "sqlite3Realloc", NULL},
	{SKIP_PLUMBING, "sqlite3_malloc*", NULL},
	{SKIP_PLUMBING, "sqlite3_realloc*", NULL},
	{SKIP_PLUMBING, "zmalloc*", NULL},
	{SKIP_PLUMBING, "zcalloc*", NULL},
	{SKIP_PLUMBING, "zrealloc*", NULL},
	{SKIP_PLUMBING, "ztry*alloc*", NULL},
	/* CPython */
	{SKIP_PLUMBING, "PyMem_*", NULL},
	{SKIP_PLUMBING, "PyObject_Malloc", NULL},
	{SKIP_PLUMBING, "PyObject_Calloc", NULL},
	{SKIP_PLUMBING, "PyObject_Realloc", NULL},
	{SKIP_PLUMBING, "_PyMem_*", NULL},
	{SKIP_PLUMBING, "_PyObject_*alloc", NULL},
	{SKIP_PLUMBING, "pymalloc_alloc", NULL},
	/* C++. All of std:: and not only its allocators: with push_back() the caller's line is
	 * meant, through however many inlined functions it goes. */
	{SKIP_PLUMBING, "operator new", NULL},
	{SKIP_PLUMBING, "operator new[]", NULL},
	{SKIP_PLUMBING, "__cxa_*", NULL},
	{SKIP_LIBRARY, "std::*", NULL},
	{SKIP_LIBRARY, "__gnu_cxx::*", NULL},
	/* Rust */
	{SKIP_PLUMBING, "__rust_*alloc*", NULL},
	{SKIP_PLUMBING, "__rdl_*alloc*", NULL},
	{SKIP_PLUMBING, "__rg_*alloc*", NULL},
	{SKIP_LIBRARY, "alloc::*", "*.rs"},
	{SKIP_LIBRARY, "<alloc::*", "*.rs"},
	{SKIP_LIBRARY, "core::*", "*.rs"},
	{SKIP_LIBRARY, "<core::*", "*.rs"},
	{SKIP_LIBRARY, "<std::*", "*.rs"},
	{SKIP_LIBRARY, "hashbrown::*", "*.rs"},
};

enum skip skip_module(const struct module *module)
{
	if (module->flags & HEAPMARK_MODULE_SHIM)
		return SKIP_SHIM;
	for (size_t i = 0; i < sizeof(modules) / sizeof(*modules); i++)
		if (glob_match(modules[i].name, module->name))
			return modules[i].skip;
	return SKIP_NOT;
}

enum skip skip_function(const struct symbol_frame *frame)
{
	if (!frame->function)
		return SKIP_NOT;
	for (size_t i = 0; i < sizeof(patterns) / sizeof(*patterns); i++)
		if (glob_match(patterns[i].function, frame->function) &&
		    (!patterns[i].file ||
		     (frame->file && glob_match(patterns[i].file, frame->file))))
			return patterns[i].skip;
	return SKIP_NOT;
}

bool skip_asked(const struct place *place, const struct option_list *asked)
{
	char *address = NULL;
	bool matches = false;

	if (!asked->count || !place->module)
		return false;
	if (!place->function)
		address = xasprintf("%s+0x%" PRIx64, place->module, place->address);
	for (size_t i = 0; !matches && i < asked->count; i++) {
		const char *pattern = asked->values[i];

		matches = glob_match(pattern, place->function ? place->function : address) ||
			  glob_match(pattern, place->module);
	}
	free(address);
	return matches;
}
