/* SPDX-License-Identifier: MIT */
/*
 * Which frames are passed over when a row's place is looked for: whoever asks "where does this
 * memory come from" means neither malloc() nor the insides of std::vector, but the line that used
 * them. One table of patterns, in skip.c.
 */
#ifndef ANALYZER_REPORT_SKIP_H
#define ANALYZER_REPORT_SKIP_H

#include <stdbool.h>

#include "model/profile.h"
#include "report/places.h"
#include "symbol/symbol.h"
#include "util/options.h"

/* How unwanted a frame is as a place, least first: of a stack that has nothing better, the
 * innermost frame of the least unwanted kind is the place. */
enum skip {
	SKIP_NOT,
	SKIP_LIBRARY,  /* inside of a language's library: std::, alloc:: */
	SKIP_PLUMBING, /* an allocator or a wrapper of one; libc and the loader */
	SKIP_MARKER,   /* no frame: says that frames are missing */
	SKIP_SHIM,     /* heapmark itself */
	SKIP_KINDS
};

/* What is known from the module and from the function; the stronger holds. */
enum skip skip_module(const struct module *module);

enum skip skip_function(const struct symbol_frame *frame);

/* Whether one of the user's own patterns (--skip) matches the place's function, its module, or the
 * "module+0xoffset" that it reads as without a function. */
bool skip_asked(const struct place *place, const struct option_list *asked);

#endif
