/* SPDX-License-Identifier: MIT */
/* Something for a compiler to chew on: see compare.py. Never run. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FOUR(X)     X(0) X(1) X(2) X(3)
#define PASTE(a, b) a##b
#define NAME(a, b)  PASTE(a, b)

struct node {
	struct node *left, *right;
	double value;
	char name[32];
};

#define FUNCTIONS(n) \
	struct node *NAME(insert, n)(struct node * tree, double value); \
	double NAME(sum, n)(const struct node *tree, int depth); \
	struct node *NAME(insert, n)(struct node * tree, double value) \
	{ \
		if (!tree) { \
			tree = calloc(1, sizeof(*tree)); \
			tree->value = value * (n + 1); \
			snprintf(tree->name, sizeof(tree->name), "%f", value); \
		} else if (value < tree->value) { \
			tree->left = NAME(insert, n)(tree->left, value); \
		} else { \
			tree->right = NAME(insert, n)(tree->right, sqrt(value)); \
		} \
		return tree; \
	} \
	double NAME(sum, n)(const struct node *tree, int depth) \
	{ \
		double total = 0; \
		for (int i = 0; i < depth; i++) \
			for (int j = i; j < depth; j += n + 1) \
				total += (double)strlen(tree->name) * i / (j + 1); \
		if (tree->left) \
			total += NAME(sum, n)(tree->left, depth - 1); \
		switch (depth % 5) { \
		case 0: \
			return total * n; \
		case 1: \
			return floor(total); \
		default: \
			return tree->right ? total + NAME(sum, n)(tree->right, depth - 1) : total; \
		} \
	}

FOUR(FUNCTIONS)

int main(void)
{
	struct node *tree = NULL;

	for (int i = 0; i < 1000; i++)
		tree = insert0(insert1(insert2(insert3(tree, i), i), i), i);
	printf("%f\n", sum0(tree, 9) + sum1(tree, 8) + sum2(tree, 7) + sum3(tree, 6));
	return 0;
}
