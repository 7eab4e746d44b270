/* SPDX-License-Identifier: MIT */
/* A plain program, which is built in every way there is; prints what it computes. */
#include <pthread.h>
#include <stdlib.h>

#include "torture.h"

static __attribute__((noinline)) unsigned descend(unsigned depth)
{
	unsigned sum;

	drop(hold(depth + 1), depth + 1);
	sum = depth == 0 ? 1 : descend(depth - 1) * 3 + depth;
	churn(1, depth + 10);
	return sum;
}

static void *thread(void *unused)
{
	descend(30);
	keep(2, 22);
	return unused;
}

static int compare(const void *a, const void *b)
{
	churn(1, 5);
	return *(const int *)a - *(const int *)b;
}

int main(void)
{
	int numbers[] = {5, 3, 8, 1};
	pthread_t other;

	say("%u\n", descend(50));
	MUST(pthread_create(&other, NULL, thread, NULL) == 0);
	pthread_join(other, NULL);
	qsort(numbers, 4, sizeof(*numbers), compare);
	keep(7, 70);
	return 0;
}
