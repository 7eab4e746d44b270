/* SPDX-License-Identifier: MIT */
/* The public API: the table that heapmark.h finds by name. */
#include "heapmark.h"

#include "capture/here.h"
#include "export.h"
#include "lost.h"
#include "peak.h"
#include "process.h"
#include "snapshot.h"
#include "thread.h"
#include "track.h"

static int api_snapshot(const char *label)
{
	struct snapshot_request request = {HEAPMARK_REASON_API, label, true, true};
	struct thread *self = thread_enter();
	uint32_t number = 0;

	if (!self)
		return 0;
	if (process_is_ours())
		number = snapshot_take(&request);
	thread_leave(self);
	return (int)number;
}

static int api_traced(uint64_t *current, uint64_t *peak_bytes)
{
	struct thread *self = thread_enter();
	struct peak peak = {.bytes = 0};

	if (self) {
		peak = peak_read();
		thread_leave(self);
	}
	if (current)
		*current = peak.now_bytes;
	if (peak_bytes)
		*peak_bytes = peak.window_bytes;
	return self != NULL;
}

static void api_reset_peak(void)
{
	struct thread *self = thread_enter();

	if (!self)
		return;
	peak_reset_window();
	thread_leave(self);
}

static int api_is_recording(void)
{
	return thread_is_recording();
}

#define ADDRESS_BITS 47

/* Sums of such sizes would mean nothing, so that a trace with them could not be read. */
static bool is_possible(const void *block, size_t size)
{
	if (!block)
		return false;
	if (size >> ADDRESS_BITS == 0)
		return true;
	lost_add(HEAPMARK_LOSS_BAD_PIECE, 1);
	return false;
}

static void api_alloc(const char *pool, const void *block, size_t size)
{
	struct thread *self = is_possible(block, size) ? thread_enter() : NULL;

	if (!self)
		return;
	track_piece(self, HERE(), pool, block, size);
	thread_leave(self);
}

static void api_realloc(const char *pool, const void *old_block, const void *block, size_t size)
{
	struct thread *self = is_possible(block, size) ? thread_enter() : NULL;

	if (!self)
		return;
	if (old_block)
		track_piece_moved(self, HERE(), pool, old_block, block, size);
	else
		track_piece(self, HERE(), pool, block, size);
	thread_leave(self);
}

static void api_free(const char *pool, const void *block)
{
	struct thread *self = block ? thread_enter() : NULL;

	(void)pool; /* the piece knows its own */
	if (!self)
		return;
	track_piece_freed(self, block);
	thread_leave(self);
}

extern const struct heapmark_api heapmark_api_v1;
HEAPMARK_EXPORT const struct heapmark_api heapmark_api_v1 = {
	.size = sizeof(struct heapmark_api),
	.snapshot = api_snapshot,
	.traced = api_traced,
	.reset_peak = api_reset_peak,
	.is_recording = api_is_recording,
	.alloc = api_alloc,
	.realloc = api_realloc,
	.free = api_free,
};
