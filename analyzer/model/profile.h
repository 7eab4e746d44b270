/* SPDX-License-Identifier: MIT */
/*
 * A profile: what one trace says about one process, held in memory. Data, no I/O.
 *
 * The profile owns everything it points to; the strings are interned in it. decode.c fills it in
 * the order of the file, everybody else reads it. Sizes are bytes, times nanoseconds since
 * recording began, counts are of the run so far, as FORMAT.md says.
 */
#ifndef ANALYZER_MODEL_PROFILE_H
#define ANALYZER_MODEL_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "heapmark/format.h"
#include "model/moment.h"
#include "model/symbols.h"
#include "model/window.h"
#include "util/strings.h"

struct process {
	uint64_t pid, parent_pid;
	uint64_t origin; /* enum heapmark_origin */
	uint64_t start_unix_ns;
	uint64_t page_bytes;
	uint64_t session;
	const char *executable, *directory;
};

struct machine {
	const char *architecture, *kernel, *libc, *heapmark_version;
	uint64_t processors, memory_bytes;
};

struct named_value {
	const char *name, *value;
};

/* Texts in the order of the file. */
struct text_list {
	const char **items;
	size_t count, capacity;
};

struct module {
	uint64_t id; /* in the file; elsewhere modules are named by their index */
	uint64_t flags;
	uint64_t bias, start, bytes;
	uint64_t seen_ns, gone_ns; /* gone_ns: 0 while it is loaded */
	const uint8_t *build_id;
	size_t build_id_bytes;
	const char *path; /* "" if it had no file */
	const char *name; /* the last part of the path */
};

/* One frame in one context. Its id is its index; node 0 is the root and has no frame. */
struct node {
	uint64_t offset; /* a return address as it stands in the module's file; or a marker */
	uint32_t parent; /* always smaller than the node's own id */
	uint32_t module; /* index in modules; 0: none */
};

struct domain {
	const char *name; /* NULL: there is no such domain */
	uint64_t kind;    /* enum heapmark_domain_kind */
};

struct counters {
	uint64_t allocations, allocated_bytes;
	uint64_t frees, reallocations, temporary;
	uint64_t live_blocks, live_bytes;
	uint64_t peak_blocks, peak_bytes; /* when the whole run was at its peak */
	uint64_t maximum_bytes;           /* the site's own largest value */
};

/* A call stack in a domain, or those of its blocks that one leaf stands for. */
struct site {
	uint32_t node; /* its call stack */
	uint32_t leaf; /* where it is in the trace: there, or below; see split.h */
	uint32_t domain;
	uint32_t next;       /* the next site of the same leaf; 0: none */
	uint32_t peak_epoch; /* when peak_* were written; profile_peak() knows whether they hold */
	struct counters now; /* after the last snapshot that was read */
	uint64_t chosen_blocks, chosen_bytes; /* live at the chosen moment */
	/* How uncertain live, peak and chosen bytes are, in bytes squared; 0 where they are exact.
	 */
	uint64_t live_variance, peak_variance, chosen_variance;
};

/* A part of the address space, by enum heapmark_region. */
struct region_sum {
	uint64_t bytes, resident_bytes;
};

struct snapshot {
	uint64_t index, time_ns;
	uint64_t reason, flags; /* enum heapmark_reason, enum heapmark_snapshot_flag */
	const char *label;
	struct counters totals; /* over the domains of kind 0; maximum_bytes is unused */
	uint64_t peak_time_ns, peak_error_bytes;
	uint64_t threads, resident_bytes;
	/* Of the live bytes of the snapshot before, those of sites of which no block was freed
	 * since: so much was live all the time in between. 0 at the first. */
	uint64_t kept_bytes;
	bool has_regions;
	struct region_sum regions[HEAPMARK_REGION_LIMIT]; /* [0]: kinds unknown to this version */
};

struct timeline_point {
	uint64_t time_ns;
	int64_t live_bytes, live_blocks, resident_bytes;
};

struct cost {
	uint64_t memory_bytes;
	uint64_t own_blocks, own_bytes; /* in the program's heap, counted nowhere else */
	uint64_t own_freed_blocks, own_freed_bytes; /* of those */
	uint64_t snapshots, snapshot_ns;
};

/* How call stacks were found. */
struct walks {
	bool seen; /* traces of format 1.0 do not tell */
	uint64_t captured, by_libunwind;
	uint64_t compared, different; /* by --verify */
};

struct end {
	bool seen;
	uint64_t time_ns, how, status; /* enum heapmark_end; exit status or signal */
};

/* One of the processes that a merged trace was made from. */
struct merged_process {
	struct process process; /* without page_bytes and directory */
	uint64_t duration_ns;   /* up to where its data goes */
	struct end end;         /* without its time */
	bool is_cut;
	uint64_t peak_bytes, peak_error_bytes; /* its own */
	uint64_t live_bytes, allocations;      /* at its end */
};

