/* SPDX-License-Identifier: MIT */
/* What of two builds is one: lines of a function, call stacks, and pairs out of candidates. */
#include <limits.h>

#include "check.h"
#include "model/align.h"
#include "model/candidates.h"
#include "model/likeness.h"
#include "report/path_map.h"

#define LINES_MOST   8
#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* A line that calls one thing, one block of so many bytes at a time. */
struct line {
	uint32_t line, callee;
	uint64_t bytes;
};

static void fill(struct align_line *lines, const struct line *from, size_t count)
{
	for (size_t i = 0; i < count; i++)
		lines[i] = (struct align_line){from[i].line, &from[i].callee, 1, 1, from[i].bytes};
}

/* `wanted` has a digit for each old line: the index of the new one, or - for none, or a ? after it
 * for one that is not sure. Functions are declared on lines 1 and `from`. */
static void aligns(const struct line *old, size_t old_count, const struct line *new,
		   size_t new_count, uint32_t from, const char *wanted)
{
	struct align_line olds[LINES_MOST], news[LINES_MOST];
	struct align_partner partners[LINES_MOST];
	const struct align_function a = {olds, old_count, 1}, b = {news, new_count, from};
	char found[3 * LINES_MOST] = "", *at = found;

	fill(olds, old, old_count);
	fill(news, new, new_count);
	align_lines(&a, &b, partners);
	for (size_t i = 0; i < old_count; i++) {
		*at++ = partners[i].index == ALIGN_NONE ? '-' : (char)('0' + partners[i].index);
		if (partners[i].index != ALIGN_NONE && !partners[i].is_sure)
			*at++ = '?';
	}
	assert_string_equal(found, wanted);
}

#define ALIGNS(old, new, from, wanted) aligns(old, COUNT(old), new, COUNT(new), from, wanted)

static void lines_inserted_above_move_all(void **state)
{
	static const struct line old[] = {{3, 1, 10}, {4, 1, 10}, {9, 2, 10}};
	static const struct line new[] = {{13, 1, 99}, {14, 1, 98}, {19, 2, 97}};

	(void)state;
	ALIGNS(old, new, 11, "012"); /* as declared, so the sizes may be others */
}

static void lines_inserted_between_move_what_is_below(void **state)
{
	static const struct line old[] = {{3, 1, 10}, {4, 1, 20}, {9, 1, 30}};
	static const struct line new[] = {{3, 1, 10}, {6, 1, 20}, {11, 1, 30}};
	static const struct line resized[] = {{3, 1, 10}, {6, 1, 25}, {11, 1, 30}};

	(void)state;
	ALIGNS(old, new, 1, "012");
	ALIGNS(old, resized, 1, "01?2"); /* it may be another instead */
}

static void a_new_site_between_has_no_partner(void **state)
{
	static const struct line old[] = {{3, 1, 10}, {5, 1, 20}};
	static const struct line new[] = {{3, 1, 10}, {4, 1, 77}, {6, 1, 20}};

	(void)state;
	ALIGNS(old, new, 1, "02");
	ALIGNS(new, old, 1, "0-1");
}

static void what_is_called_tells_lines_apart(void **state)
{
	static const struct line old[] = {{5, 1, 10}, {7, 2, 10}};
	static const struct line new[] = {{5, 3, 10}, {6, 1, 10}, {8, 2, 10}};
	static const struct line removed[] = {{30, 2, 50}};
	static const struct line other[] = {{15, 8, 90}, {17, 9, 90}};

	(void)state;
	ALIGNS(old, new, 1, "12");
	ALIGNS(old, removed, 1, "-0"); /* the only one that calls 2 */
	ALIGNS(old, other, 11, "01");  /* where they were, and so they call by pointers */
	ALIGNS(old, other, 19, "--");
}

static void what_cannot_be_told_is_not_sure(void **state)
{
	static const struct line old[] = {{5, 1, 10}, {7, 1, 10}};
	static const struct line new[] = {{5, 1, 10}, {6, 1, 10}, {8, 1, 10}};
	struct align_line olds[2], news[3];
	struct align_partner partners[2];
	const struct align_function a = {olds, 2, 1}, b = {news, 3, 1};

	(void)state;
	fill(olds, old, 2);
	fill(news, new, 3);
	align_lines(&a, &b, partners);
	assert_false(partners[0].is_sure && partners[1].is_sure);
}

