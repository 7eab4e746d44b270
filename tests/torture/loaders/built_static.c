/* SPDX-License-Identifier: MIT */
/* The program that no library can be loaded into. It leaves no trace. */
#include "torture.h"

int main(void)
{
	expect_trace(TRACE_NONE);
	keep(7, 70);
	say("static\n");
	return 0;
}
