/* SPDX-License-Identifier: MIT */
/* threads COUNT: so many threads that allocate once and stay; prints the resident KiB meanwhile. */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOST_THREADS 2000

static pthread_barrier_t all_there, may_leave;

static void *stay(void *nothing)
{
	void *volatile block = malloc(100);

	pthread_barrier_wait(&all_there);
	pthread_barrier_wait(&may_leave);
	free(block);
	return nothing;
}

/* Without stdio, whose buffers would be a part of the answer. */
static long resident_kib(void)
{
	char text[4096];
	int fd = open("/proc/self/status", O_RDONLY);
	ssize_t size = read(fd, text, sizeof(text) - 1);
	const char *line;

	close(fd);
	text[size > 0 ? size : 0] = '\0';
	line = strstr(text, "VmRSS:");
	return line ? strtol(line + strlen("VmRSS:"), NULL, 10) : -1;
}

int main(int argc, char **argv)
{
	static pthread_t ids[MOST_THREADS];
	int count = argc == 2 ? atoi(argv[1]) : -1;
	long resident;

	if (count < 0 || count > MOST_THREADS) {
		fputs("usage: threads COUNT\n", stderr);
		return 2;
	}
	pthread_barrier_init(&all_there, NULL, (unsigned)count + 1);
	pthread_barrier_init(&may_leave, NULL, (unsigned)count + 1);
	for (int i = 0; i < count; i++)
		if (pthread_create(&ids[i], NULL, stay, NULL) != 0)
			return 1;
	pthread_barrier_wait(&all_there);
	resident = resident_kib();
	pthread_barrier_wait(&may_leave);
	for (int i = 0; i < count; i++)
		pthread_join(ids[i], NULL);
	printf("bench: kib=%ld\n", resident);
	return resident > 0 ? 0 : 1;
}
