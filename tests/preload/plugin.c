/* SPDX-License-Identifier: MIT */
/* A plugin with one function, named by the build; see plugins.c. */
#include <stdlib.h>

void *PLUGIN_FUNCTION(void);

void *PLUGIN_FUNCTION(void)
{
	return malloc(PLUGIN_SIZE);
}
