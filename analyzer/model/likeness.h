/* SPDX-License-Identifier: MIT */
/*
 * How much two call stacks of two builds are alike, where frames may have appeared or gone: a call
 * was inlined without a trace, or turned into a jump; a library has other insides. Pure.
 */
#ifndef ANALYZER_MODEL_LIKENESS_H
#define ANALYZER_MODEL_LIKENESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LIKENESS_SAME  1000
#define LIKENESS_LEAST 600 /* below, two stacks are not taken for one */

/* A frame. The numbers are shared by both builds: equal places are one line. */
struct step {
	uint32_t place, function;
	bool is_own;     /* not of a library that is only passed through */
	uint32_t weight; /* what it counts; steps_weigh() knows */
};

/* Fills the weights: the innermost frame of the program's own counts most, a library's least. */
void steps_weigh(struct step *steps, size_t count);

/* 0 to LIKENESS_SAME. Both innermost first. Of the frames in the same order on both sides, those of
 * the same line count wholly and those of the same function by half. 0 unless the inner ends agree
 * on a line: within them, at most two frames of one's own may have come or gone. 0 also if both
 * begin in the same function, on different lines. */
uint32_t likeness(const struct step *old, size_t old_count, const struct step *new,
		  size_t new_count);

/* Whether one of them begins at a line that is among the inner ones of the other: frames have come
 * or gone there, rather than become others. */
bool begins_within(const struct step *old, size_t old_count, const struct step *new,
		   size_t new_count);

#endif
