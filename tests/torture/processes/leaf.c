/* SPDX-License-Identifier: MIT */
/*
 * leaf ARG...: what other programs start. Prints what it was given: arguments, environment and
 * descriptors; allocates, and exits with the number of its arguments, modulo 50.
 */
#include <stdlib.h>

#include "children.h"

extern char **environ;

static unsigned long hash(const char *text)
{
	unsigned long sum = 5381;

	while (*text)
		sum = sum * 33 + (unsigned char)*text++;
	return sum;
}

static int is_of_the_test(const char *variable)
{
	static const char *const ours[] = {
		"LD_PRELOAD=", "HEAPMARK=", "TORTURE_BOOK=", "PWD=", "OLDPWD=", "_="};

	for (size_t i = 0; i < sizeof(ours) / sizeof(*ours); i++)
		if (strncmp(variable, ours[i], strlen(ours[i])) == 0)
			return 1;
	return 0;
}

int main(int argc, char **argv)
{
	unsigned long arguments = 0, variables = 0, count = 0;

	for (int i = 1; i < argc; i++)
		arguments = arguments * 31 + hash(argv[i]);
	for (char **at = environ; *at; at++)
		if (!is_of_the_test(*at)) {
			variables += hash(*at);
			count++;
		}
	work();
	say("%d arguments %lx, %lu variables %lx\n", argc - 1, arguments, count, variables);
	say_descriptors();
	return (argc - 1) % 50;
}
