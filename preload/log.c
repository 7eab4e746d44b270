/* SPDX-License-Identifier: MIT */
/* Messages on the program's stderr, if it still is that; see log.h. */
#include "log.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cancel.h"
#include "sys.h"
#include "text.h"

#define PIECE_BYTES 300

static struct {
	bool open;
	dev_t device;
	ino_t inode;
	bool said[LOG_TOPICS];
} log_state;

void log_start(void)
{
	struct stat now;

	log_state.open = sys_fstat(STDERR_FILENO, &now) == 0;
	if (log_state.open) {
		log_state.device = now.st_dev;
		log_state.inode = now.st_ino;
	}
}

static bool is_same_stderr(void)
{
	struct stat now;

	return log_state.open && sys_fstat(STDERR_FILENO, &now) == 0 &&
	       now.st_dev == log_state.device && now.st_ino == log_state.inode;
}

/* Writes if that neither blocks nor ends the program: a pipe may be full, or have no reader. */
static void write_if_read(const char *bytes, size_t count)
{
	struct pollfd ready = {.fd = STDERR_FILENO, .events = POLLOUT};
	const struct timespec now = {0, 0};
	sigset_t pipe_signal, before, waiting;

	if (poll(&ready, 1, 0) != 1 || ready.revents != POLLOUT)
		return;
	sigemptyset(&pipe_signal);
	sigaddset(&pipe_signal, SIGPIPE);
	sigpending(&waiting);
	pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
	if (sys_write(STDERR_FILENO, bytes, count) < 0 && errno == EPIPE &&
	    !sigismember(&waiting, SIGPIPE))
		sigtimedwait(&pipe_signal, NULL, &now); /* ours, not the program's */
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* One line, whatever is in it, and with its end: a long piece is shown by its beginning. */
static void add_piece(struct text *line, const char *piece)
{
	size_t from = line->used;

	text_add_bytes(line, piece, strnlen(piece, PIECE_BYTES));
	if (strnlen(piece, PIECE_BYTES + 1) > PIECE_BYTES)
		text_add(line, "...");
	for (char *at = line->start + from; *at; at++)
		if ((unsigned char)*at < ' ' || *at == 127)
			*at = '?';
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
		add_piece(&line, piece);
	va_end(pieces);
	buffer[line.used] = '\n';
	cancel = cancel_hold();
	write_if_read(buffer, line.used + 1);
	cancel_restore(cancel);
	errno = saved_errno;
}
