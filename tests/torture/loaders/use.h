/* SPDX-License-Identifier: MIT */
/* Libraries, loaded by path; of plugins (plugin.c) the name is that of the file:
 * libtorture-NAME.so.
 */
#ifndef TESTS_TORTURE_LOADERS_USE_H
#define TESTS_TORTURE_LOADERS_USE_H

#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "torture.h"

typedef void *make_function(void);
typedef void churn_function(unsigned count);
typedef void *call_function(void *(*function)(size_t), size_t size);

/* The NAME_what of a plugin. */
static inline void *plugin_function(void *library, const char *path, const char *what)
{
	const char *name = strrchr(path, '-');
	char function[64];
	void *found;

	MUST(name && library);
	snprintf(function, sizeof(function), "%.*s_%s", (int)strcspn(name + 1, "."), name + 1,
		 what);
	found = dlsym(library, function);
	MUST(found);
	return found;
}

static inline void *open_library(const char *path, int flags)
{
	void *library = dlopen(path, flags);

	if (!library)
		fprintf(stderr, "%s\n", dlerror());
	MUST(library);
	return library;
}

/* A file's content into a descriptor. */
static inline void copy_into(int to, const char *from)
{
	int fd = open(from, O_RDONLY | O_CLOEXEC);
	char buffer[4096];
	ssize_t size;

	MUST(fd >= 0 && to >= 0);
	while ((size = read(fd, buffer, sizeof(buffer))) > 0)
		MUST(write(to, buffer, (size_t)size) == size);
	MUST(size == 0);
	close(fd);
}

static inline void copy_file(const char *to, const char *from)
{
	int fd = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);

	copy_into(fd, from);
	close(fd);
}

#endif
