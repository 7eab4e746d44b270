/* SPDX-License-Identifier: MIT */
/* Messages on the program's stderr, if it still is that; see log.h. */
#include "log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cancel.h"
#include "text.h"

static struct {
	bool open;
	dev_t device;
	ino_t inode;
	bool said[LOG_TOPICS];
} log_state;

void log_start(void)
{
	struct stat now;

	log_state.open = fstat(STDERR_FILENO, &now) == 0;
	if (log_state.open) {
		log_state.device = now.st_dev;
		log_state.inode = now.st_ino;
	}
}

static bool is_same_stderr(void)
{
	struct stat now;

	return log_state.open && fstat(STDERR_FILENO, &now) == 0 &&
	       now.st_dev == log_state.device && now.st_ino == log_state.inode;
}

void log_say(enum log_topic topic, ...)
{
	char buffer[1024];
	struct text line;
	int saved_errno = errno, cancel;
	va_list pieces;

	if (log_state.said[topic] || !is_same_stderr()) {
		errno = saved_errno;
		return;
	}
	log_state.said[topic] = true;
	text_init(&line, buffer, sizeof(buffer) - 1);
	text_add(&line, "heapmark: ");
	va_start(pieces, topic);
	for (const char *piece; (piece = va_arg(pieces, const char *));)
		text_add(&line, piece);
	va_end(pieces);
	buffer[line.used] = '\n';
	cancel = cancel_hold();
	if (write(STDERR_FILENO, buffer, line.used + 1) < 0) {
		/* Nobody is left to tell. */
	}
	cancel_restore(cancel);
	errno = saved_errno;
}
