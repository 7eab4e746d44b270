/* SPDX-License-Identifier: MIT */
/* Objects and the sorted tables of their FDEs; see frames.h. */
#include "capture/frames.h"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <stddef.h>
#include <string.h>

#include "atomic.h"
#include "capture/cfi_cursor.h"

#define TABLE_VERSION 1
#define PAGE          4096 /* the least there is */
#define NOTES_MAX     1024

/* The program headers of an object, and what their addresses are relative to. */
struct object {
	const ElfW(Phdr) * headers;
	size_t count;
	uint64_t bias;
};

/* An object that was noted. What it says stays as it was when the note became visible. */
struct note {
	uint64_t start, end;
	struct frames frames;
	bool is_fresh; /* noted since the last frames_forget_others(); the lister's own */
	_Atomic bool gone;
};

/*   field        written by  read by  order    why that is enough
 *   notes        lister      anyone   plain    not read before `count` says so
 *   count        lister      anyone   rel/acq  a note that can be reached is whole
 *   notes.gone   lister      anyone   relaxed  nothing hangs on it: code is gone before it is set
 */
static struct {
	struct note notes[NOTES_MAX];
	_Atomic uint32_t count;
} listed;

/* The segment with these rights around an address. */
static struct cfi_segment find_segment(const struct object *object, uint64_t address,
				       uint32_t rights)
{
	for (size_t i = 0; i < object->count; i++) {
		const ElfW(Phdr) *header = &object->headers[i];
		uint64_t start = object->bias + header->p_vaddr;

		if (header->p_type == PT_LOAD && (header->p_flags & rights) == rights &&
		    address - start < header->p_filesz)
			return (struct cfi_segment){(const uint8_t *)start,
						    (const uint8_t *)start + header->p_filesz};
	}
	return (struct cfi_segment){NULL, NULL};
}

#pragma weak _dl_find_object /* glibc has it since 2.35 */

/* Program headers are where they are in the file: near the start of the first segment. */
static bool find_headers(const struct dl_find_object *found, struct object *object)
{
	const ElfW(Ehdr) *header = found->dlfo_map_start;

	if (!found->dlfo_link_map || memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 ||
	    header->e_phentsize != sizeof(ElfW(Phdr)) || header->e_phoff >= PAGE ||
	    header->e_phoff + header->e_phnum * sizeof(ElfW(Phdr)) > PAGE)
		return false;
	object->headers = (const void *)((const char *)header + header->e_phoff);
	object->count = header->e_phnum;
	object->bias = found->dlfo_link_map->l_addr;
	return true;
}

static bool find_by_loader(uint64_t location, struct frames *frames)
{
	struct dl_find_object found;
	struct object object;

	if (!_dl_find_object || _dl_find_object((void *)location, &found) != 0)
		return false;
	frames->table = found.dlfo_eh_frame;
	if (!frames->table || !find_headers(&found, &object))
		return false;
	frames->segment = find_segment(&object, (uint64_t)frames->table, PF_R);
	frames->code = find_segment(&object, location, PF_R | PF_X);
	return frames->segment.start != NULL;
}

static bool find_by_notes(uint64_t location, struct frames *frames)
{
	uint32_t count = load_acquire(&listed.count); /* with store_release() in frames_note() */

	while (count-- > 0) {
		const struct note *note = &listed.notes[count];

		if (location - note->start < note->end - note->start &&
		    !load_relaxed(&note->gone)) {
			*frames = note->frames;
			return true;
		}
	}
	return false;
}

bool frames_find(uint64_t location, struct frames *frames)
{
	return find_by_loader(location, frames) || find_by_notes(location, frames);
}

bool frames_need_notes(void)
{
	return !_dl_find_object;
}

static bool is_same(const struct note *a, const struct note *b)
{
	return a->start == b->start && a->end == b->end && a->frames.table == b->frames.table &&
	       a->frames.segment.start == b->frames.segment.start &&
	       a->frames.segment.end == b->frames.segment.end &&
	       a->frames.code.start == b->frames.code.start &&
	       a->frames.code.end == b->frames.code.end;
}

