/* SPDX-License-Identifier: MIT */
/* The records of call stacks, snapshots and sites; see decode.h. */
#include <string.h>

#include "decode_internal.h"
#include "model/split.h"
#include "util/buffer.h"
#include "util/memory.h"

#define NODE_MIN_BYTES 3  /* three varints */
#define SITE_MIN_BYTES 12 /* twelve */

#define REGION_MIN_BYTES 3                   /* three */
#define REGION_MAX_BYTES (UINT64_C(1) << 57) /* no address space is larger */

static void grow_nodes(struct profile *profile)
{
	size_t before = profile->node_capacity;

	profile->nodes = array_grow(profile->nodes, profile->node_count, &profile->node_capacity,
				    sizeof(*profile->nodes));
	if (profile->node_capacity != before)
		profile->node_sites = xreallocarray(profile->node_sites, profile->node_capacity,
						    sizeof(*profile->node_sites));
}

static const char *read_node(struct decoder *decoder, struct cursor *in, uint64_t *offset)
{
	struct profile *profile = decoder->profile;
	uint64_t id = profile->node_count;
	uint64_t up = cursor_varint(in);
	int64_t module = decode_find_module(decoder, cursor_varint(in));

	*offset += (uint64_t)cursor_signed(in);
	if (in->bad)
		return "is too short";
	if (!up || up > id)
		return "has a frame whose caller does not exist";
	if (module < 0)
		return "has a frame in a module that does not exist";
	if (!module && *offset < HEAPMARK_MARKER_LIMIT && up != id)
		return "has a marker inside a call stack";
	grow_nodes(profile);
	profile->nodes[id] = (struct node){*offset, (uint32_t)(id - up), (uint32_t)module};
	if (node_is_split(&profile->nodes[id - up]) && !node_is_split(&profile->nodes[id]))
		return "has a frame below what is none";
	if (node_is_split(&profile->nodes[id]) && up == id)
		return "tells blocks of no call stack apart";
	profile->node_sites[id] = 0;
	profile->node_count++;
	return NULL;
}

int decode_nodes(struct decoder *decoder, struct cursor *in, struct error *err)
{
	uint64_t first = cursor_varint(in), count = cursor_varint(in);
	uint64_t offset = 0;

	if (first != decoder->profile->node_count)
		return decode_damage(decoder, "does not go on where the last one ended", err);
	if (count > cursor_left(in) / NODE_MIN_BYTES || count > UINT32_MAX - first)
		return decode_damage(decoder, "has fewer frames than it says", err);
	for (; count; count--) {
		const char *wrong = read_node(decoder, in, &offset);

		if (wrong)
			return decode_damage(decoder, wrong, err);
	}
	return 0;
}

static void read_totals(struct cursor *in, struct counters *totals)
{
	totals->allocations = cursor_varint(in);
	totals->allocated_bytes = cursor_varint(in);
	totals->frees = cursor_varint(in);
	totals->reallocations = cursor_varint(in);
	totals->temporary = cursor_varint(in);
	totals->live_blocks = cursor_varint(in);
	totals->live_bytes = cursor_varint(in);
	totals->peak_blocks = cursor_varint(in);
	totals->peak_bytes = cursor_varint(in);
}

static bool plausible(const struct counters *c)
{
	return c->allocations <= DECODE_VALUE_MAX && c->allocated_bytes <= DECODE_VALUE_MAX &&
	       c->frees <= DECODE_VALUE_MAX && c->reallocations <= DECODE_VALUE_MAX &&
	       c->temporary <= DECODE_VALUE_MAX && c->live_blocks <= DECODE_VALUE_MAX &&
	       c->live_bytes <= DECODE_VALUE_MAX && c->peak_blocks <= DECODE_VALUE_MAX &&
	       c->peak_bytes <= DECODE_VALUE_MAX && c->maximum_bytes <= DECODE_VALUE_MAX;
}

