/* SPDX-License-Identifier: MIT */
/* Finding a program and following #! lines; see program.h. */
#include "target/program.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/memory.h"
#include "util/strings.h"

#define LINE_BYTES   256 /* what the kernel reads of a #! line */
#define DEFAULT_PATH "/bin:/usr/bin"

static bool is_runnable(const char *path)
{
	struct stat file;

	return stat(path, &file) == 0 && S_ISREG(file.st_mode) && access(path, X_OK) == 0;
}

static int refuse(const char *path, struct error *err)
{
	struct stat file;

	if (stat(path, &file) != 0) {
		bool absent = errno == ENOENT || errno == ENOTDIR;

		error_set(err, "'%s' cannot be run: %s", path, strerror(errno));
		return absent ? PROGRAM_NOT_FOUND : PROGRAM_NOT_EXECUTABLE;
	}
	if (S_ISDIR(file.st_mode))
		error_set(err, "'%s' cannot be run: it is a directory", path);
	else
		error_set(err, "'%s' cannot be run: it is not executable (chmod +x?)", path);
	return PROGRAM_NOT_EXECUTABLE;
}

/* An entry of PATH may be empty, which means the current directory. */
static char *search(const char *name, bool *exists)
{
	const char *path = getenv("PATH");

	*exists = false;
	for (path = path ? path : DEFAULT_PATH;; path++) {
		size_t bytes = strcspn(path, ":");
		char *file = xasprintf("%.*s%s%s", (int)bytes, path, bytes ? "/" : "", name);

		if (is_runnable(file))
			return file;
		*exists |= access(file, F_OK) == 0;
		free(file);
		path += bytes;
		if (!*path)
			return NULL;
	}
}

static int find(const char *name, char **file, struct error *err)
{
	bool exists;

	if (strchr(name, '/')) {
		*file = is_runnable(name) ? xstrdup(name) : NULL;
		return *file ? 0 : refuse(name, err);
	}
	*file = *name ? search(name, &exists) : NULL;
	if (*file)
		return 0;
	if (*name && exists) {
		error_set(err, "'%s' cannot be run: the file in PATH is not executable", name);
		return PROGRAM_NOT_EXECUTABLE;
	}
	error_set(err, "'%s' cannot be run: there is no such program in PATH", name);
	return PROGRAM_NOT_FOUND;
}

/* The word after `env`, its options and its assignments; NULL if there is none. */
static char *env_program(char *words)
{
	char *rest = NULL, *word = words;

	for (word = strtok_r(word, " \t", &rest); word; word = strtok_r(NULL, " \t", &rest))
		if (word[0] != '-' && !strchr(word, '='))
			return word;
	return NULL;
}

/* Reads the #! line of `path` into `line`, without "#!". False if it is not a script. */
static bool read_line(const char *path, char line[static LINE_BYTES])
{
	FILE *file = fopen(path, "re");
	size_t bytes;

	if (!file)
		return false;
	bytes = fread(line, 1, LINE_BYTES - 1, file);
	fclose(file);
	line[bytes] = '\0';
	if (strncmp(line, "#!", 2) != 0)
		return false;
	line[strcspn(line, "\n")] = '\0';
	memmove(line, line + 2, strlen(line + 2) + 1);
	return true;
}

static int add_step(struct program *program, const char *name, struct error *err)
{
	char *file;
	int failure = find(name, &file, err);

	if (failure)
		return failure;
	if (program->step_count == PROGRAM_STEPS_MAX) {
		error_set(err, "'%s' cannot be run: too many scripts run one another", name);
		free(file);
		return PROGRAM_NOT_EXECUTABLE;
	}
	program->steps[program->step_count++] = file;
	return 0;
}

/* A missing interpreter makes execve() say "no such file", as if the script were missing. */
static int add_interpreter(struct program *program, const char *interpreter, struct error *err)
{
	const char *script = program->steps[program->step_count - 1];
	struct error inner;
	int failure = add_step(program, interpreter, &inner);

	if (failure)
		error_set(err, "'%s' cannot be run because its interpreter (in its #! line): %s",
			  script, inner.text);
	return failure;
}

static int follow(struct program *program, struct error *err)
{
	char line[LINE_BYTES];
	char *interpreter, *rest = NULL;
	int failure;

	while (read_line(program_file(program), line)) {
		interpreter = strtok_r(line, " \t\r", &rest);
		if (!interpreter)
			return 0; /* an empty #! line: the shell runs it */
		failure = add_interpreter(program, interpreter, err);
		if (!failure && strcmp(path_base(interpreter), "env") == 0 && rest) {
			interpreter = env_program(rest);
			if (interpreter)
				failure = add_interpreter(program, interpreter, err);
		}
		if (failure)
			return failure;
	}
	return 0;
}

int program_find(struct program *program, const char *name, struct error *err)
{
	int failure;

	*program = (struct program)PROGRAM_INIT;
	failure = add_step(program, name, err);
	return failure ? failure : follow(program, err);
}

void program_release(struct program *program)
{
	for (size_t i = 0; i < program->step_count; i++)
		free(program->steps[i]);
	program->step_count = 0;
}

const char *program_file(const struct program *program)
{
	return program->steps[program->step_count - 1];
}
