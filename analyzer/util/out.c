/* SPDX-License-Identifier: MIT */
/* Output with a memory for its first failure; see out.h. */
#include "util/out.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "util/memory.h"
#include "util/progress.h"

void out_stdout(struct out *out)
{
	progress_stop();
	*out = (struct out){stdout, "the output", 0, false};
}

void out_memory(struct out *out, char **text, size_t *bytes)
{
	*out = (struct out){open_memstream(text, bytes), "memory", 0, true};
	if (!out->file)
		die_oom();
}

static void remember(struct out *out)
{
	if (!out->failure)
		out->failure = errno ? errno : EIO;
}

void out_bytes(struct out *out, const void *bytes, size_t count)
{
	if (out->failure || !count)
		return;
	errno = 0;
	if (fwrite(bytes, 1, count, out->file) != count)
		remember(out);
}

void out_text(struct out *out, const char *text)
{
	out_bytes(out, text, strlen(text));
}

void out_printf(struct out *out, const char *format, ...)
{
	va_list args;

	if (out->failure)
		return;
	errno = 0;
	va_start(args, format);
	if (vfprintf(out->file, format, args) < 0)
		remember(out);
	va_end(args);
}

int out_close(struct out *out, struct error *err)
{
	errno = 0;
	if ((out->owned ? fclose(out->file) : fflush(out->file)) != 0)
		remember(out);
	out->file = NULL;
	if (!out->failure || out->failure == EPIPE)
		return 0;
	return error_set(err, "cannot write %s: %s", out->name, strerror(out->failure));
}
