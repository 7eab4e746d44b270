/* SPDX-License-Identifier: MIT */
/* The pool that serves while the real functions are looked up, by a dlsym() that allocates itself;
 * and the table by which free() finds its blocks in a sample. */
#include "real.h"

#include <string.h>

#include "test.h"
#include "watch.h"

#define SIZE 100

static char *blocks[4];
static unsigned taken;

static void take_blocks(void)
{
	void *aligned = NULL;

	blocks[0] = real.malloc(SIZE);
	blocks[1] = real.calloc(1, SIZE);
	blocks[2] = real.realloc(blocks[0], 2 * SIZE);
	assert_int_equal(real.posix_memalign(&aligned, 256, SIZE), 0);
	blocks[3] = aligned;
	real.free(blocks[0]); /* to no effect */
	taken++;
}

/* The linker has what is linked here call the first of these for dlsym(), which is the second. */
void *__wrap_dlsym(void *handle, const char *name);
void *__real_dlsym(void *handle, const char *name);

void *__wrap_dlsym(void *handle, const char *name)
{
	if (taken == 0)
		take_blocks();
	return __real_dlsym(handle, name);
}

static void serves_from_the_pool_while_it_looks_up(void **state)
{
	(void)state;
	real_resolve();
	assert_int_equal(taken, 1);
	for (int i = 0; i < 4; i++) {
		assert_true(real_is_pool_block(blocks[i]));
		assert_int_equal(real_pool_size(blocks[i]), i == 2 ? 2 * SIZE : SIZE);
		assert_int_equal((uintptr_t)blocks[i] % 16, 0);
		assert_true(watch_may_have(blocks[i]));
	}
	assert_int_equal((uintptr_t)blocks[3] % 256, 0);
}

static void lets_a_block_leave_the_pool(void **state)
{
	char *moved;

	(void)state;
	memset(blocks[1], 7, SIZE);
	moved = real_leave_pool(blocks[1], 2 * SIZE);
	assert_false(real_is_pool_block(moved));
	assert_memory_equal(moved, blocks[1], SIZE);
	real.free(moved);
}

/* `count` addresses, each `step` after the one before: the places that they have. */
static unsigned places(uint64_t step, unsigned count)
{
	static bool seen[1u << WATCH_BITS];
	unsigned different = 0;

	memset(seen, 0, sizeof(seen));
	for (unsigned i = 0; i < count; i++) {
		bool *place = &seen[watch_place(0x7f1234560010 + i * step)];

		different += !*place;
		*place = true;
	}
	return different;
}

/* Close for what is close, and apart for what has regular addresses. */
static void watches_at_places_that_follow_the_addresses(void **state)
{
	(void)state;
	for (uint64_t at = 0x7f1234560010; at < 0x7f1234960010; at += 16) {
		uint64_t apart = watch_place(at + 1024) - watch_place(at);

		assert_in_range(apart % (1u << WATCH_BITS), 39, 40);
	}
	for (unsigned bits = 5; bits <= 30; bits++)
		assert_in_range(places((uint64_t)1 << bits, 4096), 2000, 4096);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(serves_from_the_pool_while_it_looks_up),
		cmocka_unit_test(lets_a_block_leave_the_pool),
		cmocka_unit_test(watches_at_places_that_follow_the_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
