/* SPDX-License-Identifier: MIT */
/* frames_part.c, as compiled four times over, and frames.c, which leads through all of them. */
#ifndef TESTS_PRELOAD_WALKS_FRAMES_H
#define TESTS_PRELOAD_WALKS_FRAMES_H

#include <stdint.h>

#define FRAMES_PARTS 4

struct course {
	uint64_t state;
	int depth;
	int part;                                    /* of the last function */
	uint64_t leaves[FRAMES_PARTS][FRAMES_PARTS]; /* [leaf's][caller's] */
	int frame_pointer_strayed;                   /* rbp was seen to be no frame pointer */
};

typedef uint64_t frames_step(struct course *course);

frames_step step_plain_0, step_plain_1, step_frame_0, step_frame_1;
frames_step leaf_plain_0, leaf_plain_1, leaf_frame_0, leaf_frame_1;
uint64_t frames_go_on(struct course *course, int part);

#endif
