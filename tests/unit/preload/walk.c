/* SPDX-License-Identifier: MIT */
/* The predictive walk against the compiler's unwinder, frame by frame, over random patterns of
 * calls on one stack and on two that alternate. What is noted with a stack is the stack's node, so
 * that a note of another one shows. */
#include "capture/walk.h"

#include <signal.h>
#include <string.h>
#include <ucontext.h>
#include <unwind.h>

#include "capture/calls.h"
#include "capture/recent.h"
#include "capture/steps.h"
#include "capture/tree.h"
#include "config.h"
#include "test.h"
#include "walk_plan.h"

#define FRAMES 4096

static struct stack_memory memory;

uint64_t plan_below(struct plan *plan, uint64_t limit)
{
	return plan->script ? (uint64_t)(*plan->script++ - '0') : test_below(&plan->seed, limit);
}

void plan_enter(struct plan *plan)
{
	plan->depth++;
}

void plan_leave(struct plan *plan)
{
	plan->depth--;
}

/* '.' returns, '!' looks. */
static plan_function *scripted_next(struct plan *plan)
{
	char what = *plan->script++;

	if (what == '!')
		return plan->look;
	return what == '.' ? NULL : plan->functions[what - 'a'];
}

/* For a while mostly deeper, then mostly back. */
static plan_function *random_next(struct plan *plan)
{
	uint64_t deeper = plan->looks_left / 128 % 2 ? 40 : 12, what = plan_below(plan, 100);

	if (plan->looks_left == 0)
		return NULL;
	if (what < 45) {
		plan->looks_left--;
		return plan->look;
	}
	if (what < 45 + deeper && plan->depth < plan->depth_limit)
		return plan->functions[plan_below(plan, plan->function_count)];
	return plan->depth > 1 ? NULL : plan->look;
}

plan_function *plan_next(struct plan *plan)
{
	return plan->script ? scripted_next(plan) : random_next(plan);
}

/* What the compiler's unwinder finds, innermost first. */
struct truth {
	uint64_t pcs[FRAMES];
	uint32_t count;
};

static _Unwind_Reason_Code collect(struct _Unwind_Context *context, void *into)
{
	struct truth *truth = into;

	if (truth->count == FRAMES)
		return _URC_END_OF_STACK;
	truth->pcs[truth->count++] = _Unwind_GetIP(context);
	return _URC_NO_REASON;
}

/* From the caller at `pc` on. */
static NOINLINE const uint64_t *true_stack(uint64_t pc, uint32_t *count)
{
	static struct truth truth;
	uint32_t seam = 0;

	truth.count = 0;
	_Unwind_Backtrace(collect, &truth);
	while (truth.count > 0 && !truth.pcs[truth.count - 1])
		truth.count--;
	while (seam < truth.count && truth.pcs[seam] != pc)
		seam++;
	assert_true(seam < truth.count);
	*count = truth.count - seam;
	return truth.pcs + seam;
}

static void check_path(uint32_t node, const uint64_t *pcs, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		assert_int_not_equal(node, 0);
		assert_true(calls_get(nodes_call(node))->pc == pcs[i]);
		assert_false(load_relaxed(&calls_place(nodes_call(node))->retired));
		node = nodes_parent(node);
	}
	assert_int_equal(node, 0);
}

static struct {
	uint64_t looks, frames, deepest;
	uint64_t again, recent; /* whose note was found with the last stack, or another one */
} seen;

static bool is_of_recent(const struct stack_note *note)
{
	const struct recent *first = memory.recent;

	return (uintptr_t)note - (uintptr_t)first < (memory.recent_size.mask + 1) * sizeof(*first);
}

/* A note comes back for its own stack only. */
static void check_note(uint32_t node)
{
	struct stack_note *note = memory.noted;
	uint32_t noted = note->site;

	assert_int_equal(memory.nothing_noted.site, 0);
	if (note == &memory.nothing_noted)
		return;
	assert_true(noted == 0 || noted == node);
	assert_true(note == &memory.again_note || is_of_recent(note));
	seen.again += noted && note == &memory.again_note;
	seen.recent += noted && is_of_recent(note);
	note->site = node;
}

/* As capture_stack() does; but now and then what is found by that there is found by the other. */
static struct walk find(const struct here *here)
{
	struct walk walk = {.outcome = WALK_DONE};

