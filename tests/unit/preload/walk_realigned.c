/* SPDX-License-Identifier: MIT */
/*
 * The walk over frames that hold their CFA themselves, or of which nothing is known: functions that
 * align their stack, against the compiler's unwinder, and frames written by hand whose words change
 * one by one, against unwinding that remembers nothing.
 */
#include <elf.h>
#include <link.h>
#include <unwind.h>

#include "capture/calls.h"
#include "capture/rule.h"
#include "capture/tree.h"
#include "capture/walk.h"
#include "config.h"

#include "cfi_bytes.h"

#define FRAMES 512

static struct stack_memory memory;

struct stack {
	uint64_t pcs[FRAMES];
	uint32_t count;
	bool is_whole;
};

static bool is_path(uint32_t node, const uint64_t *pcs, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		if (!node || calls_get(nodes_call(node))->pc != pcs[i])
			return false;
		node = nodes_parent(node);
	}
	return node == 0;
}

/*
 * The compiler's frames.
 */
#define REALIGNS __attribute__((force_align_arg_pointer, noinline))

static _Unwind_Reason_Code collect(struct _Unwind_Context *context, void *into)
{
	struct stack *stack = into;

	if (stack->count < FRAMES && _Unwind_GetIP(context))
		stack->pcs[stack->count++] = _Unwind_GetIP(context);
	return _URC_NO_REASON;
}

static NOINLINE void look(void)
{
	const struct here *here = HERE();
	struct stack truth = {.count = 0};
	struct walk walk = walk_stack(&memory, here);
	uint32_t seam = 0;

	_Unwind_Backtrace(collect, &truth);
	while (seam < truth.count && truth.pcs[seam] != here->pc)
		seam++;
	assert_true(seam < truth.count);
	assert_int_equal(walk.outcome, WALK_DONE);
	assert_true(is_path(walk.node, truth.pcs + seam, truth.count - seam));
}

static NOINLINE void plain(uint64_t *seed, int depth);

/* Arguments on the stack, more than a register's alignment, and a size unknown. */
static REALIGNS int realigned(uint64_t *seed, int depth, int c, int d, int e, int f, int g)
{
	_Alignas(64) volatile char line[64];
	volatile char *room = __builtin_alloca(1 + test_below(seed, 200));

	line[0] = room[0] = (char)g;
	assert_int_equal((uintptr_t)line % 64, 0);
	if (test_below(seed, 2))
		look();
	if (depth > 0 && test_below(seed, 2))
		realigned(seed, depth - 1, d, e, f, g, c);
	else if (depth > 0)
		plain(seed, depth - 1);
	look();
	return line[0] + room[0];
}

static NOINLINE void plain(uint64_t *seed, int depth)
{
	look();
	if (depth > 0)
		realigned(seed, depth - 1, 1, 2, 3, 4, 5);
	look();
}

static void walks_as_the_compilers_unwinder_does(void **state)
{
	uint64_t seed = 1;

	(void)state;
	for (int i = 0; i < 3000; i++)
		plain(&seed, (int)test_below(&seed, 40));
}

/*
 * Frames by hand: the words of a stack, and functions that there is no code of. Above the words in
 * use are zeroes, which end it.
 */
#define WORDS    40
#define ABOVE    64
#define BENEATH  8
#define ROUNDS   400000
#define RULES    7
#define CHANGED  3 /* words, at most, between two looks */
#define WORDS_UP 5 /* pairs, at most, that a word points up */

static struct {
	uint64_t beneath[BENEATH], words[WORDS + ABOVE];
} hand;

/* All offsets are even numbers of words, so that in a tidy stack return addresses are in odd words
 * and stack pointers in even ones. The first two are how GCC describes realigned functions, and how
 * it might. */
