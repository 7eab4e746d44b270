/* SPDX-License-Identifier: MIT */
/* Naming and opening the trace file; see output.h. */
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "log.h"
#include "sys.h"
#include "text.h"

#define SUFFIX     ".hmk"
#define MOST_NAMES 10000 /* of one program and process id */

/* A program's name as part of a file's: no slashes, nothing a shell would trip over. */
static void add_program(struct text *name, const char *program)
{
	for (const char *at = program; *at; at++) {
		bool plain = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') ||
			     (*at >= '0' && *at <= '9') || strchr("._+-", *at);

		text_add_bytes(name, plain ? at : "_", 1);
	}
}

static void add_host(struct text *name)
{
	struct utsname host;

	text_add(name, uname(&host) == 0 ? host.nodename : "localhost");
}

static void expand(struct text *name, const char *template, const char *program)
{
	for (const char *at = template; *at; at++) {
		if (*at != '%' || !at[1]) {
			text_add_bytes(name, at, 1);
			continue;
		}
		switch (*++at) {
		case 'p':
			text_add_number(name, (uint64_t)sys_getpid());
			break;
		case 'e':
			add_program(name, program);
			break;
		case 'h':
			add_host(name);
			break;
		default: /* %% and what we do not know */
			text_add_bytes(name, at, 1);
		}
	}
}

/* The name to try next when `first` is taken. */
static void further_name(struct text *name, const char *first, const char *program, unsigned turn)
{
	size_t stem = strlen(first);

	if (stem > strlen(SUFFIX) && text_equal(first + stem - strlen(SUFFIX), SUFFIX))
		stem -= strlen(SUFFIX);
	text_add_bytes(name, first, stem);
	text_add(name, ".");
	add_program(name, program);
	text_add(name, ".");
	text_add_number(name, (uint64_t)sys_getpid());
	if (turn > 1) {
		text_add(name, ".");
		text_add_number(name, turn);
	}
	text_add(name, SUFFIX);
}

static int create(const char *path)
{
	int fd = sys_open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW);
	struct stat now;

	if (fd >= 0 || errno != EEXIST)
		return fd;
	/* A device such as /dev/null exists already, and holds nothing that could be lost. Pipes
	 * and the like are no place for a trace: a slow reader would stop the program. */
	if (sys_stat(path, &now) == 0 && S_ISCHR(now.st_mode))
		return sys_open(path, O_WRONLY | O_CLOEXEC);
	errno = EEXIST;
	return -1;
}

static void say_why(const char *path, int error)
{
	const char *why = strerrordesc_np(error);

	log_say(LOG_OUTPUT, "cannot write the trace ", path, ": ", why ? why : "unknown error",
		"; the program runs on unrecorded", NULL);
}

void output_open(struct output *output, const char *template, const char *program,
		 const char *directory)
{
	static char first[PATH_MAX]; /* one caller at a time, and stacks may be small */
	struct text name;
	int fd;

	output->file = HELD_FD_NONE;
	text_init(&name, first, sizeof(first));
	if (template[0] != '/') {
		text_add(&name, directory);
		text_add(&name, "/");
	}
	expand(&name, template, program);
	memcpy(output->path, first, sizeof(first));
	if (name.full) {
		say_why(output->path, ENAMETOOLONG);
		return;
	}
	fd = create(first);
	for (unsigned turn = 1; fd < 0 && errno == EEXIST && turn < MOST_NAMES; turn++) {
		text_init(&name, output->path, sizeof(output->path));
		further_name(&name, first, program, turn);
		fd = create(output->path);
	}
	if (fd < 0)
		say_why(output->path, errno);
	else
		output->file = fd_hold(fd);
}

bool output_reach(struct output *output)
{
	struct held_fd again;
	int fd;

	if (fd_is_ours(&output->file))
		return true;
	if (output->file.device == 0 && output->file.inode == 0)
		return false; /* never was open */
	fd = sys_open(output->path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return false;
	again = fd_hold(fd);
	if (again.device != output->file.device || again.inode != output->file.inode) {
		fd_release(&again); /* another file of the same name */
		return false;
	}
	output->file = again;
	return true;
}
