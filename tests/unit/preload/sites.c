/* SPDX-License-Identifier: MIT */
#include "sites.h"

#include "shim.h"

#define NODES   10000
#define DOMAINS 4

static void has_one_site_for_each_domain_of_a_stack(void **state)
{
	static uint32_t nodes[NODES], ids[NODES][DOMAINS];
	uint64_t seed = 7;
	uint32_t made = 0;

	(void)state;
	for (uint32_t i = 0; i < NODES; i++) /* in chains of three */
		nodes[i] = tree_child(i % 3 ? nodes[i - 1] : 0, i + 1);
	for (int i = 0; i < 300000; i++) {
		uint32_t which = (uint32_t)test_below(&seed, NODES);
		uint32_t domain = (uint32_t)test_below(&seed, DOMAINS);
		uint32_t node = nodes[which], id = sites_find(node, domain);

		assert_int_not_equal(id, 0);
		assert_int_equal(id, ids[which][domain] ? ids[which][domain] : ++made);
		assert_int_equal(sites_get(id)->node, node);
		assert_int_equal(sites_get(id)->domain, domain);
		ids[which][domain] = id;
	}
	assert_int_equal(sites_count(), made);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(has_one_site_for_each_domain_of_a_stack),
	};

	return cmocka_run_group_tests(tests, shim_start, NULL);
}
