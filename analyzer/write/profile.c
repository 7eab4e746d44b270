/* SPDX-License-Identifier: MIT */
/* Records of a whole profile; see profile.h and FORMAT.md, whose order this follows. */
#include "write/profile.h"

#include "write/snapshot.h"
#include "write/symbols.h"

#define NODES_A_RECORD 65536

static void write_process(struct records *records, const struct profile *profile)
{
	const struct process *process = &profile->process;

	record_begin(records, HEAPMARK_REC_PROCESS);
	record_number(records, process->pid);
	record_number(records, process->parent_pid);
	record_number(records, process->origin);
	record_number(records, process->start_unix_ns);
	record_number(records, process->page_bytes);
	record_number(records, process->session);
	record_text(records, process->executable);
	record_text(records, process->directory);
	record_end(records);
}

static void write_texts(struct records *records, unsigned type, const struct text_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		record_begin(records, type);
		record_text(records, list->items[i]);
		record_end(records);
	}
}

static void write_machine(struct records *records, const struct profile *profile)
{
	const struct machine *machine = &profile->machine;

	record_begin(records, HEAPMARK_REC_MACHINE);
	record_text(records, machine->architecture);
	record_text(records, machine->kernel);
	record_text(records, machine->libc);
	record_number(records, machine->processors);
	record_number(records, machine->memory_bytes);
	record_text(records, machine->heapmark_version);
	record_end(records);
	for (size_t i = 0; i < profile->option_count; i++) {
		record_begin(records, HEAPMARK_REC_OPTION);
		record_text(records, profile->options[i].name);
		record_text(records, profile->options[i].value);
		record_end(records);
	}
	if (profile_is_sampled(profile)) {
		record_begin(records, HEAPMARK_REC_SAMPLING);
		record_number(records, profile->sample_bytes);
		record_end(records);
	}
}

static void write_merged(struct records *records, const struct profile *profile)
{
	for (size_t i = 0; i < profile->merged_count; i++) {
		const struct merged_process *merged = &profile->merged[i];

		record_begin(records, HEAPMARK_REC_MERGED);
		record_number(records, merged->process.pid);
		record_number(records, merged->process.parent_pid);
		record_number(records, merged->process.origin);
		record_number(records, merged->process.start_unix_ns);
		record_number(records, merged->process.session);
		record_number(records, merged->duration_ns);
		record_number(records, merged->end.seen ? merged->end.how : 0);
		record_number(records, merged->end.seen ? merged->end.status : 0);
		record_number(records, merged->is_cut ? HEAPMARK_MERGED_CUT : 0);
		record_number(records, merged->peak_bytes);
		record_number(records, merged->peak_error_bytes);
		record_number(records, merged->live_bytes);
		record_number(records, merged->allocations);
		record_text(records, merged->process.executable);
		record_end(records);
	}
}

static void write_modules(struct records *records, const struct profile *profile)
{
	for (size_t i = 1; i < profile->module_count; i++) {
		const struct module *module = &profile->modules[i];

		record_begin(records, HEAPMARK_REC_MODULE);
		record_number(records, i);
		record_number(records, module->flags);
		record_number(records, module->bias);
		record_number(records, module->start);
		record_number(records, module->bytes);
		record_number(records, module->seen_ns);
		record_bytes(records, module->build_id, module->build_id_bytes);
		record_text(records, module->path);
		record_end(records);
	}
}

static void write_nodes(struct records *records, const struct profile *profile, size_t first,
			size_t count)
{
	uint64_t offset = 0;

	record_begin(records, HEAPMARK_REC_NODES);
	record_number(records, first);
	record_number(records, count);
	for (size_t i = first; i < first + count; i++) {
		const struct node *node = &profile->nodes[i];

		record_number(records, i - node->parent);
		record_number(records, node->module);
		record_signed(records, (int64_t)(node->offset - offset));
		offset = node->offset;
	}
	record_end(records);
	records_flush_if_large(records);
}

static void write_tree(struct records *records, const struct profile *profile)
{
	for (size_t first = 1; first < profile->node_count; first += NODES_A_RECORD) {
		size_t left = profile->node_count - first;

		write_nodes(records, profile, first, left < NODES_A_RECORD ? left : NODES_A_RECORD);
	}
}

