/* SPDX-License-Identifier: MIT */
/* Rows of records written here, sound and unsound, and the rules they make. */
#include "capture/cfi.h"

#include "capture/machine.h"
#include "cfi_bytes.h"

#define CHANGES 300000

static struct rule rule_at(size_t fde, uint64_t location)
{
	struct cfi_segment segment = place(used);
	struct cfi_row row;

	if (!cfi_find_row(segment, segment.start + fde, location, &row))
		return (struct rule){.kind = RULE_NONE};
	return machine_rule(&row);
}

/* The rule at CODE + offset, after a program of the FDE. */
static struct rule run(struct literal cie, struct literal program, uint64_t offset)
{
	size_t fde;

	used = 0;
	fde = put_fde(put_cie(cie), CODE, CODE_BYTES, program);
	return rule_at(fde, CODE + offset);
}

static bool is_step(struct rule rule, bool from_bp, int cfa_offset, int bp_offset)
{
	return rule.kind == RULE_STEP && rule.from_bp == from_bp && rule.cfa_offset == cfa_offset &&
	       rule.bp_offset == bp_offset;
}

/* The FDE's augmentation data (none), then its program. */
#define RUN(literal, offset) run(BYTES(CIE_HEAD CIE_PROGRAM), BYTES("\0" literal), offset)

/* push bp; mov bp, sp; ...; pop bp; ret */
#define ORDINARY "\x41\x0e\x10\x86\x02\x43\x0d\x06\x02\x20\xc6\x0c\x07\x08"

static void follows_the_program_to_the_location(void **state)
{
	(void)state;
	assert_true(is_step(RUN(ORDINARY, 0), false, 8, 0));
	assert_true(is_step(RUN(ORDINARY, 1), false, 16, -16));
	assert_true(is_step(RUN(ORDINARY, 3), false, 16, -16));
	assert_true(is_step(RUN(ORDINARY, 4), true, 16, -16));
	assert_true(is_step(RUN(ORDINARY, 0x23), true, 16, -16));
	assert_true(is_step(RUN(ORDINARY, 0x24), false, 8, 0));
	assert_true(is_step(RUN(ORDINARY, CODE_BYTES - 1), false, 8, 0));
}

static void covers_its_own_code_only(void **state)
{
	(void)state;
	assert_int_equal(RUN(ORDINARY, CODE_BYTES).kind, RULE_NONE);
	assert_int_equal(RUN(ORDINARY, (uint64_t)-1).kind, RULE_NONE);
	assert_int_equal(RUN(ORDINARY, (uint64_t)INT64_MIN).kind, RULE_NONE);
}

static bool is_elsewhere(size_t fde, uint64_t location)
{
	struct cfi_segment segment = place(used);

	return cfi_is_elsewhere(segment, segment.start + fde, location);
}

/* Of what cannot be read, nobody knows what it covers. */
static void knows_what_it_does_not_cover(void **state)
{
	size_t cie, fde;

	(void)state;
	used = 0;
	cie = put_cie(BYTES(CIE_HEAD CIE_PROGRAM));
	fde = put_fde(cie, CODE, CODE_BYTES, BYTES("\0"));
	assert_false(is_elsewhere(fde, CODE));
	assert_false(is_elsewhere(fde, CODE + CODE_BYTES - 1));
	assert_true(is_elsewhere(fde, CODE + CODE_BYTES));
	assert_true(is_elsewhere(fde, CODE - 1));
	assert_false(is_elsewhere(cie, CODE - 1));
	for (uint8_t length = 0; length < 25; length++) { /* up to its augmentation data */
		bytes[fde] = length - 4;
		bytes[fde + 1] = bytes[fde + 2] = bytes[fde + 3] = length < 4 ? 0xff : 0;
		assert_false(is_elsewhere(fde, CODE - 1));
	}
	bytes[fde] = 25 - 4;
	assert_true(is_elsewhere(fde, CODE - 1));
	bytes[cie + 8] = 9; /* a version that is none */
	assert_false(is_elsewhere(fde, CODE - 1));
}

