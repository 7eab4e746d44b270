// SPDX-License-Identifier: MIT
// For symbol.c: names that C++ mangles, and names that it leaves out.
#define LABEL(name) __asm__ volatile(".globl " #name "\n" #name ": nop")
#define NOINLINE    __attribute__((noinline))

namespace shapes
{
template <class T> struct Box {
	NOINLINE void put(T)
	{
		LABEL(at_put);
	}
};
template struct Box<int>;

NOINLINE void same(int)
{
	LABEL(at_same_int);
}

NOINLINE void same(double)
{
	LABEL(at_same_double);
}

namespace
{
struct Hidden {
	NOINLINE void go()
	{
		LABEL(at_hidden);
	}
};
} // namespace
} // namespace shapes

static NOINLINE void call(void (*callee)())
{
	callee();
	LABEL(at_call);
}

int main()
{
	shapes::Box<int>().put(1);
	shapes::same(1);
	shapes::same(1.0);
	shapes::Hidden().go();
	call([] { LABEL(at_lambda); });
	return 0;
}
