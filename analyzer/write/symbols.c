/* SPDX-License-Identifier: MIT */
/* Records of names; see symbols.h. */
#include "write/symbols.h"

#include <stdlib.h>
#include <string.h>

#include "util/hash.h"

/* A record of so many addresses has some tens of thousands of bytes. */
#define ADDRESSES_A_RECORD 4096

struct text {
	const char *text; /* borrowed */
	uint64_t number;
	UT_hash_handle hh;
};

/* What is written of one profile. */
struct writing {
	struct records *records;
	const struct symbols *symbols;
	struct text *texts;     /* those that have a number */
	const char **new_texts; /* those whose number no record has given yet */
	size_t new_count, new_capacity;
	uint64_t text_count;
};

/* Gives a text its number, if it has none yet. */
static void note_text(struct writing *writing, const char *text)
{
	struct text *known;

	if (!text)
		return;
	HASH_FIND_STR(writing->texts, text, known);
	if (known)
		return;
	known = xmalloc(sizeof(*known));
	known->text = text;
	known->number = ++writing->text_count;
	HASH_ADD_KEYPTR(hh, writing->texts, text, strlen(text), known);
	writing->new_texts = array_grow(writing->new_texts, writing->new_count,
					&writing->new_capacity, sizeof(*writing->new_texts));
	writing->new_texts[writing->new_count++] = text;
}

static uint64_t text_number(const struct writing *writing, const char *text)
{
	const struct text *known;

	if (!text)
		return 0;
	HASH_FIND_STR(writing->texts, text, known);
	return known->number;
}

static void write_new_texts(struct writing *writing)
{
	struct records *records = writing->records;

	if (!writing->new_count)
		return;
	record_begin(records, HEAPMARK_REC_TEXTS);
	record_number(records, writing->text_count - writing->new_count + 1);
	record_number(records, writing->new_count);
	for (size_t i = 0; i < writing->new_count; i++)
		record_text(records, writing->new_texts[i]);
	record_end(records);
	writing->new_count = 0;
}

static void write_frame(const struct writing *writing, const struct symbol_frame *frame)
{
	struct records *records = writing->records;

	record_number(records, text_number(writing, frame->function));
	record_number(records, text_number(writing, frame->file));
	record_number(records, frame->line);
	record_number(records, frame->inlined ? HEAPMARK_SYMBOL_INLINED : 0);
	record_number(records, frame->from_line);
}

static void write_addresses(struct writing *writing, uint64_t id,
			    const struct symbol_address *addresses, size_t count)
{
	const struct symbol_frame *frames = writing->symbols->frames;
	struct records *records = writing->records;
	uint64_t previous = 0;

	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < addresses[i].count; j++) {
			note_text(writing, frames[addresses[i].first + j].function);
			note_text(writing, frames[addresses[i].first + j].file);
		}
	}
	write_new_texts(writing);
	record_begin(records, HEAPMARK_REC_SYMBOLS);
	record_number(records, id);
	record_number(records, count);
	for (size_t i = 0; i < count; i++) {
		record_number(records, addresses[i].address - previous);
		record_number(records, addresses[i].count);
		for (size_t j = 0; j < addresses[i].count; j++)
			write_frame(writing, &frames[addresses[i].first + j]);
		previous = addresses[i].address;
	}
	record_end(records);
	records_flush_if_large(records);
}

static void write_module(struct writing *writing, uint64_t id, const struct module_symbols *module)
{
	struct records *records = writing->records;

	note_text(writing, module->why);
	write_new_texts(writing);
	record_begin(records, HEAPMARK_REC_SYMBOLIZED);
	record_number(records, id);
	record_number(records, module->quality);
	record_number(records, text_number(writing, module->why));
	record_end(records);
	for (size_t at = 0; at < module->count; at += ADDRESSES_A_RECORD) {
		size_t left = module->count - at;

		write_addresses(writing, id, module->addresses + at,
				left < ADDRESSES_A_RECORD ? left : ADDRESSES_A_RECORD);
	}
}

static void release(struct writing *writing)
{
	struct text *text, *next;

	HASH_ITER (hh, writing->texts, text, next) {
		HASH_DEL(writing->texts, text);
		free(text);
	}
	free(writing->new_texts);
}

void symbols_write(struct records *records, const struct profile *profile,
		   const struct symbols *symbols)
{
	struct writing writing = {.records = records, .symbols = symbols};

	for (uint32_t i = 0; i < symbols->module_count; i++) {
		const struct module_symbols *module = symbols_module(symbols, i);

		if (module)
			write_module(&writing, profile->modules[i].id, module);
	}
	release(&writing);
}
