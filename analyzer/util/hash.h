/* SPDX-License-Identifier: MIT */
/* uthash, told what the analyzer does when memory runs out. Include this, never <uthash.h>. */
#ifndef ANALYZER_UTIL_HASH_H
#define ANALYZER_UTIL_HASH_H

#include "util/memory.h"

#define uthash_fatal(message) die_oom()

#include <uthash.h>

#endif
