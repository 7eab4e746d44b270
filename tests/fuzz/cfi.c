/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target: any bytes as the unwind information of an object. The first four say which code is
 * asked about, as a distance from the table; the rest are the table (.eh_frame_hdr) and, to the
 * end, whatever its offsets lead to.
 */
#include <string.h>

#include "capture/frames.h"
#include "capture/machine.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	struct frames frames;
	struct cfi_row row;
	const uint8_t *fde;
	int32_t distance;
	uint64_t location;

	if (count < sizeof(distance))
		return 0;
	memcpy(&distance, bytes, sizeof(distance));
	frames.table = bytes + sizeof(distance);
	frames.segment = (struct cfi_segment){frames.table, bytes + count};
	location = (uint64_t)frames.table + (uint64_t)(int64_t)distance;
	fde = frames_fde(&frames, location);
	if (fde && cfi_find_row(frames.segment, fde, location, &row))
		machine_rule(&row);
	return 0;
}
