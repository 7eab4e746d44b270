/* SPDX-License-Identifier: MIT */
/* Each kind of damage that records can have: told with the record's name and place, and never a
 * step outside the bytes. */
#include "check.h"
#include "decode.h"
#include "load.h"
#include "trace_writer.h"
#include "util/memory.h"

/* Every way in which records can be wrong: `add` writes it after the sample's first member. */
static void node_without_parent(struct trace_writer *w)
{
	const struct trace_node nodes[] = {{7, 1, 0x10}};

	trace_nodes(w, 6, nodes, 1); /* 6 - 7: larger than any id */
}

static void node_is_its_own_parent(struct trace_writer *w)
{
	const struct trace_node nodes[] = {{6, 1, 0x10}};

	trace_nodes(w, 6, nodes, 1);
}

static void node_in_no_module(struct trace_writer *w)
{
	const struct trace_node nodes[] = {{0, 9, 0x10}};

	trace_nodes(w, 6, nodes, 1);
}

static void node_ids_with_a_gap(struct trace_writer *w)
{
	const struct trace_node nodes[] = {{0, 1, 0x10}};

	trace_nodes(w, 8, nodes, 1);
}

static void marker_with_callers(struct trace_writer *w)
{
	const struct trace_node nodes[] = {{1, 0, 1}};

	trace_nodes(w, 6, nodes, 1);
}

static void frame_below_none(struct trace_writer *w)
{
	const struct trace_node nodes[] = {{1, 0, heapmark_split(HEAPMARK_SPLIT_SIZE, 5)},
					   {6, 1, 0x10}};

	trace_nodes(w, 6, nodes, 2);
}

static void split_of_no_stack(struct trace_writer *w)
{
	const struct trace_node nodes[] = {{0, 0, heapmark_split(HEAPMARK_SPLIT_SIZE, 5)}};

	trace_nodes(w, 6, nodes, 1);
}

static void too_many_nodes(struct trace_writer *w)
{
	trace_record(w, HEAPMARK_REC_NODES);
	trace_number(w, 6);
	trace_number(w, UINT64_MAX / 2);
	trace_record_end(w);
}

static void module_twice(struct trace_writer *w)
{
	trace_module(w, 1, 0, "/again");
}

static void module_gone_unknown(struct trace_writer *w)
{
	trace_record(w, HEAPMARK_REC_MODULE_GONE);
	trace_number(w, 77);
	trace_number(w, 1);
	trace_record_end(w);
}

static void domain_out_of_range(struct trace_writer *w)
{
	trace_domain(w, UINT64_MAX, 0, "pool:x");
}

static void domain_changes_kind(struct trace_writer *w)
{
	trace_domain(w, 0, HEAPMARK_KIND_STORAGE, "malloc");
}

static void sites_without_snapshot(struct trace_writer *w)
{
	trace_sites(w, NULL, 0);
}

static void regions_without_snapshot(struct trace_writer *w)
{
	trace_regions(w, NULL, 0);
}

static void regions_too_short(struct trace_writer *w)
{
	const struct snapshot snapshot = {.index = 2, .time_ns = 2};

	trace_snapshot(w, &snapshot);
	trace_record(w, HEAPMARK_REC_REGIONS);
	trace_number(w, 2);
	trace_number(w, 1);
	trace_number(w, 4096);
	trace_number(w, 4096);
	trace_record_end(w);
}

static void regions_of_impossible_size(struct trace_writer *w)
{
	const struct region_sum sum = {UINT64_MAX, 1};
	const struct snapshot snapshot = {.index = 2, .time_ns = 2};

	trace_snapshot(w, &snapshot);
	trace_regions(w, &sum, 1);
}

static void snapshot_out_of_order(struct trace_writer *w)
{
	const struct snapshot same = {.index = 1, .time_ns = 1};

	trace_snapshot(w, &same);
}

static void snapshot_of_impossible_size(struct trace_writer *w)
{
	const struct snapshot huge = {.index = 2, .totals = {.live_bytes = UINT64_MAX}};

	trace_snapshot(w, &huge);
}

static void add_sites(struct trace_writer *w, const struct trace_site *sites, size_t count)
{
	const struct snapshot snapshot = {.index = 2, .time_ns = 2};

	trace_snapshot(w, &snapshot);
	trace_sites(w, sites, count);
}

