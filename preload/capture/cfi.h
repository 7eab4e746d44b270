/* SPDX-License-Identifier: MIT */
/*
 * Call frame information: the row of one location, from the FDE that covers it.
 *
 * A pure function of bytes, none of which is trusted: every length is checked against the segment
 * they lie in, and what is odd has no row.
 */
#ifndef PRELOAD_CAPTURE_CFI_H
#define PRELOAD_CAPTURE_CFI_H

#include <stdbool.h>
#include <stdint.h>

/* Memory that may be read. */
struct cfi_segment {
	const uint8_t *start, *end;
};

enum cfi_where {
	CFI_SAME, /* the caller's value is still in the register */
	CFI_UNDEFINED,
	CFI_AT_CFA, /* it was saved at the CFA + offset */
	CFI_AT_BP,  /* it was saved at the frame pointer + offset */
	CFI_OTHER,  /* in another register, by another expression, too far away */
};

struct cfi_saved {
	int32_t offset; /* CFI_AT_CFA, CFI_AT_BP */
	uint8_t where;  /* enum cfi_where */
};

/* A row: where the CFA is, and the registers that matter to a walk (machine.h). */
struct cfi_row {
	int64_t cfa_offset; /* bytes, from cfa_register */
	uint64_t cfa_register;
	uint64_t ra_register;
	struct cfi_saved cfa; /* CFI_SAME: as above; CFI_AT_BP, CFI_OTHER: by an expression */
	struct cfi_saved bp, sp, ra;
	bool is_signal_frame;
};

/* False if `fde` is not an FDE that can be read, or does not cover `location`. */
bool cfi_find_row(struct cfi_segment segment, const uint8_t *fde, uint64_t location,
		  struct cfi_row *row);

/* False if `fde` is not an FDE that can be read, or covers `location`. */
bool cfi_is_elsewhere(struct cfi_segment segment, const uint8_t *fde, uint64_t location);

#endif