static void knows_every_way_to_move(void **state)
{
	(void)state;
	assert_true(is_step(RUN("\x02\x10\x0e\x20", 0x0f), false, 8, 0));
	assert_true(is_step(RUN("\x02\x10\x0e\x20", 0x10), false, 32, 0));
	assert_true(is_step(RUN("\x03\x10\0\x0e\x20", 0x10), false, 32, 0));
	assert_true(is_step(RUN("\x04\x10\0\0\0\x0e\x20", 0x10), false, 32, 0));
	assert_true(is_step(RUN("\x04\0\x01\0\0\x0e\x20", 0xff), false, 8, 0));
	assert_true(is_step(RUN("\x01\x10\0\x01\0\0\0\0\0\x0e\x20", 0x0f), false, 8, 0));
	assert_true(is_step(RUN("\x01\x10\0\x01\0\0\0\0\0\x0e\x20", 0x10), false, 32, 0));
}

static void scales_by_the_alignments(void **state)
{
	struct literal cie = BYTES("\x01zR\0\x04\x7c\x10\x01\x04" /* code 4, data -4 */
				   "\x0c\x07\x08\x90\x02");

	(void)state;
	assert_true(is_step(run(cie, BYTES("\0\x42\x0e\x10\x86\x06"), 7), false, 8, 0));
	assert_true(is_step(run(cie, BYTES("\0\x42\x0e\x10\x86\x06"), 8), false, 16, -24));
}

static void knows_every_way_to_define_the_cfa(void **state)
{
	(void)state;
	assert_true(is_step(RUN("\x0c\x06\x20", 0), true, 32, 0));
	assert_true(is_step(RUN("\x12\x06\x7c", 0), true, 32, 0)); /* -4, scaled */
	assert_true(is_step(RUN("\x13\x7c", 0), false, 32, 0));
	assert_true(is_step(RUN("\x0e\x80\x02", 0), false, 256, 0));
	assert_true(is_step(RUN("\x0f\x01\x9c\x0c\x07\x10", 0), false, 16, 0)); /* no longer exp */
}

static void knows_every_way_to_save_a_register(void **state)
{
	(void)state;
	assert_true(is_step(RUN("\x86\x03", 0), false, 8, -24));
	assert_true(is_step(RUN("\x05\x06\x03", 0), false, 8, -24));
	assert_true(is_step(RUN("\x11\x06\x03", 0), false, 8, -24));
	assert_true(is_step(RUN("\x11\x06\x7d", 0), false, 8, 24));
	assert_true(is_step(RUN("\x2f\x06\x7d", 0), false, 8, 0x7d * 8));
	assert_true(is_step(RUN("\x86\x03\xc6", 0), false, 8, 0));
	assert_true(is_step(RUN("\x86\x03\x06\x06", 0), false, 8, 0));
	assert_true(is_step(RUN("\x86\x03\x08\x06", 0), false, 8, 0));
	assert_true(is_step(RUN("\x86\x03\x07\x06", 0), false, 8, 0));
}

static void restores_what_the_cie_said(void **state)
{
	struct literal cie = BYTES(CIE_HEAD CIE_PROGRAM "\x86\x02");

	(void)state;
	assert_true(is_step(run(cie, BYTES("\0"), 0), false, 8, -16));
	assert_true(is_step(run(cie, BYTES("\0\x08\x06"), 0), false, 8, 0));
	assert_true(is_step(run(cie, BYTES("\0\x86\x04"), 0), false, 8, -32));
	assert_true(is_step(run(cie, BYTES("\0\x86\x04\xc6"), 0), false, 8, -16));
}

static void remembers_states_within_states(void **state)
{
	(void)state;
	assert_true(is_step(RUN("\x86\x02\x0a\xc6\x0e\x40\x0b", 0), false, 8, -16));
	assert_true(is_step(RUN("\x0a\x0e\x10\x0a\x0e\x18\x0b", 0), false, 16, 0));
	assert_true(is_step(RUN("\x0a\x0e\x10\x0a\x0e\x18\x0b\x0b", 0), false, 8, 0));
	assert_true(is_step(RUN("\x0a\x0c\x06\x10\x0b", 0), false, 8, 0));
	assert_true(is_step(RUN("\x0a\x0a\x0a\x0a", 0), false, 8, 0));
	assert_int_equal(RUN("\x0a\x0a\x0a\x0a\x0a", 0).kind, RULE_NONE);
	assert_int_equal(RUN("\x0b", 0).kind, RULE_NONE);
}

