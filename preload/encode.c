/* SPDX-License-Identifier: MIT */
/* Records, field by field; see encode.h and FORMAT.md. */
#include "encode.h"

#include <gnu/libc-version.h>
#include <string.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "capture/calls.h"
#include "capture/nodes.h"
#include "clock.h"
#include "config.h"
#include "lost.h"

static void string(struct writer *out, const char *text)
{
	writer_string(out, text, strlen(text));
}

static void difference(struct writer *out, uint64_t value, uint64_t base)
{
	writer_signed(out, (int64_t)(value - base));
}

void encode_process(struct writer *out, const struct facts *of)
{
	writer_varint(out, of->pid);
	writer_varint(out, of->parent_pid);
	writer_varint(out, of->origin);
	writer_varint(out, of->start_unix_ns);
	writer_varint(out, (uint64_t)sysconf(_SC_PAGESIZE));
	writer_varint(out, config.session);
	string(out, of->executable);
	string(out, of->directory);
}

void encode_machine(struct writer *out)
{
	struct utsname name;
	struct sysinfo memory;
	char libc[64] = "glibc ";

	if (uname(&name) != 0)
		memset(&name, 0, sizeof(name));
	if (sysinfo(&memory) != 0)
		memset(&memory, 0, sizeof(memory));
	strncat(libc, gnu_get_libc_version(), sizeof(libc) - sizeof("glibc "));
	string(out, name.machine);
	string(out, name.release);
	string(out, libc);
	writer_varint(out, (uint64_t)sysconf(_SC_NPROCESSORS_ONLN));
	writer_varint(out, (uint64_t)memory.totalram * memory.mem_unit);
	string(out, HEAPMARK_VERSION);
}

void encode_option(struct writer *out, const char *name, const char *value)
{
	string(out, name);
	string(out, value);
}

void encode_module(struct writer *out, uint32_t id, const struct module *module)
{
	writer_varint(out, id);
	writer_varint(out, module->flags);
	writer_varint(out, module->bias);
	writer_varint(out, module->start);
	writer_varint(out, module->end - module->start);
	writer_varint(out, module->seen_ns);
	writer_string(out, module->build_id, module->build_id_bytes);
	string(out, module->path);
}

void encode_module_gone(struct writer *out, uint32_t id, const struct module *module)
{
	writer_varint(out, id);
	writer_varint(out, module->gone_ns);
}

void encode_domain(struct writer *out, uint32_t id, bool asked, const char *name)
{
	writer_varint(out, id);
	writer_varint(out, asked ? HEAPMARK_KIND_ASKED : HEAPMARK_KIND_STORAGE);
	string(out, name);
}

uint64_t encode_node(struct writer *out, uint32_t id, uint64_t previous)
{
	uint32_t call = nodes_call(id);
	uint32_t module = load_relaxed(&calls_place(call)->module);
	uint64_t offset = calls_get(call)->pc - (module ? modules_get(module)->bias : 0);

	writer_varint(out, id - nodes_parent(id));
	writer_varint(out, module);
	difference(out, offset, previous);
	return offset;
}

void encode_snapshot(struct writer *out, uint32_t number, const struct picture *snapshot)
{
	const struct totals *sum = &snapshot->totals;

	writer_varint(out, number);
	writer_varint(out, snapshot->time_ns);
	writer_varint(out, snapshot->reason);
	writer_varint(out, snapshot->flags);
	writer_string(out, snapshot->label, snapshot->label_bytes);
	writer_varint(out, sum->allocations);
	writer_varint(out, sum->allocated_bytes);
	writer_varint(out, sum->frees);
	writer_varint(out, sum->reallocations);
	writer_varint(out, sum->temporary);
	writer_varint(out, sum->live_blocks);
	writer_varint(out, sum->live_bytes);
	writer_varint(out, sum->peak_blocks);
	writer_varint(out, sum->peak_bytes);
	writer_varint(out, sum->peak_time_ns);
	writer_varint(out, sum->peak_error_bytes);
	writer_varint(out, snapshot->threads);
	writer_varint(out, snapshot->resident_bytes);
}

static uint64_t larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

uint32_t encode_site(struct writer *out, const struct site_values *site, uint32_t previous_node)
{
	writer_varint(out, site->node - previous_node);
	writer_varint(out, site->domain);
	writer_varint(out, site->allocations);
	writer_varint(out, site->allocated_bytes);
	difference(out, site->allocations, site->frees + site->live_blocks);
	writer_varint(out, site->reallocations);
	writer_varint(out, site->temporary);
	writer_varint(out, site->live_blocks);
	writer_varint(out, site->live_bytes);
	difference(out, site->peak_blocks, site->live_blocks);
	difference(out, site->peak_bytes, site->live_bytes);
	writer_varint(out, site->max_bytes - larger(site->live_bytes, site->peak_bytes));
	return site->node;
}

void encode_point(struct writer *out, const struct point *point, const struct point *previous)
{
	writer_varint(out, point->time_ns - previous->time_ns);
	difference(out, point->live_bytes, previous->live_bytes);
	difference(out, point->live_blocks, previous->live_blocks);
	difference(out, point->resident_bytes, previous->resident_bytes);
}

void encode_losses(struct writer *out)
{
	uint64_t count = 0;

	for (unsigned reason = 0; reason < HEAPMARK_LOSS_LIMIT; reason++)
		count += lost_count(reason) > 0;
	writer_varint(out, count);
	for (unsigned reason = 0; reason < HEAPMARK_LOSS_LIMIT && count > 0; reason++) {
		if (!lost_count(reason))
			continue;
		writer_varint(out, reason);
		writer_varint(out, lost_count(reason));
		count--;
	}
	for (; count > 0; count--) { /* cannot be: counters only grow. Keep the record whole. */
		writer_varint(out, 0);
		writer_varint(out, 0);
	}
}

void encode_cost(struct writer *out, const struct cost *cost)
{
	writer_varint(out, cost->memory_bytes);
	writer_varint(out, cost->own.allocations);
	writer_varint(out, cost->own.allocated_bytes);
	writer_varint(out, cost->snapshots);
	writer_varint(out, cost->snapshots_ns);
	writer_varint(out, cost->own.frees);
	writer_varint(out, cost->own.freed_bytes);
}

void encode_sampling(struct writer *out, uint64_t mean_bytes)
{
	writer_varint(out, mean_bytes);
}

uint32_t encode_estimate(struct writer *out, uint32_t node, uint32_t domain, uint64_t live_variance,
			 uint64_t peak_variance, uint32_t previous_node)
{
	writer_varint(out, node - previous_node);
	writer_varint(out, domain);
	writer_varint(out, live_variance);
	writer_varint(out, peak_variance);
	return node;
}

void encode_walks(struct writer *out, const struct walks *walks)
{
	writer_varint(out, walks->captured);
	writer_varint(out, walks->by_libunwind);
	writer_varint(out, walks->compared);
	writer_varint(out, walks->different);
}

void encode_regions(struct writer *out, const struct regions *regions)
{
	writer_varint(out, HEAPMARK_REGION_LIMIT - 1);
	for (unsigned kind = 1; kind < HEAPMARK_REGION_LIMIT; kind++) {
		writer_varint(out, kind);
		writer_varint(out, regions->sums[kind].bytes);
		writer_varint(out, regions->sums[kind].resident_bytes);
	}
}

void encode_end(struct writer *out, enum heapmark_end how, int status)
{
	writer_varint(out, clock_exact_elapsed_ns());
	writer_varint(out, how);
	writer_varint(out, (uint64_t)(unsigned)status);
}
