/* SPDX-License-Identifier: MIT */
/*
 * pairs DEPTH THREADS PAIRS MILLISECONDS: pairs of malloc and free in each of so many threads, each
 * under so many frames; PAIRS of them, and as many again until the time is over. Prints nanoseconds
 * for a pair of one thread, and million pairs per second of all threads.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define MOST_THREADS 64

struct worker {
	pthread_t id;
	double begin, end; /* in ns */
	long pairs;
};

static int depth;
static long batch;
static double least_ns;
static pthread_barrier_t start;

static double now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static __attribute__((noinline)) void churn(struct worker *self)
{
	for (long i = 0; i < batch; i++) {
		void *volatile block = malloc(16 + (size_t)(i & 127));

		free(block);
	}
	self->pairs += batch;
}

static __attribute__((noinline)) void descend(int left, struct worker *self)
{
	if (left > 0)
		descend(left - 1, self);
	else
		churn(self);
	__asm__ volatile("" ::: "memory"); /* so that neither call is the last thing done */
}

static void *work(void *argument)
{
	struct worker *self = argument;

	pthread_barrier_wait(&start);
	self->begin = now_ns();
	do {
		descend(depth, self);
		self->end = now_ns();
	} while (self->end - self->begin < least_ns);
	return NULL;
}

static void print(const struct worker *workers, int threads)
{
	double begin = workers[0].begin, end = workers[0].end, pairs = 0;

	for (int i = 0; i < threads; i++) {
		begin = workers[i].begin < begin ? workers[i].begin : begin;
		end = workers[i].end > end ? workers[i].end : end;
		pairs += (double)workers[i].pairs;
	}
	printf("bench: ns=%.3f rate=%.4f\n", (end - begin) * threads / pairs,
	       pairs * 1e3 / (end - begin));
}

int main(int argc, char **argv)
{
	static struct worker workers[MOST_THREADS];
	int threads = argc == 5 ? atoi(argv[2]) : 0;

	if (threads < 1 || threads > MOST_THREADS) {
		fputs("usage: pairs DEPTH THREADS PAIRS MILLISECONDS\n", stderr);
		return 2;
	}
	depth = atoi(argv[1]);
	batch = atol(argv[3]);
	least_ns = atof(argv[4]) * 1e6;
	pthread_barrier_init(&start, NULL, (unsigned)threads);
	for (int i = 1; i < threads; i++)
		if (pthread_create(&workers[i].id, NULL, work, &workers[i]) != 0)
			return 1;
	work(&workers[0]);
	for (int i = 1; i < threads; i++)
		pthread_join(workers[i].id, NULL);
	print(workers, threads);
	return 0;
}
