/* SPDX-License-Identifier: MIT */
/* The client of debug file servers; see debuginfod.h. */
#include "symbol/debuginfod.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "util/progress.h"

#define LIBRARY  "libdebuginfod.so.1"
#define VARIABLE "DEBUGINFOD_URLS"

struct debuginfod_client;

/* As <elfutils/debuginfod.h> declares them, which need not be installed either. */
struct functions {
	struct debuginfod_client *(*begin)(void);
	int (*find_debuginfo)(struct debuginfod_client *client, const unsigned char *build_id,
			      int build_id_bytes, char **path);
	void (*set_progressfn)(struct debuginfod_client *client,
			       int (*progress)(struct debuginfod_client *client, long have,
					       long all));
};

static struct {
	bool is_allowed, is_sought;
	struct functions functions;
	struct debuginfod_client *client; /* NULL: there is none */
	const char *name;                 /* whose file is being fetched */
	struct progress progress;
} state;

void debuginfod_allow(void)
{
	state.is_allowed = true;
}

static int show_progress(struct debuginfod_client *client, long have, long all)
{
	(void)client;
	if (all > 0)
		progress_show(&state.progress, "fetching debug information of %.32s: %ld %%",
			      state.name, 100 * (have < all ? have : all) / all);
	else
		progress_show(&state.progress, "asking for debug information of %.32s", state.name);
	return 0;
}

static bool load_functions(void *library)
{
	struct functions *functions = &state.functions;

	/* POSIX has dlsym() return functions as objects. */
	*(void **)&functions->begin = dlsym(library, "debuginfod_begin");
	*(void **)&functions->find_debuginfo = dlsym(library, "debuginfod_find_debuginfo");
	*(void **)&functions->set_progressfn = dlsym(library, "debuginfod_set_progressfn");
	return functions->begin && functions->find_debuginfo && functions->set_progressfn;
}

static void open_client(void)
{
	void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);

	if (!library || !load_functions(library)) {
		progress_clear();
		fprintf(stderr, "heapmark: " VARIABLE " is set, but " LIBRARY
				" is not installed: no debug information is fetched\n");
		return;
	}
	state.client = state.functions.begin();
	if (state.client)
		state.functions.set_progressfn(state.client, show_progress);
}

char *debuginfod_fetch(const uint8_t *id, size_t bytes, const char *name)
{
	const char *servers = getenv(VARIABLE);
	char *path = NULL;
	int fd;

	if (!state.is_allowed || !servers || !*servers || !bytes || bytes > INT8_MAX)
		return NULL;
	if (!state.is_sought)
		open_client();
	state.is_sought = true;
	if (!state.client)
		return NULL;
	state.name = name;
	fd = state.functions.find_debuginfo(state.client, id, (int)bytes, &path);
	progress_end(&state.progress);
	if (fd < 0)
		return NULL;
	close(fd);
	return path;
}