	memory.noted = &memory.nothing_noted;
	if (seen.looks % 4)
		walk.node = walk_again(&memory, here);
	if (!walk.node)
		walk = walk_stack(&memory, here);
	if (walk.outcome == WALK_DONE)
		check_note(walk.node);
	else
		assert_ptr_equal(memory.noted, &memory.nothing_noted);
	return walk;
}

static void check_walk(const struct here *here)
{
	uint32_t count;
	const uint64_t *pcs = true_stack(here->pc, &count);
	struct walk walk = find(here);

	assert_int_equal(walk.outcome, WALK_DONE);
	check_path(walk.node, pcs, count);
	seen.looks++;
	seen.frames += count;
	seen.deepest = count > seen.deepest ? count : seen.deepest;
}

static NOINLINE void look(struct plan *plan)
{
	(void)plan;
	check_walk(HERE());
}

static plan_function *functions[4 * WALK_FUNCTIONS];

static int start(void **state)
{
	char *none[] = {NULL};
	size_t size = sizeof(walk_functions_o0);

	(void)state;
	memcpy(functions, walk_functions_o0, size);
	memcpy(functions + WALK_FUNCTIONS, walk_functions_o0_fp, size);
	memcpy(functions + 2 * WALK_FUNCTIONS, walk_functions_o2, size);
	memcpy(functions + 3 * WALK_FUNCTIONS, walk_functions_o2_fp, size);
	config_read(none);
	return calls_start() && tree_start() && walk_start(&memory) ? 0 : -1;
}

static struct plan make_plan(uint64_t seed, plan_function *const *from, size_t count)
{
	return (struct plan){
		.seed = seed,
		.functions = from,
		.function_count = count,
		.look = look,
		.looks_left = 3000,
		.depth_limit = 300,
	};
}

static void run(struct plan *plan)
{
	while (plan->looks_left > 0)
		plan->functions[plan_below(plan, plan->function_count)](plan);
}

static void report(const char *what)
{
	print_message("%s: %llu stacks (%llu the last again, %llu recent ones), "
		      "%.1f frames on average, at most %llu\n",
		      what, (unsigned long long)seen.looks, (unsigned long long)seen.again,
		      (unsigned long long)seen.recent, (double)seen.frames / (double)seen.looks,
		      (unsigned long long)seen.deepest);
	memset(&seen, 0, sizeof(seen));
}

static void finds_every_frame_of_random_calls(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 12; seed++) {
		struct plan plan = make_plan(seed, functions, 4 * WALK_FUNCTIONS);

		run(&plan);
	}
	report("all functions");
}

/* Few functions, so that states come again and again with other frames further out. */
static void finds_every_frame_where_states_repeat(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 16; seed++) {
		size_t first = test_below(&(uint64_t){seed}, 4 * WALK_FUNCTIONS - 2);
		struct plan plan = make_plan(seed, functions + first, 2);

		plan.depth_limit = 12 + (unsigned)seed;
		run(&plan);
	}
	report("two functions at a time");
}

static struct {
	struct here here;
	uint64_t sp;
	bool is_of_recent;
} looked_at[8];
static unsigned looks;

static NOINLINE void look_and_note(struct plan *plan)
{
	const struct here *here = HERE();

	(void)plan;
	check_walk(here);
	looked_at[looks].here = *here;
	looked_at[looks].sp = here_sp(here);
	looked_at[looks++].is_of_recent = is_of_recent(memory.noted);
}

/* At one and the same place, as far as pc and stack pointer go. */
static void check_looks_are_alike(unsigned one, unsigned other)
{
	assert_true(looked_at[one].sp == looked_at[other].sp);
	assert_true(looked_at[one].here.pc == looked_at[other].here.pc);
}

static void run_script(plan_function *const *called, const char *script)
{
	struct plan plan = make_plan(0, called, 0);

	plan.look = look_and_note;
	plan.script = script;
	looks = 0;
	called[0](&plan);
	assert_int_equal(*plan.script, 0);
}

/*
 * What calls that are over have left in a frame that nobody has written to yet. The same function d
 * is called by two others, b and then c, whose frames are larger by as much as d's is smaller: so
 * whatever d calls has the same frame as before. The return address into b is where it was, but in
 * the midst of c's frame. All return addresses are those of the last stack, and only the frame
 * pointer of d tells.
 */
