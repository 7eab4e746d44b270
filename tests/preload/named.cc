/* SPDX-License-Identifier: MIT */
/*
 * named PLUGIN: allocates below inlined functions, templates, a lambda and a library, so that its
 * call stacks have every kind of name. Built with optimization. See test_symbolize.py.
 */
#include <dlfcn.h>

#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "heapmark.h"

/* Not optimized away, and no tail calls: a frame must be there to have a name. */
void *volatile kept[16];

#define INLINED  static inline __attribute__((always_inline))
#define OUTLINED __attribute__((noinline))

INLINED void *innermost(std::size_t bytes)
{
	return std::malloc(bytes);
}

INLINED void *middle(std::size_t bytes)
{
	return innermost(bytes + 1);
}

namespace shapes
{

template <typename Item, int Count> struct Box {
	std::vector<Item> items;

	OUTLINED void fill()
	{
		for (int i = 0; i < Count; i++)
			items.push_back(Item(i));
	}
};

namespace
{

OUTLINED void *hidden()
{
	kept[0] = middle(200);
	return kept[0];
}

} // namespace

} // namespace shapes

OUTLINED static void recurse(int depth)
{
	kept[depth] = middle(16);
	if (depth)
		recurse(depth - 1);
}

int main(int argc, char **argv)
{
	auto *box = new shapes::Box<int, 300>;
	auto *wide = new shapes::Box<double, 50>;
	auto *names = new std::map<std::string, int>;
	std::function<void *()> made = [] {
		kept[1] = middle(33);
		return kept[1];
	};
	void *library = argc > 1 ? dlopen(argv[1], RTLD_NOW) : nullptr;
	void *(*call)() = nullptr;

	if (!library)
		return 1;
	box->fill();
	heapmark_snapshot("filled");
	wide->fill();
	for (int i = 0; i < 40; i++)
		(*names)["a key that is too long to be kept in place " + std::to_string(i)] = i;
	kept[8] = shapes::hidden();
	kept[9] = made();
	*(void **)&call = dlsym(library, "alpha_make");
	kept[10] = call ? call() : nullptr;
	kept[11] = box;
	kept[12] = wide;
	recurse(5);
	return kept[10] ? 0 : 2;
}
