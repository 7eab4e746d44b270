/* SPDX-License-Identifier: MIT */
/* A library with objects that have destructors; all of them allocate. */
#include <cstdlib>
#include <pthread.h>

extern "C" {
void use_thread_local();
void use_exit();
void use_key();
void drop_key();
}

namespace
{

struct object {
	void *block = std::malloc(222);
	~object()
	{
		void *volatile last = std::malloc(333);

		std::free(last);
		std::free(block);
	}
};

thread_local object per_thread;
object for_all;
pthread_key_t key;

void at_end()
{
	void *volatile last = std::malloc(444);

	std::free(last);
}

} // namespace

void use_thread_local()
{
	*static_cast<volatile char *>(per_thread.block) = 1;
}

void use_exit()
{
	std::atexit(at_end);
}

void use_key()
{
	pthread_key_create(&key, std::free);
	pthread_setspecific(key, std::malloc(555));
}

void drop_key()
{
	pthread_key_delete(key);
}
