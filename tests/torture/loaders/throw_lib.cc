/* SPDX-License-Identifier: MIT */
/* A library that throws out of itself, calls what throws, and throws again what it caught. */
#include <stdexcept>
#include <string>

extern "C" void throw_up(int depth, void (*under)(int));

void throw_up(int depth, void (*under)(int))
{
	std::string text(static_cast<unsigned>(depth) + 30, 'x');

	try {
		under(depth);
	} catch (const std::runtime_error &) {
		throw;
	}
	if (depth % 3 == 1)
		throw std::logic_error(text);
	throw depth;
}
