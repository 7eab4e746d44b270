/* SPDX-License-Identifier: MIT */
/* Modules, call stacks and their numbers; see merge.h. What describes the processes: merge_facts.c.
 */
#include "model/merge.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "model/merge_facts.h"
#include "util/buffer.h"
#include "util/hash.h"

struct merge_module {
	uint32_t index;
	UT_hash_handle hh;
	char key[]; /* the path with its NUL, and the build-id */
};

/* What the numbers in a profile are in the result. */
struct numbers {
	uint32_t *modules, *nodes, *domains;
};

void merge_init(struct merge *merge)
{
	*merge = (struct merge){.is_first = true, .has_end = true};
	profile_init(&merge->result);
}

void merge_release(struct merge *merge)
{
	struct merge_module *module, *next;

	HASH_ITER (hh, merge->modules, module, next) {
		HASH_DEL(merge->modules, module);
		free(module);
	}
	pairs_release(&merge->offsets);
	pairs_release(&merge->locations);
	pairs_release(&merge->tree);
	instants_release(&merge->instants);
	free(merge->sources.items);
	profile_release(&merge->result);
}

static uint64_t same_or_none(uint64_t a, uint64_t b)
{
	return a == b ? a : 0;
}

/* A module that was there already, as another process had it. */
static void unite_modules(struct module *module, const struct module *other)
{
	module->flags |= other->flags;
	module->bias = same_or_none(module->bias, other->bias);
	module->start = same_or_none(module->start, other->start);
	module->bytes = module->bytes > other->bytes ? module->bytes : other->bytes;
	module->seen_ns = same_or_none(module->seen_ns, other->seen_ns);
	module->gone_ns = 0;
}

static uint32_t append_module(struct profile *result, const struct module *module)
{
	struct module added = *module;

	added.id = result->module_count;
	added.gone_ns = 0;
	added.path = strings_text(&result->strings, module->path);
	added.name = path_base(added.path);
	return profile_add_module(result, &added);
}

static uint32_t merged_module(struct merge *merge, const struct module *module)
{
	size_t path_bytes = strlen(module->path) + 1;
	size_t bytes = path_bytes + module->build_id_bytes;
	struct merge_module *entry = xmalloc(sizeof(*entry) + bytes), *known;

	memcpy(entry->key, module->path, path_bytes);
	if (module->build_id_bytes)
		memcpy(entry->key + path_bytes, module->build_id, module->build_id_bytes);
	HASH_FIND(hh, merge->modules, entry->key, bytes, known);
	if (known) {
		free(entry);
		unite_modules(&merge->result.modules[known->index], module);
		return known->index;
	}
	entry->index = append_module(&merge->result, module);
	HASH_ADD_KEYPTR(hh, merge->modules, entry->key, bytes, entry);
	return entry->index;
}

/* By name and kind. 0 (malloc, which all have) if there are too many. */
static uint32_t merged_domain(struct profile *result, const struct domain *domain)
{
	for (size_t i = 0; i < result->domain_count; i++)
		if (result->domains[i].kind == domain->kind &&
		    strcmp(result->domains[i].name, domain->name) == 0)
			return (uint32_t)i;
	if (result->domain_count >= HEAPMARK_DOMAIN_LIMIT)
		return 0;
	result->domains =
		xreallocarray(result->domains, result->domain_count + 1, sizeof(*result->domains));
	result->domains[result->domain_count] =
		(struct domain){strings_text(&result->strings, domain->name), domain->kind};
	return (uint32_t)result->domain_count++;
}

static uint32_t merged_node(struct merge *merge, uint32_t parent, uint32_t module, uint64_t offset)
{
	struct profile *result = &merge->result;
	uint32_t number = pairs_number(&merge->offsets, (uint32_t)(offset >> 32), (uint32_t)offset);
	uint32_t location = pairs_number(&merge->locations, module, number);
	uint32_t node = pairs_number(&merge->tree, parent, location);
	size_t before = result->node_capacity;

	if (node < result->node_count)
		return node;
	result->nodes = array_grow(result->nodes, result->node_count, &result->node_capacity,
				   sizeof(*result->nodes));
	if (result->node_capacity != before)
		result->node_sites = xreallocarray(result->node_sites, result->node_capacity,
						   sizeof(*result->node_sites));
	result->nodes[node] = (struct node){offset, parent, module};
	result->node_sites[node] = 0;
	result->node_count++;
	return node;
}

static int number_domains(struct merge *merge, const struct profile *profile, uint32_t *domains,
			  struct error *err)
{
	for (size_t i = 0; i < profile->domain_count; i++) {
		if (!profile->domains[i].name)
			continue;
		domains[i] = merged_domain(&merge->result, &profile->domains[i]);
		if (strcmp(merge->result.domains[domains[i]].name, profile->domains[i].name) != 0)
			return error_set(err,
					 "%s brings the pools to more than %d, which is what one "
					 "trace can tell apart",
					 profile->path,
					 HEAPMARK_DOMAIN_LIMIT - HEAPMARK_DOMAIN_POOLS);
	}
	return 0;
}

