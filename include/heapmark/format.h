/* SPDX-License-Identifier: MIT */
/*
 * The numbers of the trace format. FORMAT.md, beside this file, says what each record holds; no
 * struct is ever written raw, so there is none here. Numbers are for ever: never renumber, never
 * reuse.
 */
#ifndef HEAPMARK_FORMAT_H
#define HEAPMARK_FORMAT_H

#include <stdbool.h>
#include <stdint.h>

#define HEAPMARK_MAGIC       "HEAPMARK"
#define HEAPMARK_MAGIC_BYTES 8
#define HEAPMARK_MAJOR       1 /* a reader refuses a larger one */
#define HEAPMARK_MINOR       3 /* a reader accepts any */

enum heapmark_record {
	HEAPMARK_REC_PROCESS = 1,
	HEAPMARK_REC_ARGUMENT = 2,
	HEAPMARK_REC_ENVIRONMENT = 3,
	HEAPMARK_REC_MACHINE = 4,
	HEAPMARK_REC_OPTION = 5,
	HEAPMARK_REC_MODULE = 6,
	HEAPMARK_REC_MODULE_GONE = 7,
	HEAPMARK_REC_NODES = 8,
	HEAPMARK_REC_DOMAIN = 9,
	HEAPMARK_REC_SNAPSHOT = 10,
	HEAPMARK_REC_SITES = 11,
	HEAPMARK_REC_TIMELINE = 12,
	HEAPMARK_REC_LOSSES = 13,
	HEAPMARK_REC_COST = 14,
	HEAPMARK_REC_END = 15,
	HEAPMARK_REC_SAMPLING = 16, /* this and the following since 1.1 */
	HEAPMARK_REC_ESTIMATES = 17,
	HEAPMARK_REC_WALKS = 18,
	HEAPMARK_REC_TEXTS = 19, /* this and the following since 1.2 */
	HEAPMARK_REC_SYMBOLIZED = 20,
	HEAPMARK_REC_SYMBOLS = 21,
	HEAPMARK_REC_COPY_CUT = 22,
	HEAPMARK_REC_MERGED = 23,
	HEAPMARK_REC_REGIONS = 24,
};

/* What a part of the address space is for. */
enum heapmark_region {
	HEAPMARK_REGION_HEAP = 1,  /* the allocator's, in use or not */
	HEAPMARK_REGION_MAP = 2,   /* anonymous maps that the program made itself */
	HEAPMARK_REGION_STACK = 3, /* threads' stacks */
	HEAPMARK_REGION_FILE = 4,  /* code, data and mapped files */
	HEAPMARK_REGION_SHIM = 5,  /* heapmark's own tables */
	HEAPMARK_REGION_OTHER = 6, /* none of these */
	HEAPMARK_REGION_LIMIT = 7, /* not a kind */
};

/* How the recorded process image came to be. */
enum heapmark_origin {
	HEAPMARK_ORIGIN_START = 0, /* a program was executed */
	HEAPMARK_ORIGIN_FORK = 1,  /* a recorded process forked; the heap it inherited is live */
};

enum heapmark_module_flag {
	HEAPMARK_MODULE_EXECUTABLE = 1, /* the program itself, not a library */
	HEAPMARK_MODULE_VDSO = 2,       /* no file: mapped by the kernel */
	HEAPMARK_MODULE_SHIM = 4,       /* heapmark's own library */
};

/* Domains 0 to 2 always exist; named pools follow. */
enum heapmark_domain {
	HEAPMARK_DOMAIN_MALLOC = 0,
	HEAPMARK_DOMAIN_MMAP = 1,    /* anonymous maps the program made itself */
	HEAPMARK_DOMAIN_ARENA = 2,   /* malloc blocks that a pool hands out piecemeal */
	HEAPMARK_DOMAIN_POOLS = 3,   /* the first pool */
	HEAPMARK_DOMAIN_LIMIT = 4096 /* one more than any */
};

enum heapmark_domain_kind {
	HEAPMARK_KIND_ASKED = 0,   /* what the program asked for: part of the totals */
	HEAPMARK_KIND_STORAGE = 1, /* storage behind it: kept apart, so no byte counts twice */
};

/* Module 0 has no file: its offsets are plain addresses, but the smallest mean something else. */
enum heapmark_marker {
	HEAPMARK_MARKER_TRUNCATED = 1, /* outer frames are missing: the stack was too deep */
	HEAPMARK_MARKER_UNKNOWN = 2,   /* outer frames are missing: could not be unwound */
	HEAPMARK_MARKER_LIMIT = 16,
};

