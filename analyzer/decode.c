/* SPDX-License-Identifier: MIT */
/* The stream, its records, and those that describe the process; see decode.h. The records of call
 * stacks and snapshots are in decode_sites.c, those of samples in decode_estimates.c,
 * those of names in decode_symbols.c, that of merged processes in decode_merged.c. */
#include "decode.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "decode_internal.h"
#include "util/buffer.h"
#include "util/hash.h"

struct module_id {
	uint64_t id;
	uint32_t index;
	UT_hash_handle hh;
};

const char *decode_text(struct decoder *decoder, struct cursor *in)
{
	struct cursor text = cursor_string(in);

	return strings_intern(&decoder->profile->strings, text.at, cursor_left(&text));
}

static int process(struct decoder *decoder, struct cursor *in, struct error *err)
{
	struct process *process = &decoder->profile->process;

	(void)err;
	process->pid = cursor_varint(in);
	process->parent_pid = cursor_varint(in);
	process->origin = cursor_varint(in);
	process->start_unix_ns = cursor_varint(in);
	process->page_bytes = cursor_varint(in);
	process->session = cursor_varint(in);
	process->executable = decode_text(decoder, in);
	process->directory = decode_text(decoder, in);
	decoder->has_process = true;
	return 0;
}

static void append_text(struct text_list *list, const char *text)
{
	list->items = array_grow(list->items, list->count, &list->capacity, sizeof(*list->items));
	list->items[list->count++] = text;
}

static int argument(struct decoder *decoder, struct cursor *in, struct error *err)
{
	(void)err;
	append_text(&decoder->profile->arguments, decode_text(decoder, in));
	return 0;
}

static int environment(struct decoder *decoder, struct cursor *in, struct error *err)
{
	(void)err;
	append_text(&decoder->profile->environment, decode_text(decoder, in));
	return 0;
}

static int machine(struct decoder *decoder, struct cursor *in, struct error *err)
{
	struct machine *machine = &decoder->profile->machine;

	(void)err;
	machine->architecture = decode_text(decoder, in);
	machine->kernel = decode_text(decoder, in);
	machine->libc = decode_text(decoder, in);
	machine->processors = cursor_varint(in);
	machine->memory_bytes = cursor_varint(in);
	machine->heapmark_version = decode_text(decoder, in);
	return 0;
}

static int option(struct decoder *decoder, struct cursor *in, struct error *err)
{
	struct profile *profile = decoder->profile;
	struct named_value option;

	(void)err;
	option.name = decode_text(decoder, in);
	option.value = decode_text(decoder, in);
	profile->options = array_grow(profile->options, profile->option_count,
				      &profile->option_capacity, sizeof(option));
	profile->options[profile->option_count++] = option;
	return 0;
}

static struct module_id *find_id(const struct decoder *decoder, uint64_t id)
{
	struct module_id *found;

	HASH_FIND(hh, decoder->module_ids, &id, sizeof(id), found);
	return found;
}

int64_t decode_find_module(const struct decoder *decoder, uint64_t id)
{
	const struct module_id *found = id ? find_id(decoder, id) : NULL;

	if (!id)
		return 0;
	return found ? (int64_t)found->index : -1;
}

static void add_module(struct decoder *decoder, const struct module *module)
{
	struct module_id *entry = xmalloc(sizeof(*entry));

	entry->id = module->id;
	entry->index = profile_add_module(decoder->profile, module);
	HASH_ADD(hh, decoder->module_ids, id, sizeof(entry->id), entry);
}

static int module(struct decoder *decoder, struct cursor *in, struct error *err)
{
	struct module module = {0};
	struct cursor build_id;

	module.id = cursor_varint(in);
	module.flags = cursor_varint(in);
	module.bias = cursor_varint(in);
	module.start = cursor_varint(in);
	module.bytes = cursor_varint(in);
	module.seen_ns = cursor_varint(in);
	build_id = cursor_string(in);
	module.path = decode_text(decoder, in);
	module.name = path_base(module.path);
	if (in->bad)
		return 0;
	if (!module.id || find_id(decoder, module.id))
		return decode_damage(decoder, "defines a module twice", err);
	module.build_id = build_id.at;
	module.build_id_bytes = cursor_left(&build_id);
	add_module(decoder, &module);
	return 0;
}

static int module_gone(struct decoder *decoder, struct cursor *in, struct error *err)
{
	int64_t index = decode_find_module(decoder, cursor_varint(in));

	if (index <= 0)
		return decode_damage(decoder, "unloads a module that does not exist", err);
	decoder->profile->modules[index].gone_ns = cursor_varint(in);
	return 0;
}

