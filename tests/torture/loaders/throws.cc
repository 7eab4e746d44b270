/* SPDX-License-Identifier: MIT */
/* throws LIBRARY...: exceptions from libraries that are loaded and unloaded, through frames that
 * allocate in their destructors, in many threads at once. */
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "use.h"

namespace
{

struct held {
	void *block = hold(48);
	~held()
	{
		drop(block, 48);
		churn(1, 49);
	}
};

using thrower = void(int depth, void (*under)(int));

void under(int depth)
{
	held here;

	if (depth % 3 == 0)
		throw std::runtime_error("from the program, number " + std::to_string(depth));
}

unsigned long catch_all(char **paths, int count)
{
	unsigned long sum = 0;

	for (int i = 0; i < 90; i++) {
		void *library = open_library(paths[i % count], RTLD_NOW);
		auto function = reinterpret_cast<thrower *>(dlsym(library, "throw_up"));

		MUST(function);
		try {
			held outer;
			function(i, under);
		} catch (const std::exception &error) {
			held inner;
			sum += std::string(error.what()).size();
		} catch (int number) {
			sum += static_cast<unsigned long>(number);
		}
		MUST(dlclose(library) == 0);
	}
	return sum;
}

} // namespace

int main(int argc, char **argv)
{
	std::vector<std::thread> threads;
	std::vector<unsigned long> sums(4);

	MUST(argc > 2);
	for (auto &sum : sums)
		threads.emplace_back([&sum, argc, argv] { sum = catch_all(argv + 1, argc - 1); });
	for (auto &thread : threads)
		thread.join();
	for (auto sum : sums)
		say("%lu\n", sum);
	keep(3, 333);
	return 0;
}
