/* SPDX-License-Identifier: MIT */
/*
 * made_names DIRECTORY: allocates from code that it made itself, and writes a map of that code as
 * compilers at run time do, DIRECTORY/perf-PID.map. See test_perf_map.py.
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#ifdef __x86_64__

typedef void *made(size_t size, void *(*function)(size_t));

/* push %rbp; mov %rsp,%rbp; call *%rsi; pop %rbp; ret */
static const unsigned char code[] = {0x55, 0x48, 0x89, 0xe5, 0xff, 0xd6, 0x5d, 0xc3};

static void *volatile kept[2];

/* The first lines are of code that was there before: later ones hold where they overlap. */
static int write_map(const char *directory, uintptr_t at)
{
	char path[4096];
	FILE *map;

	snprintf(path, sizeof(path), "%s/perf-%d.map", directory, (int)getpid());
	map = fopen(path, "w");
	if (!map)
		return 1;
	fprintf(map, "%" PRIxPTR " 1000 all of it before\n", at);
	fprintf(map, "%" PRIxPTR " 20 Made::first(int, char const*)\n", at);
	fprintf(map, "%" PRIxPTR " 60 gone\n", at + 0x20);
	fprintf(map, "%" PRIxPTR " %zx second /src/made.js:12\n", at + 0x40, sizeof(code));
	fprintf(map, "nonsense\n%" PRIxPTR " 0 nothing\n", at);
	return fclose(map);
}

int main(int argc, char **argv)
{
	unsigned char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (argc < 2 || page == MAP_FAILED)
		return 2;
	memcpy(page, code, sizeof(code));
	memcpy(page + 0x40, code, sizeof(code));
	kept[0] = ((made *)(uintptr_t)page)(1111, malloc);
	kept[1] = ((made *)(uintptr_t)(page + 0x40))(2222, malloc);
	printf("%d\n", (int)getpid());
	return write_map(argv[1], (uintptr_t)page);
}

#else

int main(void)
{
	return 77; /* no code for this machine */
}

#endif
