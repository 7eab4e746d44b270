/* SPDX-License-Identifier: MIT */
/* `heapmark info --json`; see info.h. */
#include <stdlib.h>

#include "report/info.h"
#include "report/json_value.h"
#include "report/words.h"
#include "util/utf8.h"

static json_t *process(const struct profile *profile)
{
	const struct process *process = &profile->process;
	json_t *object = json_object();

	json_put(object, "pid", json_count(process->pid));
	json_put(object, "parent_pid", json_count(process->parent_pid));
	json_put(object, "origin", json_text(word_origin(process->origin)));
	json_put(object, "executable", json_text(process->executable));
	json_put(object, "directory", json_text(process->directory));
	json_put(object, "page_bytes", json_count(process->page_bytes));
	json_put(object, "session", json_count(process->session));
	return object;
}

static json_t *machine(const struct profile *profile)
{
	const struct machine *machine = &profile->machine;
	json_t *object = json_object();

	json_put(object, "architecture", json_text(machine->architecture));
	json_put(object, "kernel", json_text(machine->kernel));
	json_put(object, "libc", json_text(machine->libc));
	json_put(object, "processors", json_count(machine->processors));
	json_put(object, "memory_bytes", json_count(machine->memory_bytes));
	json_put(object, "heapmark_version", json_text(machine->heapmark_version));
	return object;
}

static json_t *options(const struct profile *profile)
{
	json_t *object = json_object();

	for (size_t i = 0; i < profile->option_count; i++) {
		char *name = utf8_clean(profile->options[i].name);

		json_put(object, name, json_text(profile->options[i].value));
		free(name);
	}
	return object;
}

static json_t *environment(const struct profile *profile)
{
	json_t *array = json_array();

	for (size_t i = 0; i < profile->environment.count; i++)
		json_array_append_new(array, json_text(profile->environment.items[i]));
	return array;
}

static json_t *cost(const struct profile *profile)
{
	const struct cost *cost = &profile->cost;
	json_t *object = json_object();

	json_put(object, "memory_bytes", json_count(cost->memory_bytes));
	json_put(object, "own_blocks", json_count(cost->own_blocks));
	json_put(object, "own_bytes", json_count(cost->own_bytes));
	json_put(object, "own_freed_blocks", json_count(cost->own_freed_blocks));
	json_put(object, "own_freed_bytes", json_count(cost->own_freed_bytes));
	json_put(object, "snapshots", json_count(cost->snapshots));
	json_put(object, "snapshot_s", json_seconds(cost->snapshot_ns));
	return object;
}

static json_t *walks(const struct profile *profile)
{
	const struct walks *walks = &profile->walks;
	json_t *object;

	if (!walks->seen)
		return json_null();
	object = json_object();
	json_put(object, "captured", json_count(walks->captured));
	json_put(object, "by_libunwind", json_count(walks->by_libunwind));
	json_put(object, "compared", json_count(walks->compared));
	json_put(object, "different", json_count(walks->different));
	return object;
}

static json_t *end(const struct profile *profile)
{
	json_t *object;

	if (!profile->end.seen)
		return json_null();
	object = json_object();
	json_put(object, "how", json_text(word_end(profile->end.how)));
	json_put(object, "status", json_count(profile->end.status));
	json_put(object, "time_s", json_seconds(profile->end.time_ns));
	return object;
}

static json_t *build_id(const struct module *module)
{
	char *text;
	json_t *value;

	if (!module->build_id_bytes)
		return json_null();
	text = hex_text(module->build_id, module->build_id_bytes);
	value = json_string(text);
	free(text);
	return value;
}

/* What the trace itself says of a module's addresses; null: nothing. */
static json_t *module_symbols(const struct profile *profile, size_t index)
{
	const struct module_symbols *known = symbols_module(&profile->symbols, (uint32_t)index);

	return known ? json_text(word_symbols(known->quality)) : json_null();
}

static json_t *symbols(const struct profile *profile)
{
	json_t *object;

	if (!profile_is_symbolized(profile))
		return json_null();
	object = json_object();
	json_put(object, "modules", json_count(symbols_module_count(&profile->symbols)));
	json_put(object, "addresses", json_count(symbols_count(&profile->symbols)));
	return object;
}