/*
 * The largest addresses are no code either, but tell blocks of one call stack apart; since 1.3.
 * Below the stack, innermost: at most one of each kind.
 */
enum heapmark_split {
	HEAPMARK_SPLIT_NONE = 0,
	HEAPMARK_SPLIT_SIZE = 1,   /* the value is a class k of sizes: more than 2^(k-1), at most
				      2^k bytes; the first class has all smaller sizes, too */
	HEAPMARK_SPLIT_THREAD = 2, /* the thread that allocated them: its number, from 1 on in the
				      order of their first heap calls, and the kernel's number */
	HEAPMARK_SPLIT_LIMIT = 16, /* all kinds that there can ever be are below */
};

#define HEAPMARK_SPLIT_FIRST      UINT64_C(0xff00000000000000)
#define HEAPMARK_SPLIT_KIND_SHIFT 48
#define HEAPMARK_SPLIT_TID_BITS   24
#define HEAPMARK_SPLIT_TID_MASK   ((UINT64_C(1) << HEAPMARK_SPLIT_TID_BITS) - 1)
#define HEAPMARK_SIZE_CLASS_FIRST 4
#define HEAPMARK_SIZE_CLASS_LAST  64

/* Whether an offset of no module is an address: neither a marker nor what tells blocks apart. */
static inline bool heapmark_is_address(uint64_t offset)
{
	return offset >= HEAPMARK_MARKER_LIMIT && offset < HEAPMARK_SPLIT_FIRST;
}

static inline uint64_t heapmark_split(enum heapmark_split kind, uint64_t value)
{
	return HEAPMARK_SPLIT_FIRST | (uint64_t)kind << HEAPMARK_SPLIT_KIND_SHIFT |
	       (value & ((UINT64_C(1) << HEAPMARK_SPLIT_KIND_SHIFT) - 1));
}

static inline uint64_t heapmark_size_class_max(uint64_t size_class)
{
	return size_class < HEAPMARK_SIZE_CLASS_LAST ? UINT64_C(1) << size_class : UINT64_MAX;
}

enum heapmark_reason {
	HEAPMARK_REASON_INTERVAL = 1,
	HEAPMARK_REASON_PEAK = 2,   /* the peak grew by a tenth since the last snapshot */
	HEAPMARK_REASON_SIGNAL = 3, /* somebody sent the request signal */
	HEAPMARK_REASON_API = 4,    /* heapmark_snapshot() */
	HEAPMARK_REASON_EXIT = 5,
	HEAPMARK_REASON_EXEC = 6,
	HEAPMARK_REASON_FATAL = 7, /* about to die of a signal */
	HEAPMARK_REASON_OOM = 8,   /* an allocation failed */
	HEAPMARK_REASON_START = 9, /* the first: what was live when recording began */
};

enum heapmark_snapshot_flag {
	HEAPMARK_SNAPSHOT_PEAK_MOVED = 1, /* see SITES in FORMAT.md */
};

/* How much was known of a module where the trace was symbolized. */
enum heapmark_symbol_quality {
	HEAPMARK_SYMBOLS_NONE = 0,
	HEAPMARK_SYMBOLS_NAMES = 1, /* functions */
	HEAPMARK_SYMBOLS_LINES = 2, /* files and lines too */
};

enum heapmark_symbol_flag {
	HEAPMARK_SYMBOL_INLINED = 1, /* into the next frame of the same address */
};

enum heapmark_merged_flag {
	HEAPMARK_MERGED_CUT = 1, /* its trace was cut */
};

enum heapmark_end {
	HEAPMARK_END_VARIOUS = 0,    /* of a merged trace: its processes did not end alike */
	HEAPMARK_END_EXIT = 1,       /* exit() or return from main */
	HEAPMARK_END_EXIT_NOW = 2,   /* _exit(), _Exit() */
	HEAPMARK_END_QUICK_EXIT = 3, /* quick_exit() */
	HEAPMARK_END_EXEC = 4,       /* replaced by another program */
	HEAPMARK_END_SIGNAL = 5,     /* killed by a signal at its default */
};

/* enum heapmark_loss { HEAPMARK_LOSS_UNKNOWN_FREE = 1, ... } */
enum heapmark_loss {
#define HEAPMARK_LOSS(number, name, json_name, text) HEAPMARK_LOSS_##name = (number),
#include "heapmark/losses.def"
#undef HEAPMARK_LOSS
	HEAPMARK_LOSS_LIMIT = 32 /* one more than any reason will ever be */
};

#endif
