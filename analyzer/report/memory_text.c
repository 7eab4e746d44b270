/* SPDX-License-Identifier: MIT */
/* `heapmark memory` as text; see memory.h. */
#include <inttypes.h>

#include "report/losses.h"
#include "report/memory.h"
#include "report/text_head.h"
#include "report/words.h"
#include "util/human.h"

#define NAME_COLUMNS 36

/* The columns of the table: two moments, or one where they are the same. */
struct moments {
	const struct snapshot *snapshots[2];
	unsigned count;
};

static const char *const names[HEAPMARK_REGION_LIMIT] = {
	[0] = "of kinds that this version does not know",
	[HEAPMARK_REGION_HEAP] = "heap",
	[HEAPMARK_REGION_MAP] = "the program's own anonymous maps",
	[HEAPMARK_REGION_STACK] = "stacks",
	[HEAPMARK_REGION_FILE] = "files: code, data, what is mapped",
	[HEAPMARK_REGION_SHIM] = "heapmark",
	[HEAPMARK_REGION_OTHER] = "not explained",
};

static void heading(struct out *out, const struct moments *moments)
{
	char when[HUMAN_BYTES], live[HUMAN_BYTES];

	for (unsigned i = 0; i < moments->count; i++) {
		const struct snapshot *snapshot = moments->snapshots[i];

		text_fact(out, i + 1 < moments->count ? "largest" : "last look",
			  "snapshot %" PRIu64 " (%s), at %s: %s live", snapshot->index,
			  word_reason(snapshot->reason), human_duration(when, snapshot->time_ns),
			  human_size(live, snapshot->totals.live_bytes));
	}
	out_printf(out, "\n%-*s", NAME_COLUMNS, "");
	for (unsigned i = 0; i < moments->count; i++)
		out_printf(out, "%*s", 24, i + 1 < moments->count ? "largest" : "last look");
	out_printf(out, "\n%-*s", NAME_COLUMNS, "");
	for (unsigned i = 0; i < moments->count; i++)
		out_printf(out, "%12s%12s", "size", "resident");
	out_text(out, "\n");
}

static void cell(struct out *out, uint64_t bytes)
{
	char size[HUMAN_BYTES];

	out_printf(out, "%12s", human_size(size, bytes));
}

static void kind_row(struct out *out, const struct moments *moments, unsigned kind)
{
	uint64_t any = 0;

	for (unsigned i = 0; i < moments->count; i++)
		any |= moments->snapshots[i]->regions[kind].bytes;
	if (!any)
		return;
	out_printf(out, "%-*s", NAME_COLUMNS, names[kind]);
	for (unsigned i = 0; i < moments->count; i++) {
		cell(out, moments->snapshots[i]->regions[kind].bytes);
		cell(out, moments->snapshots[i]->regions[kind].resident_bytes);
	}
	out_text(out, "\n");
}

static uint64_t requested(const struct heap_split *split)
{
	return split->requested;
}

static uint64_t allocator(const struct heap_split *split)
{
	return split->allocator;
}

static uint64_t not_resident(const struct heap_split *split)
{
	return split->not_resident;
}

static void split_rows(struct out *out, const struct moments *moments)
{
	static const struct {
		const char *name;
		uint64_t (*part)(const struct heap_split *split);
	} rows[] = {
		{"  what the program asked for", requested},
		{"  the allocator's, on top of it", allocator},
		{"  of both, not resident", not_resident},
	};

	for (size_t row = 0; row < sizeof(rows) / sizeof(*rows); row++) {
		out_printf(out, "%-*s", NAME_COLUMNS, rows[row].name);
		for (unsigned i = 0; i < moments->count; i++) {
			struct heap_split split = heap_split(moments->snapshots[i]);

			cell(out, rows[row].part(&split));
			out_printf(out, "%12s", "");
		}
		out_text(out, "\n");
	}
}

static void sum_row(struct out *out, const struct moments *moments)
{
	out_printf(out, "%-*s", NAME_COLUMNS, "all that is resident");
	for (unsigned i = 0; i < moments->count; i++) {
		out_printf(out, "%12s", "");
		cell(out, memory_resident(moments->snapshots[i]));
	}
	out_text(out, "\n");
}

void memory_text(struct out *out, const struct profile *profile)
{
	struct terminal terminal = terminal_of_stdout();
	const struct snapshot *last = memory_last(profile), *largest = memory_largest(profile);
	struct moments moments = {{largest, last}, 2};

	text_head(out, &terminal, profile);
	out_text(out, "\n");
	if (!last) {
		out_text(out, "the process's memory was not looked at: it ran for less than a "
			      "tenth of a second, was killed, or had no /proc\n");
		return;
	}
	if (largest == last)
		moments = (struct moments){{last, NULL}, 1};
	heading(out, &moments);
	kind_row(out, &moments, HEAPMARK_REGION_HEAP);
	split_rows(out, &moments);
	for (unsigned kind = HEAPMARK_REGION_HEAP + 1; kind < HEAPMARK_REGION_LIMIT; kind++)
		kind_row(out, &moments, kind);
	kind_row(out, &moments, 0);
	sum_row(out, &moments);
	out_text(out, "\n");
	losses_write(out, profile);
}
