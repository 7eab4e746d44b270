/* SPDX-License-Identifier: MIT */
/* What `mprof run` of memory_profiler writes: MiB at points in time. */
#include <inttypes.h>
#include <stdlib.h>

#include "export/export.h"
#include "export/points.h"
#include "report/text_head.h"

#define MIB (1024.0 * 1024.0)
#define NS  UINT64_C(1000000000)

void mprof_write(struct export *export, struct out *out)
{
	const struct profile *profile = &export->side->profile;
	char *command = text_command(profile);
	size_t count;
	struct point *points = points_of(export, &count);

	out_printf(out, "CMDLINE %s\n", command);
	for (size_t i = 0; i < count; i++) {
		uint64_t time = profile->process.start_unix_ns + points[i].time_ns;

		/* With nine decimals each byte makes a difference. */
		out_printf(out, "MEM %.9f %" PRIu64 ".%09" PRIu64 "\n",
			   (double)points[i].bytes / MIB, time / NS, time % NS);
	}
	free(points);
	free(command);
}
