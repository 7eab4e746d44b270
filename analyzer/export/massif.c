/* SPDX-License-Identifier: MIT */
/*
 * What valgrind's massif writes: the live bytes over time, and trees at some moments. Such a tree
 * stands on its head: below the whole are the innermost frames, and below each its callers.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "export/export.h"
#include "export/massif_tree.h"
#include "export/points.h"
#include "export/text.h"
#include "report/text_head.h"

/* From here to the end of the line readers see a comment. */
#define COMMENT    '#'
#define NO_COMMENT '_'

static void write_head(const struct export *export, struct out *out)
{
	char *command = text_command(&export->side->profile);

	export_write_notes(export, out, "desc: ");
	text_replace(command, COMMENT, NO_COMMENT);
	out_printf(out, "cmd: %s\ntime_unit: ms\n", command);
	free(command);
}

static void write_point(struct out *out, size_t number, const struct point *point)
{
	const char *callers = point->sites == POINT_WITHOUT_SITES ? "empty"
			      : point->sites == VALUE_PEAK        ? "peak"
								  : "detailed";

	out_printf(out, "#-----------\nsnapshot=%zu\n#-----------\n", number);
	out_printf(out, "time=%" PRIu64 ".%03" PRIu64 "\n", point->time_ns / 1000000,
		   point->time_ns / 1000 % 1000);
	out_printf(out, "mem_heap_B=%" PRIu64 "\nmem_heap_extra_B=0\nmem_stacks_B=0\n",
		   point->bytes);
	out_printf(out, "heap_tree=%s\n", callers);
}

void massif_write(struct export *export, struct out *out)
{
	struct callers callers;
	size_t count;
	struct point *points = points_of(export, &count);

	callers_build(&callers, export, GROUP_LINE);
	write_head(export, out);
	for (size_t i = 0; i < count; i++) {
		write_point(out, i, &points[i]);
		if (points[i].sites != POINT_WITHOUT_SITES)
			massif_write_tree(export, &callers, points[i].sites, out);
	}
	callers_release(&callers);
	free(points);
}
