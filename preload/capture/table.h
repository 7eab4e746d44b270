/* SPDX-License-Identifier: MIT */
/*
 * A table that one thread has, of what it may as well forget: what is new takes the place of what
 * is there, and what is written too often for its size becomes wider, and empty, up to a limit.
 */
#ifndef PRELOAD_CAPTURE_TABLE_H
#define PRELOAD_CAPTURE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "atomic.h"
#include "thread.h"

#define TABLE_FIRST 64u /* places at first: a thread that does little shall not need much */
#define TABLE_CROWD 4   /* writes per place after which a table is made wider */

/* The size of one that has just been made. */
#define TABLE_NEW ((struct table_size){.mask = TABLE_FIRST - 1})

static HOT uint64_t table_mix(uint64_t key, uint64_t more)
{
	return (key ^ more) * 0x9E3779B97F4A7C15u;
}

/* Where a mixed key belongs. */
static HOT uint32_t table_place(uint64_t key, uint32_t mask)
{
	return (uint32_t)(key >> 40) & mask;
}

/* Whether the next write makes it wider, if it may become wider. */
static HOT bool table_is_crowded(const struct table_size *size)
{
	return unlikely(size->writes >= TABLE_CROWD * (size->mask + 1));
}

/* Four times as many items, or the same if there are to be no more than `last`, or no memory. What
 * they replace is left; it is a quarter of that. */
void *table_wider(void *items, struct table_size *size, uint32_t last, size_t item_bytes);

/* The items of a table that is about to be written to. */
static HOT void *table_with_room(void *items, struct table_size *size, uint32_t last,
				 size_t item_bytes)
{
	if (unlikely(table_is_crowded(size)))
		return table_wider(items, size, last, item_bytes);
	size->writes++;
	return items;
}

#endif