static const struct literal programs[RULES] = {
	{"\0\x10\x06\x02\x76\0\x0f\x03\x76\x70\x06", 11},   /* CFA at bp-16, bp at bp+0 */
	{"\0\x10\x06\x02\x76\x70\x0f\x03\x76\x10\x06", 11}, /* CFA at bp+16, bp at bp-16 */
	{"\0\x0e\x10", 3},                                  /* CFA = sp+16 */
	{"\0\x0e\x20", 3},                                  /* CFA = sp+32 */
	{"\0\x0e\x20\x86\x02", 5},                          /* CFA = sp+32, bp at CFA-16 */
	{"\0\x0c\x06\x10\x86\x02", 6},                      /* CFA = bp+16, bp at CFA-16 */
	{"\0\x07\x10", 3},                                  /* the outermost */
};

/* Of RULES: after all functions, which makes it code that nothing is said of. */
static uint64_t pc_of(unsigned rule)
{
	return (uint64_t)page + PAGE + (uint64_t)rule * FUNCTION_GAP + 1;
}

static void note_functions(void)
{
	struct frames frames = put_functions(programs, RULES);
	ElfW(Phdr) headers[] = {
		{.p_type = PT_LOAD, .p_flags = PF_R, .p_filesz = PAGE, .p_memsz = PAGE},
		{.p_type = PT_LOAD,
		 .p_flags = PF_R | PF_X,
		 .p_vaddr = PAGE,
		 .p_filesz = PAGE,
		 .p_memsz = PAGE},
		{.p_type = PT_GNU_EH_FRAME, .p_vaddr = (ElfW(Addr))(frames.table - page)},
	};
	struct dl_phdr_info info = {
		.dlpi_addr = (ElfW(Addr))page, .dlpi_phdr = headers, .dlpi_phnum = 3};

	mprotect(page + PAGE, PAGE, PROT_READ);
	frames_note(&info);
}

static bool is_further(uint64_t cfa, uint64_t sp)
{
	return cfa > sp && cfa < (uint64_t)(&hand + 1) && cfa % sizeof(cfa) == 0;
}

static uint64_t word_at(uint64_t address)
{
	assert_in_range(address, (uint64_t)&hand, (uint64_t)(&hand + 1) - sizeof(address));
	return *(const uint64_t *)address;
}

struct place {
	uint64_t pc, sp, bp;
};

/* Like the walk, but as it is written. False: there is no way further out. */
static bool unwind(struct place *place)
{
	struct rule rule = rule_find(place->pc);
	uint64_t bp = place->bp, cfa, slot;

	if (rule.kind != RULE_STEP && rule.kind != RULE_REALIGNED)
		return false;
	if (rule.kind == RULE_REALIGNED) {
		slot = bp + (uint64_t)(int64_t)rule.bp_offset;
		if (bp + (uint64_t)(int64_t)rule.cfa_offset < place->sp || slot < place->sp ||
		    !is_further(bp, (uint64_t)hand.beneath))
			return false;
		cfa = word_at(bp + (uint64_t)(int64_t)rule.cfa_offset);
		if (!is_further(cfa, slot) ||
		    !is_further(cfa, bp + (uint64_t)(int64_t)rule.cfa_offset))
			return false;
	} else {
		cfa = (rule.from_bp ? bp : place->sp) + (uint64_t)(int64_t)rule.cfa_offset;
		slot = cfa + (uint64_t)(int64_t)rule.bp_offset;
		if (!is_further(cfa, place->sp))
			return false;
	}
	if (rule.kind == RULE_REALIGNED || rule.bp_offset)
		place->bp = word_at(slot);
	place->sp = cfa;
	place->pc = word_at(cfa - sizeof(cfa));
	return true;
}

static struct stack unwind_all(struct place place)
{
	struct stack stack = {.count = 0};

	while (place.pc) {
		enum rule_kind kind = rule_find(place.pc).kind;

		stack.pcs[stack.count++] = place.pc;
		if (kind == RULE_END || (kind == RULE_BARE && place.bp - place.sp > 0x4000))
			break;
		if (!unwind(&place))
			return stack;
	}
	stack.is_whole = true;
	return stack;
}

