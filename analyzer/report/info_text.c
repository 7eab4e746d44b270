/* SPDX-License-Identifier: MIT */
/* `heapmark info` as text; see info.h. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "model/split.h"
#include "report/info.h"
#include "report/losses.h"
#include "report/text_head.h"
#include "report/text_merged.h"
#include "report/words.h"
#include "util/human.h"

#define SHOWN_ID_BYTES 20

static void process(struct out *out, const struct profile *profile)
{
	const struct process *process = &profile->process;

	text_fact(out, "executable", "%s", process->executable);
	text_fact(out, "directory", "%s", process->directory);
	if (!profile_is_merged(profile))
		text_fact(out, "process", "%" PRIu64 ", parent %" PRIu64 ", %s", process->pid,
			  process->parent_pid, word_origin(process->origin));
	if (process->session)
		text_fact(out, "session", "%" PRIu64, process->session);
}

static void machine(struct out *out, const struct profile *profile)
{
	const struct machine *machine = &profile->machine;
	char memory[HUMAN_BYTES];

	text_fact(out, "machine", "%s, %" PRIu64 " processors, %s, kernel %s, %s",
		  machine->architecture, machine->processors,
		  human_size(memory, machine->memory_bytes), machine->kernel, machine->libc);
	text_fact(out, "recorded by", "heapmark %s", machine->heapmark_version);
	for (size_t i = 0; i < profile->option_count; i++)
		text_fact(out, i ? "" : "options", "%s=%s", profile->options[i].name,
			  profile->options[i].value);
	for (size_t i = 0; i < profile->environment.count; i++)
		text_fact(out, i ? "" : "environment", "%s", profile->environment.items[i]);
}

static void cost(struct out *out, const struct profile *profile)
{
	const struct cost *cost = &profile->cost;
	char memory[HUMAN_BYTES], time[HUMAN_BYTES], own[HUMAN_BYTES], blocks[HUMAN_BYTES];

	text_fact(out, "cost", "%s of address space; %s in snapshots; in the program's heap %s, %s",
		  human_size(memory, cost->memory_bytes), human_duration(time, cost->snapshot_ns),
		  human_items(blocks, cost->own_blocks, "block"), human_size(own, cost->own_bytes));
}

static void walks(struct out *out, const struct profile *profile)
{
	const struct walks *walks = &profile->walks;
	char count[HUMAN_BYTES], part[HUMAN_BYTES];

	if (!walks->seen)
		return;
	text_fact(out, "call stacks", "%s captured, %s of them finished by libunwind",
		  human_count(count, walks->captured), human_count(part, walks->by_libunwind));
	if (!walks->compared)
		return;
	human_count(count, walks->compared);
	if (walks->different)
		text_fact(out, "verified", "%s compared with libunwind's: %s differ", count,
			  human_count(part, walks->different));
	else
		text_fact(out, "verified", "%s compared with libunwind's: none differs", count);
}

static void symbols(struct out *out, const struct profile *profile)
{
	char addresses[HUMAN_BYTES], modules[HUMAN_BYTES];

	if (profile_is_symbolized(profile))
		text_fact(out, "symbolized", "holds the names of %s in %s",
			  human_items(addresses, symbols_count(&profile->symbols), "location"),
			  human_items(modules, symbols_module_count(&profile->symbols), "module"));
}

static void sizes(struct out *out, const struct profile *profile)
{
	char file[HUMAN_BYTES], snapshots[HUMAN_BYTES], frames[HUMAN_BYTES], sites[HUMAN_BYTES];

	text_fact(out, "trace", "%s; %s, %s, %s%s", human_size(file, profile->file_bytes),
		  human_items(snapshots, profile->snapshot_count, "snapshot"),
		  human_items(frames, split_frames(profile), "frame"),
		  human_items(sites, profile->site_count - 1, "site"),
		  profile->mismatch_count ? "; sums disagree" : "");
}

static void timeline(struct out *out, const struct profile *profile)
{
	const struct timeline_point *points = profile->timeline;
	char live[HUMAN_BYTES], resident[HUMAN_BYTES], count[HUMAN_BYTES];
	int64_t most_live = 0, most_resident = 0;

	if (!profile->timeline_count)
		return;
	for (size_t i = 0; i < profile->timeline_count; i++) {
		if (points[i].live_bytes > most_live)
			most_live = points[i].live_bytes;
		if (points[i].resident_bytes > most_resident)
			most_resident = points[i].resident_bytes;
	}
	text_fact(out, "timeline", "%s; at most %s live, %s resident",
		  human_items(count, profile->timeline_count, "point"),
		  human_size(live, (uint64_t)most_live),
		  human_size(resident, (uint64_t)most_resident));
}

static void domains(struct out *out, const struct profile *profile)
{
	for (size_t i = 0; i < profile->domain_count; i++) {
		const struct domain *domain = &profile->domains[i];

		if (domain->name)
			text_fact(out, i ? "" : "domains", "%s%s", domain->name,
				  domain->kind == HEAPMARK_KIND_ASKED ? ""
								      : " (not in the totals)");
	}
}

static void module(struct out *out, const struct module *module)
{
	size_t id_bytes = module->build_id_bytes;
	char *id =
		hex_text(module->build_id, id_bytes < SHOWN_ID_BYTES ? id_bytes : SHOWN_ID_BYTES);
	char when[HUMAN_BYTES];

	out_printf(out, "  %-40s  ", *id ? id : "no build-id");
	free(id);
	text_printable(out, *module->path ? module->path : "[no file]");
	if (module->flags & HEAPMARK_MODULE_EXECUTABLE)
		out_text(out, "  (the program)");
	if (module->flags & HEAPMARK_MODULE_SHIM)
		out_text(out, "  (heapmark)");
	if (module->gone_ns)
		out_printf(out, "  (unloaded at %s)", human_duration(when, module->gone_ns));
	out_text(out, "\n");
}

void info_text(struct out *out, const struct profile *profile)
{
	struct terminal terminal = terminal_of_stdout();

	text_head(out, &terminal, profile);
	process(out, profile);
	machine(out, profile);
	cost(out, profile);
	walks(out, profile);
	sizes(out, profile);
	symbols(out, profile);
	timeline(out, profile);
	domains(out, profile);
	if (profile_is_merged(profile))
		text_merged(out, profile);
	out_text(out, "\nmodules\n");
	for (size_t i = 1; i < profile->module_count; i++)
		module(out, &profile->modules[i]);
	out_text(out, "\n");
	losses_write(out, profile);
}