static void read_snapshot(struct decoder *decoder, struct cursor *in, struct snapshot *snapshot)
{
	snapshot->index = cursor_varint(in);
	snapshot->time_ns = cursor_varint(in);
	snapshot->reason = cursor_varint(in);
	snapshot->flags = cursor_varint(in);
	snapshot->label = decode_text(decoder, in);
	snapshot->totals.maximum_bytes = 0;
	snapshot->has_regions = false;
	memset(snapshot->regions, 0, sizeof(snapshot->regions));
	read_totals(in, &snapshot->totals);
	snapshot->peak_time_ns = cursor_varint(in);
	snapshot->peak_error_bytes = cursor_varint(in);
	snapshot->threads = cursor_varint(in);
	snapshot->resident_bytes = cursor_varint(in);
}

/* Whether the snapshot that is being read, or was read last, is where the moment of that kind is.
 */
static bool is_moment(const struct profile *profile, enum moment_kind kind)
{
	return profile->moment.kind == kind &&
	       profile->moment.position == profile->snapshot_count - 1;
}

/* What a new snapshot changes before its sites are read. */
static void begin_snapshot(struct decoder *decoder, const struct snapshot *snapshot)
{
	struct profile *profile = decoder->profile;

	/* An exec that failed leaves an END behind which the program goes on. */
	profile->end.seen = false;
	profile->snapshots[profile->snapshot_count - 1].kept_bytes = profile->sum.live_bytes;
	if (is_moment(profile, MOMENT_KEPT))
		profile_choose_now(profile);
	if (snapshot->flags & HEAPMARK_SNAPSHOT_PEAK_MOVED) {
		profile->peak_epoch++;
		profile->sum.peak_blocks = profile->sum.live_blocks;
		profile->sum.peak_bytes = profile->sum.live_bytes;
	}
	decoder->in_snapshot = true;
}

int decode_snapshot(struct decoder *decoder, struct cursor *in, struct error *err)
{
	struct profile *profile = decoder->profile;
	const struct snapshot *last = profile_last(profile);
	struct snapshot snapshot;

	decode_close_snapshot(decoder);
	if (decoder->is_past)
		return 0;
	read_snapshot(decoder, in, &snapshot);
	if (in->bad)
		return 0;
	if (snapshot.index <= (last ? last->index : 0))
		return decode_damage(decoder, "is not numbered in order", err);
	if (!plausible(&snapshot.totals) || snapshot.time_ns > DECODE_VALUE_MAX)
		return decode_damage(decoder, "has totals that cannot be", err);
	if (profile->snapshot_count >= DECODE_SNAPSHOTS_MAX)
		return decode_damage(decoder, "is one too many", err);
	profile->snapshots = array_grow(profile->snapshots, profile->snapshot_count,
					&profile->snapshot_capacity, sizeof(snapshot));
	profile->snapshots[profile->snapshot_count++] = snapshot;
	begin_snapshot(decoder, &snapshot);
	return 0;
}

int decode_regions(struct decoder *decoder, struct cursor *in, struct error *err)
{
	uint64_t count = cursor_varint(in);
	struct snapshot *snapshot;

	if (decoder->is_past)
		return 0;
	if (!decoder->in_snapshot)
		return decode_damage(decoder, "belongs to no snapshot", err);
	if (count > cursor_left(in) / REGION_MIN_BYTES)
		return decode_damage(decoder, "has fewer kinds than it says", err);
	snapshot = &decoder->profile->snapshots[decoder->profile->snapshot_count - 1];
	for (; count; count--) {
		uint64_t kind = cursor_varint(in), bytes = cursor_varint(in);
		uint64_t resident = cursor_varint(in);
		struct region_sum *sum =
			&snapshot->regions[kind < HEAPMARK_REGION_LIMIT ? kind : 0];

		if (bytes > REGION_MAX_BYTES || resident > REGION_MAX_BYTES)
			return decode_damage(decoder, "has sizes that cannot be", err);
		sum->bytes += bytes;
		sum->resident_bytes += resident;
	}
	snapshot->has_regions = true;
	return 0;
}

