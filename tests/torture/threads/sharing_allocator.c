/* SPDX-License-Identifier: MIT */
/* An allocator in which the block that was freed last, by whichever thread, is the next one that is
 * handed out, to whichever thread asks. All blocks are of one size. */
#include <errno.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#define ROOM  ((size_t)8 << 30)
#define BLOCK 131072

void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *block, size_t size);
void free(void *block);

struct block {
	struct block *next;
};

static struct block *last;
static char *room;
static size_t used;
static char taken;

static void lock(void)
{
	while (__atomic_test_and_set(&taken, __ATOMIC_ACQUIRE))
		sched_yield();
}

static void unlock(void)
{
	__atomic_clear(&taken, __ATOMIC_RELEASE);
}

static void *new_block(void)
{
	if (!room)
		room = mmap(NULL, ROOM, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (room == MAP_FAILED || used == ROOM)
		return NULL;
	used += BLOCK;
	return room + used - BLOCK;
}

void *malloc(size_t size)
{
	struct block *block = NULL;

	lock();
	if (size <= BLOCK && last) {
		block = last;
		last = block->next;
	} else if (size <= BLOCK) {
		block = new_block();
	}
	unlock();
	if (!block)
		errno = ENOMEM;
	return block;
}

void *calloc(size_t count, size_t size)
{
	void *block = malloc(count * size);

	return block ? memset(block, 0, count * size) : NULL;
}

void *realloc(void *block, size_t size)
{
	if (!block)
		return malloc(size);
	if (size <= BLOCK)
		return block;
	errno = ENOMEM;
	return NULL;
}

void free(void *block)
{
	if (!block)
		return;
	lock();
	((struct block *)block)->next = last;
	last = block;
	unlock();
}
