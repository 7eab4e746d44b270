/* SPDX-License-Identifier: MIT */
/* Calls what a preloaded library wraps, and prints how often it says that it was called. */
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "use.h"

#pragma weak wrapped_calls
unsigned wrapped_calls(void);

static void handle(int number)
{
	(void)number;
	churn(1, 10);
}

static void *thread(void *unused)
{
	churn(3, 30);
	return unused;
}

int main(int argc, char **argv)
{
	unsigned before = wrapped_calls ? wrapped_calls() : 0;
	struct sigaction action = {.sa_handler = handle};
	pthread_t other;
	void *library;
	pid_t child;
	int status;

	MUST(argc == 2);
	library = open_library(argv[1], RTLD_NOW);
	free(((make_function *)plugin_function(library, argv[1], "make"))());
	MUST(dlclose(library) == 0);
	MUST(sigaction(SIGUSR1, &action, NULL) == 0);
	MUST(raise(SIGUSR1) == 0);
	MUST(signal(SIGUSR1, SIG_DFL) == handle);
	for (int i = 0; i < 10; i++) {
		void *map = mmap(NULL, 100000, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		MUST(map != MAP_FAILED && munmap(map, 100000) == 0);
	}
	MUST(pthread_create(&other, NULL, thread, NULL) == 0);
	pthread_join(other, NULL);
	keep(10, 20);
	child = fork();
	if (child == 0) {
		keep(5, 30);
		exit(7);
	}
	MUST(waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 7);
	say("%u calls\n", wrapped_calls ? wrapped_calls() - before : 0);
	return 0;
}