static int numbers_init(struct numbers *numbers, struct merge *merge, const struct profile *profile,
			struct error *err)
{
	numbers->modules = xcalloc(profile->module_count, sizeof(uint32_t));
	numbers->nodes = xcalloc(profile->node_count, sizeof(uint32_t));
	numbers->domains = xcalloc(profile->domain_count, sizeof(uint32_t));
	for (size_t i = 1; i < profile->module_count; i++)
		numbers->modules[i] = merged_module(merge, &profile->modules[i]);
	for (size_t i = 1; i < profile->node_count; i++) {
		const struct node *node = &profile->nodes[i];

		numbers->nodes[i] = merged_node(merge, numbers->nodes[node->parent],
						numbers->modules[node->module], node->offset);
	}
	return number_domains(merge, profile, numbers->domains, err);
}

static void numbers_release(struct numbers *numbers)
{
	free(numbers->modules);
	free(numbers->nodes);
	free(numbers->domains);
}

static struct site *merged_site(struct merge *merge, const struct numbers *numbers,
				const struct site *site)
{
	return profile_site(&merge->result, numbers->nodes[site->leaf],
			    numbers->domains[site->domain]);
}

static uint64_t add_variance(uint64_t a, uint64_t b)
{
	return b > UINT64_MAX - a ? UINT64_MAX : a + b;
}

static bool add_sites(struct merge *merge, const struct numbers *numbers,
		      const struct profile *profile)
{
	for (size_t i = 1; i < profile->site_count; i++) {
		const struct site *site = &profile->sites[i];
		struct site *sum = merged_site(merge, numbers, site);

		if (!merge_add_counters(&sum->now, &site->now))
			return false;
		if (sum->now.maximum_bytes < site->now.maximum_bytes)
			sum->now.maximum_bytes = site->now.maximum_bytes;
		sum->live_variance = add_variance(sum->live_variance, site->live_variance);
	}
	return true;
}

static void add_symbols(struct merge *merge, const struct numbers *numbers,
			const struct profile *profile)
{
	for (uint32_t i = 0; i < profile->module_count; i++)
		symbols_unite(&merge->result.symbols, numbers->modules[i], &profile->symbols, i,
			      &merge->result.strings);
}

int merge_add(struct merge *merge, const struct profile *profile, struct error *err)
{
	struct numbers numbers;
	int ret = merge_check(merge, profile, err);

	if (ret < 0)
		return ret;
	ret = numbers_init(&numbers, merge, profile, err);
	if (ret == 0 && (!add_sites(merge, &numbers, profile) || !merge_add_facts(merge, profile)))
		ret = error_set(err,
				"%s cannot be merged: its numbers and those of the others are "
				"more than a trace can hold",
				profile->path);
	if (ret == 0) {
		add_symbols(merge, &numbers, profile);
		instants_add(&merge->instants, profile);
		series_add(&merge->series, profile);
		merge->is_first = false;
	}
	numbers_release(&numbers);
	return ret;
}

void merge_choose(struct merge *merge)
{
	instants_find_peak(&merge->instants, &merge->peak_wall, &merge->possible_bytes);
}

bool merge_moment(const struct merge *merge, size_t number, struct moment *moment)
{
	return instants_moment(&merge->instants, number, merge->peak_wall, moment);
}

/* The same frames and sites as before, or none of what follows is right. */
static bool is_as_before(const struct merge *merge, size_t nodes, size_t sites)
{
	return merge->result.node_count == nodes && merge->result.site_count == sites;
}

int merge_add_peak(struct merge *merge, const struct profile *profile, struct error *err)
{
	size_t nodes = merge->result.node_count, sites = merge->result.site_count;
	struct numbers numbers;
	int ret = numbers_init(&numbers, merge, profile, err);

	for (size_t i = 1; ret == 0 && i < profile->site_count; i++) {
		const struct site *site = &profile->sites[i];
		struct site *sum = merged_site(merge, &numbers, site);

		sum->now.peak_blocks += site->chosen_blocks;
		sum->now.peak_bytes += site->chosen_bytes;
		sum->peak_variance = add_variance(sum->peak_variance, site->chosen_variance);
		if (sum->now.peak_blocks > INT64_MAX || sum->now.peak_bytes > INT64_MAX ||
		    !is_as_before(merge, nodes, sites))
			ret = error_set(err,
					"%s changed while it was read: merge it when its process "
					"has ended",
					profile->path);
	}
	numbers_release(&numbers);
	return ret;
}

static void finish_sites(struct profile *result, struct counters *totals)
{
	for (size_t i = 1; i < result->site_count; i++) {
		struct site *site = &result->sites[i];
		struct counters *c = &site->now;

		if (c->maximum_bytes < c->live_bytes)
			c->maximum_bytes = c->live_bytes;
		if (c->maximum_bytes < c->peak_bytes)
			c->maximum_bytes = c->peak_bytes;
		if (result->domains[site->domain].kind != HEAPMARK_KIND_ASKED)
			continue;
		totals->peak_blocks += c->peak_blocks;
		totals->peak_bytes += c->peak_bytes;
	}
}

void merge_finish(struct merge *merge)
{
	struct profile *result = &merge->result;
	struct snapshot *snapshot = merge_finish_facts(merge);

	finish_sites(result, &snapshot->totals);
	if (merge->possible_bytes > snapshot->totals.peak_bytes)
		snapshot->peak_error_bytes = merge->possible_bytes - snapshot->totals.peak_bytes;
	profile_finish(result);
}