static void does_not_mind_other_registers(void **state)
{
	(void)state;
	assert_true(is_step(RUN("\x10\x03\x02\x77\x10", 0), false, 8, 0));
	assert_true(is_step(RUN("\x16\x03\x02\x77\x10", 0), false, 8, 0));
	assert_true(is_step(RUN("\x09\x03\x01", 0), false, 8, 0));
	assert_true(is_step(RUN("\x14\x03\x80\x01\x15\x03\x7f", 0), false, 8, 0));
	assert_true(is_step(RUN("\x07\x03\x08\x03\x83\x04\xc3", 0), false, 8, 0));
	assert_true(is_step(RUN("\x2e\xc0\x02\0\0", 0), false, 8, 0)); /* arguments, padding */
	assert_true(is_step(RUN("\x05\xff\xff\xff\xff\x0f\x03", 0), false, 8, 0));
}

static void ends_where_there_is_no_return_address(void **state)
{
	(void)state;
	assert_int_equal(RUN("\x07\x10", 0).kind, RULE_END);
	assert_int_equal(RUN("\x41\x07\x10", 0).kind, RULE_STEP);
	assert_int_equal(RUN("\x41\x07\x10", 1).kind, RULE_END);
}

static bool is_realigned(struct rule rule, int cfa_at, int bp_at)
{
	return rule.kind == RULE_REALIGNED && rule.from_bp && rule.cfa_offset == cfa_at &&
	       rule.bp_offset == bp_at;
}

/* The CFA is in the word at the frame pointer + (-16), where the caller's is at + 0. */
#define CFA_WORD  "\x0f\x03\x76\x70\x06"
#define BP_WORD   "\x10\x06\x02\x76\0"
#define REALIGNED BP_WORD CFA_WORD

static void knows_frames_that_align_their_stack(void **state)
{
	(void)state;
	assert_true(is_realigned(RUN(REALIGNED, 0), -16, 0));
	assert_true(is_realigned(RUN(CFA_WORD BP_WORD, 0), -16, 0));
	assert_true(is_realigned(RUN("\x10\x06\x02\x76\x68\x0f\x04\x76\x80\x01\x06", 0), 128, -24));
	assert_true(is_realigned(RUN(REALIGNED "\x10\x03\x02\x76\x68", 0), -16, 0));
	assert_true(is_realigned(RUN(REALIGNED "\x0e\x20", 0), -16, 0)); /* it still is */
	assert_true(is_realigned(RUN("\x41\x0a" REALIGNED "\x41\x0b", 1), -16, 0));
	assert_true(is_step(RUN("\x41\x0a" REALIGNED "\x41\x0b", 2), false, 8, 0));
	assert_true(is_step(RUN(REALIGNED "\x0c\x07\x10\xc6", 0), false, 16, 0));
	assert_true(is_step(RUN(REALIGNED "\x0c\x07\x10\x86\x02", 0), false, 16, -16));
	assert_int_equal(RUN(REALIGNED "\x07\x10", 0).kind, RULE_END);
}

static void leaves_other_expressions_to_libunwind(void **state)
{
	(void)state;
	assert_int_equal(RUN(CFA_WORD, 0).kind, RULE_NONE); /* without the other, */
	assert_int_equal(RUN(BP_WORD, 0).kind, RULE_NONE);
	assert_int_equal(RUN(CFA_WORD "\x86\x02", 0).kind, RULE_NONE);
	assert_int_equal(RUN(REALIGNED "\x0c\x07\x10", 0).kind, RULE_NONE);
	assert_int_equal(RUN(REALIGNED "\x90\x02", 0).kind, RULE_NONE); /* with another more, */
	assert_int_equal(RUN(REALIGNED "\x87\x02", 0).kind, RULE_NONE);
	assert_int_equal(RUN(REALIGNED "\x10\x07\x02\x76\0", 0).kind, RULE_NONE);
	assert_int_equal(RUN(REALIGNED "\x10\x10\x02\x76\x08", 0).kind, RULE_NONE);
	assert_int_equal(RUN(BP_WORD "\x0f\x03\x77\x70\x06", 0).kind, RULE_NONE); /* from sp, */
	assert_int_equal(RUN(BP_WORD "\x0f\x02\x76\x70", 0).kind, RULE_NONE); /* not the word, */
	assert_int_equal(RUN(BP_WORD "\x0f\x04\x76\x70\x06\x06", 0).kind, RULE_NONE);
	assert_int_equal(RUN(BP_WORD "\x0f\x05\x76\x70\x06\x23\x08", 0).kind, RULE_NONE);
	assert_int_equal(RUN(BP_WORD "\x0f\x03\x76\x71\x06", 0).kind, RULE_NONE); /* unaligned, */
	assert_int_equal(RUN("\x10\x06\x02\x76\x04" CFA_WORD, 0).kind, RULE_NONE);
	assert_int_equal(RUN(CFA_WORD "\x10\x06\x03\x76\0\x06", 0).kind, RULE_NONE);
	assert_int_equal(RUN(CFA_WORD "\x16\x06\x02\x76\0", 0).kind, RULE_NONE); /* the value, */
	assert_int_equal(RUN(BP_WORD "\x0f\x05\x76\x80\x80\x01\x06", 0).kind, RULE_NONE); /* far */
	assert_int_equal(RUN(CFA_WORD "\x10\x06\x04\x76\x80\x80\x7f", 0).kind, RULE_NONE);
	assert_int_equal(RUN(BP_WORD "\x0f\x08\x76\x80\x80\x80\x80\x80\x01\x06", 0).kind,
			 RULE_NONE); /* and cut to 32 bits near */
}

