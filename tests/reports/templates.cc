// SPDX-License-Identifier: MIT
// One line in two functions, and a line that allocates through the library; see test_annotate.py.
#include <cstddef>
#include <vector>

template <class T> __attribute__((noinline)) T *make(std::size_t count)
{
	return new T[count](); // make
}

int main()
{
	char *text = make<char>(100);
	long *numbers = make<long>(10);
	std::vector<int> values;

	values.reserve(250); // reserve
	return text[0] + static_cast<int>(numbers[0]) + static_cast<int>(values.size());
}
