/* SPDX-License-Identifier: MIT */
/* Writing members: the head, a snapshot with all that it refers to, the end; see trace.h. */
#include "trace.h"

#include <string.h>

#include "config.h"
#include "domains.h"
#include "encode.h"
#include "facts.h"
#include "log.h"
#include "mem.h"
#include "modules.h"
#include "output.h"
#include "sink.h"
#include "sites.h"
#include "tables.h"

/* About what one takes in a trace. */
#define NODE_BYTES 5
#define SITE_BYTES 20

#define PAYLOAD_BYTES     (32u << 10)
#define NODES_PER_RECORD  (PAYLOAD_BYTES / ENCODE_NODE_MAX - 2)
#define SITES_PER_RECORD  (PAYLOAD_BYTES / ENCODE_SITE_MAX - 2)
#define POINTS_PER_RECORD (PAYLOAD_BYTES / ENCODE_POINT_MAX - 2)

/* What the file holds, or will once the current member is committed. */
struct written {
	bool head;
	uint32_t modules, gone_round, domains, nodes, epoch, snapshots;
};

static struct {
	bool open;
	bool end_written; /* as the last member */
	struct written sure, hoped;
	uint8_t *payload;
} trace;

static struct writer begin(void)
{
	return (struct writer){trace.payload, trace.payload + PAYLOAD_BYTES, false};
}

/* A payload that does not fit (an absurdly long argument) is left out. */
static void put(enum heapmark_record type, const struct writer *out)
{
	if (!out->bad)
		sink_record(type, trace.payload, (size_t)(out->at - trace.payload));
}

static void put_string(enum heapmark_record type, const char *string)
{
	struct writer out = begin();

	writer_string(&out, string, strlen(string));
	put(type, &out);
}

static void put_options(void)
{
	static char value[4096]; /* one caller at a time, and stacks may be small */
	const char *name;

	for (size_t i = 0; config_describe(i, &name, value, sizeof(value)); i++) {
		struct writer out = begin();

		encode_option(&out, name, value);
		put(HEAPMARK_REC_OPTION, &out);
	}
}

static void put_head(void)
{
	static const uint8_t version[] = {HEAPMARK_MAJOR, HEAPMARK_MINOR};
	struct writer out = begin();

	sink_bytes(HEAPMARK_MAGIC, HEAPMARK_MAGIC_BYTES);
	sink_bytes(version, sizeof(version));
	encode_process(&out, &facts);
	put(HEAPMARK_REC_PROCESS, &out);
	for (char **at = facts.arguments; at && *at; at++)
		put_string(HEAPMARK_REC_ARGUMENT, *at);
	for (char **at = facts.environment; at && *at; at++)
		if (encode_environment_matters(*at))
			put_string(HEAPMARK_REC_ENVIRONMENT, *at);
	out = begin();
	encode_machine(&out);
	put(HEAPMARK_REC_MACHINE, &out);
	put_options();
}

static void put_modules(void)
{
	uint32_t count = modules_count(), round = modules_round();

	for (uint32_t id = trace.sure.modules + 1; id <= count; id++) {
		struct writer out = begin();

		encode_module(&out, id, modules_get(id));
		put(HEAPMARK_REC_MODULE, &out);
	}
	for (uint32_t id = 1; id <= count; id++) {
		const struct module *module = modules_get(id);
		struct writer out = begin();

		if (module->gone_round <= trace.sure.gone_round || module->gone_round > round)
			continue;
		encode_module_gone(&out, id, module);
		put(HEAPMARK_REC_MODULE_GONE, &out);
	}
	trace.hoped.modules = count;
	trace.hoped.gone_round = round;
}

static void put_domains(uint32_t count)
{
	for (uint32_t id = trace.sure.domains; id < count; id++) {
		struct writer out = begin();

		if (!domain_name(id)[0])
			continue;
		encode_domain(&out, id, domain_is_asked(id), domain_name(id));
		put(HEAPMARK_REC_DOMAIN, &out);
	}
	trace.hoped.domains = count;
}

/* The module of each new node is looked up now and for good: a later library at the same address is
 * another one. Locked, since another thread may be giving nodes to a library that it closes. */
