/* SPDX-License-Identifier: MIT */
/* The processes, and the sums over their runs; see merge_facts.h. */
#include "model/merge_facts.h"

#include <inttypes.h>
#include <string.h>

#include "util/buffer.h"

static bool is_same_process(const struct process *a, const struct process *b)
{
	return a->pid == b->pid && a->start_unix_ns == b->start_unix_ns && a->session == b->session;
}

/* The trace that already brought this process, or NULL. */
static const char *find_source(const struct merge *merge, const struct process *process)
{
	for (size_t i = 0; i < merge->result.merged_count; i++)
		if (is_same_process(&merge->result.merged[i].process, process))
			return merge->sources.items[i];
	return NULL;
}

static int check_process(const struct merge *merge, const struct profile *profile,
			 const struct process *process, struct error *err)
{
	const char *source = find_source(merge, process);

	if (!source)
		return 0;
	if (strcmp(source, profile->path) == 0)
		return error_set(err, "%s is named twice; name each trace once", source);
	return error_set(err,
			 "%s and %s are of the same process (pid %" PRIu64
			 "), which would count twice; leave one of them out",
			 source, profile->path, process->pid);
}

static int check_sampling(const struct merge *merge, const struct profile *profile,
			  struct error *err)
{
	const struct profile *result = &merge->result;

	if (merge->is_first || result->sample_bytes == profile->sample_bytes)
		return 0;
	if (profile_is_sampled(result) != profile_is_sampled(profile))
		return error_set(err,
				 "%s is %s, and the traces before it are not: exact numbers and "
				 "estimates do not add up; merge each kind for itself",
				 profile->path,
				 profile_is_sampled(profile) ? "a sample" : "of every block");
	return error_set(err,
			 "%s is a sample of one block per %" PRIu64
			 " bytes, and the traces before it of one per %" PRIu64
			 ": merge each kind for itself",
			 profile->path, profile->sample_bytes, result->sample_bytes);
}

int merge_check(struct merge *merge, const struct profile *profile, struct error *err)
{
	if (!profile_is_merged(profile) &&
	    check_process(merge, profile, &profile->process, err) < 0)
		return -1;
	for (size_t i = 0; i < profile->merged_count; i++)
		if (check_process(merge, profile, &profile->merged[i].process, err) < 0)
			return -1;
	return check_sampling(merge, profile, err);
}

static bool add(uint64_t *sum, uint64_t more)
{
	if (more > (uint64_t)INT64_MAX - *sum)
		return false;
	*sum += more;
	return true;
}

bool merge_add_counters(struct counters *sum, const struct counters *more)
{
	return add(&sum->allocations, more->allocations) &&
	       add(&sum->allocated_bytes, more->allocated_bytes) && add(&sum->frees, more->frees) &&
	       add(&sum->reallocations, more->reallocations) &&
	       add(&sum->temporary, more->temporary) && add(&sum->live_blocks, more->live_blocks) &&
	       add(&sum->live_bytes, more->live_bytes);
}

static void append_merged(struct merge *merge, const struct profile *profile,
			  const struct merged_process *process)
{
	struct profile *result = &merge->result;
	struct merged_process *added;

	result->merged = array_grow(result->merged, result->merged_count, &result->merged_capacity,
				    sizeof(*added));
	added = &result->merged[result->merged_count++];
	*added = *process;
	added->process.page_bytes = 0;
	added->process.directory = "";
	added->process.executable = strings_text(&result->strings, process->process.executable);
	merge_append_text(merge, &merge->sources, profile->path);
}

static void add_process(struct merge *merge, const struct profile *profile)
{
	const struct snapshot *last = profile_last(profile);
	struct merged_process process = {
		.process = profile->process,
		.duration_ns = profile_duration_ns(profile),
		.end = profile->end,
		.is_cut = profile->is_cut,
	};

	for (size_t i = 0; i < profile->merged_count; i++)
		append_merged(merge, profile, &profile->merged[i]);
	if (profile_is_merged(profile))
		return;
	if (last) {
		process.peak_bytes = last->totals.peak_bytes;
		process.peak_error_bytes = last->peak_error_bytes;
		process.live_bytes = last->totals.live_bytes;
		process.allocations = last->totals.allocations;
	}
	append_merged(merge, profile, &process);
}