/* base + difference, if that is a value that can be. */
static bool shifted(uint64_t base, int64_t difference, uint64_t *value)
{
	int64_t result;

	if (base > DECODE_VALUE_MAX || __builtin_add_overflow((int64_t)base, difference, &result) ||
	    result < 0)
		return false;
	*value = (uint64_t)result;
	return true;
}

/* The counters of one site; false if they cannot be. */
static bool read_counters(struct cursor *in, struct counters *c)
{
	int64_t frees_gap, blocks_gap, bytes_gap;
	uint64_t above, most, freed;

	c->allocations = cursor_varint(in);
	c->allocated_bytes = cursor_varint(in);
	frees_gap = cursor_signed(in);
	c->reallocations = cursor_varint(in);
	c->temporary = cursor_varint(in);
	c->live_blocks = cursor_varint(in);
	c->live_bytes = cursor_varint(in);
	blocks_gap = cursor_signed(in);
	bytes_gap = cursor_signed(in);
	above = cursor_varint(in);
	c->frees = c->peak_blocks = c->peak_bytes = c->maximum_bytes = 0;
	if (!plausible(c) || above > DECODE_VALUE_MAX || frees_gap == INT64_MIN)
		return false;
	/* frees = allocations - live blocks - gap, which is below 0 by inherited blocks */
	if (!shifted(c->allocations, -frees_gap, &freed) || freed < c->live_blocks)
		return false;
	c->frees = freed - c->live_blocks;
	if (!shifted(c->live_blocks, blocks_gap, &c->peak_blocks) ||
	    !shifted(c->live_bytes, bytes_gap, &c->peak_bytes))
		return false;
	most = c->live_bytes > c->peak_bytes ? c->live_bytes : c->peak_bytes;
	return shifted(most, (int64_t)above, &c->maximum_bytes);
}

/* Only adds and subtracts what a snapshot's totals can be compared with. Unsigned: a hostile file
 * may wrap them, which the comparison then shows. */
static void replace_in_sum(struct counters *sum, const struct counters *old,
			   const struct counters *new)
{
	sum->allocations += new->allocations - old->allocations;
	sum->allocated_bytes += new->allocated_bytes - old->allocated_bytes;
	sum->frees += new->frees - old->frees;
	sum->reallocations += new->reallocations - old->reallocations;
	sum->temporary += new->temporary - old->temporary;
	sum->live_blocks += new->live_blocks - old->live_blocks;
	sum->live_bytes += new->live_bytes - old->live_bytes;
	sum->peak_blocks += new->peak_blocks - old->peak_blocks;
	sum->peak_bytes += new->peak_bytes - old->peak_bytes;
}

/* Blocks that became an arena leave without being freed. */
static uint64_t gap_of(const struct counters *c)
{
	return c->allocations - c->frees - c->live_blocks;
}

/* Whether all that was live in the site before may be live still, and was all the time: no block of
 * it was freed or left otherwise. Maps may become smaller besides; of those nothing must have
 * moved. */
static bool has_kept_all(const struct counters *old, const struct counters *new, bool is_storage)
{
	if (new->frees != old->frees || gap_of(new) != gap_of(old))
		return false;
	return !is_storage ||
	       (new->allocations == old->allocations &&new->live_bytes == old->live_bytes);
}

/* A site that has not kept all counts as having kept nothing since the snapshot before. */
static void note_kept(struct decoder *decoder, struct site *site, const struct counters *now)
{
	struct profile *profile = decoder->profile;
	struct snapshot *snapshot = &profile->snapshots[profile->snapshot_count - 1];
	bool is_storage = profile->domains[site->domain].kind != HEAPMARK_KIND_ASKED;

	if (has_kept_all(&site->now, now, is_storage))
		return;
	if (!is_storage) /* a hostile file may list a site twice */
		snapshot->kept_bytes -= site->now.live_bytes < snapshot->kept_bytes
						? site->now.live_bytes
						: snapshot->kept_bytes;
	if (is_moment(profile, MOMENT_KEPT))
		site->chosen_blocks = site->chosen_bytes = site->chosen_variance = 0;
}

