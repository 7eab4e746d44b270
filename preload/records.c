/* SPDX-License-Identifier: MIT */
/* Payloads, and handing them to the sink; see records.h. */
#include "records.h"

#include <string.h>

#include "config.h"
#include "domains.h"
#include "facts.h"
#include "mem.h"
#include "order.h"
#include "sample.h"
#include "sink.h"
#include "sites.h"

#define AHEAD 8 /* sites: they come in the order of their nodes, which is none in memory */

static uint8_t *payload;

bool records_start(void)
{
	if (!payload)
		payload = mem_take(RECORDS_BYTES);
	return payload != NULL;
}

static struct writer begin(void)
{
	return (struct writer){payload, payload + RECORDS_BYTES, false};
}

/* A payload that does not fit (an absurdly long argument) is left out. */
static void put(enum heapmark_record type, const struct writer *out)
{
	if (!out->bad)
		sink_record(type, payload, (size_t)(out->at - payload));
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

void records_head(void)
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
		put_string(HEAPMARK_REC_ENVIRONMENT, *at);
	out = begin();
	encode_machine(&out);
	put(HEAPMARK_REC_MACHINE, &out);
	put_options();
	if (!sample_mean)
		return;
	out = begin();
	encode_sampling(&out, sample_mean);
	put(HEAPMARK_REC_SAMPLING, &out);
}

void records_modules(uint32_t from, uint32_t to)
{
	for (uint32_t id = from; id <= to; id++) {
		struct writer out = begin();

		encode_module(&out, id, modules_get(id));
		put(HEAPMARK_REC_MODULE, &out);
	}
}

void records_modules_gone(uint32_t last, uint32_t known, uint32_t round)
{
	for (uint32_t id = 1; id <= last; id++) {
		const struct module *module = modules_get(id);
		struct writer out = begin();

		if (module->gone_round <= known || module->gone_round > round)
			continue;
		encode_module_gone(&out, id, module);
		put(HEAPMARK_REC_MODULE_GONE, &out);
	}
}

void records_domains(uint32_t from, uint32_t to)
{
	for (uint32_t id = from; id <= to; id++) {
		struct writer out = begin();

		if (!domain_name(id)[0])
			continue;
		encode_domain(&out, id, domain_is_asked(id), domain_name(id));
		put(HEAPMARK_REC_DOMAIN, &out);
	}
}

static uint32_t at_most(uint32_t count, uint32_t limit)
{
	return count < limit ? count : limit;
}

uint32_t records_nodes(uint32_t from, uint32_t to)
{
	uint32_t count = at_most(to - from + 1, RECORDS_NODES);
	struct writer out = begin();
	uint64_t previous = 0;

	writer_varint(&out, from);
	writer_varint(&out, count);
	for (uint32_t id = from; id < from + count; id++)
		previous = encode_node(&out, id, previous);
	put(HEAPMARK_REC_NODES, &out);
	return from + count;
}

uint32_t records_sites(const struct picture *snapshot, uint32_t from)
{
	uint32_t count = at_most(snapshot->site_count - from, RECORDS_SITES), previous = 0;
	struct writer out = begin();

	writer_varint(&out, count);
	for (uint32_t at = from; at < from + count; at++) {
		if (at + AHEAD < from + count)
			__builtin_prefetch(order_site(at + AHEAD));
		previous = encode_site(&out, order_site(at), previous);
	}
	put(HEAPMARK_REC_SITES, &out);
	return from + count;
}

uint32_t records_estimates(const struct picture *snapshot, uint32_t from)
{
	uint32_t count = at_most(snapshot->site_count - from, RECORDS_ESTIMATES), previous = 0;
	struct writer out = begin();

	writer_varint(&out, count);
	for (uint32_t at = from; at < from + count; at++) {
		const struct site_values *site = order_site(at);
		const struct site_variance *variance = &snapshot->variances[order_index(at)];

		previous = encode_estimate(&out, site->node, site->domain, variance->live,
					   variance->peak, previous);
	}
	put(HEAPMARK_REC_ESTIMATES, &out);
	return from + count;
}

uint32_t records_points(const struct picture *snapshot, uint32_t from)
{
	uint32_t count = at_most(snapshot->point_count - from, RECORDS_POINTS);
	struct point previous = {0, 0, 0, 0};
	struct writer out = begin();

	writer_varint(&out, count);
	for (uint32_t at = from; at < from + count; at++) {
		encode_point(&out, &snapshot->points[at], &previous);
		previous = snapshot->points[at];
	}
	put(HEAPMARK_REC_TIMELINE, &out);
	return from + count;
}

void records_snapshot(uint32_t number, const struct picture *snapshot)
{
	struct writer out = begin();

	encode_snapshot(&out, number, snapshot);
	put(HEAPMARK_REC_SNAPSHOT, &out);
	if (!snapshot->regions.known)
		return;
	out = begin();
	encode_regions(&out, &snapshot->regions);
	put(HEAPMARK_REC_REGIONS, &out);
}

void records_rest(const struct cost *cost, const struct walks *walks)
{
	struct writer out = begin();

	encode_losses(&out);
	put(HEAPMARK_REC_LOSSES, &out);
	out = begin();
	encode_cost(&out, cost);
	put(HEAPMARK_REC_COST, &out);
	out = begin();
	encode_walks(&out, walks);
	put(HEAPMARK_REC_WALKS, &out);
}

void records_end(enum heapmark_end how, int status)
{
	struct writer out = begin();

	encode_end(&out, how, status);
	put(HEAPMARK_REC_END, &out);
}