static bool add_losses(uint64_t *losses, const uint64_t *more)
{
	for (size_t i = 0; i < HEAPMARK_LOSS_LIMIT; i++)
		if (!add(&losses[i], more[i]))
			return false;
	return true;
}

static bool add_cost(struct cost *cost, const struct cost *more)
{
	return add(&cost->memory_bytes, more->memory_bytes) &&
	       add(&cost->own_blocks, more->own_blocks) && add(&cost->own_bytes, more->own_bytes) &&
	       add(&cost->own_freed_blocks, more->own_freed_blocks) &&
	       add(&cost->own_freed_bytes, more->own_freed_bytes) &&
	       add(&cost->snapshots, more->snapshots) && add(&cost->snapshot_ns, more->snapshot_ns);
}

/* Of those that tell. */
static bool add_walks(struct walks *walks, const struct walks *more)
{
	walks->seen |= more->seen;
	return add(&walks->captured, more->captured) &&
	       add(&walks->by_libunwind, more->by_libunwind) &&
	       add(&walks->compared, more->compared) && add(&walks->different, more->different);
}

static struct snapshot *only_snapshot(struct profile *result)
{
	if (!result->snapshot_count) {
		result->snapshots =
			array_grow(NULL, 0, &result->snapshot_capacity, sizeof(*result->snapshots));
		result->snapshots[result->snapshot_count++] = (struct snapshot){
			.index = 1,
			.reason = HEAPMARK_REASON_EXIT,
			.flags = HEAPMARK_SNAPSHOT_PEAK_MOVED,
			.label = "",
		};
	}
	return &result->snapshots[0];
}

/* The end of all is kept as a time on the wall until merge_finish_facts(). */
static void add_end(struct merge *merge, const struct profile *profile)
{
	uint64_t until = profile_wall_ns(profile, profile_duration_ns(profile));
	struct end *end = &merge->result.end;

	if (until > end->time_ns)
		end->time_ns = until;
	merge->has_end = merge->has_end && profile_is_complete(profile);
	if (merge->is_first) {
		end->how = profile->end.how;
		end->status = profile->end.status;
	} else if (end->how != profile->end.how || end->status != profile->end.status) {
		end->how = HEAPMARK_END_VARIOUS;
		end->status = 0;
	}
}

bool merge_add_facts(struct merge *merge, const struct profile *profile)
{
	const struct snapshot *last = profile_last(profile);
	struct profile *result = &merge->result;

	merge_agree(merge, profile);
	add_process(merge, profile);
	add_end(merge, profile);
	result->sample_bytes = profile->sample_bytes;
	if (last && (!merge_add_counters(&only_snapshot(result)->totals, &last->totals) ||
		     !add(&only_snapshot(result)->threads, last->threads)))
		return false;
	return add_losses(result->losses, profile->losses) &&
	       add_cost(&result->cost, &profile->cost) &&
	       add_walks(&result->walks, &profile->walks);
}

static void fill_timeline(struct profile *result, const struct series *series)
{
	for (size_t i = 0; i < series->count; i++) {
		const struct series_point *point = &series->points[i];

		result->timeline =
			array_grow(result->timeline, result->timeline_count,
				   &result->timeline_capacity, sizeof(struct timeline_point));
		result->timeline[result->timeline_count++] = (struct timeline_point){
			(series->first + i) * series->width - result->process.start_unix_ns,
			(int64_t)point->live_bytes,
			(int64_t)point->live_blocks,
			(int64_t)point->resident_bytes,
		};
	}
}

struct snapshot *merge_finish_facts(struct merge *merge)
{
	struct profile *result = &merge->result;
	struct snapshot *snapshot = only_snapshot(result);
	uint64_t start = profile_wall_ns(result, 0);

	result->process.start_unix_ns = start;
	fill_timeline(result, &merge->series);
	result->end.seen = merge->has_end;
	result->end.time_ns -= start;
	snapshot->time_ns = result->end.time_ns;
	if (merge->peak_wall > start)
		snapshot->peak_time_ns = merge->peak_wall - start;
	return snapshot;
}
