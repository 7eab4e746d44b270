/* SPDX-License-Identifier: MIT */
/*
 * unloaded LIBRARY: what a library leaves behind when it is unloaded: handlers for the exit,
 * thread-local objects with destructors in threads that live on, keys whose threads are gone.
 */
#include <pthread.h>

#include "use.h"

namespace
{

pthread_barrier_t barrier;
void *library;
using function = void();

void call(const char *name)
{
	auto found = reinterpret_cast<function *>(dlsym(library, name));

	MUST(found);
	found();
}

void *thread_with_object(void *unused)
{
	call("use_thread_local");
	churn(1, 10);
	pthread_barrier_wait(&barrier); /* used */
	pthread_barrier_wait(&barrier); /* closed */
	drop(hold(30), 30);
	return unused; /* the library may go now */
}

void *thread_with_key(void *unused)
{
	call("use_key");
	return unused;
}

} // namespace

int main(int argc, char **argv)
{
	MUST(argc == 2);
	pthread_barrier_init(&barrier, nullptr, 2);
	for (int i = 0; i < 20; i++) {
		pthread_t first, second;

		library = open_library(argv[1], RTLD_NOW);
		call("use_exit");
		MUST(pthread_create(&second, nullptr, thread_with_key, nullptr) == 0);
		pthread_join(second, nullptr);
		call("drop_key");
		MUST(pthread_create(&first, nullptr, thread_with_object, nullptr) == 0);
		pthread_barrier_wait(&barrier);
		MUST(dlclose(library) == 0);
		say("closed, %s\n",
		    dlopen(argv[1], RTLD_NOW | RTLD_NOLOAD) ? "still there" : "gone");
		pthread_barrier_wait(&barrier);
		pthread_join(first, nullptr);
	}
	keep(3, 303);
	say("end\n");
	return 0;
}
