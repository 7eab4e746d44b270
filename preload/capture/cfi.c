/* SPDX-License-Identifier: MIT */
/*
 * The reader of CIEs and FDEs, and of their program; see cfi.h. What the records hold is in the LSB
 * ("Exception Frames") and in DWARF 5, 6.4.
 */
#include "capture/cfi.h"

#include <stddef.h>

#include "capture/cfi_cursor.h"
#include "capture/machine.h"

#define REMEMBERED_MAX 4 /* compilers nest no deeper than 2, and threads' stacks are small */

/* The instructions. The first three have an operand in their low six bits. */
enum {
	OP_ADVANCE = 0x40,
	OP_OFFSET = 0x80,
	OP_RESTORE = 0xc0,
	OP_NOP = 0x00,
	OP_SET_LOC = 0x01,
	OP_ADVANCE_1 = 0x02,
	OP_ADVANCE_2 = 0x03,
	OP_ADVANCE_4 = 0x04,
	OP_OFFSET_EXTENDED = 0x05,
	OP_RESTORE_EXTENDED = 0x06,
	OP_UNDEFINED = 0x07,
	OP_SAME_VALUE = 0x08,
	OP_REGISTER = 0x09,
	OP_REMEMBER_STATE = 0x0a,
	OP_RESTORE_STATE = 0x0b,
	OP_DEF_CFA = 0x0c,
	OP_DEF_CFA_REGISTER = 0x0d,
	OP_DEF_CFA_OFFSET = 0x0e,
	OP_DEF_CFA_EXPRESSION = 0x0f,
	OP_EXPRESSION = 0x10,
	OP_OFFSET_EXTENDED_SF = 0x11,
	OP_DEF_CFA_SF = 0x12,
	OP_DEF_CFA_OFFSET_SF = 0x13,
	OP_VAL_OFFSET = 0x14,
	OP_VAL_OFFSET_SF = 0x15,
	OP_VAL_EXPRESSION = 0x16,
	OP_GNU_ARGS_SIZE = 0x2e,
	OP_GNU_NEGATIVE_OFFSET = 0x2f,
};

/* What expressions are made of, as far as we read them: the frame pointer + an offset, and the word
 * there. Functions that align their stack are described by no more than that. */
enum {
	OP_DEREF = 0x06,
	OP_BP_PLUS = 0x70 + MACHINE_BP,
};

/* What a CIE says of all its FDEs. */
struct cie {
	struct cursor program;
	uint64_t code_align, ra_register;
	int64_t data_align;
	uint8_t encoding; /* of the FDEs' addresses */
	bool sized;       /* the FDEs have augmentation data, with its size before it */
	bool is_signal_frame;
};

struct machine {
	struct cursor in;
	const struct cie *cie;
	uint64_t at; /* the row being made begins here */
	struct cfi_row row;
	struct cfi_row initial; /* as the CIE left it */
	uint32_t remembered_count;
	struct cfi_row remembered[REMEMBERED_MAX];
};

/* The record at an address without its length; empty and bad if there is none. Lengths of 64 bits,
 * which no tool writes, begin as one that is too long. */
static struct cursor read_record(struct cfi_segment segment, const uint8_t *at)
{
	struct cursor in = {at, segment.end, false};
	uint32_t length = cursor_u32(&in);

	return cursor_take(&in, length);
}

/* `data` is moved past what the letters before the first unknown one stand for. */
static void read_augmentation(const uint8_t *letters, struct cursor *data, struct cie *cie)
{
	for (; *letters; letters++) {
		switch (*letters) {
		case 'R':
			cie->encoding = cursor_u8(data);
			break;
		case 'L':
			cursor_u8(data);
			break;
		case 'P':
			cursor_format(data, cursor_u8(data));
			break;
		case 'S':
			cie->is_signal_frame = true;
			break;
		default:
			if (!cie->sized)
				cursor_fail(data);
			return;
		}
	}
}

static bool read_cie(struct cfi_segment segment, const uint8_t *at, struct cie *cie)
{
	struct cursor in = read_record(segment, at), data;
	uint32_t id = cursor_u32(&in);
	uint8_t version = cursor_u8(&in);
	const uint8_t *letters = in.at;

	*cie = (struct cie){.encoding = CFI_ABSOLUTE};
	while (cursor_u8(&in))
		continue;
	cie->code_align = cursor_varint(&in);
	cie->data_align = cursor_sleb(&in);
	cie->ra_register = version == 1 ? cursor_u8(&in) : cursor_varint(&in);
	if (in.bad || id != 0 || (version != 1 && version != 3))
		return false;
	cie->sized = *letters == 'z';
	if (cie->sized) {
		data = cursor_string(&in);
		read_augmentation(letters + 1, &data, cie);
	} else {
		read_augmentation(letters, &in, cie);
		data = in;
	}
	cie->program = in;
	return !in.bad && !data.bad;
}