static int domain(struct decoder *decoder, struct cursor *in, struct error *err)
{
	struct profile *profile = decoder->profile;
	uint64_t id = cursor_varint(in);
	struct domain domain = {.kind = cursor_varint(in)};

	domain.name = decode_text(decoder, in);
	if (in->bad)
		return 0;
	if (id >= HEAPMARK_DOMAIN_LIMIT || domain.kind > HEAPMARK_KIND_STORAGE)
		return decode_damage(decoder, "defines a domain that cannot be", err);
	if (id >= profile->domain_count) {
		profile->domains = xreallocarray(profile->domains, id + 1, sizeof(domain));
		memset(profile->domains + profile->domain_count, 0,
		       (id + 1 - profile->domain_count) * sizeof(domain));
		profile->domain_count = id + 1;
	}
	if (profile->domains[id].name && profile->domains[id].kind != domain.kind)
		return decode_damage(decoder, "changes the kind of a domain", err);
	profile->domains[id] = domain;
	return 0;
}

static int timeline(struct decoder *decoder, struct cursor *in, struct error *err)
{
	struct profile *profile = decoder->profile;
	uint64_t count = cursor_varint(in);
	uint64_t time = 0, bytes = 0, blocks = 0, resident = 0;

	if (count > cursor_left(in) / 4)
		return decode_damage(decoder, "has fewer points than it says", err);
	for (; count && !in->bad; count--) {
		struct timeline_point *point;

		time += cursor_varint(in);
		bytes += (uint64_t)cursor_signed(in);
		blocks += (uint64_t)cursor_signed(in);
		resident += (uint64_t)cursor_signed(in);
		profile->timeline = array_grow(profile->timeline, profile->timeline_count,
					       &profile->timeline_capacity, sizeof(*point));
		point = &profile->timeline[profile->timeline_count++];
		*point = (struct timeline_point){time, (int64_t)bytes, (int64_t)blocks,
						 (int64_t)resident};
	}
	return 0;
}

static int losses(struct decoder *decoder, struct cursor *in, struct error *err)
{
	uint64_t *losses = decoder->profile->losses;
	uint64_t count = cursor_varint(in);

	if (count > cursor_left(in) / 2)
		return decode_damage(decoder, "has fewer entries than it says", err);
	losses[0] = 0;
	for (; count && !in->bad; count--) {
		uint64_t reason = cursor_varint(in);
		uint64_t times = cursor_varint(in);

		if (reason && reason < HEAPMARK_LOSS_LIMIT)
			losses[reason] = times;
		else
			losses[0] += times;
	}
	return 0;
}

static int cost(struct decoder *decoder, struct cursor *in, struct error *err)
{
	struct cost *cost = &decoder->profile->cost;

	(void)err;
	cost->memory_bytes = cursor_varint(in);
	cost->own_blocks = cursor_varint(in);
	cost->own_bytes = cursor_varint(in);
	cost->snapshots = cursor_varint(in);
	cost->snapshot_ns = cursor_varint(in);
	if (!cursor_left(in)) /* the first recorders did not tell */
		return 0;
	cost->own_freed_blocks = cursor_varint(in);
	cost->own_freed_bytes = cursor_varint(in);
	return 0;
}

static int walks(struct decoder *decoder, struct cursor *in, struct error *err)
{
	struct walks *walks = &decoder->profile->walks;

	(void)err;
	walks->seen = true;
	walks->captured = cursor_varint(in);
	walks->by_libunwind = cursor_varint(in);
	walks->compared = cursor_varint(in);
	walks->different = cursor_varint(in);
	return 0;
}

static int end(struct decoder *decoder, struct cursor *in, struct error *err)
{
	struct end *end = &decoder->profile->end;

	(void)err;
	end->seen = true;
	end->time_ns = cursor_varint(in);
	end->how = cursor_varint(in);
	end->status = cursor_varint(in);
	return 0;
}