static void is_not_misled_by_what_calls_have_left(void **state)
{
	plan_function *const called[] = {
		walk_functions_o2[WALK_PLAIN],         walk_functions_o2[WALK_PASSING_ON],
		walk_functions_o2_fp[WALK_PASSING_ON], walk_functions_o2[WALK_ANY_ROOM],
		walk_functions_o2[WALK_THIN],          /* keeps d's frame pointer as it is */
		walk_functions_o2[WALK_ALL_REGISTERS], /* saves it */
	};
	static const char *const scripts[] = {
		"b00d4e0!.c04d0e0!..",
		"b00d4f0123456!..c04d0f0123456!...",
	};

	(void)state;
	for (int i = 0; i < 2; i++) {
		run_script(called, scripts[i]);
		assert_int_equal(looks, 2);
		check_looks_are_alike(0, 1);
	}
}

/*
 * The same where the stack is not the last one, but one of those remembered besides. What is looked
 * at in between is so far down that it writes to nothing of that.
 *
 * In the last script the stack that is remembered joins the last one at d. There d was the same
 * function at the same place, twice, with the frame pointer a and then b; at last it is at a again,
 * but called by c. What b led to is where it was: only the frame pointer at which they join tells.
 */
static void is_not_misled_by_what_is_remembered_besides(void **state)
{
	plan_function *const called[] = {
		walk_functions_o2[WALK_PLAIN],         walk_functions_o2[WALK_PASSING_ON],
		walk_functions_o2_fp[WALK_PASSING_ON], walk_functions_o2[WALK_ANY_ROOM],
		walk_functions_o2[WALK_THIN],          walk_functions_o2[WALK_ALL_REGISTERS],
		walk_functions_o2[WALK_MUCH_ROOM],
	};
	static const struct {
		const char *script;
		unsigned remembered, alike;
	} traps[] = {
		{"!0b00d4e0!.g0!0.c04d0e0!..", 1, 3},
		{"!0b00d4f0123456!..g0!0.c04d0f0123456!...", 1, 3},
		{"b00d4!0f0123456!..b04d0!0.c00d4f0123456!...", 1, 3},
	};

	(void)state;
	for (int i = 0; i < 3; i++) {
		run_script(called, traps[i].script);
		assert_int_equal(looks, 4);
		assert_true(looked_at[traps[i].remembered].is_of_recent);
		check_looks_are_alike(traps[i].remembered, traps[i].alike);
	}
}

/*
 * Two stacks that alternate.
 */
#define STACK_BYTES (1 << 20)

static struct routine {
	ucontext_t context;
	struct plan plan;
	char stack[STACK_BYTES] __attribute__((aligned(64)));
} routines[2];
static ucontext_t home;
static unsigned running;

/* Its outermost frame ends as most makers of stacks have it, in a return address of 0. (That of
 * makecontext() is before the first instruction that unwind information covers.) */
static void run_routine(void)
{
	struct routine *self = &routines[running];

	((uint64_t *)__builtin_frame_address(0))[1] = 0;
	run(&self->plan);
	swapcontext(&self->context, &home);
}

static NOINLINE void look_and_yield(struct plan *plan)
{
	unsigned self = running;

	check_walk(HERE());
	if (plan_below(plan, 3))
		return;
	running = !self;
	if (routines[running].plan.looks_left > 0)
		swapcontext(&routines[self].context, &routines[running].context);
	running = self;
}

static void make_routine(unsigned which, void (*body)(void))
{
	struct routine *routine = &routines[which];

	getcontext(&routine->context);
	routine->context.uc_stack.ss_sp = routine->stack;
	routine->context.uc_stack.ss_size = STACK_BYTES;
	makecontext(&routine->context, body, 0);
}

static void finds_every_frame_on_alternating_stacks(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		routines[i].plan = make_plan(100 + i, functions, 4 * WALK_FUNCTIONS);
		routines[i].plan.look = look_and_yield;
		make_routine(i, run_routine);
	}
	for (unsigned i = 0; i < 2; i++) {
		running = i;
		if (routines[i].plan.looks_left > 0)
			swapcontext(&home, &routines[i].context);
	}
	report("two stacks");
}

