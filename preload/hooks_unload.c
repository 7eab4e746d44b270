/* SPDX-License-Identifier: MIT */
/*
 * The interposed functions that unload libraries: code goes away. What stood there must be known
 * before, and that it is gone, as soon as it is.
 */
#include <iconv.h>
#include <stdbool.h>
#include <stddef.h>

#include "export.h"
#include "modules.h"
#include "real.h"
#include "thread.h"

int dlclose(void *handle);

/* Between the two, destructors run, and they are the program's. */
static struct thread *begin(bool *was)
{
	struct thread *self = thread_enter();

	real_resolve();
	if (!self)
		return NULL;
	modules_refresh();
	*was = thread_closing_begin(self);
	thread_leave(self);
	return self;
}

static void end(struct thread *self, bool was)
{
	if (!self)
		return;
	thread_closing_end(self, was);
	self = thread_enter();
	if (!self)
		return;
	modules_refresh();
	thread_leave(self);
}

HEAPMARK_EXPORT int dlclose(void *handle)
{
	bool was = false;
	struct thread *self = begin(&was);
	int result = real.dlclose(handle);

	end(self, was);
	return result;
}

/* The C library unloads its modules itself. */
HEAPMARK_EXPORT int iconv_close(iconv_t converter)
{
	bool was = false;
	struct thread *self = begin(&was);
	int result = real.iconv_close(converter);

	end(self, was);
	return result;
}
