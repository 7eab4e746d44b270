/* SPDX-License-Identifier: MIT */
/* Marks what leaves the library: the interposed functions and the public API, nothing else. */
#ifndef PRELOAD_EXPORT_H
#define PRELOAD_EXPORT_H

#define HEAPMARK_EXPORT __attribute__((visibility("default")))

#endif