/* Where the sites' sum and a snapshot's totals disagree. */
struct mismatch {
	uint64_t snapshot_index;
	const char *what; /* "live bytes" */
	uint64_t sum, total;
};

struct profile {
	struct strings strings;
	const char *path; /* the trace file */
	struct process process;
	struct machine machine;
	struct text_list arguments, environment;
	struct named_value *options;
	size_t option_count, option_capacity;
	struct module *modules; /* [0] stands for "no module" */
	size_t module_count, module_capacity;
	struct node *nodes; /* [0] is the root */
	size_t node_count, node_capacity;
	uint32_t *node_sites; /* per node: the first of its sites; 0: none */
	struct domain *domains;
	size_t domain_count;
	struct site *sites; /* [0] is unused, so that 0 can mean none */
	size_t site_count, site_capacity;
	struct snapshot *snapshots;
	size_t snapshot_count, snapshot_capacity;
	struct timeline_point *timeline;
	size_t timeline_count, timeline_capacity;
	uint64_t losses[HEAPMARK_LOSS_LIMIT]; /* by reason; [0]: reasons unknown to this version */
	struct cost cost;
	struct walks walks;
	struct end end;
	uint64_t sample_bytes; /* a sampled trace: one block per so many bytes; 0: every block */
	double live_variance, peak_variance; /* of the totals, at the end of the trace */
	uint32_t peak_epoch;                 /* how often the peak moved */
	struct counters sum;                 /* of the sites of kind 0, kept up to date */
	struct mismatch mismatch;            /* the first; only if mismatch_count */
	uint64_t mismatch_count;             /* snapshots that are not consistent */
	struct symbols symbols;              /* of a symbolized trace */
	const char *left_out;                /* of a directory: sentences on what is not in it */
	struct merged_process *merged;       /* of a merged trace */
	size_t merged_count, merged_capacity;
	uint64_t file_bytes;
	bool is_cut;             /* this file, or the one that it was copied from */
	uint64_t original_bytes; /* of the latter; 0: this file itself */
	uint64_t cut_offset;     /* where the member begins that is not whole; only if is_cut */
	struct moment moment;    /* what chosen_* of the sites stand for */
	struct window window;
	struct counters *before; /* of each site when the window began; NULL: from the start */
	size_t before_count;     /* sites there were */
	bool counts_to_moment;   /* set by who loads: allocations and such only up to the chosen
				    moment, if that is a snapshot, and not of the whole run */
	struct counters *chosen; /* of each site then; NULL unless so */
	size_t chosen_count;
};

void profile_init(struct profile *profile);
void profile_release(struct profile *profile); /* fine after profile_init() alone, and twice */

/* Adds a module as it is, with a copy of its build-id; its texts must live as long as the profile.
 * Returns its index. */
uint32_t profile_add_module(struct profile *profile, const struct module *module);

/* The site at a node, which is its leaf, in a domain; made when there is none. The pointer is good
 * until the next call. Both must exist. */
struct site *profile_site(struct profile *profile, uint32_t leaf, uint32_t domain);

/* The same, or NULL when there is none. */
struct site *profile_find_site(struct profile *profile, uint32_t leaf, uint32_t domain);

/* The peak values of a site are kept lazily: unless it was written since the peak last moved, they
 * are its live values. This makes them plain. */
void profile_settle_peak(const struct profile *profile, struct site *site);

/* Makes each site's chosen_* what is live in it now; or what it held at the peak. */
void profile_choose_now(struct profile *profile);
void profile_choose_peak(struct profile *profile);

/* The same at the snapshot that is the chosen moment. */
void profile_choose_snapshot(struct profile *profile);

/* The window begins: keeps what is taken off the counters in profile_finish(). */
void profile_begin_window(struct profile *profile);

/* After the last record: settles all peaks, adds up what only the whole can tell, and fills
 * chosen_* for @peak and @end. */
void profile_finish(struct profile *profile);

/* Whether its numbers are estimates. */
bool profile_is_sampled(const struct profile *profile);

/* Whether it stands for several processes, or for one that was merged alone. */
bool profile_is_merged(const struct profile *profile);

/* Whether it holds names, so that the modules' files are not needed. */
bool profile_is_symbolized(const struct profile *profile);

/* The last snapshot, or NULL if the trace has none. */
const struct snapshot *profile_last(const struct profile *profile);

/* Up to where the data goes: the end, or the last snapshot or timeline point. */
uint64_t profile_duration_ns(const struct profile *profile);

/* The same, but no further than --until. */
uint64_t profile_shown_ns(const struct profile *profile);

/* When it was on the wall's clock, in nanoseconds since 1970, so many of them after recording
 * began. At most INT64_MAX, whatever the trace says. */
uint64_t profile_wall_ns(const struct profile *profile, uint64_t ns);

/* Whether the process ended in an orderly way and the file is whole. */
bool profile_is_complete(const struct profile *profile);

/* The last part of the executable's path. */
const char *profile_program(const struct profile *profile);

#endif