static void functions_of_one_side_have_nothing_to_pair(void **state)
{
	static const struct line old[] = {{5, 1, 10}};

	(void)state;
	aligns(old, 1, NULL, 0, 1, "-");
	aligns(NULL, 0, old, 1, 1, "");
}

/* A function of 3,000 lines, of which one is inserted: too many to try all pairs. */
static void very_long_functions_are_paired_by_distance(void **state)
{
	enum { MANY = 3000 };
	struct align_line *olds = calloc(MANY, sizeof(*olds)), *news = calloc(MANY, sizeof(*news));
	struct align_partner *partners = calloc(MANY, sizeof(*partners));
	const struct align_function a = {olds, MANY, 1}, b = {news, MANY, 11};
	const uint32_t callee = 1;

	(void)state;
	for (uint32_t i = 0; i < MANY; i++) {
		olds[i] = (struct align_line){2 + i, &callee, 1, 1, 1};
		news[i] = (struct align_line){12 + i + (i >= 1000), &callee, 1, 1, 1};
	}
	align_lines(&a, &b, partners);
	assert_int_equal(partners[999].index, 999);
	assert_true(partners[1000].index == ALIGN_NONE);
	free(partners);
	free(news);
	free(olds);
}

static void the_best_candidates_win(void **state)
{
	struct candidates candidates = CANDIDATES_INIT;
	uint32_t *partners;

	(void)state;
	candidates_add(&candidates, 0, 0, 5);
	candidates_add(&candidates, 0, 1, 9);
	candidates_add(&candidates, 1, 1, 7); /* taken */
	candidates_add(&candidates, 1, 0, 6);
	partners = candidates_choose(&candidates, 2, 2);
	assert_int_equal(partners[0], 2);
	assert_int_equal(partners[1], 1);
	free(partners);
	candidates_release(&candidates);
}

static void equal_candidates_are_left_alone(void **state)
{
	struct candidates candidates = CANDIDATES_INIT;
	uint32_t *partners;

	(void)state;
	candidates_add(&candidates, 0, 0, 9);
	candidates_add(&candidates, 0, 1, 9);
	candidates_add(&candidates, 1, 2, 9);
	candidates_add(&candidates, 2, 0, 8); /* nor is what one of them left */
	partners = candidates_choose(&candidates, 3, 3);
	assert_int_equal(partners[0], 0);
	assert_int_equal(partners[1], 3);
	assert_int_equal(partners[2], 0);
	free(partners);
	candidates_release(&candidates);
}

/* A stack: pairs of letters, function and line; a capital function is a library's. */
static size_t make_steps(struct step steps[16], const char *text)
{
	size_t count = strlen(text) / 2;

	for (size_t i = 0; i < count; i++)
		steps[i] = (struct step){
			.place = (uint32_t)(text[2 * i] * 256 + text[2 * i + 1]),
			.function = (uint32_t)text[2 * i],
			.is_own = text[2 * i] >= 'a',
		};
	steps_weigh(steps, count);
	return count;
}

static uint32_t like(const char *old, const char *new)
{
	struct step olds[16], news[16];
	size_t old_count = make_steps(olds, old), new_count = make_steps(news, new);

	return likeness(olds, old_count, news, new_count);
}

static bool within(const char *old, const char *new)
{
	struct step olds[16], news[16];
	size_t old_count = make_steps(olds, old), new_count = make_steps(news, new);

	return begins_within(olds, old_count, news, new_count);
}

static void stacks_are_alike_where_a_frame_is_missing(void **state)
{
	(void)state;
	assert_int_equal(like("a1b1m1", "a1b1m1"), LIKENESS_SAME);
	assert_true(like("t1a1b1m1", "a1b1m1") >= LIKENESS_LEAST); /* t became a jump */
	assert_true(like("a1b1m1", "a1m1") >= LIKENESS_LEAST);
	assert_true(like("a1b1c1m1", "a1b1c2m1") >= LIKENESS_LEAST);     /* c on another line */
	assert_true(like("n1b1c1d1m1", "o1b1c1d1m1") >= LIKENESS_LEAST); /* renamed */
	assert_true(like("X1Y1a1m1", "a1m1") > like("x1a1m1", "a1m1"));
}

