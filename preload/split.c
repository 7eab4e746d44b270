/* SPDX-License-Identifier: MIT */
/* Sizes and threads as nodes; see split.h. */
#include "split.h"

#include "capture/calls.h"
#include "capture/tree.h"

static uint32_t child(uint32_t node, uint64_t what)
{
	uint32_t call = node ? calls_find(what) : 0;

	return call ? tree_child(node, call) : 0;
}

static uint64_t size_class(uint64_t size)
{
	if (size <= heapmark_size_class_max(HEAPMARK_SIZE_CLASS_FIRST))
		return HEAPMARK_SIZE_CLASS_FIRST;
	return 64 - (uint64_t)__builtin_clzll(size - 1);
}

/* Threads have numbers of our own, as the kernel's are used again. */
static uint64_t thread_name(const struct thread *self)
{
	return (uint64_t)self->number << HEAPMARK_SPLIT_TID_BITS |
	       ((uint64_t)self->first_tid & HEAPMARK_SPLIT_TID_MASK);
}

uint32_t split_node(const struct thread *self, uint32_t node, uint64_t size)
{
	if (config.split & HEAPMARK_SPLIT_SIZE)
		node = child(node, heapmark_split(HEAPMARK_SPLIT_SIZE, size_class(size)));
	if (config.split & HEAPMARK_SPLIT_THREAD)
		node = child(node, heapmark_split(HEAPMARK_SPLIT_THREAD, thread_name(self)));
	return node;
}
