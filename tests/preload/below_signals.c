/* SPDX-License-Identifier: MIT */
/*
 * below_signals ALPHA BETA: libraries that come and go at one address allocate below a signal's
 * frame, which our own walk does not take. What another unwinder remembers of an address must not
 * be used for the next library there. See test_plugins.py.
 */
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#define ROUNDS 300

typedef void *make(void);
static make *current;

static void on_signal(int number)
{
	(void)number;
	for (int i = 0; i < 20; i++)
		free(current());
}

int main(int argc, char **argv)
{
	static const char *const names[] = {"alpha_make", "beta_make"};

	if (argc < 3 || signal(SIGUSR1, on_signal) == SIG_ERR)
		return 2;
	for (int i = 0; i < ROUNDS; i++) {
		void *library = dlopen(argv[1 + i % 2], RTLD_NOW);

		current = library ? (make *)dlsym(library, names[i % 2]) : NULL;
		if (!current)
			return 1;
		raise(SIGUSR1);
		dlclose(library);
	}
	puts("fine");
	return 0;
}
