/* SPDX-License-Identifier: MIT */
/* Makes a plugin (plugin.c) a converter for iconv(), of a character set that nobody needs. */
#include <gconv.h>
#include <stdlib.h>

#define JOIN(a, b)  a##_##b
#define NAMED(a, b) JOIN(a, b)

void *NAMED(NAME, make)(void);

int gconv_init(struct __gconv_step *step);
void gconv_end(struct __gconv_step *step);
int gconv(struct __gconv_step *step, struct __gconv_step_data *data, const unsigned char **at,
	  const unsigned char *end, unsigned char **out, size_t *irreversible, int flush,
	  int consume);

int gconv_init(struct __gconv_step *step)
{
	step->__data = NAMED(NAME, make)();
	step->__min_needed_from = step->__max_needed_from = 1;
	step->__min_needed_to = step->__max_needed_to = 4;
	step->__stateful = 0;
	return step->__data ? __GCONV_OK : __GCONV_NOMEM;
}

void gconv_end(struct __gconv_step *step)
{
	free(step->__data);
}

int gconv(struct __gconv_step *step, struct __gconv_step_data *data, const unsigned char **at,
	  const unsigned char *end, unsigned char **out, size_t *irreversible, int flush,
	  int consume)
{
	(void)step, (void)data, (void)out, (void)irreversible, (void)flush, (void)consume;
	*at = end;
	return __GCONV_EMPTY_INPUT;
}
