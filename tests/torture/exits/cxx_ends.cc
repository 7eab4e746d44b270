/* SPDX-License-Identifier: MIT */
/* cxx_ends: children that end in the ways that only C++ has. */
#include <cstdlib>
#include <exception>
#include <new>
#include <stdexcept>
#include <sys/wait.h>
#include <thread>

#include "torture.h"

namespace
{

struct Kept {
	void *block = hold(99);
	~Kept()
	{
		drop(block, 99);
		keep(1, 98);
	}
};

void uncaught()
{
	Kept kept; /* not destroyed: nobody catches */
	throw std::runtime_error("nobody catches this");
}

void uncaught_in_thread()
{
	std::thread(uncaught).join();
}

void terminate_handler_exits()
{
	std::set_terminate([] {
		keep(3, 33);
		std::exit(41);
	});
	uncaught();
}

void terminate_handler_leaves()
{
	std::set_terminate([] {
		keep(3, 33);
		std::_Exit(42);
	});
	std::terminate();
}

void throw_it()
{
	throw 42;
}

void thrown_where_nothing_may_be() noexcept
{
	throw_it();
}

struct Throws {
	~Throws() noexcept(false)
	{
		throw 1;
	}
};

void thrown_while_throwing()
{
	Throws one;
	throw 2;
}

struct Base {
	Base()
	{
		call();
	}
	virtual ~Base() = default;
	void call()
	{
		pure();
	}
	virtual void pure() = 0;
};

struct Derived : Base {
	void pure() override
	{
	}
};

void pure_virtual()
{
	Derived derived;
}

void out_of_memory()
{
	::operator delete(::operator new(std::size_t(1) << 60));
}

void static_object()
{
	static Kept kept;
	std::exit(43);
}

void rethrown_nothing()
{
	throw;
}

const struct {
	const char *name;
	void (*leave)();
} ways[] = {
	{"uncaught", uncaught},
	{"uncaught in a thread", uncaught_in_thread},
	{"terminate handler exits", terminate_handler_exits},
	{"terminate handler leaves", terminate_handler_leaves},
	{"noexcept", thrown_where_nothing_may_be},
	{"while throwing", thrown_while_throwing},
	{"pure virtual", pure_virtual},
	{"bad_alloc", out_of_memory},
	{"static object", static_object},
	{"rethrown nothing", rethrown_nothing},
};

} // namespace

int main()
{
	keep(5, 5);
	for (const auto &way : ways) {
		int status = -1;
		pid_t pid = fork();

		MUST(pid >= 0);
		if (pid == 0) {
			way.leave();
			std::_Exit(0);
		}
		MUST(waitpid(pid, &status, 0) == pid);
		say("%s: %#x\n", way.name, status);
	}
	return 0;
}