static void site_of_unknown_stack(struct trace_writer *w)
{
	const struct trace_site sites[] = {{6, 0, {0}}};

	add_sites(w, sites, 1);
}

static void site_of_unknown_domain(struct trace_writer *w)
{
	const struct trace_site sites[] = {{1, 200, {0}}};

	add_sites(w, sites, 1);
}

static void sites_out_of_order(struct trace_writer *w)
{
	const struct trace_site sites[] = {{1, 1, {0}}, {1, 0, {0}}};

	add_sites(w, sites, 2);
}

static void site_given_twice(struct trace_writer *w)
{
	const struct trace_site sites[] = {{1, 0, {0}}, {1, 0, {0}}};

	add_sites(w, sites, 2);
}

static void site_with_more_frees_than_blocks(struct trace_writer *w)
{
	const struct snapshot snapshot = {.index = 2, .time_ns = 2};

	trace_snapshot(w, &snapshot);
	trace_record(w, HEAPMARK_REC_SITES);
	trace_number(w, 1);
	trace_number(w, 1);
	trace_number(w, 0);
	trace_number(w, 5); /* allocations */
	trace_number(w, 50);
	trace_signed(w, 9); /* 5 - 9 - 0 frees: below zero */
	for (int i = 0; i < 7; i++)
		trace_number(w, 0);
	trace_record_end(w);
}

static void site_whose_peak_is_negative(struct trace_writer *w)
{
	const struct trace_site sites[] = {{1, 0, {1, 10, 0, 0, 0, 1, 10, (uint64_t)-5, 10, 0}}};

	add_sites(w, sites, 1);
}

static void site_whose_numbers_overflow(struct trace_writer *w)
{
	const struct snapshot snapshot = {.index = 2, .time_ns = 2};

	trace_snapshot(w, &snapshot);
	trace_record(w, HEAPMARK_REC_SITES);
	trace_number(w, 1);
	trace_number(w, 1);
	trace_number(w, 0);
	trace_number(w, INT64_MAX);
	trace_number(w, INT64_MAX);
	trace_signed(w, INT64_MIN);
	trace_number(w, 0);
	trace_number(w, 0);
	trace_number(w, INT64_MAX);
	trace_number(w, INT64_MAX);
	trace_signed(w, INT64_MAX);
	trace_signed(w, INT64_MAX);
	trace_number(w, UINT64_MAX);
	trace_record_end(w);
}

static void record_longer_than_its_member(struct trace_writer *w)
{
	const uint8_t bytes[] = {HEAPMARK_REC_COST, 100, 1};

	buffer_append(&w->stream, bytes, sizeof(bytes));
}

static void record_shorter_than_its_fields(struct trace_writer *w)
{
	trace_record(w, HEAPMARK_REC_COST);
	trace_number(w, 1);
	trace_record_end(w);
}

static void varint_that_never_ends(struct trace_writer *w)
{
	uint8_t bytes[2 + 12];

	memset(bytes, 0xff, sizeof(bytes));
	bytes[0] = HEAPMARK_REC_COST;
	bytes[1] = 12;
	buffer_append(&w->stream, bytes, sizeof(bytes));
}

static void too_many_points(struct trace_writer *w)
{
	trace_record(w, HEAPMARK_REC_TIMELINE);
	trace_number(w, 1000000000);
	trace_record_end(w);
}

static void too_many_losses(struct trace_writer *w)
{
	trace_record(w, HEAPMARK_REC_LOSSES);
	trace_number(w, 3);
	trace_number(w, 1);
	trace_record_end(w);
}

static void texts_from(struct trace_writer *w, uint64_t first, uint64_t count)
{
	trace_record(w, HEAPMARK_REC_TEXTS);
	trace_number(w, first);
	trace_number(w, count);
	trace_text(w, "text");
	trace_record_end(w);
}

static void texts_with_a_gap(struct trace_writer *w)
{
	texts_from(w, 1, 1);
	texts_from(w, 3, 1);
}

static void too_many_texts(struct trace_writer *w)
{
	texts_from(w, 1, 1000000);
}

static void symbols_of_no_module(struct trace_writer *w)
{
	trace_symbolized_module(w, 9, HEAPMARK_SYMBOLS_LINES, 0);
}

static void symbols_of_no_quality(struct trace_writer *w)
{
	trace_symbolized_module(w, 1, 3, 0);
}

