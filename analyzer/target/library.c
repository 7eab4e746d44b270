/* SPDX-License-Identifier: MIT */
/* Finding libheapmark.so; see library.h. */
#include "target/library.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/memory.h"

#define LIBRARY_NAME "libheapmark.so"

/* Seen from the directory of the executable. The build system says where it installs. */
static const char *const places[] = {
	"../preload/" LIBRARY_NAME, /* the build tree */
	"../" HEAPMARK_LIBDIR "/" LIBRARY_NAME,
	"../lib/" LIBRARY_NAME,
	"../lib64/" LIBRARY_NAME,
};

static char *own_directory(void)
{
	char path[PATH_MAX];
	ssize_t bytes = readlink("/proc/self/exe", path, sizeof(path) - 1);
	char *slash;

	if (bytes <= 0)
		return NULL;
	path[bytes] = '\0';
	slash = strrchr(path, '/');
	return slash ? xstrndup(path, (size_t)(slash - path)) : NULL;
}

static char *beside_executable(void)
{
	char *directory = own_directory();
	char *found = NULL;

	for (size_t i = 0; directory && !found && i < sizeof(places) / sizeof(*places); i++) {
		char *path = xasprintf("%s/%s", directory, places[i]);

		found = realpath(path, NULL);
		free(path);
	}
	free(directory);
	return found;
}

/* The loader splits LD_PRELOAD at colons and spaces, and knows no way to quote them. */
static char *checked(char *path_take, struct error *err)
{
	if (!strpbrk(path_take, ": \t"))
		return path_take;
	error_set(err,
		  "the library %s cannot be preloaded, because its path contains a colon or a "
		  "space; copy it elsewhere and set HEAPMARK_LIBRARY to the new path",
		  path_take);
	free(path_take);
	return NULL;
}

char *library_find(struct error *err)
{
	const char *wish = getenv("HEAPMARK_LIBRARY");
	char *path = wish && *wish ? realpath(wish, NULL) : beside_executable();

	if (path && access(path, R_OK) == 0)
		return checked(path, err);
	free(path);
	if (wish && *wish)
		error_set(err, "HEAPMARK_LIBRARY is %s, but there is no such readable file", wish);
	else
		error_set(err,
			  "heapmark's library (" LIBRARY_NAME
			  ") was not found beside this program; set HEAPMARK_LIBRARY to its path");
	return NULL;
}
