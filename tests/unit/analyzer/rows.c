/* SPDX-License-Identifier: MIT */
/* From traces to rows: grouping, recursion, domains, order, and the difference of two. The modules
 * do not exist, so places are addresses. */
#include <unistd.h>

#include "check.h"
#include "report/formats.h"
#include "report/report.h"
#include "trace_writer.h"

#define RECURSION_LEVELS 5

/* A trace in a file, and a report on it. */
struct fixture {
	char path[2][32];
	struct report_options options;
	struct report report;
	struct error err;
};

static void save(struct trace_writer *w, char *path)
{
	strcpy(path, "rows-test-XXXXXX");
	close(mkstemp(path));
	trace_save(w, path);
	trace_release(w);
}

static void start(struct fixture *f)
{
	*f = (struct fixture){.options = {.top = REPORT_ALL_ROWS}};
	report_init(&f->report, &f->options);
}

static void stop(struct fixture *f)
{
	report_release(&f->report);
	for (int i = 0; i < 2; i++)
		if (*f->path[i])
			unlink(f->path[i]);
}

static void build(struct fixture *f)
{
	if (report_build(&f->report, &f->err) < 0)
		fail_msg("%s", f->err.text);
}

static void load(struct fixture *f, struct trace_writer *w, const char *when)
{
	unsigned side = f->report.side_count;
	char name[64];

	save(w, f->path[side]);
	snprintf(name, sizeof(name), "%s@%s", f->path[side], when);
	if (report_load(&f->report, name, "peak", &f->err) < 0)
		fail_msg("%s", f->err.text);
}

static void load_sample(struct fixture *f, const char *when)
{
	struct trace_writer w;

	trace_sample(&w);
	load(f, &w, when);
}

static const struct row *row_at(const struct fixture *f, const char *module, uint64_t address)
{
	const struct tally *tally = &f->report.sides[0].tally;

	for (size_t i = 0; i < tally->count; i++) {
		const struct place *place = places_get(&f->report.places, tally->rows[i].key);

		if (place->module && strcmp(place->module, module) == 0 &&
		    place->address == address)
			return &tally->rows[i];
	}
	return NULL;
}

static void a_row_stands_where_plumbing_ends(void **state)
{
	struct fixture f;
	const struct row *row;

	(void)state;
	start(&f);
	load_sample(&f, "peak");
	build(&f);
	assert_int_equal(f.report.sides[0].bytes, 160);
	row = row_at(&f, "app", 0x1200); /* the frame in libc is passed over */
	assert_int_equal(row->bytes, 110);
	assert_int_equal(row->blocks, 3);
	assert_int_equal(row->end_bytes, 20);
	assert_int_equal(row->allocations, 4);
	assert_int_equal(row->frees, 3);
	row = row_at(&f, "app", 0x1300); /* malloc and the pool together */
	assert_int_equal(row->bytes, 50);
	assert_int_equal(row->end_bytes, 58);
	assert_null(row_at(&f, "libc.so.6", 0x9000));
	stop(&f);
}

static void domains_can_be_chosen(void **state)
{
	const char *names[] = {"mmap", "pool:nodes"};
	struct fixture f;

	(void)state;
	start(&f);
	load_sample(&f, "end");
	f.options.selection.domains = (struct option_list){names, 2};
	build(&f);
	assert_int_equal(f.report.sides[0].bytes, 4096 + 8);
	assert_int_equal(f.report.sides[0].tally.count, 2);
	assert_int_equal(row_at(&f, "app", 0x1300)->bytes, 8);
	f.options.selection.domains = (struct option_list){NULL, 0};
	stop(&f);
}

static void an_unknown_domain_is_told(void **state)
{
	const char *names[] = {"pool:none"};
	struct fixture f;

	(void)state;
	start(&f);
	load_sample(&f, "end");
	f.options.selection.domains = (struct option_list){names, 1};
	assert_int_equal(report_build(&f.report, &f.err), -1);
	assert_contains(f.err.text, "pool:none");
	assert_contains(f.err.text, "pool:nodes");
	f.options.selection.domains = (struct option_list){NULL, 0};
	stop(&f);
}

static void modules_gather_their_rows(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	f.options.group = GROUP_MODULE;
	load_sample(&f, "peak");
	build(&f);
	assert_int_equal(f.report.sides[0].tally.count, 1);
	assert_int_equal(row_at(&f, "app", 0)->bytes, 160);
	stop(&f);
}

static void rows_come_in_order(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	load_sample(&f, "end");
	build(&f);
	assert_int_equal(f.report.sides[0].tally.rows[0].bytes, 58);
	assert_int_equal(f.report.sides[0].tally.rows[1].bytes, 20);
	stop(&f);
	start(&f);
	f.options.sort = METRIC_ALLOCATIONS;
	load_sample(&f, "end");
	build(&f);
	assert_int_equal(f.report.sides[0].tally.rows[0].bytes, 20);
	stop(&f);
}

