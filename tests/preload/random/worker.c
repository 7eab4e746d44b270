/* SPDX-License-Identifier: MIT */
/* What workers share: how they choose, the shelf, the peak. */
#include <pthread.h>

#include "random.h"

#define SHELF 48

struct peak peak;

static struct {
	pthread_mutex_t lock;
	struct block blocks[SHELF];
	bool closed;
} shelf = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* splitmix64. */
uint64_t choose(struct worker *w, uint64_t end)
{
	uint64_t z = w->random += 0x9E3779B97F4A7C15;

	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
	z = (z ^ z >> 27) * 0x94D049BB133111EB;
	z = (z ^ z >> 31) % end;
	w->sum = w->sum * 31 + z;
	return z;
}

void shelf_close(void)
{
	shelf.closed = true;
}

void shelf_swap(struct worker *w, struct block *block)
{
	struct block *other = &shelf.blocks[choose(w, SHELF)], old = *block;

	if (shelf.closed)
		return;
	pthread_mutex_lock(&shelf.lock);
	*block = *other;
	*other = old;
	pthread_mutex_unlock(&shelf.lock);
}

void peak_begin(const struct worker *w)
{
	peak.known = peak.is_now = true;
	peak.bytes = peak.window = w->heap.bytes;
}

/* The peak is the moment before live bytes first fell from their maximum, or a block of no bytes
 * was freed. */
void peak_before(const struct worker *w, int64_t change, bool falls)
{
	int64_t bytes = w->heap.bytes + change;

	if (!peak.known)
		return;
	if (bytes > peak.window)
		peak.window = bytes;
	if (falls && peak.is_now) {
		peak.at = w->heap;
		peak.is_now = false;
	}
	if (bytes > peak.bytes) {
		peak.bytes = bytes;
		peak.is_now = true;
	}
}
