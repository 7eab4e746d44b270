/* SPDX-License-Identifier: MIT */
/* The interposed jumps: one out of a signal handler may be out of a hook as well. */
#include "export.h"
#include "leave.h"
#include "real.h"

#define JUMP(name) \
	HEAPMARK_EXPORT void name(struct __jmp_buf_tag to[1], int value) \
	{ \
		real_resolve(); \
		leave_by_jump(real.name, to, value); \
		real.name(to, value); \
		__builtin_unreachable(); \
	}

/* What fortified programs call. */
void __longjmp_chk(struct __jmp_buf_tag to[1], int value);

JUMP(longjmp)
JUMP(_longjmp)
JUMP(siglongjmp)
JUMP(__longjmp_chk)
