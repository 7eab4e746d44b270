/* SPDX-License-Identifier: MIT */
/* Every operator new and delete there is, and a container. */
#include "target.h"

#include <new>
#include <string>
#include <vector>

/* Some compilers do not declare it unless they are asked to. */
void operator delete(void *block, std::size_t bytes) noexcept;

struct alignas(128) Wide {
	char bytes[256];
};

/* The macros, for expressions that allocate. */
#define NEW(expression, size) \
	(static_cast<decltype(expression)>( \
		facts_allocated(__LINE__, static_cast<void *>(expression), size)))
#define DELETE(pointer)       (facts_freed(pointer), delete pointer)
#define DELETE_ARRAY(pointer) (facts_freed(pointer), delete[] pointer)

static void operators()
{
	long *one = NEW(new long, sizeof(long));
	long *many = NEW(new long[100], 100 * sizeof(long));
	long *quiet = NEW(new (std::nothrow) long, sizeof(long));
	long *quiet_many = NEW(new (std::nothrow) long[10], 10 * sizeof(long));
	Wide *wide = NEW(new Wide, sizeof(Wide));
	Wide *wide_many = NEW(new Wide[3], 3 * sizeof(Wide));
	void *raw = NEW(::operator new(33), 33);

	NEW(new char[77], 77);
	NEW(new Wide, sizeof(Wide));
	DELETE(one);
	DELETE_ARRAY(many);
	DELETE(quiet);
	DELETE_ARRAY(quiet_many);
	DELETE(wide);
	DELETE_ARRAY(wide_many);
	facts_freed(raw);
	::operator delete(raw, 33);
}

static void throws()
{
	try {
		volatile size_t huge = SIZE_MAX / 2;

		(void)::operator new(huge);
	} catch (const std::bad_alloc &) {
		return;
	}
	_exit(1);
}

int main(int argc, char **argv)
{
	facts.inexact_totals = true; /* libstdc++ keeps a reserve for exceptions */
	facts.no_row_peaks = true;   /* it keeps growing after them */
	operators();
	throws();
	std::vector<std::string> words;
	for (int i = 0; i < 1000; i++)
		words.push_back("a string that is too long to be kept inside");
	return facts_write(argc, argv);
}
