/* SPDX-License-Identifier: MIT */
/* Opens converters of the program's own in turns. The C library loads and, a while later, unloads
 * their modules by itself, so that one comes where the other was, and nobody calls dlclose(). */
#include <iconv.h>
#include <link.h>
#include <string.h>

#include "torture.h"

#define ROUNDS 60

static const char *const sets[] = {"TORTURE-RED", "TORTURE-GREEN", "TORTURE-BLUE"};

static int count_ours(struct dl_phdr_info *info, size_t size, void *count)
{
	(void)size;
	*(int *)count += strstr(info->dlpi_name, "libtorture-") != NULL;
	return 0;
}

int main(void)
{
	int loads = 0, before = 0, most = 0;

	for (int i = 0; i < ROUNDS; i++) {
		for (int each = 0; each < 4; each++) { /* the others are unloaded by this */
			iconv_t converter = iconv_open("UCS-4LE", sets[i % 3]);
			int now = 0;

			MUST(converter != (iconv_t)-1);
			dl_iterate_phdr(count_ours, &now);
			loads += now > before;
			most = now > most ? now : most;
			MUST(iconv_close(converter) == 0);
			before = 0;
			dl_iterate_phdr(count_ours, &before);
		}
		churn(1, 10);
	}
	say("%d times loaded, %d at once\n", loads, most);
	keep(2, 20);
	return 0;
}
