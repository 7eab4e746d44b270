/* SPDX-License-Identifier: MIT */
/* What swap.c and its plugins have in common. */
#ifndef TESTS_PRELOAD_WALKS_SWAP_H
#define TESTS_PRELOAD_WALKS_SWAP_H

#include <stddef.h>

typedef void keep_function(size_t size);

extern const char swap_name[];
void swap_enter(keep_function *keep);

#endif