static void resolve_nodes(uint32_t last)
{
	if (!tables_take())
		return;
	for (uint32_t id = trace.sure.nodes + 1; id <= last; id++) {
		struct node *node = sites_node(id);

		if (node->resolved)
			continue;
		node->module = node->pc < HEAPMARK_MARKER_LIMIT ? 0 : modules_find(node->pc);
		node->resolved = true;
	}
	tables_drop();
}

static void put_nodes(uint32_t last)
{
	uint32_t id = trace.sure.nodes + 1;

	while (id <= last) {
		uint32_t count = last - id + 1;
		uint64_t previous = 0;
		struct writer out = begin();

		if (count > NODES_PER_RECORD)
			count = NODES_PER_RECORD;
		writer_varint(&out, id);
		writer_varint(&out, count);
		for (uint32_t end = id + count; id < end; id++)
			previous = encode_node(&out, id, sites_node(id), previous);
		put(HEAPMARK_REC_NODES, &out);
	}
	trace.hoped.nodes = last;
}

static void put_sites(const struct picture *snapshot)
{
	uint32_t done = 0;

	while (done < snapshot->site_count) {
		uint32_t count = snapshot->site_count - done, previous = 0;
		struct writer out = begin();

		if (count > SITES_PER_RECORD)
			count = SITES_PER_RECORD;
		writer_varint(&out, count);
		for (uint32_t end = done + count; done < end; done++)
			previous = encode_site(&out, &snapshot->sites[done], previous);
		put(HEAPMARK_REC_SITES, &out);
	}
}

static void put_timeline(const struct picture *snapshot)
{
	uint32_t done = 0;

	while (done < snapshot->point_count) {
		uint32_t count = snapshot->point_count - done;
		struct point previous = {0, 0, 0, 0};
		struct writer out = begin();

		if (count > POINTS_PER_RECORD)
			count = POINTS_PER_RECORD;
		writer_varint(&out, count);
		for (uint32_t end = done + count; done < end; done++) {
			encode_point(&out, &snapshot->points[done], &previous);
			previous = snapshot->points[done];
		}
		put(HEAPMARK_REC_TIMELINE, &out);
	}
}

static void put_rest(const struct cost *cost)
{
	struct writer out = begin();

	encode_losses(&out);
	put(HEAPMARK_REC_LOSSES, &out);
	out = begin();
	encode_cost(&out, cost);
	put(HEAPMARK_REC_COST, &out);
}

static void begin_member(size_t expected)
{
	trace.hoped = trace.sure;
	sink_begin(expected);
	if (!trace.sure.head)
		put_head();
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
	if (!trace.payload)
		trace.payload = mem_take(PAYLOAD_BYTES);
	if (!trace.payload || !sink_start(&output)) {
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

uint32_t trace_write(struct picture *snapshot)
{
	struct writer out;

	if (!trace.open && !trace_open())
		return 0;
	resolve_nodes(snapshot->nodes); /* before the modules are counted */
	begin_member((size_t)(snapshot->nodes - trace.sure.nodes) * NODE_BYTES +
		     (size_t)snapshot->site_count * SITE_BYTES);
	put_modules();
	put_domains(snapshot->domains);
	put_nodes(snapshot->nodes);
	if (snapshot->epoch != trace.sure.epoch)
		snapshot->flags |= HEAPMARK_SNAPSHOT_PEAK_MOVED;
	trace.hoped.epoch = snapshot->epoch;
	trace.hoped.snapshots++;
	out = begin();
	encode_snapshot(&out, trace.hoped.snapshots, snapshot);
	put(HEAPMARK_REC_SNAPSHOT, &out);
	put_sites(snapshot);
	put_timeline(snapshot);
	put_rest(&snapshot->cost);
	return commit() ? trace.sure.snapshots : 0;
}

void trace_write_end(enum heapmark_end how, int status, const struct cost *cost)
{
	struct writer out;

	if (!trace.open)
		return;
	begin_member(0);
	put_rest(cost);
	out = begin();
	encode_end(&out, how, status);
	put(HEAPMARK_REC_END, &out);
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
	trace.sure = (struct written){0};
}
