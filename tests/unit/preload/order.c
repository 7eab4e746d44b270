/* SPDX-License-Identifier: MIT */
/* Sites in order by node and domain, found in pieces of bounded size. */
#include "order.h"

#include <string.h>

#include "test.h"

#define MOST 100000

static struct site_values sites[MOST];
static struct picture picture = {.sites = sites};

static bool is_before(const struct site_values *a, const struct site_values *b)
{
	return a->node < b->node || (a->node == b->node && a->domain < b->domain);
}

/* Returns how many pieces it took. */
static uint32_t order_all(uint32_t count)
{
	uint32_t steps = 1;

	picture.site_count = count;
	assert_true(order_begin(&picture));
	while (!order_step())
		steps++;
	return steps;
}

/* Each site once, and none before a smaller one. */
static void check_order(uint32_t count)
{
	static bool seen[MOST];

	memset(seen, 0, sizeof(seen));
	for (uint32_t place = 0; place < count; place++) {
		const struct site_values *site = order_site(place);

		assert_false(seen[site - sites]);
		seen[site - sites] = true;
		if (place > 0)
			assert_false(is_before(site, order_site(place - 1)));
	}
}

static void fill(uint32_t count, uint32_t nodes, uint32_t domains)
{
	uint64_t seed = count;

	for (uint32_t i = 0; i < count; i++) {
		sites[i].node = (uint32_t)(1 + test_below(&seed, nodes));
		sites[i].domain = (uint32_t)test_below(&seed, domains);
	}
}

static void orders_whatever_there_is(void **state)
{
	static const uint32_t counts[] = {0, 1, 2, 1000, ORDER_STEP, ORDER_STEP + 1, MOST};
	static const uint32_t nodes[] = {1, 200, 100000, SITES_LAST};

	(void)state;
	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++)
		for (size_t j = 0; j < sizeof(nodes) / sizeof(*nodes); j++)
			for (uint32_t domains = 1; domains <= 4096; domains *= 64) {
				fill(counts[i], nodes[j], domains);
				order_all(counts[i]);
				check_order(counts[i]);
			}
}

/* Once over all sites for the keys, and once more for each digit that matters: here two, of the 26
 * bits of a node above 12 of the domain. */
static void goes_in_bounded_pieces(void **state)
{
	const uint32_t once = (MOST + ORDER_STEP - 1) / ORDER_STEP;

	(void)state;
	for (uint32_t i = 0; i < MOST; i++)
		sites[i] = (struct site_values){.node = 1 + (i * 7 & 0x1ffff), .domain = 0};
	assert_int_equal(order_all(MOST), once * 3);
	check_order(MOST);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(orders_whatever_there_is),
		cmocka_unit_test(goes_in_bounded_pieces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