static void refuses_expressions_that_are_cut(void **state)
{
	(void)state;
	assert_int_equal(RUN(BP_WORD "\x0f\0", 0).kind, RULE_NONE);
	assert_int_equal(RUN(BP_WORD "\x0f\x01\x76", 0).kind, RULE_NONE);
	assert_int_equal(RUN(BP_WORD "\x0f\x02\x76\xf0\x06", 0).kind, RULE_NONE);
	assert_int_equal(RUN(BP_WORD "\x0f\x04\x76\x70\x06", 0).kind, RULE_NONE);
	assert_int_equal(RUN(CFA_WORD "\x10\x06\x01\x76", 0).kind, RULE_NONE);
	assert_int_equal(RUN(CFA_WORD "\x10\x06\x02\x76\x80", 0).kind, RULE_NONE);
	assert_int_equal(RUN(CFA_WORD "\x10\x06\x02\x76", 0).kind, RULE_NONE);
	assert_true(
		is_step(RUN("\x0f\x01\x76\x0c\x07\x10", 0), false, 16, 0)); /* the rest is read */
}

static void leaves_what_is_odd_to_libunwind(void **state)
{
	(void)state;
	assert_int_equal(RUN("\x0f\x02\x77\x08", 0).kind, RULE_NONE);     /* CFA by expression */
	assert_int_equal(RUN("\x0f\x01\x9c\x0e\x08", 0).kind, RULE_NONE); /* it still is */
	assert_int_equal(RUN("\x0d\x0a", 0).kind, RULE_NONE);             /* from r10 */
	assert_int_equal(RUN("\x0e\0", 0).kind, RULE_NONE);
	assert_int_equal(RUN("\x0e\x0c", 0).kind, RULE_NONE);
	assert_int_equal(RUN("\x13\x01", 0).kind, RULE_NONE); /* beneath the stack pointer */
	assert_int_equal(RUN("\x0e\x80\x80\x80\x80\x01", 0).kind, RULE_NONE);
	assert_int_equal(RUN("\x90\x02", 0).kind, RULE_NONE);     /* return address elsewhere, */
	assert_int_equal(RUN("\x09\x10\x02", 0).kind, RULE_NONE); /* in a register, */
	assert_int_equal(RUN("\x10\x10\x01\x9c", 0).kind, RULE_NONE);
	assert_int_equal(RUN("\x08\x10", 0).kind, RULE_NONE);
	assert_int_equal(RUN("\x87\x02", 0).kind, RULE_NONE); /* stack pointer saved */
	assert_int_equal(RUN("\x16\x07\x01\x9c", 0).kind, RULE_NONE);
	assert_int_equal(RUN("\x10\x06\x02\x76\0", 0).kind,
			 RULE_NONE); /* frame pointer: expression, */
	assert_int_equal(RUN("\x16\x06\x01\x9c", 0).kind, RULE_NONE);
	assert_int_equal(RUN("\x14\x06\x01", 0).kind, RULE_NONE);
	assert_int_equal(RUN("\x09\x06\x01", 0).kind, RULE_NONE);     /* in a register, */
	assert_int_equal(RUN("\x86\0", 0).kind, RULE_NONE);           /* at the CFA itself, */
	assert_int_equal(RUN("\x86\x80\x80\x01", 0).kind, RULE_NONE); /* far away, */
	assert_int_equal(RUN("\x86\x82\x80\x80\x80\x02", 0).kind, RULE_NONE);
}

