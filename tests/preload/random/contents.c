/* SPDX-License-Identifier: MIT */
/* What blocks are filled with: bytes that depend on the block and on where in it they are. */
#include "random.h"

#define HEAD   256
#define STRIDE 509
#define TAIL   16

static char byte_at(uint64_t tag, size_t at)
{
	return (char)((tag >> at % 8 * 8) + at * 31);
}

/* The byte after `at` that is looked at, of those before the tail. */
static size_t next_of(size_t at)
{
	return at < HEAD ? at + 1 : at + STRIDE;
}

static size_t tail_of(size_t size)
{
	return size > TAIL ? size - TAIL : 0;
}

void contents_fill(struct block *block)
{
	for (size_t i = 0; i < block->size; i = next_of(i))
		block->at[i] = byte_at(block->tag, i);
	for (size_t i = tail_of(block->size); i < block->size; i++)
		block->at[i] = byte_at(block->tag, i);
}

void contents_check(const struct block *block, size_t size, bool whole)
{
	for (size_t i = 0; i < size; i = next_of(i))
		if (block->at[i] != byte_at(block->tag, i))
			fail("a block was overwritten");
	for (size_t i = tail_of(size); whole && i < size; i++)
		if (block->at[i] != byte_at(block->tag, i))
			fail("a block's end was overwritten");
}

void contents_check_zero(const char *at, size_t size)
{
	for (size_t i = 0; i < size; i = next_of(i))
		if (at[i])
			fail("calloc() returned what is not zero");
}