static void apply_site(struct decoder *decoder, uint32_t node, uint32_t domain,
		       const struct counters *now)
{
	struct profile *profile = decoder->profile;
	struct site *site = profile_site(profile, node, domain);
	uint64_t most = site->now.maximum_bytes;

	note_kept(decoder, site, now);
	profile_settle_peak(profile, site);
	if (profile->domains[domain].kind == HEAPMARK_KIND_ASKED)
		replace_in_sum(&profile->sum, &site->now, now);
	site->now = *now;
	/* With several threads it is a lower bound, and an earlier one may be better. */
	if (site->now.maximum_bytes < most)
		site->now.maximum_bytes = most;
}

static const char *read_site(struct decoder *decoder, struct cursor *in, uint64_t *node,
			     uint64_t *next_domain)
{
	struct profile *profile = decoder->profile;
	uint64_t step = cursor_varint(in), domain = cursor_varint(in);
	struct counters now;
	bool possible = read_counters(in, &now);

	if (in->bad)
		return "is too short";
	if (step >= profile->node_count - *node)
		return "names a call stack that does not exist";
	if (domain >= profile->domain_count || !profile->domains[domain].name)
		return "names a domain that does not exist";
	if (!step && domain < *next_domain)
		return "is not in order";
	if (!possible)
		return "has counts that cannot be";
	*node += step;
	*next_domain = domain + 1;
	apply_site(decoder, (uint32_t)*node, (uint32_t)domain, &now);
	return NULL;
}

int decode_sites(struct decoder *decoder, struct cursor *in, struct error *err)
{
	uint64_t count = cursor_varint(in);
	uint64_t node = 0, next_domain = 0;

	if (decoder->is_past)
		return 0;
	if (!decoder->in_snapshot)
		return decode_damage(decoder, "belongs to no snapshot", err);
	if (count > cursor_left(in) / SITE_MIN_BYTES)
		return decode_damage(decoder, "has fewer sites than it says", err);
	for (; count; count--) {
		const char *wrong = read_site(decoder, in, &node, &next_domain);

		if (wrong)
			return decode_damage(decoder, wrong, err);
	}
	return 0;
}

/* The first number in which the sites do not add up to the snapshot's totals. */
static bool find_mismatch(const struct counters *sum, const struct counters *totals,
			  struct mismatch *mismatch)
{
	const struct {
		const char *what;
		uint64_t sum, total;
	} pairs[] = {
		{"live bytes", sum->live_bytes, totals->live_bytes},
		{"live blocks", sum->live_blocks, totals->live_blocks},
		{"peak bytes", sum->peak_bytes, totals->peak_bytes},
		{"peak blocks", sum->peak_blocks, totals->peak_blocks},
		{"allocations", sum->allocations, totals->allocations},
		{"allocated bytes", sum->allocated_bytes, totals->allocated_bytes},
		{"frees", sum->frees, totals->frees},
		{"reallocations", sum->reallocations, totals->reallocations},
		{"temporary blocks", sum->temporary, totals->temporary},
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		mismatch->what = pairs[i].what;
		mismatch->sum = pairs[i].sum;
		mismatch->total = pairs[i].total;
		if (mismatch->sum != mismatch->total)
			return true;
	}
	return false;
}

void decode_close_snapshot(struct decoder *decoder)
{
	struct profile *profile = decoder->profile;
	const struct snapshot *snapshot = profile_last(profile);
	struct mismatch mismatch;

	if (!decoder->in_snapshot || decoder->headers_only)
		return;
	decoder->in_snapshot = false;
	mismatch.snapshot_index = snapshot->index;
	if (find_mismatch(&profile->sum, &snapshot->totals, &mismatch) &&
	    profile->mismatch_count++ == 0)
		profile->mismatch = mismatch;
	if (is_moment(profile, MOMENT_SNAPSHOT))
		profile_choose_snapshot(profile);
	if (is_moment(profile, MOMENT_PEAK_BY))
		profile_choose_peak(profile);
	if (profile->window.has_since && profile->window.since == profile->snapshot_count - 1)
		profile_begin_window(profile);
	decoder->is_past =
		profile->window.has_until && profile->window.until == profile->snapshot_count - 1;
}