static void refuses_what_it_does_not_know(void **state)
{
	(void)state;
	assert_int_equal(RUN("\x17", 0).kind, RULE_NONE);
	assert_int_equal(RUN("\x2d", 0).kind, RULE_NONE);
	assert_int_equal(RUN("\x1d\x01", 0).kind, RULE_NONE);
	assert_int_equal(RUN("\x3f", 0).kind, RULE_NONE);
	assert_int_equal(RUN("\x0e", 0).kind, RULE_NONE); /* cut short */
	assert_int_equal(RUN("\x03\x01", 0).kind, RULE_NONE);
	assert_int_equal(RUN("\x10\x06\x7f", 0).kind, RULE_NONE); /* longer than the program */
	assert_true(is_step(RUN("\x41\x17", 0), false, 8, 0));    /* not reached */
}

static enum rule_kind kind_with(struct literal cie, struct literal program)
{
	return run(cie, program, 0).kind;
}

static void reads_augmentations(void **state)
{
	(void)state;
	assert_int_equal(
		kind_with(BYTES("\x01zPLR\0\x01\x78\x10\x07\x9b\0\0\0\0\x1b\x04" CIE_PROGRAM),
			  BYTES("\x04\1\2\3\4")),
		RULE_STEP);
	assert_int_equal(
		kind_with(BYTES("\x03zR\0\x01\x78\x90\0\x01\x04" CIE_PROGRAM), BYTES("\0")),
		RULE_STEP); /* version 3 */
	assert_int_equal(kind_with(BYTES("\x01\0\x01\x78\x10" CIE_PROGRAM), BYTES("")), RULE_STEP);
	assert_int_equal(kind_with(BYTES("\x01R\0\x01\x78\x10\x04" CIE_PROGRAM), BYTES("")),
			 RULE_STEP); /* unsized */
	assert_int_equal(
		kind_with(BYTES("\x01zRB\0\x01\x78\x10\x02\x04\x55" CIE_PROGRAM), BYTES("\0")),
		RULE_STEP); /* an unknown letter of known size */
	assert_int_equal(kind_with(BYTES("\x01zRS\0\x01\x78\x10\x01\x04" CIE_PROGRAM), BYTES("\0")),
			 RULE_NONE);
	assert_int_equal(
		kind_with(BYTES("\x01zRS\0\x01\x78\x10\x01\x04" CIE_PROGRAM), BYTES("\0\x07\x10")),
		RULE_NONE); /* a signal frame, whatever else */
	assert_int_equal(kind_with(BYTES("\x01Q\0\x01\x78\x10\x04" CIE_PROGRAM), BYTES("")),
			 RULE_NONE);
	assert_int_equal(kind_with(BYTES("\x01zP\0\x01\x78\x10\x01\x50" CIE_PROGRAM), BYTES("\0")),
			 RULE_NONE); /* aligned */
	assert_int_equal(kind_with(BYTES("\x01zR\0\x01\x78\x10\0" CIE_PROGRAM), BYTES("\0")),
			 RULE_NONE); /* no data for the letter */
	assert_int_equal(kind_with(BYTES("\x01zR\0\x01\x78\x10\x01\x84" CIE_PROGRAM), BYTES("\0")),
			 RULE_NONE); /* indirect */
	assert_int_equal(kind_with(BYTES("\x04zR\0\x01\x78\x10\x01\x04" CIE_PROGRAM), BYTES("\0")),
			 RULE_NONE); /* version 4 */
	assert_int_equal(kind_with(BYTES("\x01zR\0\x01\x78\x11\x01\x04" CIE_PROGRAM), BYTES("\0")),
			 RULE_NONE); /* another return column */
}

/* Addresses relative to where they are written: 32 bits, as all tools write them. */
static void reads_relative_addresses(void **state)
{
	size_t start, fde;

	(void)state;
	used = 0;
	start = put_cie(BYTES("\x01zR\0\x01\x78\x10\x01\x1b" CIE_PROGRAM));
	fde = used;
	put_u32(0);
	put_u32((uint32_t)(used - start));
	put_u32((uint32_t)-64); /* 64 bytes before this */
	put_u32(16);
	put_literal(BYTES("\0\x48\x0e\x10"));
	put_end(fde);
	start = (size_t)(page + PAGE - used) + fde + 8 - 64;
	assert_int_equal(rule_at(fde, start - 1).kind, RULE_NONE);
	assert_true(is_step(rule_at(fde, start), false, 8, 0));
	assert_true(is_step(rule_at(fde, start + 15), false, 16, 0));
	assert_int_equal(rule_at(fde, start + 16).kind, RULE_NONE);
}