/*
 * Many stacks by turns.
 */
static NOINLINE void just_look(void)
{
	check_walk(HERE());
}

static void begin_anew(void)
{
	memset(&memory, 0, sizeof(memory));
	assert_true(walk_start(&memory));
}

/* Returns how many of the last round were remembered. */
static uint64_t take_turns(unsigned count, unsigned rounds)
{
	uint64_t before = 0;

	for (unsigned round = 0; round < rounds; round++) {
		before = seen.recent;
		for (unsigned i = 0; i < count; i++) {
			__asm__ volatile("" : "+r"(i)); /* one call, in a loop */
			turn_take(i, TURN_LEVELS, just_look);
		}
	}
	return seen.recent - before;
}

static void remembers_many_stacks_by_turns(void **state)
{
	static const struct {
		unsigned count, rounds, room;
	} turns[] = {{20, 8, 64}, {100, 12, 256}, {400, 20, 1024}, {1000, 20, 4096}};

	(void)state;
	begin_anew();
	for (size_t i = 0; i < sizeof(turns) / sizeof(*turns); i++) {
		uint64_t found = take_turns(turns[i].count, turns[i].rounds);

		assert_int_equal(memory.recent_size.mask + 1, turns[i].room);
		assert_in_range(found, turns[i].count / 10, turns[i].count);
		print_message("%u by turns, %llu remembered\n", turns[i].count,
			      (unsigned long long)found);
	}
	report("by turns");
}

/* However much is written, if that takes long. */
static void stays_as_wide_as_it_has_to_be(void **state)
{
	(void)state;
	begin_anew();
	for (unsigned i = 0; i < 1000; i++) {
		memory.captured += 40 * 20;
		take_turns(20, 1);
		if (i % 10 == 0)
			recent_forget(&memory); /* so that they are written again */
	}
	assert_int_equal(memory.recent_size.mask + 1, 64);
	for (unsigned i = 0; i < 1000; i++) {
		take_turns(20, 1);
		recent_forget(&memory);
	}
	assert_true(memory.recent_size.mask + 1 > 64);
}

/* A thread that a fork left behind may have had half of everything changed: a table that is wider
 * by its size than it is, a pc with the rule of another one, a stack with the node of another one.
 */
static void trusts_nothing_of_who_was_left_behind(void **state)
{
	(void)state;
	begin_anew();
	for (unsigned round = 0; round < 20; round++) {
		take_turns(40, 3);
		for (uint32_t i = 0; i < 64; i++) {
			memory.steps[i].cfa_words += 1;
			memory.recent[i].node = 1;
			memory.branches[i].node = 1;
		}
		memory.recent_size.mask = memory.step_size.mask = memory.branch_size.mask = 0xfffff;
		walk_left_behind(&memory);
		memory.last = memory.last_end; /* as for any slot that is adopted */
		memory.again = NULL;
	}
	take_turns(40, 3);
}

/* Some of them more often than others, and all at depths that vary. */
static void tells_stacks_apart_at_random(void **state)
{
	uint64_t seed = 9;

	(void)state;
	begin_anew();
	for (int i = 0; i < 30000; i++) {
		unsigned few = 1 + (unsigned)test_below(&seed, 40);
		unsigned which = (unsigned)test_below(&seed, i % 3 ? few : 1000);

		turn_take(which, 1 + which % TURN_LEVELS, just_look);
	}
	assert_true(seen.recent > 3000);
	report("at random by number");
}

static NOINLINE void look_and_swap(void)
{
	unsigned self = running;

	check_walk(HERE());
	if (plan_below(&routines[self].plan, 3))
		return;
	running = !self;
	swapcontext(&routines[self].context, &routines[running].context);
	running = self;
}

/* In the same functions as the other one, at the same depths. */
static void run_like_the_other(void)
{
	struct plan *plan = &routines[running].plan;

	for (; plan->looks_left > 0; plan->looks_left--) {
		unsigned which = 0;

		for (int level = 0; level < TURN_LEVELS; level++)
			which = which * TURN_SITES + (unsigned)plan_below(plan, 2);
		turn_call(which, TURN_LEVELS, look_and_swap);
	}
	setcontext(&home);
}

