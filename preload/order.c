/* SPDX-License-Identifier: MIT */
/* A radix sort of keys that carry the site's place in the picture; see order.h. */
#include "order.h"

#include <string.h>

#include "atomic.h"
#include "mem.h"

/* Of a key's 64 bits, the lowest 26 say where the site is; above them, the domain and the node. */
#define INDEX_BITS  26 /* sites are below SITES_MAX */
#define DOMAIN_BITS 12 /* see DOMAIN in FORMAT.md */
#define DIGIT_BITS  10
#define BUCKETS     (1u << DIGIT_BITS)
#define DIGITS      4 /* 12 bits of domain and 26 of node */
#define ROOM_FIRST  1024

static struct {
	const struct picture *picture;
	uint64_t *keys[2]; /* as they are, and as they will be after this digit */
	uint32_t room;
	uint32_t places[DIGITS][BUCKETS]; /* how many, then where the next one goes */
	uint32_t done;
	unsigned digit;
	bool counted; /* the keys are made */
} order;

static bool make_room(uint32_t need)
{
	uint32_t room = order.room ? order.room : ROOM_FIRST;

	if (need <= order.room)
		return true;
	while (room < need)
		room *= 2;
	for (int i = 0; i < 2; i++) {
		mem_unmap(order.keys[i], order.room * sizeof(uint64_t));
		order.keys[i] = NULL;
	}
	order.room = 0;
	for (int i = 0; i < 2; i++) {
		order.keys[i] = mem_map(room * sizeof(uint64_t));
		if (!order.keys[i])
			return false;
	}
	order.room = room;
	return true;
}

bool order_start(void)
{
	return make_room(ROOM_FIRST);
}

bool order_begin(const struct picture *picture)
{
	if (!make_room(picture->site_count))
		return false;
	order.picture = picture;
	memset(order.places, 0, sizeof(order.places));
	order.done = 0;
	order.digit = 0;
	order.counted = false;
	return true;
}

static uint64_t key_of(const struct site_values *site, uint32_t index)
{
	return ((uint64_t)site->node << DOMAIN_BITS | site->domain) << INDEX_BITS | index;
}

static uint32_t digit_of(uint64_t key, unsigned digit)
{
	return key >> (INDEX_BITS + digit * DIGIT_BITS) & (BUCKETS - 1);
}

/* Makes keys, and counts how often each value of each digit occurs. */
static void make_keys(uint32_t end)
{
	for (; order.done < end; order.done++) {
		uint64_t key = key_of(&order.picture->sites[order.done], order.done);

		order.keys[0][order.done] = key;
		for (unsigned digit = 0; digit < DIGITS; digit++)
			order.places[digit][digit_of(key, digit)]++;
	}
}

/* Stable, so that the digits before stay in order. */
static void distribute(uint32_t end)
{
	uint32_t *places = order.places[order.digit];

	for (; order.done < end; order.done++) {
		uint64_t key = order.keys[0][order.done];

		order.keys[1][places[digit_of(key, order.digit)]++] = key;
	}
}

/* On to the next digit in which the keys differ. */
static void find_digit(void)
{
	uint32_t count = order.picture->site_count, next = 0;
	uint32_t *places;

	while (order.digit < DIGITS && count > 0 &&
	       order.places[order.digit][digit_of(order.keys[0][0], order.digit)] == count)
		order.digit++;
	order.done = 0;
	if (order.digit == DIGITS)
		return;
	places = order.places[order.digit];
	for (uint32_t i = 0; i < BUCKETS; i++) {
		uint32_t here = places[i];

		places[i] = next;
		next += here;
	}
}

static void next_digit(void)
{
	uint64_t *sorted = order.keys[1];

	order.keys[1] = order.keys[0];
	order.keys[0] = sorted;
	order.digit++;
	find_digit();
}

bool order_step(void)
{
	uint32_t count = order.picture->site_count, left = count - order.done;
	uint32_t end = order.done + (left < ORDER_STEP ? left : ORDER_STEP);

	if (count == 0 || order.digit == DIGITS)
		return true;
	if (order.counted)
		distribute(end);
	else
		make_keys(end);
	if (end < count)
		return false;
	if (order.counted)
		next_digit();
	else
		find_digit();
	order.counted = true;
	return order.digit == DIGITS;
}

uint32_t order_index(uint32_t place)
{
	return order.keys[0][place] & ((1u << INDEX_BITS) - 1);
}

const struct site_values *order_site(uint32_t place)
{
	return &order.picture->sites[order_index(place)];
}
