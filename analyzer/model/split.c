/* SPDX-License-Identifier: MIT */
/* Sizes and threads of blocks; see split.h. */
#include "model/split.h"

#include <inttypes.h>
#include <string.h>

#include "heapmark/options.h"
#include "util/memory.h"

#define VALUE_MASK ((UINT64_C(1) << HEAPMARK_SPLIT_KIND_SHIFT) - 1)
#define UNIT_BITS  10

/* Unwinders that lost their way have left all kinds of addresses in older traces. */
unsigned split_kind(uint64_t offset)
{
	uint64_t kind = (offset - HEAPMARK_SPLIT_FIRST) >> HEAPMARK_SPLIT_KIND_SHIFT;

	return offset >= HEAPMARK_SPLIT_FIRST && kind < HEAPMARK_SPLIT_LIMIT ? (unsigned)kind
									     : HEAPMARK_SPLIT_NONE;
}

bool node_is_split(const struct node *node)
{
	return !node->module && split_kind(node->offset);
}

bool node_is_made_code(const struct node *node)
{
	return !node->module && node->offset >= HEAPMARK_MARKER_LIMIT && !node_is_split(node);
}

uint32_t split_stack(const struct profile *profile, uint32_t node)
{
	while (node_is_split(&profile->nodes[node]))
		node = profile->nodes[node].parent;
	return node;
}

size_t split_frames(const struct profile *profile)
{
	size_t count = 0;

	for (size_t i = 1; i < profile->node_count; i++)
		count += node_is_split(&profile->nodes[i]) ? 0 : 1;
	return count;
}

uint64_t split_of(const struct profile *profile, const struct site *site, enum heapmark_split kind)
{
	for (uint32_t node = site->leaf; node != site->node; node = profile->nodes[node].parent)
		if (split_kind(profile->nodes[node].offset) == kind)
			return profile->nodes[node].offset;
	return heapmark_split(kind, 0);
}

bool split_is_known(const struct profile *profile, enum heapmark_split kind)
{
	/* As the recording was asked to, even if there was nothing to tell apart. */
	for (size_t i = 0; i < profile->option_count; i++) {
		const struct named_value *option = &profile->options[i];
		int asked = strcmp(option->name, "split") == 0
				    ? heapmark_choice(HEAPMARK_SPLIT_CHOICES, option->value)
				    : -1;

		if (asked > 0 && (unsigned)asked & kind)
			return true;
	}
	for (size_t i = 1; i < profile->node_count; i++)
		if (!profile->nodes[i].module && split_kind(profile->nodes[i].offset) == kind)
			return true;
	return false;
}

bool split_sizes(uint64_t split, uint64_t *above, uint64_t *most)
{
	uint64_t size_class = split & VALUE_MASK;

	if (split_kind(split) != HEAPMARK_SPLIT_SIZE || size_class < HEAPMARK_SIZE_CLASS_FIRST ||
	    size_class > HEAPMARK_SIZE_CLASS_LAST)
		return false;
	*above = size_class > HEAPMARK_SIZE_CLASS_FIRST ? heapmark_size_class_max(size_class - 1)
							: 0;
	*most = heapmark_size_class_max(size_class);
	return true;
}

bool split_thread(uint64_t split, uint64_t *number, uint64_t *tid)
{
	*number = (split & VALUE_MASK) >> HEAPMARK_SPLIT_TID_BITS;
	*tid = split & HEAPMARK_SPLIT_TID_MASK;
	return split_kind(split) == HEAPMARK_SPLIT_THREAD && *number;
}

static char *sizes_text(uint64_t above, uint64_t most)
{
	static const char *const units[] = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
	unsigned unit = 0;

	if (most <= UINT64_C(1) << UNIT_BITS)
		return xasprintf("%" PRIu64 "-%" PRIu64 " B", above ? above + 1 : 0, most);
	if (most == UINT64_MAX)
		return xasprintf("over 8 EiB");
	while (above >> (UNIT_BITS * (unit + 1)) >= UINT64_C(1) << UNIT_BITS)
		unit++;
	return xasprintf("%" PRIu64 "-%" PRIu64 " %s", above >> (UNIT_BITS * (unit + 1)),
			 most >> (UNIT_BITS * (unit + 1)), units[unit]);
}

char *split_text(uint64_t split)
{
	uint64_t first, second;

	if (split_sizes(split, &first, &second))
		return sizes_text(first, second);
	if (split_thread(split, &first, &second) && !second)
		return xasprintf("thread %" PRIu64, first);
	if (split_thread(split, &first, &second))
		return xasprintf("thread %" PRIu64 " (tid %" PRIu64 ")", first, second);
	return xstrdup(split_kind(split) == HEAPMARK_SPLIT_SIZE ? "[unknown sizes]"
								: "[unknown thread]");
}