static void tells_apart_stacks_at_two_places(void **state)
{
	(void)state;
	begin_anew();
	for (unsigned i = 0; i < 2; i++) {
		routines[i].plan = make_plan(i, functions, 0);
		routines[i].plan.looks_left = 20000;
		make_routine(i, run_like_the_other);
		/* Ends it without a frame pointer, which would be reason enough to tell them apart.
		 */
		*(uint64_t *)routines[i].context.uc_mcontext.gregs[REG_RSP] = 0;
	}
	running = 0;
	swapcontext(&home, &routines[0].context);
	assert_true(seen.recent > 1000);
	report("at two places");
}

/*
 * Limits.
 */
static struct walk last_walk;
static struct here last_here;
static const uint64_t *last_pcs;
static uint32_t last_count;

static NOINLINE void just_walk(void)
{
	const struct here *here = HERE();

	last_here = *here;
	last_walk = find(here);
	seen.looks++;
	last_pcs = true_stack(here->pc, &last_count);
}

static NOINLINE void walk_below(unsigned depth, unsigned until)
{
	if (depth > until)
		walk_below(depth - 1, until);
	else if (depth > 0)
		just_walk();
	__asm__ volatile(""); /* no tail call */
}

static void check_too_deep(void)
{
	assert_int_equal(last_walk.outcome, WALK_TOO_DEEP);
	assert_int_equal(last_walk.count, config.depth);
	for (uint32_t i = 0; i < config.depth; i++)
		assert_true(calls_get(memory.fresh[i].call)->pc == last_pcs[i]);
}

static void check_whole(void)
{
	assert_int_equal(last_walk.outcome, WALK_DONE);
	check_path(last_walk.node, last_pcs, last_count);
}

/* One call of walk_below() after the other has its frames where the last one's were. */
static void says_when_it_is_too_deep(void **state)
{
	uint64_t depth = config.depth;
	uint32_t around;

	(void)state;
	walk_below(1, 1);
	check_whole();
	around = last_count - 1;
	config.depth = 60;
	for (unsigned i = 1; i < 120; i++) {
		unsigned calls = i % 2 ? i : 120 - i;

		walk_below(calls, 1);
		if (around + calls <= 60)
			check_whole();
		else
			check_too_deep();
	}
	config.depth = depth;
}

static void on_signal(int signal)
{
	(void)signal;
	just_walk();
}

static NOINLINE void walk_with_end(uint64_t *end, uint64_t first, uint64_t second)
{
	for (int i = 0; i < 4; i++) {
		*end = i < 2 ? first : second;
		just_walk();
		assert_int_equal(last_walk.outcome, *end ? WALK_NO_RULE : WALK_DONE);
	}
}

static void run_with_another_end(void)
{
	uint64_t *end = (uint64_t *)__builtin_frame_address(0) + 1;
	uint64_t no_code = (uint64_t)&home;

	walk_with_end(end, 0, no_code);
	walk_with_end(end, no_code, 0);
	swapcontext(&routines[0].context, &home);
}

/* Where the last stack ended, there is something further out now. */
static void does_not_end_where_it_did(void **state)
{
	(void)state;
	make_routine(0, run_with_another_end);
	swapcontext(&home, &routines[0].context);
}

static uint64_t start_of_main; /* the outermost return address, which says that it is that */

/* Everything is as it was, but that what was the end calls on, or no longer does. */
static void run_with_changing_ends(void)
{
	uint64_t *end = (uint64_t *)__builtin_frame_address(0) + 1, seed = 4;

	for (int i = 0; i < 3000; i++) {
		if (i % 8 == 0)
			*end = test_below(&seed, 2) ? start_of_main : 0;
		turn_take((unsigned)test_below(&seed, 10), 2, just_walk);
		check_whole();
		assert_true((last_pcs[last_count - 1] == start_of_main) == (*end != 0));
	}
	swapcontext(&routines[0].context, &home);
}

static void does_not_end_where_one_remembered_did(void **state)
{
	uint64_t before = seen.recent;

	(void)state;
	walk_below(1, 1);
	start_of_main = last_pcs[last_count - 1];
	make_routine(0, run_with_changing_ends);
	swapcontext(&home, &routines[0].context);
	assert_true(seen.recent - before > 1000);
}

