/* SPDX-License-Identifier: MIT */
/* Facts about the process; see facts.h. */
#include "facts.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cancel.h"
#include "clock.h"
#include "fd.h"
#include "text.h"

uint64_t clock_origin_ns;
struct facts facts;

static char executable[PATH_MAX], directory[PATH_MAX];
static struct held_fd statm = {.fd = -1};
static uint64_t page_bytes;

static void read_identity(enum heapmark_origin origin)
{
	facts.origin = origin;
	facts.pid = (uint64_t)getpid();
	facts.parent_pid = (uint64_t)getppid();
	facts.start_unix_ns = clock_read_ns(CLOCK_REALTIME);
	clock_origin_ns = clock_read_ns(CLOCK_MONOTONIC);
}

static const char *name_of_program(char **arguments)
{
	const char *name = arguments && arguments[0] ? text_basename(arguments[0]) : "";

	if (*name == '-') /* a login shell */
		name++;
	return *name ? name : text_basename(executable);
}

void facts_read(int argument_count, char **arguments, char **environment)
{
	ssize_t length = readlink("/proc/self/exe", executable, sizeof(executable) - 1);

	executable[length > 0 ? length : 0] = '\0';
	if (syscall(SYS_getcwd, directory, sizeof(directory)) <= 0)
		directory[0] = '\0';
	page_bytes = (uint64_t)sysconf(_SC_PAGESIZE);
	facts.executable = executable;
	facts.directory = directory;
	facts.arguments = argument_count > 0 ? arguments : NULL;
	facts.environment = environment;
	facts.program = name_of_program(arguments);
	read_identity(HEAPMARK_ORIGIN_START);
}

void facts_child(void)
{
	fd_release(&statm); /* it tells of the parent */
	facts_open_statm();
	read_identity(HEAPMARK_ORIGIN_FORK);
}

void facts_open_statm(void)
{
	int cancel = cancel_hold();
	int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);

	statm = fd < 0 ? HELD_FD_NONE : fd_hold(fd);
	cancel_restore(cancel);
}

uint64_t facts_resident_bytes(void)
{
	char buffer[128];
	uint64_t pages = 0;
	const char *at = buffer;
	ssize_t length;
	int cancel;

	if (!fd_is_ours(&statm))
		return 0;
	cancel = cancel_hold();
	length = pread(statm.fd, buffer, sizeof(buffer) - 1, 0);
	cancel_restore(cancel);
	if (length <= 0)
		return 0;
	buffer[length] = '\0';
	if (!text_number(at, &pages, &at) || *at != ' ' || !text_number(at + 1, &pages, &at))
		return 0;
	return pages * page_bytes;
}
