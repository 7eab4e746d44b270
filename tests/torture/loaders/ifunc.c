/* SPDX-License-Identifier: MIT */
/* Functions that are chosen while the program is relocated, by code that allocates: its own and
 * that of a library. */
#include <stdlib.h>

#include "torture.h"

int ifunc_answer(void);
int ifunc_resolved(void);

int main(void)
{
	say("resolved %s\n", ifunc_resolved() ? "before" : "not yet");
	say("answers %d\n", ifunc_answer());
	keep(4, 40);
	churn(4, 44);
	return 0;
}
