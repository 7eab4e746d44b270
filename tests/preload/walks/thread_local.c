/* SPDX-License-Identifier: MIT */
/* A library with memory for each thread, which exists once the thread asks for it; see callbacks.c.
 */
char *thread_local_make(void);

static _Thread_local char memory[5000];

char *thread_local_make(void)
{
	return memory;
}