static void symbols_with_an_unknown_text(struct trace_writer *w)
{
	texts_from(w, 1, 1);
	trace_symbolized_module(w, 1, HEAPMARK_SYMBOLS_LINES, 2);
}

/* SYMBOLS of module 1, of these numbers. */
static void add_symbols(struct trace_writer *w, const uint64_t *numbers, size_t count)
{
	trace_record(w, HEAPMARK_REC_SYMBOLS);
	trace_number(w, 1);
	for (size_t i = 0; i < count; i++)
		trace_number(w, numbers[i]);
	trace_record_end(w);
}

#define SYMBOLS(w, ...) \
	add_symbols((w), (const uint64_t[]){__VA_ARGS__}, \
		    sizeof((const uint64_t[]){__VA_ARGS__}) / sizeof(uint64_t))

static void symbols_before_their_module(struct trace_writer *w)
{
	SYMBOLS(w, 1, 0x10, 1, 0, 0, 0, 0, 0);
}

static void begin_symbols(struct trace_writer *w)
{
	texts_from(w, 1, 1);
	trace_symbolized_module(w, 1, HEAPMARK_SYMBOLS_LINES, 0);
}

static void too_many_addresses(struct trace_writer *w)
{
	begin_symbols(w);
	SYMBOLS(w, 2, 0x10, 1, 0, 0, 0, 0, 0);
}

static void an_address_twice(struct trace_writer *w)
{
	begin_symbols(w);
	SYMBOLS(w, 2, 0x10, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0);
}

static void an_address_again(struct trace_writer *w)
{
	begin_symbols(w);
	SYMBOLS(w, 1, 0x10, 1, 0, 0, 0, 0, 0);
	SYMBOLS(w, 1, 0x10, 1, 0, 0, 0, 0, 0);
}

static void an_address_that_overflows(struct trace_writer *w)
{
	begin_symbols(w);
	SYMBOLS(w, 2, UINT64_MAX, 1, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0);
}

static void an_address_without_frames(struct trace_writer *w)
{
	begin_symbols(w);
	SYMBOLS(w, 1, 0x10, 0, 0, 0, 0, 0, 0);
}

static void too_many_frames(struct trace_writer *w)
{
	begin_symbols(w);
	SYMBOLS(w, 1, 0x10, 2, 0, 0, 0, 0, 0);
}

static void a_frame_with_an_unknown_text(struct trace_writer *w)
{
	begin_symbols(w);
	SYMBOLS(w, 1, 0x10, 1, 2, 0, 0, 0, 0);
}

static void a_line_that_cannot_be(struct trace_writer *w)
{
	begin_symbols(w);
	SYMBOLS(w, 1, 0x10, 1, 1, 1, UINT64_C(1) << 32, 0, 0);
}

static void process_of_impossible_size(struct trace_writer *w)
{
	trace_record(w, HEAPMARK_REC_MERGED);
	for (int i = 0; i < 13; i++)
		trace_number(w, i == 9 ? UINT64_MAX : 1);
	trace_text(w, "/bin/app");
	trace_record_end(w);
}

/* A trace of one good member and one that `add` fills. */
static void make_damaged(struct trace_writer *w, void (*add)(struct trace_writer *w))
{
	const struct trace_node nodes[] = {{0, 1, 1}, {1, 1, 2}, {2, 1, 3}, {1, 1, 4}, {1, 1, 5}};
	const struct snapshot first = {.index = 1, .time_ns = 1};

	trace_begin(w);
	trace_module(w, 1, 0, "/nowhere/app");
	trace_nodes(w, 1, nodes, 5);
	trace_snapshot(w, &first);
	trace_member(w);
	add(w);
	trace_member(w);
}

static void check_damage(struct trace_writer *w, const char *part)
{
	struct error err = ERROR_INIT;
	struct profile p;

	profile_init(&p);
	if (load_image(&p, w->file.bytes, w->file.size, "end", &err) == 0)
		fail_msg("accepted: %s", part);
	assert_contains(err.text, "is damaged");
	assert_contains(err.text, part);
	profile_release(&p);
	trace_release(w);
}

