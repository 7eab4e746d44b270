/* SPDX-License-Identifier: MIT */
/*
 * touches: takes memory of every kind, touches a part of each, and says at the end what it has, by
 * its own reading of /proc/self/smaps: a line "KIND BYTES RESIDENT" for its maps and for its large
 * block, and "all 0 RESIDENT".
 */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE        4096
#define LARGE_BYTES (1ull << 30)
#define LARGE_STEP  (100 * PAGE) /* one page in a hundred */
#define MAP_BYTES   (8u << 20)
#define MAP_TOUCHED (2u << 20)
#define THREADS     4
#define STACK_BYTES (2u << 20)
#define DEEP        (200 * 1024)

static pthread_barrier_t all_deep, all_done;

static void *in_thread(void *unused)
{
	volatile char deep[DEEP];

	for (size_t at = 0; at < DEEP; at += PAGE)
		deep[at] = 1;
	(void)deep[0];
	free(malloc(100)); /* so that it is known */
	pthread_barrier_wait(&all_deep);
	pthread_barrier_wait(&all_done);
	return unused;
}

static void start_threads(pthread_t *threads)
{
	pthread_attr_t attributes;

	pthread_barrier_init(&all_deep, NULL, THREADS + 1);
	pthread_barrier_init(&all_done, NULL, THREADS + 1);
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_BYTES);
	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], &attributes, in_thread, NULL);
	pthread_barrier_wait(&all_deep);
}

static uint64_t all_resident_kib(void)
{
	static char line[8192];
	FILE *file = fopen("/proc/self/smaps", "r");
	uint64_t all = 0;
	unsigned long kib;

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "Rss: %lu kB", &kib) == 1)
			all += kib;
	if (file)
		fclose(file);
	return all;
}

int main(void)
{
	pthread_t threads[THREADS];
	char *large = malloc(LARGE_BYTES), *map;
	uint64_t touched = 0;

	map = mmap(NULL, MAP_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (!large || map == MAP_FAILED)
		return 1;
	for (uint64_t at = 0; at < LARGE_BYTES; at += LARGE_STEP, touched += PAGE)
		large[at] = 1;
	memset(map, 1, MAP_TOUCHED);
	start_threads(threads);
	printf("maps %u %u\n", MAP_BYTES, MAP_TOUCHED);
	printf("heap %llu %llu\n", LARGE_BYTES, (unsigned long long)touched);
	printf("stacks %u %u\n", THREADS * STACK_BYTES, THREADS * DEEP);
	printf("all 0 %llu\n", (unsigned long long)all_resident_kib() << 10);
	fflush(stdout);
	usleep(200000); /* a run that is worth a look at its end */
	_exit(0);
}
