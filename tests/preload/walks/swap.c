/* SPDX-License-Identifier: MIT */
/*
 * swap FILE ROUNDS LIBRARY...: libraries loaded one after another at one address, alike in every
 * instruction's place and in how much stack they use, but not in the sizes of their frames. What
 * was remembered of an address under the first is wrong under the next, and hardly a word on the
 * stack says so: where the first had a return address, it still stands in an array of the next, as
 * nobody else came down there in between. All that for the thread that changes the libraries, and
 * for one that has no part in it.
 */
#include "swap.h"

#include "walk.h"

#include <dlfcn.h>
#include <pthread.h>

#define ATTEMPTS 200
#define RESERVE  300000 /* bytes of stack: the loader does not come that deep */

typedef void enter_function(keep_function *keep);

/* Where a library called from; what two have in common if the trap is to spring. */
struct spot {
	uintptr_t back_to, frame;
};

static pthread_barrier_t called, returned;
static enter_function *wanted_of_other; /* NULL: end */
static struct spot spot;

static FRAME void keep_noted(size_t size)
{
	if (size > 1) {
		spot.back_to =
			(uintptr_t)__builtin_extract_return_addr(__builtin_return_address(0));
		spot.frame = (uintptr_t)__builtin_frame_address(0);
	}
	keep(size);
	HERE();
}

static FRAME void *other_thread(void *unused)
{
	for (;;) {
		pthread_barrier_wait(&called);
		if (!wanted_of_other)
			return unused;
		wanted_of_other(keep_noted);
		pthread_barrier_wait(&returned);
	}
}

static FRAME void far_below(enter_function *enter)
{
	char reserve[RESERVE];

	TOUCH(reserve);
	enter(keep_noted);
	TOUCH(reserve);
}

static FRAME struct spot use(const char *path)
{
	void *library = dlopen(path, RTLD_NOW);
	enter_function *enter = library ? (enter_function *)dlsym(library, "swap_enter") : NULL;
	struct spot here;
	char expected[160];

	if (!enter)
		abort();
	wanted_of_other = enter;
	pthread_barrier_wait(&called);
	pthread_barrier_wait(&returned);
	far_below(enter);
	here = spot;
	for (int i = 0; i < 2; i++) {
		const char *name = dlsym(library, "swap_name");
		const char *from = i ? "other_thread" : "far_below<use<main";

		snprintf(expected, sizeof(expected),
			 "keep<keep_noted<inner_%s<outer_%s<swap_enter<%s", name, name, from);
		path_add(1, expected);
		snprintf(expected, sizeof(expected), "keep<keep_noted<swap_enter<%s", from);
		path_add(1, expected);
	}
	if (dlclose(library) != 0)
		abort();
	return here;
}

int main(int argc, char **argv)
{
	int met = 0, wanted = 20 * rounds(argc, argv);
	struct spot last = {0, 0};
	pthread_t other;

	pthread_barrier_init(&called, NULL, 2);
	pthread_barrier_init(&returned, NULL, 2);
	if (pthread_create(&other, NULL, other_thread, NULL) != 0)
		abort();
	for (int i = 0; i < ATTEMPTS * wanted && met < wanted; i++) {
		struct spot now = use(argv[3 + i % (argc - 3)]);

		met += now.back_to == last.back_to && now.frame == last.frame;
		last = now;
	}
	wanted_of_other = NULL;
	pthread_barrier_wait(&called);
	pthread_join(other, NULL);
	trap(met == wanted);
	return walk_end(argc, argv);
}
