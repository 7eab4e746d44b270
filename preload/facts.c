/* SPDX-License-Identifier: MIT */
/* Facts about the process; see facts.h. */
#include "facts.h"

#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cancel.h"
#include "clock.h"
#include "fd.h"
#include "mem.h"
#include "sys.h"
#include "text.h"

uint64_t clock_origin_ns;
struct facts facts;

static char executable[PATH_MAX], directory[PATH_MAX], program[NAME_MAX + 1];
static struct held_fd statm = {.fd = -1};
static uint64_t page_bytes;

static void read_identity(enum heapmark_origin origin)
{
	facts.origin = origin;
	facts.pid = (uint64_t)sys_getpid();
	facts.parent_pid = (uint64_t)sys_getppid();
	facts.start_unix_ns = clock_read_ns(CLOCK_REALTIME);
	clock_origin_ns = clock_read_ns(CLOCK_MONOTONIC);
}

/* Without /proc there is only what the program was started by. */
static void read_executable(void)
{
	ssize_t length = sys_readlink("/proc/self/exe", executable, sizeof(executable) - 1);
	const char *started = (const char *)getauxval(AT_EXECFN);
	struct text text;

	executable[length > 0 ? length : 0] = '\0';
	if (length > 0 || !started)
		return;
	text_init(&text, executable, sizeof(executable));
	text_add(&text, started);
}

static const char *name_of_program(char **arguments)
{
	const char *name = arguments && arguments[0] ? text_basename(arguments[0]) : "";

	if (*name == '-') /* a login shell */
		name++;
	return *name ? name : text_basename(executable);
}

/* Those of the strings that are wanted, in memory of ours: a server writes its title over its
 * arguments and environment, and may point them at what it frees, before its children begin their
 * traces. NULL when there is no memory. */
static char **keep(char **strings, bool (*is_wanted)(const char *string))
{
	size_t count = 1, bytes = 0; /* the NULL */
	char **kept;
	char *text;

	for (char **at = strings; at && *at; at++) {
		count += is_wanted(*at);
		bytes += is_wanted(*at) ? strlen(*at) + 1 : 0;
	}
	kept = mem_take(count * sizeof(*kept) + bytes);
	if (!kept)
		return NULL;
	text = (char *)(kept + count);
	for (char **at = strings, **to = kept; at && *at; at++) {
		if (!is_wanted(*at))
			continue;
		*to++ = text;
		text = stpcpy(text, *at) + 1;
	}
	return kept;
}

static bool is_argument(const char *string)
{
	(void)string;
	return true;
}

/* Whether a variable ("NAME=value") changes what is recorded. */
static bool variable_matters(const char *variable)
{
	static const char *const prefixes[] = {
		"HEAPMARK",  "LD_",      "MALLOC_",   "GLIBC_TUNABLES=",
		"PYTHON",    "G_SLICE=", "JE_MALLOC", "TCMALLOC_",
		"MIMALLOC_", "LANG=",    "LC_ALL=",   "PERL_HASH_SEED=",
	};

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++)
		if (strncmp(variable, prefixes[i], strlen(prefixes[i])) == 0)
			return true;
	return false;
}

void facts_read(int argument_count, char **arguments, char **environment)
{
	struct text name;

	read_executable();
	if (sys_call(SYS_getcwd, directory, sizeof(directory)) <= 0)
		directory[0] = '\0';
	page_bytes = (uint64_t)sysconf(_SC_PAGESIZE);
	facts.executable = executable;
	facts.directory = directory;
	facts.arguments = keep(argument_count > 0 ? arguments : NULL, is_argument);
	facts.environment = keep(environment, variable_matters);
	text_init(&name, program, sizeof(program));
	text_add(&name, name_of_program(arguments));
	facts.program = program;
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
	int fd = sys_open("/proc/self/statm", O_RDONLY | O_CLOEXEC);

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
	length = sys_pread(statm.fd, buffer, sizeof(buffer) - 1, 0);
	cancel_restore(cancel);
	if (length <= 0)
		return 0;
	buffer[length] = '\0';
	if (!text_number(at, &pages, &at) || *at != ' ' || !text_number(at + 1, &pages, &at))
		return 0;
	return pages * page_bytes;
}
