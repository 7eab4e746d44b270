/* SPDX-License-Identifier: MIT */
/* Exceptions through frames that allocate, in several threads; thrown and caught in destructors,
 * carried from one thread to another. */
#include <exception>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "torture.h"

namespace
{

struct Held {
	void *block = hold(70);
	Held() = default;
	Held(const Held &) = delete;
	Held &operator=(const Held &) = delete;
	~Held()
	{
		drop(block, 70);
		try {
			churn(1, 71);
			throw 5;
		} catch (int) {
			churn(1, 72);
		}
	}
};

void go_down(int depth)
{
	Held held;

	if (depth == 0)
		throw std::runtime_error(std::string(100, 'e'));
	go_down(depth - 1);
}

int rounds()
{
	int caught = 0;

	for (int i = 0; i < 100; i++) {
		try {
			go_down(i % 20);
		} catch (const std::exception &error) {
			caught += error.what()[99] == 'e';
			keep(1, 10);
		}
	}
	return caught;
}

} // namespace

int main()
{
	std::vector<std::thread> threads;
	std::promise<void> promise;
	int caught[4];

	for (int &mine : caught)
		threads.emplace_back([&mine] { mine = rounds(); });
	for (auto &thread : threads)
		thread.join();
	std::thread([&promise] {
		try {
			go_down(3);
		} catch (...) {
			promise.set_exception(std::current_exception());
		}
	}).join();
	try {
		promise.get_future().get();
	} catch (const std::runtime_error &error) {
		say("carried: %zu\n", std::string(error.what()).size());
	}
	say("%d %d %d %d\n", caught[0], caught[1], caught[2], caught[3]);
	return 0;
}
