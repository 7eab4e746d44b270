/* SPDX-License-Identifier: MIT */
/* What every unit test of the analyzer includes: cmocka with the headers it wants first. */
#ifndef TESTS_CHECK_H
#define TESTS_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "util/error.h"

#define assert_contains(text, part) \
	do { \
		if (!strstr((text), (part))) \
			fail_msg("'%s' is not in '%s'", (part), (text)); \
	} while (0)

#endif
