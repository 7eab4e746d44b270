/* SPDX-License-Identifier: MIT */
/* One thread allocates, another frees; and many short-lived threads come and go. */
#include <pthread.h>

#include "target.h"

#define BLOCKS 1000
#define LIVES  200

static void *blocks[BLOCKS];
static int made_line, brief_line;

static void *make(void *unused)
{
	for (int i = 0; i < BLOCKS; i++) {
		made_line = __LINE__ + 1;
		blocks[i] = malloc(64);
	}
	return unused;
}

static void *let_go(void *unused)
{
	for (int i = 0; i < BLOCKS; i += 2)
		free(blocks[i]);
	return unused;
}

static void *live_briefly(void *unused)
{
	brief_line = __LINE__ + 1;
	unused = malloc(32);
	return unused;
}

static void in_thread(void *(*function)(void *))
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, function, NULL))
		_exit(1);
	pthread_join(thread, NULL);
}

int main(int argc, char **argv)
{
	in_thread(make);
	in_thread(let_go);
	for (int i = 0; i < LIVES; i++)
		in_thread(live_briefly);
	facts.lines[made_line] = (struct facts_line){BLOCKS,      64 * BLOCKS, BLOCKS / 2,
						     32 * BLOCKS, BLOCKS,      64 * BLOCKS};
	facts.lines[brief_line] = (struct facts_line){LIVES, 32 * LIVES, LIVES, 32 * LIVES, 0, 0};
	facts.inexact_totals = true;
	return facts_write(argc, argv);
}
