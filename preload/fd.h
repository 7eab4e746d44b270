/* SPDX-License-Identifier: MIT */
/*
 * Descriptors that the program does not know of, and may close or replace at any time.
 *
 * They are moved out of the low numbers, which programs count on, and beyond the program's limit
 * where that is low and may be raised for the moment; and they are close-on-exec. Before each use
 * fd_is_ours() makes sure that the number still stands for our file: a program that closes every
 * descriptor and opens its own must not find our bytes in its files.
 */
#ifndef PRELOAD_FD_H
#define PRELOAD_FD_H

#include <stdbool.h>
#include <sys/types.h>

struct held_fd {
	int fd; /* -1: none */
	dev_t device;
	ino_t inode;
};

#define HELD_FD_NONE \
	(struct held_fd) \
	{ \
		.fd = -1 \
	}

/* Takes the descriptor over, moved to a high number. `fd` itself is closed if it moved. */
struct held_fd fd_hold(int fd);
bool fd_is_ours(const struct held_fd *held);

/* Closes it, unless the number has become somebody else's. */
void fd_release(struct held_fd *held);

/* Between the two, whatever opens descriptors gets high numbers: for libraries that open some when
 * they start. Only while the process has one thread. If the first that were opened are a pipe, it
 * is said which. */
void fd_fill_low(void);
void fd_free_low(struct held_fd pipe[2]);

#endif
