/* SPDX-License-Identifier: MIT */
/*
 * crowd FACTS THREADS: each thread does everything an allocator offers, in an order of its own that
 * is the same in every run, and hands blocks to its neighbour to free. In between they take turns,
 * so that the peak is known: one thread reaches it while the others wait.
 *
 * See test_crowd.py.
 */
#include <malloc.h>
#include <pthread.h>

#include "books.h"

#define THREADS_MAX 64
#define SLOTS       64
#define MAILBOX     256
#define ROUNDS      3000
#define PEAK_BLOCKS 300
#define PEAK_SIZE   100000

struct block {
	char *at;
	size_t size;
	int line;
};

static struct member {
	struct books books;
	struct block slots[SLOTS];
	struct block mailbox[MAILBOX]; /* filled by the left neighbour, a ring */
	unsigned posted, fetched;
	pthread_mutex_t lock;
	uint64_t random;
	size_t number;
} members[THREADS_MAX];

static size_t count;
static pthread_barrier_t turn;
static struct block peak[PEAK_BLOCKS];

static uint64_t next(struct member *me)
{
	me->random = me->random * 6364136223846793005 + 1442695040888963407;
	return me->random >> 33;
}

static void note_new(struct member *me, struct block *block, void *at, size_t size, int line)
{
	if (!at)
		abort();
	*block = (struct block){at, size, line};
	if (size)
		block->at[0] = block->at[size - 1] = (char)line;
	books_new(&me->books, line, size);
}

static void note_gone(struct member *me, const struct block *block)
{
	books_gone(&me->books, block->line, block->size);
}

static void drop(struct member *me, struct block *block)
{
	if (!block->at)
		return;
	note_gone(me, block);
	free(block->at);
	block->at = NULL;
}

/* In one line each: the line is what is counted. */
#define NEW(call) note_new(me, block, call, size, __LINE__)

static void make(struct member *me, struct block *block, size_t size)
{
	void *aligned = NULL;

	drop(me, block);
	switch (next(me) % 6) {
	case 0:
		NEW(calloc(1, size));
		break;
	case 1:
		NEW(memalign(64, size));
		break;
	case 2:
		NEW(posix_memalign(&aligned, 256, size) == 0 ? aligned : NULL);
		break;
	case 3:
		NEW(aligned_alloc(32, size));
		break;
	default:
		NEW(malloc(size));
	}
}

static void resize(struct member *me, struct block *block, size_t size)
{
	struct block old = *block;

	if (!old.at) {
		make(me, block, size);
		return;
	}
	NEW(realloc(old.at, size));
	note_gone(me, &old);
	me->books.reallocations++;
}

/* To the right neighbour, who frees it; to nobody while his mailbox is full. */
static void hand_over(struct member *me, struct block *block)
{
	struct member *to = &members[(me->number + 1) % count];

	pthread_mutex_lock(&to->lock);
	if (block->at && to->posted - to->fetched < MAILBOX) {
		to->mailbox[to->posted++ % MAILBOX] = *block;
		block->at = NULL;
	}
	pthread_mutex_unlock(&to->lock);
	drop(me, block);
}

static void fetch_one(struct member *me)
{
	struct block block = {NULL, 0, 0};

	pthread_mutex_lock(&me->lock);
	if (me->fetched != me->posted)
		block = me->mailbox[me->fetched++ % MAILBOX];
	pthread_mutex_unlock(&me->lock);
	drop(me, &block);
}

/* All at once, far below the peak. */
static void churn(struct member *me)
{
	for (int i = 0; i < ROUNDS; i++) {
		struct block *block = &me->slots[next(me) % SLOTS];
		size_t size = next(me) % 16 ? next(me) % 500 + 1 : next(me) % 9000 + 1;

		switch (next(me) % 8) {
		case 0:
		case 1:
			resize(me, block, size);
			break;
		case 2:
			drop(me, block);
			break;
		case 3:
			hand_over(me, block);
			break;
		default:
			make(me, block, size);
		}
		fetch_one(me);
	}
	pthread_barrier_wait(&turn);
	while (me->fetched != me->posted)
		fetch_one(me);
	pthread_barrier_wait(&turn);
}

static void rise(struct member *me)
{
	for (size_t i = 0; i < PEAK_BLOCKS; i++) {
		struct block *block = &peak[i];
		size_t size = PEAK_SIZE + i;

		NEW(malloc(size));
	}
}

/* Nobody else moves: what all the books say together. */
static void note_peak(void)
{
	facts.peak_blocks = facts.peak_bytes = 0;
	for (size_t i = 0; i < count; i++) {
		facts.peak_blocks += (uint64_t)members[i].books.blocks;
		facts.peak_bytes += (uint64_t)members[i].books.bytes;
		for (int line = 0; line < FACTS_LINES; line++) {
			uint64_t blocks = (uint64_t)members[i].books.places[line].blocks;

			facts.lines[line].peak_blocks += blocks;
			facts.lines[line].peak_bytes +=
				(uint64_t)members[i].books.places[line].bytes;
		}
	}
}

static void *live(void *argument)
{
	struct member *me = argument;

	churn(me);
	if (me->number == count / 2) {
		rise(me);
		note_peak();
		for (int i = 0; i < PEAK_BLOCKS / 2; i++)
			drop(me, &peak[i]);
	}
	pthread_barrier_wait(&turn);
	/* The others' turns: what one allocated, another frees. */
	for (size_t i = 0; i < count; i++) {
		if (i == me->number)
			for (size_t j = PEAK_BLOCKS / 2 + i; j < PEAK_BLOCKS - 50; j += count)
				drop(me, &peak[j]);
		pthread_barrier_wait(&turn);
	}
	churn(me);
	for (int i = 0; i < SLOTS; i += 2)
		drop(me, &me->slots[i]);
	return NULL;
}

/* With one member there is no other thread at all. */
int main(int argc, char **argv)
{
	pthread_t threads[THREADS_MAX];

	count = argc > 2 ? (size_t)atoi(argv[2]) : 1;
	if (count < 1 || count > THREADS_MAX)
		return 2;
	pthread_barrier_init(&turn, NULL, (unsigned)count);
	for (size_t i = 0; i < count; i++) {
		members[i].number = i;
		members[i].random = i * 977 + 1;
		pthread_mutex_init(&members[i].lock, NULL);
	}
	for (size_t i = 1; i < count; i++)
		if (pthread_create(&threads[i], NULL, live, &members[i])) /* libc allocates */
			return 1;
	live(&members[0]);
	for (size_t i = 1; i < count; i++)
		pthread_join(threads[i], NULL);
	for (size_t i = 0; i < count; i++)
		facts_add_books(&members[i].books);
	return facts_write(argc, argv);
}
