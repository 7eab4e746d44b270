/* SPDX-License-Identifier: MIT */
/* Live bytes over time in one line of text. */
#ifndef ANALYZER_REPORT_SPARKLINE_H
#define ANALYZER_REPORT_SPARKLINE_H

#include <stdbool.h>
#include <stdint.h>

#include "model/profile.h"

#define SPARKLINE_COLUMNS 48
#define SPARKLINE_BYTES   (3 * SPARKLINE_COLUMNS + 1)

/* One character for each of SPARKLINE_COLUMNS equal parts of the run, as high as the most bytes
 * that were live in it: in blocks if they can be shown, else in signs of rising weight. Returns the
 * bytes that full height stands for; 0, and no text, if less than two points are known. */
uint64_t sparkline(char text[static SPARKLINE_BYTES], const struct profile *profile, bool is_utf8);

#endif
