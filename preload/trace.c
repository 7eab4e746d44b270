/* SPDX-License-Identifier: MIT */
/* Writing members: the head, a snapshot with all that it refers to, the end; see trace.h. */
#include "trace.h"

#include "capture/calls.h"
#include "capture/nodes.h"
#include "config.h"
#include "domains.h"
#include "facts.h"
#include "log.h"
#include "modules.h"
#include "order.h"
#include "output.h"
#include "records.h"
#include "sink.h"
#include "sites.h"
#include "tables.h"

/* About what one takes in a trace. */
#define NODE_BYTES 5
#define SITE_BYTES 20

/* What the file holds, or will once the current member is committed. */
struct written {
	bool head;
	uint32_t modules, gone_round, domains, nodes, epoch, snapshots;
};

#define NOTHING_YET \
	{ \
		.epoch = PEAK_EPOCH_FIRST \
	}

static struct {
	bool open;
	bool end_written; /* as the last member */
	struct written sure, hoped;
} trace = {.sure = NOTHING_YET};

/* The member that is under way: a snapshot's. */
static struct {
	struct picture *snapshot;
	unsigned part;
	uint32_t done; /* of this part's list */
	uint32_t result;
} member;

static void put_modules(void)
{
	uint32_t count = modules_count();

	records_modules(trace.hoped.modules + 1, count);
	trace.hoped.modules = count;
}

static void put_modules_gone(void)
{
	uint32_t round = modules_round();

	records_modules_gone(trace.hoped.modules, trace.sure.gone_round, round);
	trace.hoped.gone_round = round;
}

static void put_domains(uint32_t count)
{
	records_domains(trace.sure.domains, count - 1);
	trace.hoped.domains = count;
}

static void begin_member(size_t expected)
{
	trace.hoped = trace.sure;
	sink_begin(expected);
	if (!trace.sure.head)
		records_head();
	trace.hoped.head = true;
}

static bool commit(void)
{
	if (!sink_commit())
		return false;
	trace.sure = trace.hoped;
	return true;
}

bool trace_is_open(void)
{
	return trace.open;
}

bool trace_open(void)
{
	static struct output output; /* the sink keeps it; too large for the stack */

	output_open(&output, config.out, facts.program, facts.directory);
	if (output.file.fd < 0)
		return false;
	if (!records_start() || !sink_start(&output)) {
		log_say(LOG_MEMORY, "no memory for the trace; the program runs on unrecorded",
			NULL);
		return false;
	}
	trace.open = true;
	begin_member(0);
	put_modules();
	put_domains(domain_count());
	commit();
	return true;
}

/*
 * The parts of a snapshot's member, in their order. Each does a bounded piece of its work and says
 * whether it is through.
 */

static bool put_in_order(void)
{
	return order_step();
}

static bool put_beginning(void)
{
	struct picture *snapshot = member.snapshot;
	size_t nodes = snapshot->nodes - trace.sure.nodes;

	begin_member(nodes * NODE_BYTES + (size_t)snapshot->site_count * SITE_BYTES);
	put_modules();
	put_modules_gone();
	put_domains(snapshot->domains);
	if (snapshot->epoch != trace.sure.epoch)
		snapshot->flags |= HEAPMARK_SNAPSHOT_PEAK_MOVED;
	trace.hoped.epoch = snapshot->epoch;
	trace.hoped.snapshots++;
	return true;
}

/* The module of each new node is looked up now and for good: a later library at the same address is
 * another one. Locked, since another thread may be giving nodes to a library that it closes. */
static void resolve_nodes(uint32_t from, uint32_t to)
{
	if (!tables_take())
		return;
	for (uint32_t id = from; id <= to; id++) {
		uint32_t call = nodes_call(id);
		struct call_place *place = calls_place(call);
		uint64_t pc = calls_get(call)->pc;

		if (load_relaxed(&place->resolved))
			continue;
		if (heapmark_is_address(pc))
			store_relaxed(&place->module, modules_find(pc));
		store_relaxed(&place->resolved, true);
	}
	tables_drop();
}

/* Modules that became known since the beginning go before the nodes in them. */
static bool put_nodes(void)
{
	uint32_t from = trace.hoped.nodes + 1, last = member.snapshot->nodes, next;

	if (from > last)
		return true;
	resolve_nodes(from, last - from < RECORDS_NODES ? last : from + RECORDS_NODES - 1);
	put_modules();
	next = records_nodes(from, last);
	trace.hoped.nodes = next - 1;
	return next > last;
}

static bool put_snapshot(void)
{
	records_snapshot(trace.hoped.snapshots, member.snapshot);
	return true;
}

static bool put_sites(void)
{
	if (member.done < member.snapshot->site_count)
		member.done = records_sites(member.snapshot, member.done);
	return member.done == member.snapshot->site_count;
}

static bool put_estimates(void)
{
	if (!member.snapshot->variances)
		return true;
	if (member.done < member.snapshot->site_count)
		member.done = records_estimates(member.snapshot, member.done);
	return member.done == member.snapshot->site_count;
}

static bool put_timeline(void)
{
	if (member.done < member.snapshot->point_count)
		member.done = records_points(member.snapshot, member.done);
	return member.done == member.snapshot->point_count;
}

static bool put_ending(void)
{
	records_rest(&member.snapshot->cost, &member.snapshot->walks);
	member.result = commit() ? trace.sure.snapshots : 0;
	return true;
}

static bool (*const parts[])(void) = {
	put_in_order, put_beginning, put_nodes,    put_snapshot,
	put_sites,    put_estimates, put_timeline, put_ending,
};
#define PARTS     (sizeof(parts) / sizeof(*parts))
#define BEGINNING 1

bool trace_begin(struct picture *snapshot)
{
	member.snapshot = snapshot;
	member.part = member.done = 0;
	member.result = 0;
	return (trace.open || trace_open()) && order_begin(snapshot);
}

bool trace_step(void)
{
	if (member.part > BEGINNING && sink_has_failed())
		member.part = PARTS - 1;
	if (parts[member.part]()) {
		member.part++;
		member.done = 0;
	}
	return member.part < PARTS;
}

uint32_t trace_result(void)
{
	return member.result;
}

void trace_write_end(enum heapmark_end how, int status, const struct cost *cost, struct walks walks)
{
	if (!trace.open)
		return;
	begin_member(0);
	records_rest(cost, &walks);
	records_end(how, status);
	trace.end_written = commit();
}

void trace_take_back_end(void)
{
	if (trace.open && trace.end_written)
		sink_take_back();
	trace.end_written = false;
}

void trace_child(void)
{
	sink_close(); /* our copy of the parent's descriptor */
	trace.open = false;
	trace.sure = (struct written)NOTHING_YET;
}
