/* SPDX-License-Identifier: MIT */
/* Making tables wider; see table.h. */
#include "capture/table.h"

#include "mem.h"

COLD void *table_wider(void *items, struct table_size *size, uint32_t last, size_t item_bytes)
{
	uint32_t room = (size->mask + 1) * 4;
	void *wider = room <= last ? mem_take(room * item_bytes) : NULL;

	size->writes = 0;
	if (!wider)
		return items;
	size->mask = room - 1;
	return wider;
}
