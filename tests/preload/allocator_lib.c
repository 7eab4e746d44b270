/* SPDX-License-Identifier: MIT */
/*
 * An allocator of the simplest kind, with the habit that matters: it maps memory while it holds a
 * lock that is not recursive, as jemalloc does. Whoever allocates inside of its mmap() hangs.
 */
#include <malloc.h>
#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define CHUNK  ((size_t)1 << 20)
#define HEADER ((size_t)16)

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char *at, *end;

static void *take(size_t align, size_t size)
{
	char *block;

	if (size > (size_t)1 << 40)
		return NULL;
	pthread_mutex_lock(&lock);
	if ((size_t)(end - at) < size + align + HEADER) {
		size_t bytes = (size + align + HEADER + CHUNK) & ~(CHUNK - 1);

		at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		end = at + bytes;
	}
	block = (char *)(((size_t)at + HEADER + align - 1) & ~(align - 1));
	at = block + ((size + 15) & ~(size_t)15);
	memcpy(block - HEADER, &size, sizeof(size));
	pthread_mutex_unlock(&lock);
	return block;
}

static size_t size_of(const void *block)
{
	size_t size;

	memcpy(&size, (const char *)block - HEADER, sizeof(size));
	return size;
}

void *malloc(size_t size)
{
	return take(16, size);
}

void *calloc(size_t count, size_t size)
{
	size_t bytes;
	void *block = __builtin_mul_overflow(count, size, &bytes) ? NULL : take(16, bytes);

	return block ? memset(block, 0, bytes) : NULL;
}

void *realloc(void *old, size_t size)
{
	void *block = take(16, size);

	if (old && block)
		memcpy(block, old, size_of(old) < size ? size_of(old) : size);
	return block;
}

void free(void *block)
{
	(void)block; /* it has all the memory in the world */
}

void *memalign(size_t align, size_t size)
{
	return take(align < 16 ? 16 : align, size);
}

void *aligned_alloc(size_t align, size_t size)
{
	return memalign(align, size);
}

int posix_memalign(void **block, size_t align, size_t size)
{
	*block = memalign(align, size);
	return 0;
}

size_t malloc_usable_size(void *block)
{
	return block ? size_of(block) : 0;
}
