/* SPDX-License-Identifier: MIT */
/* Static constructors and destructors, of the program and of a library, allocate and free. */
#include "target.h"

#include <map>
#include <string>

int statics_sum();

static std::map<int, std::string> table = {{1, std::string(100, 'a')}, {2, std::string(200, 'b')}};

struct Last {
	~Last()
	{
		delete[] block;
		block = new char[123];
	}
	char *block = new char[321];
};
static Last last;

int main(int argc, char **argv)
{
	facts.inexact_totals = true;
	if (statics_sum() != 507 || table.size() != 2)
		return 1;
	return facts_write(argc, argv);
}