/* main > recurse > recurse > ... > malloc, and main > malloc by another line. */
static void make_recursion(struct trace_writer *w)
{
	const struct counters deep = {1, 1000, 0, 0, 0, 1, 1000, 1, 1000, 1000};
	const struct counters flat = {1, 10, 0, 0, 0, 1, 10, 1, 10, 10};
	const struct snapshot snapshot = {
		.index = 1,
		.flags = HEAPMARK_SNAPSHOT_PEAK_MOVED,
		.totals = {2, 1010, 0, 0, 0, 2, 1010, 2, 1010, 0},
		.threads = 1,
	};
	struct trace_node nodes[RECURSION_LEVELS + 2] = {{0, 1, 0x100}};
	struct trace_site sites[] = {{RECURSION_LEVELS + 1, 0, deep},
				     {RECURSION_LEVELS + 2, 0, flat}};

	for (uint64_t i = 1; i <= RECURSION_LEVELS; i++)
		nodes[i] = (struct trace_node){i, 1, 0x200};
	nodes[RECURSION_LEVELS + 1] = (struct trace_node){1, 1, 0x300};
	trace_begin(w);
	trace_module(w, 1, 0, "/nowhere/app");
	trace_nodes(w, 1, nodes, RECURSION_LEVELS + 2);
	trace_snapshot(w, &snapshot);
	trace_sites(w, sites, 2);
	trace_member(w);
}

static void cumulative_counts_each_byte_once_a_line(void **state)
{
	struct trace_writer w;
	struct fixture f;

	(void)state;
	start(&f);
	f.options.cumulative = true;
	make_recursion(&w);
	load(&f, &w, "peak");
	build(&f);
	assert_int_equal(row_at(&f, "app", 0x100)->bytes, 1010);
	assert_int_equal(row_at(&f, "app", 0x200)->bytes, 1000);
	assert_int_equal(row_at(&f, "app", 0x200)->blocks, 1);
	assert_int_equal(row_at(&f, "app", 0x300)->bytes, 10);
	assert_int_equal(f.report.sides[0].bytes, 1010);
	stop(&f);
}

static void stacks_are_rows_of_their_own(void **state)
{
	struct trace_writer w;
	struct fixture f;

	(void)state;
	start(&f);
	f.options.group = GROUP_STACK;
	make_recursion(&w);
	load(&f, &w, "peak");
	build(&f);
	assert_int_equal(f.report.sides[0].tally.count, 2);
	assert_int_equal(f.report.sides[0].tally.rows[0].node, RECURSION_LEVELS + 1);
	stop(&f);
}

static void cumulative_stacks_make_no_sense(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	f.options.group = GROUP_STACK;
	f.options.cumulative = true;
	load_sample(&f, "end");
	assert_int_equal(report_build(&f.report, &f.err), -1);
	stop(&f);
}

static const struct change *change_at(const struct fixture *f, uint64_t address)
{
	for (size_t i = 0; i < f->report.change_count; i++)
		if (places_get(&f->report.places, change_key(&f->report.changes[i]))->address ==
		    address)
			return &f->report.changes[i];
	return NULL;
}

static void a_diff_has_both_sides_of_each_row(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	load_sample(&f, "1");
	load_sample(&f, "end");
	build(&f);
	assert_int_equal(f.report.change_count, 2);
	assert_int_equal(f.report.changes[0].new->bytes, 58); /* +58 before +10 */
	assert_int_equal(change_at(&f, 0x1200)->old->bytes, 10);
	assert_int_equal(change_at(&f, 0x1200)->new->bytes, 20);
	assert_int_equal(change_at(&f, 0x1300)->old->bytes, 0);
	stop(&f);
}

static void a_diff_keeps_what_only_the_old_has(void **state)
{
	struct trace_writer w;
	struct fixture f;

	(void)state;
	start(&f);
	make_recursion(&w);
	load(&f, &w, "end");
	load_sample(&f, "end");
	build(&f);
	assert_int_equal(f.report.change_count, 4);
	assert_int_equal(change_at(&f, 0x200)->old->bytes, 1000);
	assert_int_equal(change_at(&f, 0x200)->new->bytes, 0);
	assert_int_equal(change_at(&f, 0x200)->new->node, 0);
	stop(&f);
}

static void a_trace_without_snapshots_has_no_report(void **state)
{
	struct trace_writer w;
	struct fixture f;

	(void)state;
	start(&f);
	trace_begin(&w);
	trace_member(&w);
	save(&w, f.path[0]);
	assert_int_equal(report_load(&f.report, f.path[0], "peak", &f.err), -1);
	assert_contains(f.err.text, "no snapshot");
	stop(&f);
}

static void a_file_with_an_at_sign_is_found_by_its_name(void **state)
{
	const char *path = "rows-test@end";
	struct trace_writer w;
	struct fixture f;

	(void)state;
	start(&f);
	trace_sample(&w);
	trace_save(&w, path);
	trace_release(&w);
	assert_int_equal(report_load(&f.report, path, "peak", &f.err), 0);
	assert_int_equal(f.report.sides[0].profile.moment.kind, MOMENT_PEAK);
	assert_int_equal(report_load(&f.report, "rows-test@end@2", "peak", &f.err), 0);
	assert_int_equal(f.report.sides[1].profile.moment.position, 1);
	unlink(path);
	stop(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_row_stands_where_plumbing_ends),
		cmocka_unit_test(domains_can_be_chosen),
		cmocka_unit_test(an_unknown_domain_is_told),
		cmocka_unit_test(modules_gather_their_rows),
		cmocka_unit_test(rows_come_in_order),
		cmocka_unit_test(cumulative_counts_each_byte_once_a_line),
		cmocka_unit_test(stacks_are_rows_of_their_own),
		cmocka_unit_test(cumulative_stacks_make_no_sense),
		cmocka_unit_test(a_diff_has_both_sides_of_each_row),
		cmocka_unit_test(a_diff_keeps_what_only_the_old_has),
		cmocka_unit_test(a_trace_without_snapshots_has_no_report),
		cmocka_unit_test(a_file_with_an_at_sign_is_found_by_its_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
