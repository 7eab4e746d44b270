/* SPDX-License-Identifier: MIT */
/*
 * What heapmark has to say to the person who started the recording: one line each, at most once per
 * topic and process, on stderr.
 *
 * The descriptor is not duplicated: a copy would keep a pipe open that a daemon meant to close, and
 * whoever reads it would wait for ever. Instead the line is written only while descriptor 2 is
 * still what it was at the start, so it can never land in a file of the program's.
 */
#ifndef PRELOAD_LOG_H
#define PRELOAD_LOG_H

enum log_topic {
	LOG_OPTION,
	LOG_OUTPUT,
	LOG_MEMORY,
	LOG_UNWINDER,
	LOG_WRITE,
	LOG_TOPICS,
};

void log_start(void);

/* "heapmark: " and the pieces, up to a NULL, as one line. errno is kept. */
void log_say(enum log_topic topic, ...) __attribute__((sentinel));

#endif
