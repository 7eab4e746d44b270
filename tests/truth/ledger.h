/* SPDX-License-Identifier: MIT */
/*
 * The books of the counting library: which block is live, and the sums that follow from it.
 *
 * Deliberately plain, because the recorder is judged by it: one lock, one hash table, every sum
 * changed at the event. It shares no line with preload/ and must not start to.
 */
#ifndef TESTS_TRUTH_LEDGER_H
#define TESTS_TRUTH_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sums {
	uint64_t allocations, allocated_bytes, frees, reallocations;
	uint64_t live_blocks, live_bytes;
	uint64_t peak_blocks, peak_bytes;
	uint64_t unknown_frees; /* blocks we never saw, freed or reallocated */
};

/* Whose doing a heap call is: the sums of the two never mix. */
enum party { PARTY_PROGRAM, PARTY_HEAPMARK, PARTY_COUNT };

/* A block on its way from one owner to the next. */
struct held {
	bool known;
	enum party party; /* who allocated it */
	size_t size;
};

void ledger_allocated(enum party party, void *block, size_t size);

/* Forgets the block, before the real free or realloc gives its address away. The sums move with the
 * call that follows. */
struct held ledger_take(void *block);
void ledger_freed(struct held held);
void ledger_reallocated(enum party party, struct held held, void *block, size_t size);
void ledger_put_back(struct held held, void *block); /* the realloc failed: nothing happened */

struct sums ledger_sums(enum party party);

/* For fork. The child starts to count anew, with what it inherited live. */
void ledger_lock(void);
void ledger_unlock(void);
void ledger_unlock_in_child(void);

#endif