/* A return address, or where another even word is, not far up, or 0, or a number that has some of
 * the same bits and no address has. Few are untidy. */
static uint64_t some_word(uint64_t *seed, unsigned at)
{
	uint64_t up = 1 + test_below(seed, WORDS_UP);

	if (test_below(seed, 100) < 3)
		return (uint64_t)&hand.words[at + up];
	if (at % 2)
		return pc_of((unsigned)test_below(seed, RULES + 1));
	switch (test_below(seed, 8)) {
	case 0:
		return 0;
	case 1:
		return (uint64_t)&hand.words[at + 2 * up] | 3ull << 60;
	default:
		return (uint64_t)&hand.words[at + 2 * up];
	}
}

static struct {
	uint64_t whole, again, realigned, bare, cut;
} seen;

/* Whether the walk from `words[at]` finds what is there. Its first two words are made what a
 * function of ours would have in its frame. */
static void check_from(unsigned at, uint64_t pc, uint64_t bp)
{
	struct here *here = (struct here *)&hand.words[at];
	struct place place = {pc, (uint64_t)(here + 1), bp};
	struct stack truth;
	struct walk walk = {.outcome = WALK_DONE};

	*here = (struct here){bp, pc};
	truth = unwind_all(place);
	walk.node = walk_again(&memory, here);
	seen.again += walk.node != 0;
	if (!walk.node)
		walk = walk_stack(&memory, here);
	assert_int_equal(walk.outcome, truth.is_whole ? WALK_DONE : WALK_NO_RULE);
	seen.cut += !truth.is_whole;
	if (!truth.is_whole)
		return;
	assert_true(is_path(walk.node, truth.pcs, truth.count));
	seen.whole++;
	for (uint32_t i = 0; i < truth.count; i++)
		seen.realigned += rule_find(truth.pcs[i]).kind == RULE_REALIGNED;
	seen.bare += truth.pcs[truth.count - 1] == pc_of(RULES);
}

/* One word after the other becomes another, and what was remembered of those that are still what
 * they were must be of no more use than it should. */
static void notices_every_change(void **state)
{
	uint64_t seed = 7;

	(void)state;
	for (unsigned i = 0; i < WORDS; i++)
		hand.words[i] = some_word(&seed, i);
	for (unsigned i = 0; i < ROUNDS; i++) {
		unsigned at = (unsigned)test_below(&seed, 3) * 2;
		unsigned rule = (unsigned)test_below(&seed, RULES - 1);

		for (uint64_t j = test_below(&seed, CHANGED + 1); j > 0; j--) {
			unsigned word = (unsigned)(6 + test_below(&seed, WORDS - 6));

			hand.words[word] = some_word(&seed, word);
		}
		check_from(at, pc_of(rule),
			   (uint64_t)&hand.words[at + 4 + 2 * test_below(&seed, 3)]);
	}
	print_message(
		"%llu stacks with %llu realigned frames, %llu with a bare one, %llu known again, "
		"%llu cut\n",
		(unsigned long long)seen.whole, (unsigned long long)seen.realigned,
		(unsigned long long)seen.bare, (unsigned long long)seen.again,
		(unsigned long long)seen.cut);
	assert_in_range(seen.whole, ROUNDS / 10, ROUNDS);
	assert_in_range(seen.realigned, ROUNDS / 10, UINT64_MAX);
	assert_in_range(seen.bare, ROUNDS / 100, ROUNDS);
	assert_in_range(seen.again, ROUNDS / 100, ROUNDS);
}

/* The trap by itself: return addresses and saved frame pointers stay what they were, and the former
 * are the same where the one CFA says and where the other does. */