/* The CIE that an FDE names, by how far it lies before that name. */
static bool find_cie(struct cfi_segment segment, struct cursor *fde, struct cie *cie)
{
	const uint8_t *name = fde->at;
	uint32_t back = cursor_u32(fde);

	if (fde->bad || back == 0 || back > (size_t)(name - segment.start))
		return false;
	return read_cie(segment, name - back, cie);
}

static struct cfi_saved *find_saved(struct cfi_row *row, uint64_t column)
{
	switch (column) {
	case MACHINE_BP:
		return &row->bp;
	case MACHINE_SP:
		return &row->sp;
	case MACHINE_RA:
		return &row->ra;
	}
	return NULL;
}

static void save(struct machine *machine, uint64_t column, enum cfi_where where)
{
	struct cfi_saved *saved = find_saved(&machine->row, column);

	if (saved)
		*saved = (struct cfi_saved){0, (uint8_t)where};
}

/* Offsets are written as multiples of the data alignment. Nonsense may overflow. */
static int64_t scale(const struct machine *machine, int64_t factor)
{
	return (int64_t)((uint64_t)factor * (uint64_t)machine->cie->data_align);
}

static void save_at(struct machine *machine, uint64_t column, int64_t factor)
{
	struct cfi_saved *saved = find_saved(&machine->row, column);
	int64_t offset = scale(machine, factor);

	if (saved && offset == (int32_t)offset)
		*saved = (struct cfi_saved){(int32_t)offset, CFI_AT_CFA};
	else if (saved)
		*saved = (struct cfi_saved){0, CFI_OTHER};
}

static int64_t read_bp_plus(struct cursor *expression)
{
	if (cursor_u8(expression) != OP_BP_PLUS)
		cursor_fail(expression);
	return cursor_sleb(expression);
}

/* By an expression that was read, of which nothing may be left. */
static struct cfi_saved saved_at_bp(const struct cursor *expression, int64_t offset)
{
	if (expression->bad || cursor_left(expression) || offset != (int32_t)offset)
		return (struct cfi_saved){0, CFI_OTHER};
	return (struct cfi_saved){(int32_t)offset, CFI_AT_BP};
}

static void save_by_expression(struct machine *machine, uint64_t column)
{
	struct cfi_saved *saved = find_saved(&machine->row, column);
	struct cursor expression = cursor_string(&machine->in);
	int64_t offset = read_bp_plus(&expression);

	if (saved)
		*saved = saved_at_bp(&expression, offset);
}

static void define_cfa_by_expression(struct machine *machine)
{
	struct cursor expression = cursor_string(&machine->in);
	int64_t offset = read_bp_plus(&expression);

	if (cursor_u8(&expression) != OP_DEREF)
		cursor_fail(&expression);
	machine->row.cfa = saved_at_bp(&expression, offset);
}

static void restore(struct machine *machine, uint64_t column)
{
	struct cfi_saved *saved = find_saved(&machine->row, column);

	if (saved)
		*saved = *find_saved(&machine->initial, column);
}

static void advance(struct machine *machine, uint64_t factor)
{
	machine->at += factor * machine->cie->code_align;
}

static void define_cfa(struct machine *machine, uint64_t column)
{
	machine->row.cfa_register = column;
	machine->row.cfa.where = CFI_SAME;
}

static void remember_state(struct machine *machine)
{
	if (machine->remembered_count == REMEMBERED_MAX)
		cursor_fail(&machine->in);
	else
		machine->remembered[machine->remembered_count++] = machine->row;
}

static void restore_state(struct machine *machine)
{
	if (machine->remembered_count == 0)
		cursor_fail(&machine->in);
	else
		machine->row = machine->remembered[--machine->remembered_count];
}

static void run_on_location(struct machine *machine, uint8_t op)
{
	struct cursor *in = &machine->in;

	switch (op) {
	case OP_SET_LOC:
		machine->at = cursor_pointer(in, machine->cie->encoding);
		break;
	case OP_ADVANCE_1:
		advance(machine, cursor_u8(in));
		break;
	case OP_ADVANCE_2:
		advance(machine, cursor_u16(in));
		break;
	case OP_ADVANCE_4:
		advance(machine, cursor_u32(in));
		break;
	default:
		cursor_fail(in);
	}
}

static void run_on_cfa(struct machine *machine, uint8_t op)
{
	struct cursor *in = &machine->in;

	if (op == OP_DEF_CFA || op == OP_DEF_CFA_SF || op == OP_DEF_CFA_REGISTER)
		define_cfa(machine, cursor_varint(in));
	switch (op) {
	case OP_DEF_CFA:
	case OP_DEF_CFA_OFFSET:
		machine->row.cfa_offset = (int64_t)cursor_varint(in);
		break;
	case OP_DEF_CFA_SF:
	case OP_DEF_CFA_OFFSET_SF:
		machine->row.cfa_offset = scale(machine, cursor_sleb(in));
		break;
	case OP_DEF_CFA_EXPRESSION:
		define_cfa_by_expression(machine);
		break;
	}
}

