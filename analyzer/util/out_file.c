/* SPDX-License-Identifier: MIT */
/* Files by way of a temporary name; see out_file.h. */
#include "util/out_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/memory.h"
#include "util/strings.h"

static int cannot_write(const char *path, struct error *err)
{
	return error_set(err, "cannot write %s: %s", path, strerror(errno));
}

static int open_in_place(struct out_file *file, const char *path, struct error *err)
{
	file->out.file = fopen(path, "wb");
	if (!file->out.file)
		return cannot_write(path, err);
	file->path = xstrdup(path);
	return 0;
}

/* As permissive as what it replaces, or as any new file. */
static mode_t mode_of(const struct stat *replaced)
{
	mode_t mask;

	if (replaced)
		return replaced->st_mode & 0777;
	mask = umask(0);
	umask(mask);
	return 0666 & ~mask;
}

static int open_beside(struct out_file *file, const char *path, const struct stat *replaced,
		       struct error *err)
{
	/* Through a symbolic link it is the file behind it that is replaced. */
	char *target = replaced ? realpath(path, NULL) : xstrdup(path);
	int fd;

	if (!target)
		return cannot_write(path, err);
	file->path = target;
	file->temporary =
		xasprintf("%.*s.heapmark-XXXXXX", (int)(path_base(target) - target), target);
	fd = mkstemp(file->temporary);
	file->out.file = fd < 0 ? NULL : fdopen(fd, "wb");
	if (file->out.file && fchmod(fd, mode_of(replaced)) == 0)
		return 0;
	cannot_write(path, err);
	if (fd >= 0) {
		unlink(file->temporary);
		file->out.file ? fclose(file->out.file) : close(fd);
	}
	free(file->temporary);
	free(file->path);
	return -1;
}

int out_file_open(struct out_file *file, const char *path, bool force, struct error *err)
{
	struct stat there;
	bool exists = stat(path, &there) == 0;

	*file = (struct out_file){.out = {.name = path, .owned = true}, .force = force};
	if (!*path_base(path))
		return error_set(err, "cannot write '%s': it names no file", path);
	if (exists && S_ISDIR(there.st_mode))
		return error_set(err, "cannot write %s: it is a directory", path);
	if (exists && !S_ISREG(there.st_mode))
		return open_in_place(file, path, err);
	if (exists && !force)
		return error_set(err, "%s exists already; --force replaces it", path);
	return open_beside(file, path, exists ? &there : NULL, err);
}

/* A link never replaces what somebody has put there meanwhile. Where there are no links (FAT), the
 * moment between the question and the renaming remains. */
static int put_in_place(struct out_file *file, struct error *err)
{
	if (!file->force && link(file->temporary, file->path) == 0) {
		unlink(file->temporary);
		return 0;
	}
	if (!file->force && (errno == EEXIST || access(file->path, F_OK) == 0))
		return error_set(err, "%s exists already; --force replaces it", file->path);
	if (rename(file->temporary, file->path) != 0)
		return cannot_write(file->path, err);
	return 0;
}

int out_file_close(struct out_file *file, struct error *err)
{
	int ret = out_close(&file->out, err);

	if (file->temporary && ret == 0)
		ret = put_in_place(file, err);
	if (file->temporary && ret < 0)
		unlink(file->temporary);
	free(file->temporary);
	free(file->path);
	return ret;
}
