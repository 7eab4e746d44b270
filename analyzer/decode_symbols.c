/* SPDX-License-Identifier: MIT */
/* The records that only symbolized traces have; see decode.h. */
#include <stdlib.h>

#include "decode_internal.h"
#include "util/buffer.h"

#define TEXT_MIN_BYTES    1 /* a length */
#define ADDRESS_MIN_BYTES 7 /* two varints and a frame */
#define FRAME_MIN_BYTES   5 /* five varints */

int decode_texts(struct decoder *decoder, struct cursor *in, struct error *err)
{
	uint64_t first = cursor_varint(in), count = cursor_varint(in);

	if (first == 1)
		decoder->text_count = 0;
	if (first != decoder->text_count + 1)
		return decode_damage(decoder, "does not go on where the last one ended", err);
	if (count > cursor_left(in) / TEXT_MIN_BYTES)
		return decode_damage(decoder, "has fewer texts than it says", err);
	for (; count && !in->bad; count--) {
		decoder->texts = array_grow(decoder->texts, decoder->text_count,
					    &decoder->text_capacity, sizeof(*decoder->texts));
		decoder->texts[decoder->text_count++] = decode_text(decoder, in);
	}
	return 0;
}

/* A text by its number; NULL for 0. A number that has none makes the record bad. */
static const char *numbered(const struct decoder *decoder, struct cursor *in)
{
	uint64_t number = cursor_varint(in);

	if (!number)
		return NULL;
	if (number <= decoder->text_count)
		return decoder->texts[number - 1];
	cursor_fail(in);
	return NULL;
}

int decode_symbolized(struct decoder *decoder, struct cursor *in, struct error *err)
{
	int64_t module = decode_find_module(decoder, cursor_varint(in));
	uint64_t quality = cursor_varint(in);
	const char *why = numbered(decoder, in);

	if (module < 0)
		return decode_damage(decoder, "names a module that does not exist", err);
	if (in->bad)
		return decode_damage(decoder, "is too short, or names a text that does not exist",
				     err);
	if (quality > HEAPMARK_SYMBOLS_LINES)
		return decode_damage(decoder, "has a quality that cannot be", err);
	symbols_begin(&decoder->profile->symbols, (uint32_t)module, (enum symbol_quality)quality,
		      why);
	return 0;
}

static bool read_frame(const struct decoder *decoder, struct cursor *in, struct symbol_frame *frame)
{
	uint64_t line, from_line;

	frame->function = numbered(decoder, in);
	frame->file = numbered(decoder, in);
	line = cursor_varint(in);
	frame->line = (uint32_t)line;
	frame->inlined = cursor_varint(in) & HEAPMARK_SYMBOL_INLINED;
	from_line = cursor_varint(in);
	frame->from_line = (uint32_t)from_line;
	return !in->bad && line <= UINT32_MAX && from_line <= UINT32_MAX;
}

static const char *read_address(struct decoder *decoder, struct cursor *in, uint32_t module,
				uint64_t *address)
{
	struct symbol_frame *frames;
	uint64_t step = cursor_varint(in), count = cursor_varint(in);

	if (!count || count > cursor_left(in) / FRAME_MIN_BYTES)
		return "has fewer frames than it says";
	if (step > UINT64_MAX - *address)
		return "has an address that cannot be";
	*address += step;
	frames = symbols_add(&decoder->profile->symbols, module, *address, (uint32_t)count);
	if (!frames)
		return "is not in order";
	for (uint64_t i = 0; i < count; i++)
		if (!read_frame(decoder, in, &frames[i]))
			return "has a frame that cannot be";
	return NULL;
}

int decode_symbols(struct decoder *decoder, struct cursor *in, struct error *err)
{
	int64_t module = decode_find_module(decoder, cursor_varint(in));
	uint64_t count = cursor_varint(in), address = 0;

	if (module < 0 || !symbols_module(&decoder->profile->symbols, (uint32_t)module))
		return decode_damage(decoder, "names a module of which nothing was said", err);
	if (count > cursor_left(in) / ADDRESS_MIN_BYTES)
		return decode_damage(decoder, "has fewer addresses than it says", err);
	for (; count; count--) {
		const char *wrong = read_address(decoder, in, (uint32_t)module, &address);

		if (wrong)
			return decode_damage(decoder, wrong, err);
	}
	return 0;
}

int decode_copy_cut(struct decoder *decoder, struct cursor *in, struct error *err)
{
	struct profile *profile = decoder->profile;

	(void)err;
	profile->original_bytes = cursor_varint(in);
	profile->cut_offset = cursor_varint(in);
	profile->is_cut = true;
	return 0;
}