static void write_domains(struct records *records, const struct profile *profile)
{
	for (size_t i = 0; i < profile->domain_count; i++) {
		if (!profile->domains[i].name)
			continue;
		record_begin(records, HEAPMARK_REC_DOMAIN);
		record_number(records, i);
		record_number(records, profile->domains[i].kind);
		record_text(records, profile->domains[i].name);
		record_end(records);
	}
}

static void write_timeline(struct records *records, const struct profile *profile)
{
	struct timeline_point last = {0};

	record_begin(records, HEAPMARK_REC_TIMELINE);
	record_number(records, profile->timeline_count);
	for (size_t i = 0; i < profile->timeline_count; i++) {
		const struct timeline_point *point = &profile->timeline[i];

		record_number(records, point->time_ns - last.time_ns);
		record_signed(records,
			      (int64_t)((uint64_t)point->live_bytes - (uint64_t)last.live_bytes));
		record_signed(records,
			      (int64_t)((uint64_t)point->live_blocks - (uint64_t)last.live_blocks));
		record_signed(records, (int64_t)((uint64_t)point->resident_bytes -
						 (uint64_t)last.resident_bytes));
		last = *point;
	}
	record_end(records);
}

static void write_losses(struct records *records, const struct profile *profile)
{
	size_t count = 0;

	for (unsigned i = 0; i < HEAPMARK_LOSS_LIMIT; i++)
		count += profile->losses[i] ? 1 : 0;
	record_begin(records, HEAPMARK_REC_LOSSES);
	record_number(records, count);
	for (unsigned i = 0; i < HEAPMARK_LOSS_LIMIT; i++) {
		if (!profile->losses[i])
			continue;
		/* What this version does not know has no number of its own here. */
		record_number(records, i ? i : HEAPMARK_LOSS_LIMIT);
		record_number(records, profile->losses[i]);
	}
	record_end(records);
}

static void write_cost(struct records *records, const struct profile *profile)
{
	const struct cost *cost = &profile->cost;
	const struct walks *walks = &profile->walks;

	record_begin(records, HEAPMARK_REC_COST);
	record_number(records, cost->memory_bytes);
	record_number(records, cost->own_blocks);
	record_number(records, cost->own_bytes);
	record_number(records, cost->snapshots);
	record_number(records, cost->snapshot_ns);
	record_number(records, cost->own_freed_blocks);
	record_number(records, cost->own_freed_bytes);
	record_end(records);
	if (!walks->seen)
		return;
	record_begin(records, HEAPMARK_REC_WALKS);
	record_number(records, walks->captured);
	record_number(records, walks->by_libunwind);
	record_number(records, walks->compared);
	record_number(records, walks->different);
	record_end(records);
}

static void write_end(struct records *records, const struct profile *profile)
{
	if (!profile->end.seen)
		return;
	record_begin(records, HEAPMARK_REC_END);
	record_number(records, profile->end.time_ns);
	record_number(records, profile->end.how);
	record_number(records, profile->end.status);
	record_end(records);
}

void profile_write(struct records *records, const struct profile *profile)
{
	records_begin_stream(records);
	write_process(records, profile);
	write_texts(records, HEAPMARK_REC_ARGUMENT, &profile->arguments);
	write_texts(records, HEAPMARK_REC_ENVIRONMENT, &profile->environment);
	write_machine(records, profile);
	write_merged(records, profile);
	write_modules(records, profile);
	write_tree(records, profile);
	write_domains(records, profile);
	snapshot_write(records, profile);
	write_timeline(records, profile);
	write_losses(records, profile);
	write_cost(records, profile);
	write_end(records, profile);
	records_flush(records);
	symbols_write(records, profile, &profile->symbols);
	records_flush(records);
}

void profile_write_names(struct records *records, const struct profile *profile)
{
	records_begin_stream(records);
	write_process(records, profile);
	write_machine(records, profile);
	write_modules(records, profile);
	symbols_write(records, profile, &profile->symbols);
	records_flush(records);
}