static void stacks_are_not_alike_for_their_outer_part(void **state)
{
	(void)state;
	assert_int_equal(like("a1b1c1d1m1", "e1f1g1d1m1"), 0); /* no inner line in common */
	assert_int_equal(like("a1b1m1", "a2b1m1"), 0);         /* a1 and a2 are not one line */
	assert_true(like("a1m1", "b1m2") < LIKENESS_LEAST);
	assert_int_equal(like("", "a1"), 0);
	assert_int_equal(like("", ""), 0);
}

static void frames_that_come_or_go_are_told_from_renamed_ones(void **state)
{
	(void)state;
	assert_true(within("t1a1m1", "a1m1"));
	assert_true(within("a1m1", "X1u1t1a1m1"));
	assert_false(within("n1a1m1", "o1a1m1"));
	assert_false(within("", "a1"));
}

static void paths_are_mapped_by_their_beginning(void **state)
{
	const char *asked[] = {"/home/a/x=/home/b/y", "/lib/app1=/lib/app2", "/=/root"};
	struct path_map map = {.asked = {asked, 2}};

	(void)state;
	assert_string_equal(path_map_new(&map, "/home/a/x/src/f.c"), "/home/b/y/src/f.c");
	assert_string_equal(path_map_new(&map, "/home/a/x"), "/home/b/y");
	assert_string_equal(path_map_new(&map, "/home/a/xyz/f.c"), "/home/a/xyz/f.c");
	assert_true(map.used[0]);
	assert_false(map.used[1]);
	assert_null(path_map_new(&map, NULL));
	map.asked.values = NULL;
	path_map_release(&map);
}

static void wrong_maps_are_refused(void **state)
{
	static const char *const wrong[] = {"", "x", "=x", "x=", "="};
	struct error err = ERROR_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++) {
		const char *asked[] = {wrong[i]};
		const struct path_map map = {.asked = {asked, 1}};

		assert_int_equal(path_map_check(&map, &err), -1);
		assert_contains(err.text, "--map");
	}
}

static void paths_agree_from_their_end(void **state)
{
	(void)state;
	assert_int_equal(path_common_tail("/a/x/src/f.c", "/b/y/src/f.c"), 2);
	assert_int_equal(path_common_tail("/a/f.c", "/b/g.c"), 0);
	assert_int_equal(path_common_tail("/a/if.c", "/b/f.c"), 0);
	assert_int_equal(path_common_tail("f.c", "/b/f.c"), 1);
	assert_int_equal(path_common_tail("src/f.c", "/b/src/f.c"), 2);
	assert_int_equal(path_common_tail("", "/f.c"), 0);
	assert_int_equal(path_common_tail("/a/f.c", "/a/f.c"), INT_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_inserted_above_move_all),
		cmocka_unit_test(lines_inserted_between_move_what_is_below),
		cmocka_unit_test(a_new_site_between_has_no_partner),
		cmocka_unit_test(what_is_called_tells_lines_apart),
		cmocka_unit_test(what_cannot_be_told_is_not_sure),
		cmocka_unit_test(functions_of_one_side_have_nothing_to_pair),
		cmocka_unit_test(very_long_functions_are_paired_by_distance),
		cmocka_unit_test(the_best_candidates_win),
		cmocka_unit_test(equal_candidates_are_left_alone),
		cmocka_unit_test(stacks_are_alike_where_a_frame_is_missing),
		cmocka_unit_test(stacks_are_not_alike_for_their_outer_part),
		cmocka_unit_test(frames_that_come_or_go_are_told_from_renamed_ones),
		cmocka_unit_test(paths_are_mapped_by_their_beginning),
		cmocka_unit_test(wrong_maps_are_refused),
		cmocka_unit_test(paths_agree_from_their_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