static const struct {
	const char *name;
	int (*read)(struct decoder *decoder, struct cursor *in, struct error *err);
} records[] = {
	[HEAPMARK_REC_PROCESS] = {"PROCESS", process},
	[HEAPMARK_REC_ARGUMENT] = {"ARGUMENT", argument},
	[HEAPMARK_REC_ENVIRONMENT] = {"ENVIRONMENT", environment},
	[HEAPMARK_REC_MACHINE] = {"MACHINE", machine},
	[HEAPMARK_REC_OPTION] = {"OPTION", option},
	[HEAPMARK_REC_MODULE] = {"MODULE", module},
	[HEAPMARK_REC_MODULE_GONE] = {"MODULE_GONE", module_gone},
	[HEAPMARK_REC_NODES] = {"NODES", decode_nodes},
	[HEAPMARK_REC_DOMAIN] = {"DOMAIN", domain},
	[HEAPMARK_REC_SNAPSHOT] = {"SNAPSHOT", decode_snapshot},
	[HEAPMARK_REC_SITES] = {"SITES", decode_sites},
	[HEAPMARK_REC_TIMELINE] = {"TIMELINE", timeline},
	[HEAPMARK_REC_LOSSES] = {"LOSSES", losses},
	[HEAPMARK_REC_COST] = {"COST", cost},
	[HEAPMARK_REC_END] = {"END", end},
	[HEAPMARK_REC_SAMPLING] = {"SAMPLING", decode_sampling},
	[HEAPMARK_REC_ESTIMATES] = {"ESTIMATES", decode_estimates},
	[HEAPMARK_REC_WALKS] = {"WALKS", walks},
	[HEAPMARK_REC_TEXTS] = {"TEXTS", decode_texts},
	[HEAPMARK_REC_SYMBOLIZED] = {"SYMBOLIZED", decode_symbolized},
	[HEAPMARK_REC_SYMBOLS] = {"SYMBOLS", decode_symbols},
	[HEAPMARK_REC_COPY_CUT] = {"COPY_CUT", decode_copy_cut},
	[HEAPMARK_REC_MERGED] = {"MERGED", decode_merged},
	[HEAPMARK_REC_REGIONS] = {"REGIONS", decode_regions},
};

#define RECORD_COUNT (sizeof(records) / sizeof(*records))

int decode_damage(const struct decoder *decoder, const char *what, struct error *err)
{
	const char *name =
		decoder->record_type < RECORD_COUNT ? records[decoder->record_type].name : NULL;

	return error_set(err,
			 "%s is damaged: the %s record at byte %" PRIu64
			 " of its uncompressed contents %s; copy it again from where it was "
			 "recorded, or record again",
			 decoder->profile->path, name ? name : "unknown",
			 decoder->stream_offset + (uint64_t)(decoder->record - decoder->member),
			 what);
}

static int read_record(struct decoder *decoder, struct cursor *stream, struct error *err)
{
	uint64_t type, size;
	struct cursor in;

	decoder->record = stream->at;
	type = cursor_varint(stream);
	size = cursor_varint(stream);
	in = cursor_take(stream, size);
	decoder->record_type = type < RECORD_COUNT ? (unsigned)type : 0;
	if (stream->bad)
		return decode_damage(decoder, "does not fit in its member", err);
	if (!records[decoder->record_type].read ||
	    (decoder->headers_only && type != HEAPMARK_REC_SNAPSHOT && type != HEAPMARK_REC_END))
		return 0;
	if (records[type].read(decoder, &in, err) < 0)
		return -1;
	return in.bad ? decode_damage(decoder, "is too short", err) : 0;
}

static int read_magic(struct decoder *decoder, struct cursor *in, struct error *err)
{
	const char *path = decoder->profile->path;
	struct cursor magic = cursor_take(in, HEAPMARK_MAGIC_BYTES);
	struct cursor version = cursor_take(in, 2);

	if (version.bad || memcmp(magic.at, HEAPMARK_MAGIC, HEAPMARK_MAGIC_BYTES) != 0)
		return error_set(err,
				 "%s is not a heapmark trace; `heapmark record` makes one, usually "
				 "named *.hmk",
				 path);
	if (version.at[0] > HEAPMARK_MAJOR)
		return error_set(err,
				 "%s was written by a later heapmark (format %u.%u, this one reads "
				 "up to %u): use that version to read it",
				 path, version.at[0], version.at[1], HEAPMARK_MAJOR);
	if (version.at[0] < 1)
		return error_set(err, "%s is damaged: there is no format version 0", path);
	decoder->begun = true;
	return 0;
}

void decoder_init(struct decoder *decoder, struct profile *profile, bool headers_only)
{
	*decoder = (struct decoder){.profile = profile, .headers_only = headers_only};
}

void decoder_release(struct decoder *decoder)
{
	struct module_id *entry, *next;

	HASH_ITER (hh, decoder->module_ids, entry, next) {
		HASH_DEL(decoder->module_ids, entry);
		free(entry);
	}
	free(decoder->texts);
}

int decoder_member(struct decoder *decoder, const uint8_t *bytes, size_t count, struct error *err)
{
	struct cursor stream = {bytes, bytes + count, false};
	int ret = 0;

	decoder->member = bytes;
	if (!decoder->begun)
		ret = read_magic(decoder, &stream, err);
	while (ret == 0 && cursor_left(&stream))
		ret = read_record(decoder, &stream, err);
	decoder->stream_offset += count;
	if (ret == 0)
		decode_close_snapshot(decoder);
	return ret;
}

int decoder_end(struct decoder *decoder, struct error *err)
{
	if (!decoder->headers_only && !decoder->has_process)
		return error_set(
			err,
			"%s is damaged: it does not say which process was recorded; record "
			"again",
			decoder->profile->path);
	if (!decoder->headers_only)
		profile_finish(decoder->profile);
	return 0;
}