/* An FDE with one instruction of each kind. Returns where it is. */
static size_t put_rich(void)
{
	size_t cie;

	used = 0;
	cie = put_cie(BYTES("\x01zPLR\0\x01\x78\x10\x07\x9b\0\0\0\0\x1b\x04" CIE_PROGRAM));
	return put_fde(cie, CODE, CODE_BYTES,
		       BYTES("\x04\1\2\3\4"
			     "\x41\x0e\x10\x86\x02\x43\x0d\x06\x0a\x02\x20\xc6\x0c\x07\x08\x0b"
			     "\x03\x01\0\x04\x01\0\0\0\x05\x03\x82\x01\x06\x03\x07\x03\x08\x03"
			     "\x09\x03\x04\x10\x03\x02\x77\x08\x11\x03\x7d\x12\x06\x7e\x13\x7e"
			     "\x14\x03\x01\x15\x03\x01\x16\x03\x01\x9c\x2e\x10\x2f\x03\x01"
			     "\x10\x06\x02\x76\0\x0f\x03\x76\x70\x06\x86\x02\x0c\x06\x10\x01\x80\0"
			     "\x01\0\0\0\0\0\0\0"));
}

static void stays_within_every_cut(void **state)
{
	size_t fde = put_rich();

	(void)state;
	assert_true(is_step(rule_at(fde, CODE + CODE_BYTES - 1), true, 16, -16));
	for (size_t count = fde; count < used; count++) {
		struct cfi_segment segment = place(count);
		struct cfi_row row;

		assert_false(cfi_find_row(segment, segment.start + fde, CODE + 0x90, &row));
	}
}

/* The same with lengths that fit the cut: what is inside must not be believed either. */
static void stays_within_every_shorter_record(void **state)
{
	size_t fde = put_rich(), whole = used;
	struct cfi_row row;

	(void)state;
	for (used = fde + 4; used <= whole; used++) {
		struct cfi_segment segment;

		put_end(fde);
		segment = place(used);
		cfi_find_row(segment, segment.start + fde, CODE + 0x90, &row);
	}
	for (uint32_t length = 0; length < fde - 4; length++) {
		struct cfi_segment segment;

		used = whole;
		memcpy(bytes, &length, sizeof(length));
		segment = place(used);
		cfi_find_row(segment, segment.start + fde, CODE + 0x90, &row);
	}
}

static void survives_any_change(void **state)
{
	size_t fde = put_rich();
	uint8_t sound[PAGE];
	uint64_t seed = 1;
	unsigned found = 0;

	(void)state;
	memcpy(sound, bytes, sizeof(sound));
	for (unsigned i = 0; i < CHANGES; i++) {
		change_bytes(sound, &seed);
		found += rule_at(fde, CODE + test_below(&seed, CODE_BYTES)).kind != RULE_NONE;
	}
	assert_in_range(found, CHANGES / 100, CHANGES / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(follows_the_program_to_the_location),
		cmocka_unit_test(covers_its_own_code_only),
		cmocka_unit_test(knows_what_it_does_not_cover),
		cmocka_unit_test(knows_every_way_to_move),
		cmocka_unit_test(scales_by_the_alignments),
		cmocka_unit_test(knows_every_way_to_define_the_cfa),
		cmocka_unit_test(knows_every_way_to_save_a_register),
		cmocka_unit_test(restores_what_the_cie_said),
		cmocka_unit_test(remembers_states_within_states),
		cmocka_unit_test(does_not_mind_other_registers),
		cmocka_unit_test(ends_where_there_is_no_return_address),
		cmocka_unit_test(knows_frames_that_align_their_stack),
		cmocka_unit_test(leaves_other_expressions_to_libunwind),
		cmocka_unit_test(refuses_expressions_that_are_cut),
		cmocka_unit_test(leaves_what_is_odd_to_libunwind),
		cmocka_unit_test(refuses_what_it_does_not_know),
		cmocka_unit_test(reads_augmentations),
		cmocka_unit_test(reads_relative_addresses),
		cmocka_unit_test(stays_within_every_cut),
		cmocka_unit_test(stays_within_every_shorter_record),
		cmocka_unit_test(survives_any_change),
	};

	return cmocka_run_group_tests(tests, start_bytes, NULL);
}
