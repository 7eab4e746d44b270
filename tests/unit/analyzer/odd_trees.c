/* SPDX-License-Identifier: MIT */
/* Trees of stacks that no program makes at will: heapmark's frames in the midst, and very deep. */
#include <unistd.h>

#include "check.h"
#include "report/tree.h"
#include "report/tree_write.h"
#include "trace_writer.h"
#include "util/memory.h"

#define DEEP 50000

/* Writes the tree of a trace; the caller frees it. */
static char *written(const struct trace_writer *w, struct tree_options *options)
{
	struct error err = ERROR_INIT;
	char path[] = "tree-test-XXXXXX";
	struct report report;
	struct tree tree;
	struct out out;
	size_t size;
	char *text;

	close(mkstemp(path));
	trace_save(w, path);
	options->depth = TREE_ALL;
	report_init(&report, &options->report);
	if (report_load(&report, path, "peak", &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(report_select(&report, &err), 0);
	tree_init(&tree, &report, options);
	out_memory(&out, &text, &size);
	tree_write_text(&tree, &out);
	assert_int_equal(out_close(&out, &err), 0);
	tree_release(&tree);
	report_release(&report);
	unlink(path);
	return text;
}

/* 8 bytes at one node and 2 at another, in a snapshot that is all there is. */
static void finish(struct trace_writer *w, uint64_t node, uint64_t other)
{
	const struct snapshot snapshot = {
		.index = 1,
		.reason = HEAPMARK_REASON_EXIT,
		.flags = HEAPMARK_SNAPSHOT_PEAK_MOVED,
		.totals = {2, 10, 0, 0, 0, 2, 10, 2, 10, 0},
		.threads = 1,
	};
	const struct trace_site sites[] = {{node, 0, {1, 8, 0, 0, 0, 1, 8, 1, 8, 8}},
					   {other, 0, {1, 2, 0, 0, 0, 1, 2, 1, 2, 2}}};

	trace_snapshot(w, &snapshot);
	trace_sites(w, sites, 2);
	trace_end(w, 1, HEAPMARK_END_EXIT, 0);
	trace_member(w);
}

static void begin(struct trace_writer *w)
{
	trace_begin(w);
	trace_module(w, 1, HEAPMARK_MODULE_EXECUTABLE, "/nowhere/app");
	trace_module(w, 2, HEAPMARK_MODULE_SHIM, "/nowhere/libheapmark.so");
}

/* main, a hook, a callback of its, malloc's own frame; and an allocation of no known caller. */
static void heapmarks_own_frames_are_no_branches(void **state)
{
	const struct trace_node nodes[] = {
		{0, 1, 0x1100}, {1, 2, 0x100}, {2, 1, 0x1200}, {3, 2, 0x200}, {0, 0, 2}};
	struct tree_options options = {0};
	struct trace_writer w;
	char *text;

	(void)state;
	begin(&w);
	trace_nodes(&w, 1, nodes, sizeof(nodes) / sizeof(*nodes));
	finish(&w, 4, 5);
	text = written(&w, &options);
	assert_contains(text, "        8 B   80.0%            1  app+0x1100\n"
			      "                                  app+0x1200\n"
			      "        2 B   20.0%            1  [unknown caller]\n");
	free(text);
	options = (struct tree_options){.bottom_up = true};
	text = written(&w, &options);
	assert_contains(text, "        8 B   80.0%            1  app+0x1200\n"
			      "                                  app+0x1100\n"
			      "        2 B   20.0%            1  [unknown caller]\n");
	free(text);
	trace_release(&w);
}

static void a_stack_may_be_as_deep_as_a_trace_says(void **state)
{
	struct trace_node *nodes = xcalloc(DEEP, sizeof(*nodes));
	struct tree_options down = {0}, up = {.bottom_up = true};
	struct trace_writer w;
	char *text;

	(void)state;
	begin(&w);
	for (size_t i = 0; i < DEEP; i++)
		nodes[i] = (struct trace_node){i, 1, 0x1000 + i};
	trace_nodes(&w, 1, nodes, DEEP);
	finish(&w, DEEP - 1, DEEP);
	text = written(&w, &down);
	assert_contains(text, "       10 B  100.0%            2  app+0x1000\n");
	assert_contains(text, "... 49994 frames\n");
	assert_contains(text, "        2 B   20.0%            1  |- app+0xd34f\n");
	free(text);
	text = written(&w, &up);
	assert_contains(text, "        2 B   20.0%            1  app+0xd34f\n");
	assert_contains(text, "... 49995 frames\n");
	free(text);
	free(nodes);
	trace_release(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(heapmarks_own_frames_are_no_branches),
		cmocka_unit_test(a_stack_may_be_as_deep_as_a_trace_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