static void notices_another_cfa(void **state)
{
	uint64_t *words = hand.words, bp = (uint64_t)&words[8];

	(void)state;
	memset(&hand, 0, sizeof(hand));
	words[8] = (uint64_t)&words[20];
	words[11] = pc_of(2); /* beneath words[12] and words[16], either of which may be the CFA */
	words[15] = pc_of(2);
	words[17] = pc_of(6); /* the way out differs after these only */
	for (unsigned i = 0; i < 40; i++) {
		words[6] = (uint64_t)&words[i % 3 ? 12 : 16];
		check_from(i / 4 % 2 ? 0 : 2, pc_of(i / 8 % 2 ? 0 : 2), bp);
		check_from(2, pc_of(0), bp);
	}
}

/* Nothing further out says what its CFA was, and yet it is known again. */
static void knows_a_stack_that_ends_there_again(void **state)
{
	uint64_t again = seen.again, bp = (uint64_t)&hand.words[8];

	(void)state;
	memset(&hand, 0, sizeof(hand));
	hand.words[6] = (uint64_t)&hand.words[12];
	check_from(0, pc_of(0), bp);
	check_from(0, pc_of(0), bp);
	assert_int_equal(seen.again, again + 1);
	hand.words[6] = (uint64_t)&hand.words[14];
	hand.words[13] = pc_of(6);
	check_from(0, pc_of(0), bp);
	assert_int_equal(seen.again, again + 1);
}

/* Whether it is the outermost hangs on the frame pointer alone, here or where it was saved. */
static void notices_a_frame_pointer_that_may_be_one(void **state)
{
	uint64_t *words = hand.words;

	(void)state;
	memset(&hand, 0, sizeof(hand));
	words[5] = pc_of(RULES);
	words[7] = pc_of(RULES);
	for (unsigned i = 0; i < 20; i++) {
		check_from(0, pc_of(2), 0); /* its CFA is &words[4] */
		words[3] = pc_of(RULES);
		words[4] = i % 2 ? 0 : (uint64_t)&words[20];
		check_from(0, pc_of(4), 0); /* &words[6], and the frame pointer is in words[4] */
		check_from(0, pc_of(2), i % 3 ? 0 : (uint64_t)&words[20]);
		check_from(0, pc_of(RULES), i % 5 ? 0 : (uint64_t)&words[20]);
	}
}

/* What a frame pointer that is none points at is left alone. */
static void reads_nothing_that_is_not_near(void **state)
{
	static const uint64_t wild[] = {0, 1, 8, UINT64_MAX, UINT64_MAX - 7, 1ull << 63, 4096};
	uint64_t *words = hand.words;

	(void)state;
	memset(&hand, 0, sizeof(hand));
	for (size_t i = 0; i < sizeof(wild) / sizeof(*wild); i++) {
		check_from(0, pc_of(0), wild[i]);
		check_from(0, pc_of(1), wild[i]);
		words[6] = words[10] = wild[i]; /* the same for the CFA */
		check_from(0, pc_of(0), (uint64_t)&words[8]);
		check_from(0, pc_of(1), (uint64_t)&words[8]);
		words[6] = words[10] = (uint64_t)&words[4]; /* not further out than itself */
		check_from(0, pc_of(0), (uint64_t)&words[8]);
		check_from(0, pc_of(1), (uint64_t)&words[8]);
	}
	check_from(0, pc_of(0), (uint64_t)&words[3]); /* the words are beneath the stack pointer */
	check_from(0, pc_of(1), (uint64_t)&words[1]);
	check_from(0, pc_of(1), (uint64_t)&words[8] + 4);
}

static int start(void **state)
{
	char *none[] = {NULL};

	config_read(none);
	if (start_bytes(state) || !calls_start() || !tree_start() || !walk_start(&memory))
		return -1;
	note_functions();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(walks_as_the_compilers_unwinder_does),
		cmocka_unit_test(notices_every_change),
		cmocka_unit_test(notices_another_cfa),
		cmocka_unit_test(knows_a_stack_that_ends_there_again),
		cmocka_unit_test(notices_a_frame_pointer_that_may_be_one),
		cmocka_unit_test(reads_nothing_that_is_not_near),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
