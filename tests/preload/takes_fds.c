/* SPDX-License-Identifier: MIT */
/* Closes every descriptor and fills the numbers with its own files: they must stay its own. */
#include <sys/stat.h>

#include "target.h"

int main(int argc, char **argv)
{
	char name[] = "/tmp/heapmark-takes-fds-XXXXXX";
	struct stat status;
	int mine;

	MALLOC(10);
	for (int fd = 3; fd < 1024; fd++)
		close(fd);
	mine = mkstemp(name);
	unlink(name);
	for (int fd = 3; fd < 1000; fd++)
		if (fd != mine)
			dup2(mine, fd);
	for (int i = 0; i < 1000; i++)
		MALLOC(2000);
	facts_write(argc, argv);
	if (fstat(mine, &status) < 0 || status.st_size != 0)
		dprintf(1, "somebody wrote %ld bytes into my file\n", (long)status.st_size);
	return 0;
}
