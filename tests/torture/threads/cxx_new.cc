/* SPDX-License-Identifier: MIT */
/* operator new in all its forms, and when there is no memory: bad_alloc, nullptr, handlers that
 * free something and have it tried again. */
#include <cstdint>
#include <fstream>
#include <new>
#include <sys/resource.h>
#include <thread>
#include <vector>

#include "torture.h"

namespace
{

struct alignas(256) Wide {
	char bytes[256];
};

constexpr std::size_t RESERVE = (1 << 27) + (1 << 24);
void *reserve;
int handled;

/* Rows are by a function's name alone, so these are other hold()s. */
struct Operators {
	static void *hold(std::size_t size)
	{
		void *block = ::operator new(size);

		book_held(size);
		return block;
	}
	static void *hold(std::size_t size, const std::nothrow_t &nothrow)
	{
		void *block = ::operator new[](size, nothrow);

		if (block)
			book_held(size);
		return block;
	}
	static Wide *hold()
	{
		auto *block = new Wide;

		book_held(sizeof(Wide));
		return block;
	}
	static Wide *hold(Wide *&block, unsigned count)
	{
		block = new Wide[count];
		book_held(sizeof(Wide) * count);
		return block;
	}
};

void free_reserve()
{
	handled++;
	if (!reserve)
		throw std::bad_alloc();
	::operator delete(reserve);
	book_dropped(RESERVE);
	reserve = nullptr;
}

void forms()
{
	for (std::size_t i = 1; i <= 100; i++) { /* of 0 bytes it makes 1 */
		void *plain = Operators::hold(i), *other = Operators::hold(i, std::nothrow);
		Wide *wide = Operators::hold(), *some;

		Operators::hold(some, 3);
		MUST(reinterpret_cast<std::uintptr_t>(wide) % 256 == 0);
		MUST(reinterpret_cast<std::uintptr_t>(some) % 256 == 0);
		::operator delete(plain, i); /* sized */
		book_dropped(i);
		::operator delete[](other, std::nothrow);
		book_dropped(i);
		delete wide;
		book_dropped(sizeof(Wide));
		if (i % 2)
			continue;
		delete[] some;
		book_dropped(3 * sizeof(Wide));
	}
}

void failures()
{
	const auto huge = std::size_t(1) << 60;
	int caught = 0;

	for (int i = 0; i < 100; i++) {
		try {
			::operator delete(::operator new(huge));
		} catch (const std::bad_alloc &) {
			caught++;
		}
		MUST(!::operator new(huge, std::nothrow));
		try {
			std::vector<int>(huge / 8);
		} catch (const std::bad_alloc &) {
			caught++;
		}
	}
	say("caught %d\n", caught);
}

std::size_t address_space()
{
	std::ifstream file("/proc/self/statm");
	std::size_t pages = 0;

	file >> pages;
	return pages * 4096;
}

/* There is room for one of them at a time. Larger than any arena, so that each is a map. */
void retried()
{
	const std::size_t size = 1 << 27;
	struct rlimit limit;

	reserve = Operators::hold(RESERVE);
	std::set_new_handler(free_reserve);
	MUST(getrlimit(RLIMIT_AS, &limit) == 0);
	auto before = limit.rlim_cur;
	limit.rlim_cur = address_space() + (1 << 20);
	MUST(setrlimit(RLIMIT_AS, &limit) == 0);
	void *first = Operators::hold(size);
	say("handler called %d times\n", handled);
	try {
		::operator delete(::operator new(size));
		say("more than there is room for\n");
	} catch (const std::bad_alloc &) {
		say("bad_alloc, handler called %d times\n", handled);
	}
	limit.rlim_cur = before;
	MUST(setrlimit(RLIMIT_AS, &limit) == 0);
	std::set_new_handler(nullptr);
	::operator delete(first);
	book_dropped(size);
}

} // namespace

int main()
{
	std::vector<std::thread> threads;

	for (int i = 0; i < 4; i++)
		threads.emplace_back(forms);
	for (auto &thread : threads)
		thread.join();
	failures();
	retried();
	forms();
	return 0;
}
