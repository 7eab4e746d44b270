/* SPDX-License-Identifier: MIT */
/*
 * What python_cases.py does, as C programs do it: each case between two marks of its own, and what
 * it keeps and asks for in between, by arithmetic, on stdout at the end: name, bytes, blocks,
 * allocations, allocated bytes. See marks.py.
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "heapmark.h"

#define MANY 1000

struct kept {
	int64_t bytes, blocks, allocations, allocated_bytes;
};

static void *roots[16];
static unsigned root_count;

static void keep(void *block)
{
	roots[root_count++] = block;
}

/* An array that doubles from 16 elements on: all but the last size are given back. */
static struct kept list_of_numbers(void)
{
	size_t capacity = 16;
	int64_t asked = 16 * sizeof(int), calls = 1;
	int *numbers = malloc(capacity * sizeof(*numbers));

	for (size_t i = 0; i < MANY; i++) {
		if (i == capacity) {
			capacity *= 2;
			numbers = realloc(numbers, capacity * sizeof(*numbers));
			asked += (int64_t)(capacity * sizeof(*numbers));
			calls++;
		}
		numbers[i] = (int)i;
	}
	keep(numbers);
	return (struct kept){1024 * sizeof(int), 1, calls, asked};
}

/* Each number in a block of its own. */
static struct kept boxed_numbers(void)
{
	int **boxes = calloc(MANY, sizeof(*boxes));

	for (size_t i = 0; i < MANY; i++)
		boxes[i] = malloc(sizeof(int));
	keep(boxes);
	return (struct kept){MANY * (sizeof(int *) + sizeof(int)), MANY + 1, MANY + 1,
			     MANY * (sizeof(int *) + sizeof(int))};
}

static struct kept sum_without_a_list(void)
{
	int64_t sum = 0;

	for (int i = 0; i < MANY; i++) {
		int *number = malloc(sizeof(*number));

		*number = i;
		sum += *number;
		free(number);
	}
	return (struct kept){0, 0, MANY, sum == MANY * (MANY - 1) / 2 ? MANY * sizeof(int) : 0};
}

static struct kept copy_of_a_part(void)
{
	char *data = calloc(1, 2 * MANY), *part = malloc(MANY);

	memcpy(part, data, MANY);
	keep(data);
	keep(part);
	return (struct kept){3 * MANY, 2, 2, 3 * MANY};
}

static struct kept view_of_a_part(void)
{
	struct view {
		char *from, *to;
	} *view = malloc(sizeof(*view));

	view->from = calloc(1, 2 * MANY);
	view->to = view->from + MANY;
	keep(view);
	return (struct kept){2 * MANY + sizeof(*view), 2, 2, 2 * MANY + sizeof(*view)};
}

struct node {
	struct node *next, *back;
};

/* Two that point to each other, and nothing to them. */
static struct kept lost_cycles(void)
{
	for (int i = 0; i < MANY; i++) {
		struct node *one = malloc(sizeof(*one)), *other = malloc(sizeof(*other));

		*one = (struct node){other, other};
		*other = (struct node){one, one};
	}
	return (struct kept){2 * MANY * sizeof(struct node), 2 * MANY, 2 * MANY,
			     2 * MANY * sizeof(struct node)};
}

/* The fields in a block beside each object, and within it. */
static struct kept objects_and_their_fields(void)
{
	struct open {
		int *fields;
	} **objects = calloc(MANY, sizeof(*objects));

	for (int i = 0; i < MANY; i++) {
		objects[i] = malloc(sizeof(struct open));
		objects[i]->fields = calloc(3, sizeof(int));
	}
	keep(objects);
	return (struct kept){MANY * (2 * sizeof(void *) + 3 * sizeof(int)), 2 * MANY + 1,
			     2 * MANY + 1, MANY * (2 * sizeof(void *) + 3 * sizeof(int))};
}

/* The last eight of many entries; the others are given back. */
static struct kept bounded_cache(void)
{
	static char *cache[8];

	for (size_t i = 0; i < MANY; i++) {
		free(cache[i % 8]);
		cache[i % 8] = malloc(100);
	}
	return (struct kept){8 * 100, 8, MANY, MANY * 100};
}

/* As long as it is, each time it becomes longer. */
static struct kept text_grown(void)
{
	static const char part[] = "ten bytes.";
	size_t length = sizeof(part) - 1;
	char *text = calloc(1, 1);
	int64_t asked = 1;

	for (size_t i = 1; i <= MANY; i++) {
		char *longer = malloc(i * length + 1);

		asked += (int64_t)(i * length + 1);
		strcpy(longer, text);
		strcat(longer, part);
		free(text);
		text = longer;
	}
	keep(text);
	return (struct kept){(int64_t)(MANY * length + 1), 1, MANY + 1, asked};
}

/* Given back, what an earlier case kept: `roots[0]`, which has 1024 numbers. */
static struct kept given_back(void)
{
	free(roots[0]);
	roots[0] = NULL;
	return (struct kept){-1024 * (int64_t)sizeof(int), -1, 0, 0};
}

static const struct {
	const char *name;
	struct kept (*run)(void);
} cases[] = {
#define CASE(name) \
	{ \
#name, name \
	}
	CASE(list_of_numbers),
	CASE(boxed_numbers),
	CASE(sum_without_a_list),
	CASE(copy_of_a_part),
	CASE(view_of_a_part),
	CASE(lost_cycles),
	CASE(objects_and_their_fields),
	CASE(bounded_cache),
	CASE(text_grown),
	CASE(given_back),
};

#define CASES (sizeof(cases) / sizeof(*cases))

int main(void)
{
	struct kept kept[CASES];
	char label[64];

	for (size_t i = 0; i < CASES; i++) {
		snprintf(label, sizeof(label), "before %s", cases[i].name);
		heapmark_snapshot(label);
		kept[i] = cases[i].run();
		snprintf(label, sizeof(label), "after %s", cases[i].name);
		heapmark_snapshot(label);
	}
	for (size_t i = 0; i < CASES; i++)
		printf("%s %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 "\n", cases[i].name,
		       kept[i].bytes, kept[i].blocks, kept[i].allocations, kept[i].allocated_bytes);
	return 0;
}
