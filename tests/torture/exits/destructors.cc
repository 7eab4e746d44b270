/* SPDX-License-Identifier: MIT */
/* Everything that is destroyed when a program ends, and allocates and frees as it goes: objects of
 * the program, of a library and of threads, handlers of all kinds. In which order, is printed. */
#include <cstdlib>
#include <pthread.h>
#include <string>
#include <thread>
#include <vector>

#include "torture.h"

namespace
{

struct Noisy {
	const char *name;
	void *block;
	std::vector<std::string> strings; /* allocated by libstdc++ */

	explicit Noisy(const char *its_name) : name(its_name), block(hold(77))
	{
		strings.emplace_back(100, 'x');
	}
	~Noisy()
	{
		say("gone: %s\n", name);
		drop(block, 77);
		keep(2, 20);
		churn(2, 21);
	}
};

Noisy global("global");
thread_local Noisy of_thread("thread_local");
pthread_key_t key;

void on_key(void *value)
{
	say("key's destructor\n");
	drop(value, 50);
	keep(1, 51);
}

void at_exit()
{
	static Noisy late("made in an exit handler");

	say("atexit\n");
	churn(5, 5);
}

void on_exit_(int status, void *block)
{
	say("on_exit: %d\n", status);
	drop(block, 60);
	keep(1, 61);
}

__attribute__((destructor)) void destructor()
{
	say("destructor\n");
	keep(3, 30);
	churn(3, 31);
}

/* After it there is nothing but the C library itself. */
__attribute__((destructor(101))) void last_destructor()
{
	say("last destructor\n");
	keep(3, 32);
}

void live()
{
	of_thread.strings.emplace_back(200, 'y');
	MUST(pthread_setspecific(key, hold(50)) == 0);
}

} // namespace

int main()
{
	static Noisy local("static in main");

	MUST(pthread_key_create(&key, on_key) == 0);
	std::atexit(at_exit);
	MUST(on_exit(on_exit_, hold(60)) == 0);
	std::thread(live).join();
	std::thread(live).join();
	live(); /* its thread-specific data is not destroyed: the main thread does not end */
	return 4;
}
