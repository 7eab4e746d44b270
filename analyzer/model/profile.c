/* SPDX-License-Identifier: MIT */
/* The life of a profile and what follows from its data alone; see profile.h. */
#include "model/profile.h"

#include <stdlib.h>
#include <string.h>

#include "model/split.h"
#include "util/buffer.h"
#include "util/memory.h"

void profile_init(struct profile *profile)
{
	static const char *const fixed[] = {"malloc", "mmap", "arena"};

	*profile = (struct profile){.path = "", .node_count = 1, .module_count = 1};
	profile->process.executable = profile->process.directory = "";
	profile->machine.architecture = profile->machine.kernel = "";
	profile->machine.libc = profile->machine.heapmark_version = "";
	profile->site_count = 1;
	profile->modules = array_grow(NULL, 0, &profile->module_capacity, sizeof(struct module));
	profile->nodes = array_grow(NULL, 0, &profile->node_capacity, sizeof(struct node));
	profile->node_sites = xcalloc(profile->node_capacity, sizeof(uint32_t));
	profile->sites = array_grow(NULL, 0, &profile->site_capacity, sizeof(struct site));
	profile->modules[0] = (struct module){.path = "", .name = ""};
	profile->nodes[0] = (struct node){0, 0, 0};
	profile->sites[0] = (struct site){0};
	profile->domain_count = sizeof(fixed) / sizeof(*fixed);
	profile->domains = xcalloc(profile->domain_count, sizeof(struct domain));
	for (size_t i = 0; i < profile->domain_count; i++)
		profile->domains[i].name = fixed[i];
	profile->domains[HEAPMARK_DOMAIN_MMAP].kind = HEAPMARK_KIND_STORAGE;
	profile->domains[HEAPMARK_DOMAIN_ARENA].kind = HEAPMARK_KIND_STORAGE;
}

void profile_release(struct profile *profile)
{
	free(profile->arguments.items);
	free(profile->environment.items);
	free(profile->options);
	for (size_t i = 0; i < profile->module_count; i++)
		free((void *)profile->modules[i].build_id);
	free(profile->modules);
	free(profile->nodes);
	free(profile->node_sites);
	free(profile->domains);
	free(profile->sites);
	free(profile->snapshots);
	free(profile->timeline);
	free(profile->before);
	free(profile->chosen);
	symbols_release(&profile->symbols);
	free(profile->merged);
	strings_release(&profile->strings);
	*profile = (struct profile){.path = ""};
}

uint32_t profile_add_module(struct profile *profile, const struct module *module)
{
	uint8_t *build_id = xmalloc(module->build_id_bytes);

	if (module->build_id_bytes)
		memcpy(build_id, module->build_id, module->build_id_bytes);
	profile->modules = array_grow(profile->modules, profile->module_count,
				      &profile->module_capacity, sizeof(*module));
	profile->modules[profile->module_count] = *module;
	profile->modules[profile->module_count].build_id = build_id;
	return (uint32_t)profile->module_count++;
}

static struct site *add_site(struct profile *profile, uint32_t leaf, uint32_t domain)
{
	struct site *site;

	if (profile->site_count >= UINT32_MAX)
		die_oom();
	profile->sites = array_grow(profile->sites, profile->site_count, &profile->site_capacity,
				    sizeof(struct site));
	site = &profile->sites[profile->site_count];
	*site = (struct site){.node = split_stack(profile, leaf), .leaf = leaf, .domain = domain};
	site->next = profile->node_sites[leaf];
	site->peak_epoch = profile->peak_epoch;
	profile->node_sites[leaf] = (uint32_t)profile->site_count++;
	return site;
}

struct site *profile_find_site(struct profile *profile, uint32_t leaf, uint32_t domain)
{
	for (uint32_t i = profile->node_sites[leaf]; i; i = profile->sites[i].next)
		if (profile->sites[i].domain == domain)
			return &profile->sites[i];
	return NULL;
}

struct site *profile_site(struct profile *profile, uint32_t leaf, uint32_t domain)
{
	struct site *site = profile_find_site(profile, leaf, domain);

	return site ? site : add_site(profile, leaf, domain);
}

void profile_settle_peak(const struct profile *profile, struct site *site)
{
	if (site->peak_epoch == profile->peak_epoch)
		return;
	site->peak_epoch = profile->peak_epoch;
	site->now.peak_blocks = site->now.live_blocks;
	site->now.peak_bytes = site->now.live_bytes;
	site->peak_variance = site->live_variance;
}

void profile_choose_now(struct profile *profile)
{
	for (size_t i = 1; i < profile->site_count; i++) {
		profile->sites[i].chosen_blocks = profile->sites[i].now.live_blocks;
		profile->sites[i].chosen_bytes = profile->sites[i].now.live_bytes;
		profile->sites[i].chosen_variance = profile->sites[i].live_variance;
	}
}

