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

#include "capture/machine.h"
#include "cfi_bytes.h"

#define CHANGES   300000
#define DEPTH_MAX 200

static bool is_step(struct rule rule, int cfa_offset)
{
	return rule.kind == RULE_STEP && !rule.from_bp && rule.cfa_offset == cfa_offset &&
	       rule.bp_offset == 0;
}

#define FUNCTIONS 5

static struct frames put_table(void)
{
	struct literal programs[FUNCTIONS];

	for (unsigned i = 0; i < FUNCTIONS; i++)
		programs[i] = BYTES("\0\x0a\x0e\x10\x0b");
	return put_functions(programs, FUNCTIONS);
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
		frames_forget_others();
		assert_int_equal(rule_find(code + 1).kind, RULE_STEP);
		frames_forget_others(); /* it was not noted again */
		assert_int_equal(rule_find(code + 1).kind, RULE_NONE);
	}
	frames_note(&info);
	headers[1].p_memsz++; /* another object at the same place */
	headers[2].p_vaddr++; /* of which we can make nothing */
	frames_note(&info);
	assert_int_equal(rule_find(code + 1).kind, RULE_NONE);
	headers[0].p_flags = PF_X; /* not to be read */
	headers[2].p_vaddr--;
	frames_forget_others();
	frames_forget_others();
	frames_note(&info);
	assert_int_equal(rule_find(code + 1).kind, RULE_NONE);
}

static void note_code(struct frames frames, uint32_t rights, uint64_t size)
{
	ElfW(Phdr) headers[] = {
		{.p_type = PT_LOAD, .p_flags = PF_R, .p_filesz = PAGE, .p_memsz = PAGE},
		{.p_type = PT_LOAD,
		 .p_flags = rights,
		 .p_vaddr = PAGE,
		 .p_filesz = size,
		 .p_memsz = PAGE},
		{.p_type = PT_GNU_EH_FRAME, .p_vaddr = (ElfW(Addr))(frames.table - page)},
	};
	struct dl_phdr_info info = {
		.dlpi_addr = (ElfW(Addr))page, .dlpi_phdr = headers, .dlpi_phnum = 3};

	frames_forget_others();
	frames_note(&info);
	frames_forget_others();
}

/* Code between two functions, and what it must be for that. */
static void knows_code_that_nothing_is_said_of(void **state)
{
	static const uint8_t returns[][9] = {{0x48, 0xc7, 0xc0, 15, 0, 0, 0, 0x0f, 0x05},
					     {0xb8, 15, 0, 0, 0, 0x0f, 0x05}};
	struct frames frames = put_table();
	uint8_t *code = page + PAGE, *gap = code + CODE_BYTES + 0x10;

	(void)state;
	if (!MACHINE_HAS_RULES)
		skip();
	mprotect(code, PAGE, PROT_READ | PROT_WRITE);
	note_code(frames, PF_R | PF_X, PAGE);
	assert_int_equal(rule_find((uint64_t)gap).kind, RULE_BARE);
	assert_true(rule_find((uint64_t)gap).from_bp);
	assert_int_equal(rule_find((uint64_t)code + CODE_BYTES).kind, RULE_STEP);
	assert_int_equal(rule_find((uint64_t)code + CODE_BYTES + 1).kind, RULE_BARE);
	assert_int_equal(rule_find((uint64_t)code + FUNCTION_GAP).kind, RULE_BARE); /* its own pc */
	assert_int_equal(rule_find((uint64_t)code + FUNCTION_GAP + 1).kind, RULE_STEP);
	assert_int_equal(rule_find((uint64_t)code).kind, RULE_NONE); /* before all functions */
	for (size_t i = 0; i < 2; i++) {
		memcpy(gap, returns[i], sizeof(returns[i]));
		assert_int_equal(rule_find((uint64_t)gap).kind, RULE_NONE);
		assert_int_equal(rule_find((uint64_t)gap + 1).kind, RULE_BARE);
	}
	memcpy(code + PAGE - 8, returns[0], 8); /* cut by the end of what there is */
	assert_int_equal(rule_find((uint64_t)code + PAGE - 8).kind, RULE_BARE);
	assert_int_equal(rule_find((uint64_t)code + PAGE - 1).kind, RULE_BARE);
	assert_int_equal(rule_find((uint64_t)code + PAGE).kind, RULE_NONE);
	note_code(frames, PF_R | PF_X, CODE_BYTES + 0x10); /* the rest is not in the file */
	assert_int_equal(rule_find((uint64_t)gap - 1).kind, RULE_BARE);
	assert_int_equal(rule_find((uint64_t)gap).kind, RULE_NONE);
	mprotect(code, PAGE, PROT_NONE);
	note_code(frames, PF_X, PAGE);
	assert_int_equal(rule_find((uint64_t)gap).kind, RULE_NONE);
	note_code(frames, PF_R, PAGE);
	assert_int_equal(rule_find((uint64_t)gap).kind, RULE_NONE);
	frames_forget_others();
	frames_forget_others();
}

static void tells_frame_pointers_that_may_be_some(void **state)
{
	(void)state;
	assert_false(rule_may_be_frame(0, 0x7ffc0000));
	assert_false(rule_may_be_frame(0x7ffbfff8, 0x7ffc0000));
	assert_true(rule_may_be_frame(0x7ffc0000, 0x7ffc0000));
	assert_true(rule_may_be_frame(0x7ffc4000, 0x7ffc0000));
	assert_false(rule_may_be_frame(0x7ffc4001, 0x7ffc0000));
	assert_false(rule_may_be_frame(UINT64_MAX, 0x7ffc0000));
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

/* The frame further in than the one that was interrupted: a sanitizer's handler is between it and
 * ours. */
static _Unwind_Reason_Code note_until_interrupted(struct _Unwind_Context *context, void *unused)
{
	int is_interrupted = 0;
	uint64_t pc = _Unwind_GetIPInfo(context, &is_interrupted);

	(void)unused;
	if (is_interrupted)
		return _URC_END_OF_STACK;
	handler_returns_to = pc;
	return _URC_NO_REASON;
}

static void note_return(int signal_number)
{
	(void)signal_number;
	_Unwind_Backtrace(note_until_interrupted, NULL);
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
		cmocka_unit_test(knows_code_that_nothing_is_said_of),
		cmocka_unit_test(tells_frame_pointers_that_may_be_some),
		cmocka_unit_test(walks_as_the_compilers_unwinder_does),
		cmocka_unit_test(has_none_for_signal_frames_and_foreign_code),
	};

	return cmocka_run_group_tests(tests, start_bytes, NULL);
}
