/* SPDX-License-Identifier: MIT */
/*
 * rule-dump FILE [time]: the unwind rules of the pcs given on stdin (hex, one a line, as they are
 * in the file), one a line; or only what one rule costs, looked for in no order. For rule_truth.py.
 *
 * A library is loaded, so that glibc says where its table is. A program cannot be: it is mapped,
 * and its table noted, which is what happens where glibc does not say.
 */
#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <inttypes.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "capture/frames.h"
#include "capture/rule.h"

#define PAGE      4096ull
#define TIME_PCS  100000
#define SKIP      77
#define OUR_PRIME 1000003

static uint64_t end_of(const struct dl_phdr_info *info)
{
	uint64_t end = 0;

	for (int i = 0; i < info->dlpi_phnum; i++)
		if (info->dlpi_phdr[i].p_type == PT_LOAD)
			end = info->dlpi_phdr[i].p_vaddr + info->dlpi_phdr[i].p_memsz;
	return end;
}

static void map_segments(const struct dl_phdr_info *info, int fd)
{
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *header = &info->dlpi_phdr[i];
		uint64_t before = header->p_vaddr % PAGE;

		if (header->p_type == PT_LOAD && header->p_filesz)
			mmap((void *)(info->dlpi_addr + header->p_vaddr - before),
			     header->p_filesz + before, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd,
			     (off_t)(header->p_offset - before));
	}
}

static uint64_t map_program(const char *path)
{
	static union {
		ElfW(Ehdr) header;
		char bytes[PAGE];
	} start;
	struct dl_phdr_info info = {.dlpi_name = path};
	int fd = open(path, O_RDONLY);

	if (fd < 0 || read(fd, &start, sizeof(start)) != sizeof(start)) {
		perror(path);
		exit(SKIP);
	}
	info.dlpi_phdr = (const void *)(start.bytes + start.header.e_phoff);
	info.dlpi_phnum = start.header.e_phnum;
	info.dlpi_addr =
		(uint64_t)mmap(NULL, end_of(&info), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	map_segments(&info, fd);
	frames_note(&info);
	return info.dlpi_addr;
}

static uint64_t load(const char *path)
{
	void *library = dlopen(path, RTLD_LAZY);
	struct link_map *map;

	if (!library || dlinfo(library, RTLD_DI_LINKMAP, &map) < 0)
		return map_program(path);
	return map->l_addr;
}

static void print(struct rule rule)
{
	if (rule.kind == RULE_STEP)
		printf("%s%+d%s%+d\n", rule.from_bp ? "bp" : "sp", rule.cfa_offset,
		       rule.bp_offset ? " bp" : " unchanged", rule.bp_offset);
	else if (rule.kind == RULE_REALIGNED)
		printf("*bp%+d bp%+d\n", rule.cfa_offset, rule.bp_offset);
	else if (rule.kind == RULE_BARE)
		puts("bare");
	else
		puts(rule.kind == RULE_END ? "end" : "none");
}

static void measure(const uint64_t *pcs, size_t count)
{
	struct timespec begin, end;
	unsigned sum = 0;

	for (int round = 0; round < 2; round++) { /* the first warms up */
		clock_gettime(CLOCK_MONOTONIC, &begin);
		for (size_t i = 0; i < count; i++)
			sum += rule_find(pcs[i * OUR_PRIME % count]).kind;
		clock_gettime(CLOCK_MONOTONIC, &end);
	}
	printf("%.0f ns per rule (%zu, %u)\n",
	       ((double)(end.tv_sec - begin.tv_sec) * 1e9 + (double)(end.tv_nsec - begin.tv_nsec)) /
		       (double)count,
	       count, sum);
}

int main(int argc, char **argv)
{
	static uint64_t pcs[TIME_PCS];
	uint64_t bias = load(argv[1]), pc;
	size_t count = 0;

	while (scanf("%" SCNx64, &pc) == 1) {
		if (argc < 3)
			print(rule_find(bias + pc));
		else if (count < TIME_PCS)
			pcs[count++] = bias + pc;
	}
	if (argc >= 3)
		measure(pcs, count);
	return 0;
}
