/* SPDX-License-Identifier: MIT */
#include "ledger.h"

#include <pthread.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FIRST_SLOTS ((size_t)1 << 16)

struct slot {
	uintptr_t block; /* 0: empty */
	size_t size;
	enum party party;
};

struct account {
	struct sums sums;
	bool at_peak; /* nothing has become less since the peak was reached */
};

static struct {
	pthread_mutex_t lock;
	struct account accounts[PARTY_COUNT];
	struct slot *slots;
	size_t slot_count, used;
} ledger = {.lock = PTHREAD_MUTEX_INITIALIZER};

static size_t slot_home(uintptr_t block)
{
	return (size_t)((block >> 4) * UINT64_C(0x9e3779b97f4a7c15) >> 20) &
	       (ledger.slot_count - 1);
}

/* The slot that holds the block, or the empty one where it belongs. */
static struct slot *slot_find(uintptr_t block)
{
	size_t i = slot_home(block);

	while (ledger.slots[i].block && ledger.slots[i].block != block)
		i = (i + 1) & (ledger.slot_count - 1);
	return &ledger.slots[i];
}

static void slots_grow(void)
{
	struct slot *old = ledger.slots;
	size_t old_count = ledger.slot_count;
	size_t count = old_count ? 2 * old_count : FIRST_SLOTS;
	/* Not mmap(): where heapmark is loaded as well, that is one of its hooks. */
	long address = syscall(SYS_mmap, NULL, count * sizeof(struct slot), PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct slot *slots = (struct slot *)address;

	if (address == -1)
		_exit(99); /* a truth that has holes is none */
	ledger.slots = slots;
	ledger.slot_count = count;
	for (size_t i = 0; i < old_count; i++)
		if (old[i].block)
			*slot_find(old[i].block) = old[i];
	if (old)
		syscall(SYS_munmap, old, old_count * sizeof(*old));
}

static void slot_put(enum party party, void *block, size_t size)
{
	struct slot *slot;

	if (2 * ledger.used >= ledger.slot_count)
		slots_grow();
	slot = slot_find((uintptr_t)block);
	ledger.used += !slot->block;
	*slot = (struct slot){(uintptr_t)block, size, party};
}

/* Closes the gap, so that later probes need no tombstones: each follower moves into the hole unless
 * its home lies behind it. */
static void slot_remove(struct slot *slot)
{
	size_t mask = ledger.slot_count - 1;
	size_t hole = (size_t)(slot - ledger.slots);

	for (size_t i = (hole + 1) & mask; ledger.slots[i].block; i = (i + 1) & mask) {
		size_t home = slot_home(ledger.slots[i].block);

		if (((i - home) & mask) >= ((i - hole) & mask)) {
			ledger.slots[hole] = ledger.slots[i];
			hole = i;
		}
	}
	ledger.slots[hole].block = 0;
	ledger.used--;
}

/* The peak is the last moment before live bytes fell from their maximum. */
static void peak_update(struct account *account, uint64_t before)
{
	struct sums *sums = &account->sums;

	if (sums->live_bytes < before)
		account->at_peak = false;
	if (sums->live_bytes > sums->peak_bytes)
		account->at_peak = true;
	if (!account->at_peak)
		return;
	sums->peak_bytes = sums->live_bytes;
	sums->peak_blocks = sums->live_blocks;
}

static void count_allocation(struct sums *sums, size_t size)
{
	sums->allocations++;
	sums->allocated_bytes += size;
	sums->live_blocks++;
	sums->live_bytes += size;
}

static void count_free(struct sums *sums, size_t size)
{
	sums->frees++;
	sums->live_blocks--;
	sums->live_bytes -= size;
}

void ledger_allocated(enum party party, void *block, size_t size)
{
	struct account *account = &ledger.accounts[party];

	ledger_lock();
	uint64_t before = account->sums.live_bytes;
	slot_put(party, block, size);
	count_allocation(&account->sums, size);
	peak_update(account, before);
	ledger_unlock();
}

struct held ledger_take(void *block)
{
	struct held held = {.known = false};

	ledger_lock();
	if (ledger.slots) {
		struct slot *slot = slot_find((uintptr_t)block);

		if (slot->block) {
			held = (struct held){true, slot->party, slot->size};
			slot_remove(slot);
		}
	}
	ledger_unlock();
	return held;
}

void ledger_freed(struct held held)
{
	struct account *account = &ledger.accounts[held.party];

	ledger_lock();
	uint64_t before = account->sums.live_bytes;
	if (held.known)
		count_free(&account->sums, held.size);
	else
		account->sums.unknown_frees++;
	peak_update(account, before);
	ledger_unlock();
}

void ledger_reallocated(enum party party, struct held held, void *block, size_t size)
{
	struct account *account;

	/* A block stays with the one who allocated it. */
	party = held.known ? held.party : party;
	account = &ledger.accounts[party];
	ledger_lock();
	uint64_t before = account->sums.live_bytes;
	slot_put(party, block, size);
	if (held.known)
		count_free(&account->sums, held.size);
	else
		account->sums.unknown_frees++;
	count_allocation(&account->sums, size);
	account->sums.reallocations += held.known;
	peak_update(account, before); /* once: the net difference */
	ledger_unlock();
}

void ledger_put_back(struct held held, void *block)
{
	if (!held.known)
		return;
	ledger_lock();
	slot_put(held.party, block, held.size);
	ledger_unlock();
}

struct sums ledger_sums(enum party party)
{
	return ledger.accounts[party].sums;
}

void ledger_lock(void)
{
	pthread_mutex_lock(&ledger.lock);
}

void ledger_unlock(void)
{
	pthread_mutex_unlock(&ledger.lock);
}

void ledger_unlock_in_child(void)
{
	for (int i = 0; i < PARTY_COUNT; i++) {
		struct sums *sums = &ledger.accounts[i].sums;

		*sums = (struct sums){.live_blocks = sums->live_blocks,
				      .live_bytes = sums->live_bytes,
				      .peak_blocks = sums->live_blocks,
				      .peak_bytes = sums->live_bytes};
		ledger.accounts[i].at_peak = true;
	}
	ledger_unlock();
}
