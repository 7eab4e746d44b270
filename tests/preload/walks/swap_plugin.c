/* SPDX-License-Identifier: MIT */
/*
 * A library, built several times: each time of the same layout, so that every instruction is where
 * it is in the others, and with frames of other sizes, which add up to the same. See swap.c.
 */
#include "swap.h"

#include "walk.h"

#define PASTE_(a, b) a##b
#define PASTE(a, b)  PASTE_(a, b)
#define TEXT_(a)     #a
#define TEXT(a)      TEXT_(a)
#define INNER        PASTE(inner_, INNER_ROOM)
#define OUTER        PASTE(outer_, INNER_ROOM)

const char swap_name[] = TEXT(INNER_ROOM);

static FRAME void INNER(keep_function *call)
{
	char room[INNER_ROOM];

	TOUCH(room);
	call(INNER_ROOM);
	TOUCH(room);
}

static FRAME void OUTER(keep_function *call)
{
	char room[OUTER_ROOM];

	TOUCH(room);
	INNER(call);
	TOUCH(room);
}

void swap_enter(keep_function *call)
{
	OUTER(call);
	call(1);
	HERE();
}