static void run_on_register(struct machine *machine, uint8_t op)
{
	struct cursor *in = &machine->in;
	uint64_t column = cursor_varint(in);

	switch (op) {
	case OP_OFFSET_EXTENDED:
		save_at(machine, column, (int64_t)cursor_varint(in));
		break;
	case OP_OFFSET_EXTENDED_SF:
		save_at(machine, column, cursor_sleb(in));
		break;
	case OP_GNU_NEGATIVE_OFFSET:
		save_at(machine, column, (int64_t)-cursor_varint(in));
		break;
	case OP_RESTORE_EXTENDED:
		restore(machine, column);
		break;
	case OP_UNDEFINED:
		save(machine, column, CFI_UNDEFINED);
		break;
	case OP_SAME_VALUE:
		save(machine, column, CFI_SAME);
		break;
	case OP_REGISTER:
	case OP_VAL_OFFSET:
	case OP_VAL_OFFSET_SF: /* as long, whatever its sign */
		cursor_sleb(in);
		save(machine, column, CFI_OTHER);
		break;
	case OP_EXPRESSION:
		save_by_expression(machine, column);
		break;
	case OP_VAL_EXPRESSION:
		cursor_string(in);
		save(machine, column, CFI_OTHER);
		break;
	default:
		cursor_fail(in);
	}
}

static void run_extended(struct machine *machine, uint8_t op)
{
	switch (op) {
	case OP_NOP:
		break;
	case OP_REMEMBER_STATE:
		remember_state(machine);
		break;
	case OP_RESTORE_STATE:
		restore_state(machine);
		break;
	case OP_DEF_CFA:
	case OP_DEF_CFA_SF:
	case OP_DEF_CFA_REGISTER:
	case OP_DEF_CFA_OFFSET:
	case OP_DEF_CFA_OFFSET_SF:
	case OP_DEF_CFA_EXPRESSION:
		run_on_cfa(machine, op);
		break;
	case OP_GNU_ARGS_SIZE: /* matters to who throws */
		cursor_varint(&machine->in);
		break;
	default:
		if (op <= OP_ADVANCE_4)
			run_on_location(machine, op);
		else
			run_on_register(machine, op);
	}
}

/* Makes the row that holds at `location`. Each step takes a byte at least, so there is an end. */
static bool run(struct machine *machine, struct cursor program, uint64_t location)
{
	machine->in = program;
	while (machine->in.at < machine->in.end && machine->at <= location) {
		uint8_t op = cursor_u8(&machine->in), operand = op & 0x3f;

		switch (op & 0xc0) {
		case OP_ADVANCE:
			advance(machine, operand);
			break;
		case OP_OFFSET:
			save_at(machine, operand, (int64_t)cursor_varint(&machine->in));
			break;
		case OP_RESTORE:
			restore(machine, operand);
			break;
		default:
			run_extended(machine, op);
		}
	}
	return !machine->in.bad;
}

/* What an FDE says of itself, before its program. */
struct fde {
	struct cie cie;
	struct cursor program;
	uint64_t start, size; /* of the code it covers */
};

static bool read_fde(struct cfi_segment segment, const uint8_t *at, struct fde *fde)
{
	struct cursor in = read_record(segment, at);

	if (!find_cie(segment, &in, &fde->cie))
		return false;
	fde->start = cursor_pointer(&in, fde->cie.encoding);
	fde->size = cursor_format(&in, fde->cie.encoding);
	if (fde->cie.sized)
		cursor_string(&in);
	fde->program = in;
	return !in.bad;
}

bool cfi_is_elsewhere(struct cfi_segment segment, const uint8_t *at, uint64_t location)
{
	struct fde fde;

	return read_fde(segment, at, &fde) && location - fde.start >= fde.size;
}

bool cfi_find_row(struct cfi_segment segment, const uint8_t *at, uint64_t location,
		  struct cfi_row *row)
{
	struct machine machine;
	struct fde fde;

	if (!read_fde(segment, at, &fde) || location - fde.start >= fde.size)
		return false;
	machine.cie = &fde.cie;
	machine.at = 0;
	machine.remembered_count = 0;
	machine.initial = (struct cfi_row){.ra_register = fde.cie.ra_register,
					   .is_signal_frame = fde.cie.is_signal_frame};
	machine.row = machine.initial;
	if (!run(&machine, fde.cie.program, UINT64_MAX))
		return false;
	machine.initial = machine.row;
	machine.at = fde.start;
	if (!run(&machine, fde.program, location))
		return false;
	*row = machine.row;
	return true;
}