/* An object that was here before has its place already. Any other that was here is gone. */
static bool renew(const struct note *new)
{
	bool found = false;

	for (uint32_t i = 0; i < load_relaxed(&listed.count); i++) {
		struct note *note = &listed.notes[i];

		if (is_same(note, new)) {
			store_relaxed(&note->gone, false);
			note->is_fresh = found = true;
		} else if (note->start < new->end && note->end > new->start) {
			store_relaxed(&note->gone, true);
		}
	}
	return found;
}

/* Of several segments of code it is the last that is noted. There is one, as a rule. */
static bool describe(const struct object *object, struct note *note)
{
	uint64_t code = 0;

	*note = (struct note){.start = UINT64_MAX, .is_fresh = true};
	for (size_t i = 0; i < object->count; i++) {
		const ElfW(Phdr) *header = &object->headers[i];
		uint64_t start = object->bias + header->p_vaddr;

		if (header->p_type == PT_GNU_EH_FRAME)
			note->frames.table = (const uint8_t *)start;
		if (header->p_type != PT_LOAD)
			continue;
		if (start < note->start)
			note->start = start;
		if (start + header->p_memsz > note->end)
			note->end = start + header->p_memsz;
		if (header->p_flags & PF_X)
			code = start;
	}
	note->frames.segment = find_segment(object, (uint64_t)note->frames.table, PF_R);
	note->frames.code = find_segment(object, code, PF_R | PF_X);
	return note->frames.table && note->start < note->end && note->frames.segment.start;
}

void frames_note(const struct dl_phdr_info *info)
{
	struct object object = {info->dlpi_phdr, info->dlpi_phnum, info->dlpi_addr};
	uint32_t count = load_relaxed(&listed.count);
	struct note note;

	if (!describe(&object, &note) || renew(&note) || count == NOTES_MAX)
		return;
	listed.notes[count] = note;
	store_release(&listed.count, count + 1);
}

void frames_forget_others(void)
{
	for (uint32_t i = 0; i < load_relaxed(&listed.count); i++) {
		struct note *note = &listed.notes[i];

		if (!note->is_fresh)
			store_relaxed(&note->gone, true);
		note->is_fresh = false;
	}
}

/* What is in the table: pairs of offsets from its header, sorted by the first. */
struct entry {
	int32_t code, fde;
};

static struct entry get(const uint8_t *entries, size_t index)
{
	struct entry entry;

	memcpy(&entry, entries + index * sizeof(entry), sizeof(entry));
	return entry;
}

/* The header's own pointer, to .eh_frame as a whole, is of no use but has to be skipped. */
static struct cursor read_header(const struct frames *frames, size_t *count)
{
	struct cursor in = {frames->table, frames->segment.end, false};
	uint8_t version = cursor_u8(&in);
	uint8_t whole = cursor_u8(&in), counted = cursor_u8(&in), entries = cursor_u8(&in);

	cursor_format(&in, whole);
	*count = cursor_u32(&in);
	if (version != TABLE_VERSION || counted != CFI_U32 ||
	    entries != (CFI_TO_HEADER | CFI_S32) ||
	    *count > cursor_left(&in) / sizeof(struct entry))
		cursor_fail(&in);
	return in;
}

const uint8_t *frames_fde(const struct frames *frames, uint64_t location)
{
	size_t count;
	struct cursor in = read_header(frames, &count);
	const uint8_t *first = in.at;
	int64_t wanted = (int64_t)(location - (uint64_t)frames->table);
	uint64_t fde;

	if (in.bad || count == 0 || get(first, 0).code > wanted)
		return NULL;
	while (count > 1) { /* the wanted one is among the `count` from `first` on */
		size_t half = count / 2;
		bool is_later = get(first, half).code <= wanted;

		first += is_later ? half * sizeof(struct entry) : 0;
		count -= half;
	}
	fde = (uint64_t)frames->table + (uint64_t)(int64_t)get(first, 0).fde;
	if (fde < (uint64_t)frames->segment.start || fde >= (uint64_t)frames->segment.end)
		return NULL;
	return (const uint8_t *)fde;
}
