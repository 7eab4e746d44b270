/* SPDX-License-Identifier: MIT */
/* Objects of threads that are made late and destroyed when their threads end, in many threads at
 * once; some make others while they are destroyed. */
#include <string>
#include <thread>
#include <vector>

#include "torture.h"

namespace
{

struct Late {
	void *block = hold(90);
	~Late()
	{
		drop(block, 90);
		churn(2, 91);
	}
	void touch() const
	{
		MUST(block);
	}
};

thread_local Late late;

struct First {
	std::vector<std::string> strings;
	void *block = hold(80);
	~First()
	{
		late.touch(); /* made now, if it was not */
		drop(block, 80);
		keep(1, 81);
	}
};

thread_local First first;

void live(int number)
{
	for (int i = 0; i < number; i++)
		first.strings.emplace_back(100, 'x');
	churn(20, 20);
	if (number % 2)
		late.touch();
}

} // namespace

int main()
{
	for (int round = 0; round < 10; round++) {
		std::vector<std::thread> threads;

		for (int i = 0; i < 20; i++)
			threads.emplace_back(live, i);
		for (auto &thread : threads)
			thread.join();
	}
	live(3);
	say("done\n");
	return 0;
}