static json_t *module(const struct profile *profile, size_t index)
{
	const struct module *module = &profile->modules[index];
	json_t *object = json_object();

	json_put(object, "id", json_count(module->id));
	json_put(object, "path", json_text(module->path));
	json_put(object, "build_id", build_id(module));
	json_put(object, "bias", json_count(module->bias));
	json_put(object, "start", json_count(module->start));
	json_put(object, "bytes", json_count(module->bytes));
	json_put(object, "executable", json_boolean(module->flags & HEAPMARK_MODULE_EXECUTABLE));
	json_put(object, "heapmark", json_boolean(module->flags & HEAPMARK_MODULE_SHIM));
	json_put(object, "loaded_s", json_seconds(module->seen_ns));
	json_put(object, "unloaded_s",
		 module->gone_ns ? json_seconds(module->gone_ns) : json_null());
	json_put(object, "symbols", module_symbols(profile, index));
	return object;
}

static json_t *domain(const struct domain *domain)
{
	json_t *object = json_object();

	json_put(object, "name", json_text(domain->name));
	json_put(object, "kind", json_text(word_domain_kind(domain->kind)));
	return object;
}

static json_t *point(const struct timeline_point *point)
{
	json_t *object = json_object();

	json_put(object, "time_s", json_seconds(point->time_ns));
	json_put(object, "live_bytes", json_integer(point->live_bytes));
	json_put(object, "live_blocks", json_integer(point->live_blocks));
	json_put(object, "resident_bytes", json_integer(point->resident_bytes));
	return object;
}

static json_t *sizes(const struct profile *profile)
{
	json_t *object = json_object();

	json_put(object, "file_bytes", json_count(profile->file_bytes));
	json_put(object, "snapshots", json_count(profile->snapshot_count));
	json_put(object, "nodes", json_count(profile->node_count - 1));
	json_put(object, "sites", json_count(profile->site_count - 1));
	return object;
}

static json_t *merged(const struct merged_process *merged)
{
	json_t *object = json_object();

	json_put(object, "pid", json_count(merged->process.pid));
	json_put(object, "parent_pid", json_count(merged->process.parent_pid));
	json_put(object, "program", json_text(merged->process.executable));
	json_put(object, "start_time", json_date(merged->process.start_unix_ns));
	json_put(object, "duration_s", json_seconds(merged->duration_ns));
	json_put(object, "complete", json_boolean(merged->end.seen && !merged->is_cut));
	json_put(object, "how",
		 merged->end.seen ? json_text(word_end(merged->end.how)) : json_null());
	json_put(object, "status", merged->end.seen ? json_count(merged->end.status) : json_null());
	json_put(object, "peak_bytes", json_count(merged->peak_bytes));
	json_put(object, "peak_error_bytes", json_count(merged->peak_error_bytes));
	json_put(object, "live_bytes", json_count(merged->live_bytes));
	json_put(object, "allocations", json_count(merged->allocations));
	return object;
}

static void lists(struct json_out *json, const struct profile *profile)
{
	json_out_array(json, "processes");
	for (size_t i = 0; i < profile->merged_count; i++)
		json_out_element(json, merged(&profile->merged[i]));
	json_out_array(json, "domains");
	for (size_t i = 0; i < profile->domain_count; i++)
		if (profile->domains[i].name)
			json_out_element(json, domain(&profile->domains[i]));
	json_out_array(json, "modules");
	for (size_t i = 1; i < profile->module_count; i++)
		json_out_element(json, module(profile, i));
	json_out_array(json, "timeline");
	for (size_t i = 0; i < profile->timeline_count; i++)
		json_out_element(json, point(&profile->timeline[i]));
}

void info_json(struct out *out, const struct profile *profile)
{
	struct json_out json;

	json_out_begin(&json, out, "heapmark.info/1");
	json_out_member(&json, "trace", json_trace(profile));
	json_out_member(&json, "sampling", json_sampling(profile));
	json_out_member(&json, "process", process(profile));
	json_out_member(&json, "machine", machine(profile));
	json_out_member(&json, "options", options(profile));
	json_out_member(&json, "environment", environment(profile));
	json_out_member(&json, "totals", json_totals(profile));
	json_out_member(&json, "losses", json_losses(profile));
	json_out_member(&json, "cost", cost(profile));
	json_out_member(&json, "walks", walks(profile));
	json_out_member(&json, "end", end(profile));
	json_out_member(&json, "symbols", symbols(profile));
	json_out_member(&json, "consistent", json_boolean(!profile->mismatch_count));
	json_out_member(&json, "sizes", sizes(profile));
	lists(&json, profile);
	json_out_end(&json);
}
