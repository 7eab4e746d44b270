/* SPDX-License-Identifier: MIT */
/*
 * One error, as a complete sentence for the user: which file, what is wrong, what to do.
 *
 * Functions that can fail return 0 or a negative value and take a `struct error *` last. They set
 * it only on failure, so calls can be chained and the first failure wins. Only main.c prints it.
 */
#ifndef ANALYZER_UTIL_ERROR_H
#define ANALYZER_UTIL_ERROR_H

struct error {
	char text[1024];
};

#define ERROR_INIT \
	{ \
		{ \
			0 \
		} \
	}

/* Formats the sentence, without a final newline; always returns -1. */
int error_set(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
