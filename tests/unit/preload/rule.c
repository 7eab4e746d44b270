/* SPDX-License-Identifier: MIT */
/* Unwind rules by the table of an object: of one written here, and of this very program's frames.
 * cfi.c has what a record can say; rule_truth.py compares whole libraries. */
#include "capture/rule.h"

#include <elf.h>
#include <link.h>
#include <pthread.h>
#include <signal.h>
#include <ucontext.h>
#include <unwind.h>

#include "capture/frames.h"
#include "capture/machine.h"
#include "cfi_bytes.h"

#define CHANGES   300000
#define DEPTH_MAX 200

/* How all x86-64 CIEs begin: see cfi.c. */
#define CIE "\x01zR\0\x01\x78\x10\x01\x04\x0c\x07\x08\x90\x01"

static bool is_step(struct rule rule, int cfa_offset)
{
	return rule.kind == RULE_STEP && !rule.from_bp && rule.cfa_offset == cfa_offset &&
	       rule.bp_offset == 0;
}

/* A table in the manner of linkers: its header, one entry for each FDE, then the records. */
#define TABLE_BYTES  12
#define TABLE_ENTRY  8
#define FUNCTIONS    5
#define FUNCTION_GAP 0x200

static struct frames put_table(void)
{
	size_t cie, fdes[FUNCTIONS];

	used = 0;
	put_literal(BYTES("\x01\x1b\x03\x3b\0\0\0\0"));
	put_u32(FUNCTIONS);
	used += (size_t)FUNCTIONS * TABLE_ENTRY;
	cie = put_cie(BYTES(CIE));
	for (unsigned i = 0; i < FUNCTIONS; i++)
		fdes[i] = put_fde(cie, (uint64_t)page + PAGE + (uint64_t)i * FUNCTION_GAP,
				  CODE_BYTES, BYTES("\0\x0a\x0e\x10\x0b"));
	for (unsigned i = 0; i < FUNCTIONS; i++) {
		int32_t entry[2] = {(int32_t)used + (int32_t)i * FUNCTION_GAP, (int32_t)fdes[i]};

		memcpy(bytes + TABLE_BYTES + i * sizeof(entry), entry, sizeof(entry));
	}
	return (struct frames){page + PAGE - used, place(used)};
}

static bool is_covered(const struct frames *frames, uint64_t location)
{
	const uint8_t *fde = frames_fde(frames, location);
	struct cfi_row row;

	return fde && cfi_find_row(frames->segment, fde, location, &row);
}

static void finds_the_function(void **state)
{
	struct frames frames = put_table();
	uint64_t code = (uint64_t)page + PAGE;

	(void)state;
	assert_null(frames_fde(&frames, code - 1));
	for (unsigned i = 0; i < FUNCTIONS; i++, code += FUNCTION_GAP) {
		assert_true(is_covered(&frames, code));
		assert_true(is_covered(&frames, code + CODE_BYTES - 1));
		assert_false(is_covered(&frames, code + CODE_BYTES));
		assert_false(is_covered(&frames, code - 1));
	}
	assert_false(is_covered(&frames, UINT64_MAX));
}

static void refuses_tables_of_other_kinds(void **state)
{
	static const struct {
		uint8_t at, value;
	} changes[] = {{0, 2},    {1, 0xff}, {2, 0xff}, {2, 4},   {3, 0xff},
		       {3, 0x1b}, {3, 0x3a}, {8, 0},    {8, 200}, {11, 0x80}};
	struct frames frames;

	(void)state;
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		frames = put_table();
		bytes[changes[i].at] = changes[i].value;
		place(used);
		assert_null(frames_fde(&frames, (uint64_t)page + PAGE));
	}
	frames = put_table();
	memset(bytes + TABLE_BYTES + 4, 0x7f, 4); /* an FDE far outside */
	place(used);
	assert_null(frames_fde(&frames, (uint64_t)page + PAGE));
	for (size_t count = 0; count < TABLE_BYTES + TABLE_ENTRY * FUNCTIONS; count++) {
		frames.segment = place(count);
		frames.table = frames.segment.start;
		assert_null(frames_fde(&frames, (uint64_t)page + PAGE));
	}
}

/* Whatever comes of it, it comes without a step outside. */
static void survives_any_change(void **state)
{
	struct frames frames = put_table();
	uint8_t sound[PAGE];
	uint64_t seed = 1;
	unsigned found = 0;

	(void)state;
	memcpy(sound, bytes, sizeof(sound));
	for (unsigned i = 0; i < CHANGES; i++) {
		change_bytes(sound, &seed);
		frames.segment = place(used);
		found += is_covered(&frames, (uint64_t)page + PAGE + test_below(&seed, 0xa00));
	}
	assert_in_range(found, CHANGES / 100, CHANGES / 2);
}

