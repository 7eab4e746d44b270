/* SPDX-License-Identifier: MIT */
/* Records of .eh_frame written by hand, right before a page that must not be touched. */
#ifndef CFI_BYTES_H
#define CFI_BYTES_H

#include <string.h>
#include <sys/mman.h>

#include "capture/frames.h"
#include "test.h"

#define PAGE       4096
#define CODE       0x10000ull /* what FDEs cover, unless they say otherwise */
#define CODE_BYTES 0x100

/* What is being written, and the page at whose end it is put. */
static uint8_t *page;
static uint8_t bytes[PAGE];
static size_t used;

static inline void put(const void *what, size_t size)
{
	memcpy(bytes + used, what, size);
	used += size;
}

static inline void put_u32(uint32_t value)
{
	put(&value, sizeof(value));
}

static inline void put_u64(uint64_t value)
{
	put(&value, sizeof(value));
}

/* Ends the record that begins at `start`, with its length. */
static inline void put_end(size_t start)
{
	uint32_t length = (uint32_t)(used - start - sizeof(length));

	memcpy(bytes + start, &length, sizeof(length));
}

/* Strings hold bytes, zeroes too; the one that ends them is not meant. */
struct literal {
	const char *bytes;
	size_t size;
};

#define BYTES(text) ((struct literal){(text), sizeof(text) - 1})

static inline void put_literal(struct literal text)
{
	put(text.bytes, text.size);
}

/* cfa = sp + 8, the return address is at cfa - 8: how all x86-64 CIEs begin */
#define CIE_PROGRAM "\x0c\x07\x08\x90\x01"

/* A CIE after its id: version, augmentation, code and data alignment, return column, and data. The
 * FDE's addresses are absolute, or as the CIE says. */
#define CIE_HEAD "\x01zR\0\x01\x78\x10\x01\x04"

static inline size_t put_cie(struct literal body)
{
	size_t start = used;

	put_u32(0);
	put_u32(0);
	put_literal(body);
	put_end(start);
	return start;
}

/* Returns where the FDE is. */
static inline size_t put_fde(size_t cie, uint64_t code, uint64_t size,
			     struct literal augmented_program)
{
	size_t start = used;

	put_u32(0);
	put_u32((uint32_t)(used - cie));
	put_u64(code);
	put_u64(size);
	put_literal(augmented_program);
	put_end(start);
	return start;
}

/* Puts what was written, up to `count` bytes, before the page that must not be touched. */
static inline struct cfi_segment place(size_t count)
{
	uint8_t *start = page + PAGE - count;

	memcpy(start, bytes, count);
	return (struct cfi_segment){start, page + PAGE};
}

/* A table in the manner of linkers: its header, one entry for each FDE, then the records. Their
 * code begins at the page that must not be touched. */
#define TABLE_BYTES   12
#define TABLE_ENTRY   8
#define FUNCTION_GAP  0x200
#define FUNCTIONS_MAX 8

static inline struct frames put_functions(const struct literal *programs, unsigned count)
{
	size_t cie, fdes[FUNCTIONS_MAX];

	used = 0;
	put_literal(BYTES("\x01\x1b\x03\x3b\0\0\0\0"));
	put_u32(count);
	used += (size_t)count * TABLE_ENTRY;
	cie = put_cie(BYTES(CIE_HEAD CIE_PROGRAM));
	for (unsigned i = 0; i < count; i++)
		fdes[i] = put_fde(cie, (uint64_t)page + PAGE + (uint64_t)i * FUNCTION_GAP,
				  CODE_BYTES, programs[i]);
	for (unsigned i = 0; i < count; i++) {
		int32_t entry[2] = {(int32_t)used + (int32_t)i * FUNCTION_GAP, (int32_t)fdes[i]};

		memcpy(bytes + TABLE_BYTES + i * sizeof(entry), entry, sizeof(entry));
	}
	return (struct frames){.table = page + PAGE - used, .segment = place(used)};
}

/* Changes one to four bytes at random. */
static inline void change_bytes(const uint8_t *sound, uint64_t *seed)
{
	memcpy(bytes, sound, used);
	for (uint64_t changes = 1 + test_below(seed, 4); changes > 0; changes--)
		bytes[test_below(seed, used)] = (uint8_t)test_random(seed);
}

static inline int start_bytes(void **state)
{
	(void)state;
	page = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return page == MAP_FAILED || mprotect(page + PAGE, PAGE, PROT_NONE) < 0;
}

#endif
