/* SPDX-License-Identifier: MIT */
/* Tables of words; see words.h. */
#include "report/words.h"

#include <stddef.h>

#include "heapmark/format.h"

static const char *const reasons[] = {
	[HEAPMARK_REASON_INTERVAL] = "interval", [HEAPMARK_REASON_PEAK] = "peak",
	[HEAPMARK_REASON_SIGNAL] = "signal",     [HEAPMARK_REASON_API] = "program",
	[HEAPMARK_REASON_EXIT] = "exit",         [HEAPMARK_REASON_EXEC] = "exec",
	[HEAPMARK_REASON_FATAL] = "fatal",       [HEAPMARK_REASON_OOM] = "out-of-memory",
	[HEAPMARK_REASON_START] = "start",
};

static const char *const ends[] = {
	[HEAPMARK_END_VARIOUS] = "various", [HEAPMARK_END_EXIT] = "exit",
	[HEAPMARK_END_EXIT_NOW] = "_exit",  [HEAPMARK_END_QUICK_EXIT] = "quick_exit",
	[HEAPMARK_END_EXEC] = "exec",       [HEAPMARK_END_SIGNAL] = "signal",
};

static const char *const origins[] = {
	[HEAPMARK_ORIGIN_START] = "executed",
	[HEAPMARK_ORIGIN_FORK] = "forked",
};

static const char *const qualities[] = {
	[HEAPMARK_SYMBOLS_NONE] = "none",
	[HEAPMARK_SYMBOLS_NAMES] = "names",
	[HEAPMARK_SYMBOLS_LINES] = "lines",
};

static const char *const kinds[] = {
	[HEAPMARK_KIND_ASKED] = "asked",
	[HEAPMARK_KIND_STORAGE] = "storage",
};

static const char *word(const char *const *words, size_t count, uint64_t number)
{
	return number < count && words[number] ? words[number] : "unknown";
}

#define WORD(words, number) word(words, sizeof(words) / sizeof(*(words)), number)

const char *word_reason(uint64_t reason)
{
	return WORD(reasons, reason);
}

const char *word_end(uint64_t how)
{
	return WORD(ends, how);
}

const char *word_origin(uint64_t origin)
{
	return WORD(origins, origin);
}

const char *word_domain_kind(uint64_t kind)
{
	return WORD(kinds, kind);
}

const char *word_symbols(uint64_t quality)
{
	return WORD(qualities, quality);
}