static struct counters *counters_now(const struct profile *profile)
{
	struct counters *now = xcalloc(profile->site_count + 1, sizeof(*now));

	for (size_t i = 1; i < profile->site_count; i++)
		now[i] = profile->sites[i].now;
	return now;
}

void profile_choose_snapshot(struct profile *profile)
{
	profile_choose_now(profile);
	if (!profile->counts_to_moment)
		return;
	free(profile->chosen);
	profile->chosen = counters_now(profile);
	profile->chosen_count = profile->site_count;
}

void profile_choose_peak(struct profile *profile)
{
	for (size_t i = 1; i < profile->site_count; i++) {
		struct site *site = &profile->sites[i];

		profile_settle_peak(profile, site);
		site->chosen_blocks = site->now.peak_blocks;
		site->chosen_bytes = site->now.peak_bytes;
		site->chosen_variance = site->peak_variance;
	}
}

static void add_variances(struct profile *profile, const struct site *site)
{
	if (profile->domains[site->domain].kind != HEAPMARK_KIND_ASKED)
		return;
	profile->live_variance += (double)site->live_variance;
	profile->peak_variance += (double)site->peak_variance;
}

void profile_begin_window(struct profile *profile)
{
	free(profile->before);
	profile->before = counters_now(profile);
	profile->before_count = profile->site_count;
}

/* The counters that only grow go back to what they were at the chosen moment: nothing of a window
 * that begins later. */
static void go_back(const struct profile *profile, size_t index, struct counters *now)
{
	bool is_later =
		profile->window.has_since && profile->window.since > profile->moment.position;
	struct counters then = {0};

	if (is_later && index < profile->before_count)
		then = profile->before[index];
	else if (!is_later && index < profile->chosen_count)
		then = profile->chosen[index];
	now->allocations = then.allocations;
	now->allocated_bytes = then.allocated_bytes;
	now->frees = then.frees;
	now->reallocations = then.reallocations;
	now->temporary = then.temporary;
}

/* Unsigned: a hostile file may count backwards, and then gets what it asks for. */
static void take_off(struct counters *now, const struct counters *before)
{
	now->allocations -= before->allocations;
	now->allocated_bytes -= before->allocated_bytes;
	now->frees -= before->frees;
	now->reallocations -= before->reallocations;
	now->temporary -= before->temporary;
}

void profile_finish(struct profile *profile)
{
	for (size_t i = 1; profile->chosen && i < profile->site_count; i++)
		go_back(profile, i, &profile->sites[i].now);
	for (size_t i = 1; i < profile->before_count; i++)
		take_off(&profile->sites[i].now, &profile->before[i]);
	for (size_t i = 1; i < profile->site_count; i++) {
		struct site *site = &profile->sites[i];

		profile_settle_peak(profile, site);
		add_variances(profile, site);
	}
	if (profile->moment.kind == MOMENT_PEAK)
		profile_choose_peak(profile);
	if (profile->moment.kind == MOMENT_END)
		profile_choose_now(profile);
}

bool profile_is_sampled(const struct profile *profile)
{
	return profile->sample_bytes > 0;
}

bool profile_is_merged(const struct profile *profile)
{
	return profile->merged_count > 0;
}

bool profile_is_symbolized(const struct profile *profile)
{
	return profile->symbols.module_count > 0;
}

const struct snapshot *profile_last(const struct profile *profile)
{
	if (!profile->snapshot_count)
		return NULL;
	return &profile->snapshots[profile->snapshot_count - 1];
}

static uint64_t later(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

uint64_t profile_duration_ns(const struct profile *profile)
{
	const struct snapshot *last = profile_last(profile);
	uint64_t ns = last ? last->time_ns : 0;

	if (profile->timeline_count)
		ns = later(ns, profile->timeline[profile->timeline_count - 1].time_ns);
	return profile->end.seen ? later(ns, profile->end.time_ns) : ns;
}

uint64_t profile_wall_ns(const struct profile *profile, uint64_t ns)
{
	uint64_t start = profile->process.start_unix_ns;

	if (start > INT64_MAX || ns > INT64_MAX - start)
		return INT64_MAX;
	return start + ns;
}

uint64_t profile_shown_ns(const struct profile *profile)
{
	return profile->window.has_until ? profile_last(profile)->time_ns
					 : profile_duration_ns(profile);
}

bool profile_is_complete(const struct profile *profile)
{
	return profile->end.seen && !profile->is_cut;
}

const char *profile_program(const struct profile *profile)
{
	if (!*profile->process.executable && profile->arguments.count)
		return path_base(profile->arguments.items[0]);
	return path_base(profile->process.executable);
}
