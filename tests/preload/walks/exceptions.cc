// SPDX-License-Identifier: MIT
// Exceptions through many frames, with allocations on the way down, in destructors while the stack
// is taken down, in handlers, and in exceptions thrown on.
#include <stdexcept>
#include <string>
#include <vector>

#include "walk.h"

namespace
{

uint64_t state = 3, cleaned, caught, thrown;

extern "C" FRAME void cleanup()
{
	keep(20);
	cleaned++;
}

struct guard {
	std::string text;
	explicit guard(int depth) : text(static_cast<size_t>(20 + depth), 'x')
	{
	}
	~guard()
	{
		cleanup();
	}
};

struct payload {
	std::vector<int> numbers;
	int left;
};

extern "C" FRAME void throw_something(int depth)
{
	keep(1);
	thrown++;
	switch (random_next(&state) % 4) {
	case 0:
		throw depth;
	case 1:
		throw std::runtime_error("something long enough to be allocated");
	case 2:
		throw std::string(100, 's');
	default:
		throw payload{std::vector<int>(50, depth), 3};
	}
}

extern "C" FRAME void handle()
{
	keep(2);
	caught++;
}

extern "C" FRAME void descend(int depth)
{
	guard here(depth);

	if (depth == 0)
		throw_something(depth);
	switch (depth % 8) {
	case 3:
		try {
			descend(depth - 1);
		} catch (int) {
			handle();
			throw;
		} catch (const std::exception &error) {
			handle();
			throw std::runtime_error(std::string(error.what()) + ", and more");
		}
		break;
	case 6:
		try {
			descend(depth - 1);
		} catch (payload &load) {
			handle();
			if (load.left-- > 0)
				throw;
		}
		break;
	default:
		descend(depth - 1);
	}
	HERE();
}

} // namespace

int main(int argc, char **argv)
{
	for (int i = 0; i < 200 * rounds(argc, argv); i++) {
		try {
			descend(i % 45);
		} catch (...) {
			handle();
		}
	}
	path_add(thrown, "keep<throw_something<descend<*<main");
	path_add(cleaned, "keep<cleanup<*<descend<*<main");
	path_add(caught, "keep<handle<*<main");
	return walk_end(argc, argv);
}
