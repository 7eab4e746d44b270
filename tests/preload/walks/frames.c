/* SPDX-License-Identifier: MIT */
/*
 * Ways through functions with and without a frame pointer, in random order. Where there is none,
 * rbp is a register like any other and holds numbers, which must be carried through to the frames
 * that do have one.
 */
#include "frames.h"

#include "walk.h"

static frames_step *const steps[] = {step_plain_0, step_plain_1, step_frame_0, step_frame_1};
static frames_step *const leaves[] = {leaf_plain_0, leaf_plain_1, leaf_frame_0, leaf_frame_1};
static const char *const names[] = {"plain_0", "plain_1", "frame_0", "frame_1"};

#ifdef __x86_64__
static FRAME uintptr_t frame_register(void)
{
	uintptr_t value;

	__asm__ volatile("mov %%rbp, %0" : "=r"(value));
	return value;
}
#else
static uintptr_t frame_register(void)
{
	return 0;
}
#endif

uint64_t frames_go_on(struct course *course, int part)
{
	uint64_t choice = random_next(&course->state), value;

	if (frame_register() - (uintptr_t)&choice > 1 << 20)
		course->frame_pointer_strayed = 1;
	course->part = part;
	value = course->depth > 0 ? steps[choice % 4](course) : leaves[choice % 4](course);
	HERE();
	return value;
}

int main(int argc, char **argv)
{
	struct course course = {.state = 7};

	for (int i = 0; i < 500 * rounds(argc, argv); i++) {
		course.depth = (int)(random_next(&course.state) % 40) + 1;
		steps[i % 4](&course);
	}
	for (int leaf = 0; leaf < FRAMES_PARTS; leaf++) {
		for (int caller = 0; caller < FRAMES_PARTS; caller++) {
			char path[120];

			snprintf(path, sizeof(path), "leaf_%s<frames_go_on<step_%s<*<main",
				 names[leaf], names[caller]);
			path_add(course.leaves[leaf][caller], path);
		}
	}
	trap(course.frame_pointer_strayed);
	return walk_end(argc, argv);
}
