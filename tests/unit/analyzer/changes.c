/* SPDX-License-Identifier: MIT */
/* Two tallies side by side: which rows are one, and what became of each. */
#include "model/change.h"

#include "check.h"

#define KEYS 8

/* A site of a key: so many blocks of so many bytes in all, live at the moment. */
static void add(struct tally *tally, uint32_t key, uint64_t blocks, uint64_t bytes)
{
	struct site sites[KEYS + 1] = {{0}};
	const struct profile profile = {.sites = sites, .site_count = KEYS + 1};

	sites[key].node = key;
	sites[key].chosen_blocks = blocks;
	sites[key].chosen_bytes = bytes;
	tally_add(tally, key, &profile, key);
}

static const struct change *find(const struct change *changes, size_t count, uint32_t key)
{
	for (size_t i = 0; i < count; i++)
		if (change_key(&changes[i]) == key)
			return &changes[i];
	fail_msg("no change of key %u", (unsigned)key);
	return NULL;
}

static void each_row_has_one_fate(void **state)
{
	static const struct {
		uint64_t old_blocks, old_bytes, new_blocks, new_bytes;
		enum status status;
	} cases[] = {
		{1, 10, 1, 10, STATUS_SAME},  {0, 0, 0, 0, STATUS_SAME},
		{0, 0, 1, 10, STATUS_NEW},    {1, 10, 0, 0, STATUS_GONE},
		{1, 10, 1, 11, STATUS_GROWN}, {2, 10, 3, 9, STATUS_SHRUNK},
		{2, 10, 3, 10, STATUS_GROWN}, {2, 10, 1, 10, STATUS_SHRUNK},
		{0, 0, 1, 0, STATUS_NEW}, /* a block of no bytes */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct row old = {.blocks = cases[i].old_blocks, .bytes = cases[i].old_bytes};
		const struct row new = {.blocks = cases[i].new_blocks, .bytes = cases[i].new_bytes};
		const struct change change = {&old, &new, PAIRING_EXACT, 0};

		assert_int_equal(change_status(&change), cases[i].status);
	}
}

static void a_row_of_one_side_has_zeros_on_the_other(void **state)
{
	struct tally old = TALLY_INIT, new = TALLY_INIT;
	struct change *changes;
	size_t count;

	(void)state;
	add(&old, 1, 1, 100);
	add(&old, 2, 1, 200);
	add(&new, 2, 2, 250);
	add(&new, 3, 1, 300);
	changes = changes_between(&old, &new, &count);
	assert_int_equal(count, 3);
	assert_int_equal(find(changes, count, 1)->pairing, PAIRING_OLD_ONLY);
	assert_int_equal(find(changes, count, 1)->new->bytes, 0);
	assert_int_equal(find(changes, count, 2)->pairing, PAIRING_EXACT);
	assert_int_equal(find(changes, count, 2)->old->bytes, 200);
	assert_int_equal(find(changes, count, 2)->new->bytes, 250);
	assert_int_equal(find(changes, count, 3)->pairing, PAIRING_NEW_ONLY);
	assert_false(change_has_old(find(changes, count, 3)));
	free(changes);
	tally_release(&old);
	tally_release(&new);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_row_has_one_fate),
		cmocka_unit_test(a_row_of_one_side_has_zeros_on_the_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
