// SPDX-License-Identifier: MIT
// A library whose objects allocate before main and free after it.
#include <string>
#include <vector>

static std::vector<int> numbers(1000, 7);
static std::string *leaked = new std::string(500, 'x');

int statics_sum();

int statics_sum()
{
	return numbers[3] + static_cast<int>(leaked->size());
}
