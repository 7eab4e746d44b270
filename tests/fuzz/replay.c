/* SPDX-License-Identifier: MIT */
/*
 * replay PATH...: gives files, and all files of directories, to the fuzz target once, and every cut
 * of each that is at most SHORT bytes long. A test where there is no fuzzer: with gcc, and in every
 * run.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "util/memory.h"

#define SHORT 2048

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

/* Into memory of exactly its size, so that a sanitizer sees a step too far. */
static void give(const uint8_t *bytes, size_t count)
{
	uint8_t *copy = xmalloc(count);

	memcpy(copy, bytes, count);
	LLVMFuzzerTestOneInput(copy, count);
	free(copy);
}

static int replay_file(const char *path, size_t size)
{
	FILE *file = fopen(path, "rb");
	uint8_t *bytes = xmalloc(size);

	if (!file || (size && fread(bytes, size, 1, file) != 1)) {
		perror(path);
		return 1;
	}
	fclose(file);
	for (size_t cut = size <= SHORT ? 0 : size; cut <= size; cut++)
		give(bytes, cut);
	free(bytes);
	return 0;
}

static int replay(const char *path);

static int replay_directory(const char *path)
{
	DIR *directory = opendir(path);
	struct dirent *entry;
	int failures = 0;

	while (directory && (entry = readdir(directory))) {
		char *inner;

		if (entry->d_name[0] == '.')
			continue;
		inner = xasprintf("%s/%s", path, entry->d_name);
		failures += replay(inner);
		free(inner);
	}
	if (directory)
		closedir(directory);
	return failures;
}

static int replay(const char *path)
{
	struct stat file;

	if (stat(path, &file) < 0) {
		perror(path);
		return 1;
	}
	return S_ISDIR(file.st_mode) ? replay_directory(path)
				     : replay_file(path, (size_t)file.st_size);
}

int main(int argc, char **argv)
{
	int failures = 0;

	for (int i = 1; i < argc; i++)
		failures += replay(argv[i]);
	return failures ? 1 : 0;
}