/* A file header's worth of an object that the loader does not know. */
static void knows_noted_objects_until_they_are_forgotten(void **state)
{
	struct frames frames = put_table();
	uint64_t code = (uint64_t)page + PAGE;
	ElfW(Phdr) headers[] = {
		{.p_type = PT_LOAD, .p_flags = PF_R, .p_filesz = PAGE, .p_memsz = PAGE},
		{.p_type = PT_LOAD, .p_flags = PF_X, .p_vaddr = PAGE, .p_memsz = CODE_BYTES},
		{.p_type = PT_GNU_EH_FRAME, .p_vaddr = (ElfW(Addr))(frames.table - page)},
	};
	struct dl_phdr_info info = {
		.dlpi_addr = (ElfW(Addr))page, .dlpi_phdr = headers, .dlpi_phnum = 3};

	(void)state;
	assert_int_equal(rule_find(code + 1).kind, RULE_NONE);
	for (int round = 0; round < 5000; round++) { /* more often than there is room for notes */
		frames_note(&info);
		assert_true(is_step(rule_find(code + 1), 8));
		assert_true(is_step(rule_find(code + CODE_BYTES), 8)); /* after its end */
		assert_int_equal(rule_find(code + CODE_BYTES + 1).kind, RULE_NONE);
		assert_int_equal(rule_find(code).kind, RULE_NONE);
		frames_forget(code + PAGE, code + 2 * PAGE); /* another */
		assert_int_equal(rule_find(code + 1).kind, RULE_STEP);
		frames_forget((uint64_t)page, code + PAGE);
		assert_int_equal(rule_find(code + 1).kind, RULE_NONE);
	}
	headers[0].p_flags = PF_X; /* not to be read */
	frames_note(&info);
	assert_int_equal(rule_find(code + 1).kind, RULE_NONE);
}

struct walk {
	uint64_t pcs[DEPTH_MAX];
	unsigned count;
	enum rule_kind end;
};

static _Unwind_Reason_Code collect(struct _Unwind_Context *context, void *into)
{
	struct walk *walk = into;

	if (walk->count < DEPTH_MAX)
		walk->pcs[walk->count++] = _Unwind_GetIP(context);
	return _URC_NO_REASON;
}

static __attribute__((no_sanitize("address"))) uint64_t word_at(uint64_t address)
{
	return *(const uint64_t *)address;
}

/* The stack of whoever took `context`, by our rules. */
static __attribute__((no_sanitize("address"))) struct walk walk_from(const ucontext_t *context)
{
	struct walk walk = {.end = RULE_STEP};
	uint64_t pc = 0, sp = 0, bp = 0;

#if defined(__x86_64__)
	pc = (uint64_t)context->uc_mcontext.gregs[REG_RIP];
	sp = (uint64_t)context->uc_mcontext.gregs[REG_RSP];
	bp = (uint64_t)context->uc_mcontext.gregs[REG_RBP];
#endif
	while (walk.count < DEPTH_MAX) {
		struct rule rule = rule_find(pc);
		uint64_t cfa = (rule.from_bp ? bp : sp) + (uint64_t)(int64_t)rule.cfa_offset;

		walk.pcs[walk.count++] = pc;
		walk.end = rule.kind;
		if (rule.kind != RULE_STEP)
			return walk;
		if (rule.bp_offset)
			bp = word_at(cfa + (uint64_t)(int64_t)rule.bp_offset);
		pc = word_at(cfa - sizeof(pc));
		sp = cfa;
	}
	return walk;
}

/* The compiler's unwinder says 0 once more after the outermost frame, at times. */
static void compare_walks(const struct walk *ours, const struct walk *theirs)
{
	unsigned count = theirs->count;

	while (count > 0 && theirs->pcs[count - 1] == 0)
		count--;
	assert_int_equal(ours->count, count);
	for (unsigned i = 1; i < count; i++) /* the innermost is where each was called */
		assert_int_equal(ours->pcs[i], theirs->pcs[i]);
}

static void *walk_here(void *unused)
{
	struct walk ours, theirs = {.count = 0};
	ucontext_t context;

	getcontext(&context);
	ours = walk_from(&context);
	_Unwind_Backtrace(collect, &theirs);
	compare_walks(&ours, &theirs);
	assert_int_equal(ours.end, RULE_END);
	return unused;
}

static __attribute__((noinline)) int walk_below(int depth)
{
	volatile char some[64] = {0};

	if (depth == 0)
		walk_here(NULL);
	return depth > 0 ? walk_below(depth - 1) + some[depth] : some[0];
}

static void walks_as_the_compilers_unwinder_does(void **state)
{
	pthread_t thread;

	(void)state;
	if (!MACHINE_HAS_RULES)
		skip();
	walk_below(30);
	assert_int_equal(pthread_create(&thread, NULL, walk_here, NULL), 0);
	pthread_join(thread, NULL);
}

static uint64_t handler_returns_to;

static void note_return(int signal_number)
{
	(void)signal_number;
	handler_returns_to = (uint64_t)__builtin_return_address(0);
}

static void has_none_for_signal_frames_and_foreign_code(void **state)
{
	(void)state;
	signal(SIGUSR1, note_return);
	raise(SIGUSR1);
	assert_true(handler_returns_to != 0);
	assert_int_equal(rule_find(handler_returns_to).kind, RULE_NONE);
	assert_int_equal(rule_find(0).kind, RULE_NONE);
	assert_int_equal(rule_find(1).kind, RULE_NONE);
	assert_int_equal(rule_find((uint64_t)page).kind, RULE_NONE);
	assert_int_equal(rule_find((uint64_t)&state).kind, RULE_NONE);
	assert_int_equal(rule_find(UINT64_MAX).kind, RULE_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_the_function),
		cmocka_unit_test(refuses_tables_of_other_kinds),
		cmocka_unit_test(survives_any_change),
		cmocka_unit_test(knows_noted_objects_until_they_are_forgotten),
		cmocka_unit_test(walks_as_the_compilers_unwinder_does),
		cmocka_unit_test(has_none_for_signal_frames_and_foreign_code),
	};

	return cmocka_run_group_tests(tests, start_bytes, NULL);
}