static void every_broken_rule_is_damage(void **state)
{
	static const struct {
		void (*add)(struct trace_writer *w);
		const char *part;
	} cases[] = {
		{node_without_parent, "NODES record at byte"},
		{node_is_its_own_parent, "caller does not exist"},
		{node_in_no_module, "module that does not exist"},
		{node_ids_with_a_gap, "does not go on"},
		{marker_with_callers, "marker inside"},
		{frame_below_none, "below what is none"},
		{split_of_no_stack, "of no call stack"},
		{too_many_nodes, "fewer frames than it says"},
		{module_twice, "MODULE record"},
		{module_gone_unknown, "MODULE_GONE record"},
		{domain_out_of_range, "domain that cannot be"},
		{domain_changes_kind, "changes the kind"},
		{sites_without_snapshot, "belongs to no snapshot"},
		{regions_without_snapshot, "belongs to no snapshot"},
		{regions_too_short, "fewer kinds"},
		{regions_of_impossible_size, "sizes that cannot be"},
		{snapshot_out_of_order, "not numbered in order"},
		{snapshot_of_impossible_size, "totals that cannot be"},
		{site_of_unknown_stack, "call stack that does not exist"},
		{site_of_unknown_domain, "domain that does not exist"},
		{sites_out_of_order, "not in order"},
		{site_given_twice, "not in order"},
		{site_with_more_frees_than_blocks, "counts that cannot be"},
		{site_whose_peak_is_negative, "counts that cannot be"},
		{site_whose_numbers_overflow, "counts that cannot be"},
		{record_longer_than_its_member, "does not fit in its member"},
		{record_shorter_than_its_fields, "COST record"},
		{varint_that_never_ends, "is too short"},
		{too_many_points, "fewer points"},
		{too_many_losses, "fewer entries"},
		{texts_with_a_gap, "TEXTS record"},
		{too_many_texts, "fewer texts"},
		{symbols_of_no_module, "module that does not exist"},
		{symbols_of_no_quality, "quality that cannot be"},
		{symbols_with_an_unknown_text, "SYMBOLIZED record"},
		{symbols_before_their_module, "of which nothing was said"},
		{too_many_addresses, "fewer addresses"},
		{an_address_twice, "not in order"},
		{an_address_again, "not in order"},
		{an_address_that_overflows, "address that cannot be"},
		{an_address_without_frames, "fewer frames"},
		{too_many_frames, "fewer frames"},
		{a_frame_with_an_unknown_text, "frame that cannot be"},
		{a_line_that_cannot_be, "frame that cannot be"},
		{process_of_impossible_size, "MERGED record"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct trace_writer w;

		make_damaged(&w, cases[i].add);
		check_damage(&w, cases[i].part);
	}
}

static void decode_stream(const uint8_t *bytes, size_t size)
{
	struct error err = ERROR_INIT;
	struct decoder decoder;
	struct profile p;

	profile_init(&p);
	decoder_init(&decoder, &p, false);
	if (decoder_member(&decoder, bytes, size, &err) == 0)
		decoder_end(&decoder, &err);
	decoder_release(&decoder);
	profile_release(&p);
}

static void (*const streams[])(struct trace_writer *w) = {trace_sample_stream,
							  trace_sampled_stream};

/* Into memory of exactly that size, so that a sanitizer sees a step too far. */
static void cut_at_every_byte(void (*make)(struct trace_writer *w))
{
	struct trace_writer w;

	make(&w);
	for (size_t size = 0; size <= w.stream.size; size++) {
		uint8_t *copy = xmalloc(size);

		memcpy(copy, w.stream.bytes, size);
		decode_stream(copy, size);
		free(copy);
	}
	trace_release(&w);
}

static void survives_a_cut_at_every_byte(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(streams) / sizeof(*streams); i++)
		cut_at_every_byte(streams[i]);
}

static void put_any_byte_at_any_place(void (*make)(struct trace_writer *w))
{
	static const uint8_t values[] = {0, 1, 0x10, 0x7f, 0x80, 0xff};
	struct trace_writer w;

	make(&w);
	for (size_t i = 0; i < w.stream.size * sizeof(values); i++) {
		size_t at = i / sizeof(values);
		uint8_t kept = w.stream.bytes[at];

		w.stream.bytes[at] = values[i % sizeof(values)];
		decode_stream(w.stream.bytes, w.stream.size);
		w.stream.bytes[at] = kept;
	}
	trace_release(&w);
}

static void survives_any_byte_at_any_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(streams) / sizeof(*streams); i++)
		put_any_byte_at_any_place(streams[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_broken_rule_is_damage),
		cmocka_unit_test(survives_a_cut_at_every_byte),
		cmocka_unit_test(survives_any_byte_at_any_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