/* A signal's frame has no rule, and the walk up to there leaves nothing behind that is wrong. */
static void gives_up_at_a_signal_frame(void **state)
{
	struct sigaction action = {.sa_handler = on_signal};

	(void)state;
	sigaction(SIGUSR1, &action, NULL);
	for (unsigned i = 1; i < 20; i++) {
		walk_below(i, 1);
		check_whole();
		raise(SIGUSR1);
		assert_int_equal(last_walk.outcome, WALK_NO_RULE);
	}
	walk_below(5, 1);
	check_whole();
}

static NOINLINE uint32_t retire_recursion(bool now)
{
	if (now)
		calls_retire(last_pcs[2], last_pcs[2], 7);
	return last_walk.node;
}

/* Code is gone, and the same stack is now of other code: nothing of it may be remembered. */
static void forgets_when_code_is_gone(void **state)
{
	uint32_t before = 0;

	(void)state;
	for (int i = 0; i < 50; i++) {
		__asm__ volatile("" : "+r"(i)); /* one call, in a loop */
		walk_below(10, 1);
		check_whole();
		if (i % 5 == 0)
			assert_int_not_equal(last_walk.node, before);
		else
			assert_int_equal(last_walk.node, before);
		before = retire_recursion(i % 5 == 4);
	}
}

/* The same for those that are remembered besides, and if the first stack after that has no node. */
static void forgets_what_was_remembered_when_code_is_gone(void **state)
{
	uint64_t seed = 2, before = seen.recent;

	(void)state;
	begin_anew();
	for (int i = 0; i < 10000; i++) {
		unsigned few = test_below(&seed, 2) ? 2 : 20;

		turn_take((unsigned)test_below(&seed, few), 2, just_walk);
		check_whole();
		if (test_below(&seed, 10))
			continue;
		calls_retire(last_pcs[i % 4], last_pcs[i % 4], 7);
		if (test_below(&seed, 2))
			raise(SIGUSR1);
	}
	assert_true(seen.recent - before > 1000);
}

/* With frame pointers, these say the same for as long as functions keep them. */
static NOINLINE void look_by_frame_pointers(struct plan *plan)
{
	const struct here *here = HERE();
	void *found[FRAMES];
	uint32_t count, got = walk_frame_pointers(found, FRAMES, here);
	const uint64_t *pcs = true_stack(here->pc, &count);

	assert_in_range(got, plan->depth, count + 1);
	for (uint32_t i = 0; i < plan->depth; i++)
		assert_true((uint64_t)found[i] == pcs[i]);
	assert_int_equal(walk_frame_pointers(found, 1, here), 1);
	seen.looks++;
	seen.frames += got;
}

static void follows_frame_pointers(void **state)
{
	(void)state;
	report("at the limits");
	for (uint64_t seed = 1; seed <= 5; seed++) {
		plan_function *const *from =
			functions + (seed % 2 ? WALK_FUNCTIONS : 3 * WALK_FUNCTIONS);
		struct plan plan = make_plan(seed, from, WALK_FUNCTIONS);

		plan.look = look_by_frame_pointers;
		run(&plan);
	}
	report("by frame pointers");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_every_frame_of_random_calls),
		cmocka_unit_test(finds_every_frame_where_states_repeat),
		cmocka_unit_test(is_not_misled_by_what_calls_have_left),
		cmocka_unit_test(is_not_misled_by_what_is_remembered_besides),
		cmocka_unit_test(finds_every_frame_on_alternating_stacks),
		cmocka_unit_test(remembers_many_stacks_by_turns),
		cmocka_unit_test(stays_as_wide_as_it_has_to_be),
		cmocka_unit_test(trusts_nothing_of_who_was_left_behind),
		cmocka_unit_test(tells_stacks_apart_at_random),
		cmocka_unit_test(tells_apart_stacks_at_two_places),
		cmocka_unit_test(says_when_it_is_too_deep),
		cmocka_unit_test(does_not_end_where_it_did),
		cmocka_unit_test(does_not_end_where_one_remembered_did),
		cmocka_unit_test(gives_up_at_a_signal_frame),
		cmocka_unit_test(forgets_when_code_is_gone),
		cmocka_unit_test(forgets_what_was_remembered_when_code_is_gone),
		cmocka_unit_test(follows_frame_pointers),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
