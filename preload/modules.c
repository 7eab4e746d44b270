/* SPDX-License-Identifier: MIT */
/* Listing modules through the loader; see modules.h. */
#include "modules.h"

#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <gnu/libc-version.h>
#include <limits.h>
#include <link.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "capture/calls.h"
#include "capture/frames.h"
#include "clock.h"
#include "facts.h"
#include "lock.h"
#include "lost.h"
#include "mem.h"
#include "places.h"
#include "real.h"
#include "sys.h"
#include "tables.h"
#include "text.h"

#define PIECE_BITS  7
#define PIECE_ITEMS (1u << PIECE_BITS)
#define PIECES      512
#define NOTE_GNU    "GNU"

static struct {
	struct lock listing; /* taken under the loader's own, if that is taken */
	struct module *pieces[PIECES];
	uint32_t count;
	uint32_t round;
	unsigned long long adds, subs; /* the loader's counters at the last listing */
	bool unlisted;                 /* see modules_avoid_loader() */
	uint32_t placed;               /* how many modules_find() was told of */
} modules;

static struct module *get(uint32_t id)
{
	return &modules.pieces[id >> PIECE_BITS][id & (PIECE_ITEMS - 1)];
}

const struct module *modules_get(uint32_t id)
{
	return get(id);
}

uint32_t modules_count(void)
{
	return modules.count;
}

uint32_t modules_round(void)
{
	return modules.round;
}

static void find_extent(const struct dl_phdr_info *info, struct module *module)
{
	module->start = UINT64_MAX;
	module->end = 0;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
		uint64_t start = info->dlpi_addr + segment->p_vaddr;

		if (segment->p_type != PT_LOAD)
			continue;
		if (start < module->start)
			module->start = start;
		if (start + segment->p_memsz > module->end)
			module->end = start + segment->p_memsz;
	}
}

static void read_notes(const char *at, size_t left, size_t align, struct module *module)
{
	while (left >= sizeof(ElfW(Nhdr))) {
		const ElfW(Nhdr) *note = (const void *)at;
		size_t name = (note->n_namesz + align - 1) / align * align;
		size_t desc = (note->n_descsz + align - 1) / align * align;
		size_t whole = sizeof(*note) + name + desc;
		const char *data = at + sizeof(*note);

		if (whole > left)
			return;
		if (note->n_type == NT_GNU_BUILD_ID && note->n_namesz == sizeof(NOTE_GNU) &&
		    memcmp(data, NOTE_GNU, sizeof(NOTE_GNU)) == 0 &&
		    note->n_descsz <= BUILD_ID_MAX) {
			memcpy(module->build_id, data + name, note->n_descsz);
			module->build_id_bytes = note->n_descsz;
			return;
		}
		at += whole;
		left -= whole;
	}
}

static bool is_loaded(const struct dl_phdr_info *info, const ElfW(Phdr) * part)
{
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &info->dlpi_phdr[i];

		if (segment->p_type == PT_LOAD && segment->p_flags & PF_R &&
		    part->p_vaddr >= segment->p_vaddr &&
		    part->p_vaddr + part->p_memsz <= segment->p_vaddr + segment->p_filesz)
			return true;
	}
	return false;
}

static void find_build_id(const struct dl_phdr_info *info, struct module *module)
{
	for (int i = 0; i < info->dlpi_phnum && !module->build_id_bytes; i++) {
		const ElfW(Phdr) *segment = &info->dlpi_phdr[i];

		if (segment->p_type == PT_NOTE && is_loaded(info, segment))
			read_notes((const char *)info->dlpi_addr + segment->p_vaddr,
				   segment->p_memsz, segment->p_align == 8 ? 8 : 4, module);
	}
}

static const char *keep(const char *string, size_t length)
{
	char *copy = mem_take(length + 1);

	if (!copy)
		return "";
	memcpy(copy, string, length);
	return copy;
}

static const char *absolute(const char *name)
{
	static char buffer[PATH_MAX]; /* one listing at a time, and stacks may be small */
	struct text path;

	if (name[0] == '/' || !strchr(name, '/'))
		return keep(name, strlen(name));
	/* Not getcwd(): for a very long name that one allocates. */
	if (sys_call(SYS_getcwd, buffer, sizeof(buffer)) <= 0)
		return keep(name, strlen(name));
	path = (struct text){buffer, strlen(buffer), sizeof(buffer), false};
	text_add(&path, "/");
	text_add(&path, name);
	return keep(buffer, path.used);
}

static void find_path(const struct dl_phdr_info *info, struct module *module)
{
	static const char shim_symbol;
	uint64_t here = (uint64_t)&shim_symbol;

	if (module->start <= here && here < module->end)
		module->flags |= HEAPMARK_MODULE_SHIM;
	if (!info->dlpi_name || !info->dlpi_name[0]) {
		module->flags |= HEAPMARK_MODULE_EXECUTABLE;
		module->path = facts.executable;
	} else if (strncmp(info->dlpi_name, "linux-vdso", 10) == 0) {
		module->flags |= HEAPMARK_MODULE_VDSO;
		module->path = "";
	} else {
		module->path = absolute(info->dlpi_name);
	}
}

static bool is_known(const struct dl_phdr_info *info, uint64_t start, uint64_t end)
{
	const char *name = info->dlpi_name ? info->dlpi_name : "";

	for (uint32_t id = 1; id <= modules.count; id++) {
		struct module *known = get(id);

		if (known->gone_ns || known->start != start || known->end != end ||
		    known->bias != info->dlpi_addr)
			continue;
		if (name[0] && !(known->flags & HEAPMARK_MODULE_VDSO) &&
		    !text_equal(text_basename(known->path), text_basename(name)))
			continue; /* the sweep finds that it is gone */
		known->round = modules.round;
		return true;
	}
	return false;
}

static void add(const struct module *found)
{
	uint32_t id = modules.count + 1;
	struct module **piece = &modules.pieces[id >> PIECE_BITS];

	if (id >> PIECE_BITS >= PIECES)
		return;
	if (!*piece)
		*piece = mem_take(PIECE_ITEMS * sizeof(**piece));
	if (!*piece)
		return;
	*get(id) = *found;
	modules.count = id;
}

static void look_at(const struct dl_phdr_info *info)
{
	struct module found = {.round = modules.round};

	if (frames_need_notes())
		frames_note(info);
	find_extent(info, &found);
	if (found.start >= found.end || is_known(info, found.start, found.end))
		return;
	found.bias = info->dlpi_addr;
	found.seen_ns = clock_elapsed_ns();
	find_build_id(info, &found);
	find_path(info, &found);
	add(&found);
}

/* A listing that one thread makes. */
struct round {
	bool begun; /* with the lock */
	bool news;  /* it differs from the last one */
};

/* The lock is taken in here, when the loader's is held already: whoever has it waits for nobody, so
 * that a thread that holds the loader's (it is unloading) gets its listing. */
static bool begin_round(struct round *round, const struct dl_phdr_info *info)
{
	round->begun = lock_take(&modules.listing);
	if (!round->begun)
		return false;
	round->news = info->dlpi_adds != modules.adds || info->dlpi_subs != modules.subs;
	if (!round->news)
		return false;
	modules.adds = info->dlpi_adds;
	modules.subs = info->dlpi_subs;
	modules.round++;
	return true;
}

static int visit(struct dl_phdr_info *info, size_t size, void *mine)
{
	struct round *round = mine;

	(void)size; /* the counters are there since glibc 2.4 */
	if (!round->begun && !begin_round(round, info))
		return 1;
	look_at(info);
	return 0;
}

/* Under one lock, or a node could be looked up in between, when the module is no longer to be found
 * and has not taken its nodes yet. */
static void retire(uint32_t id)
{
	struct module *module = get(id);

	if (!tables_take())
		return; /* it seems present until another listing misses it */
	module->gone_ns = clock_elapsed_ns() | 1; /* never 0 */
	module->gone_round = modules.round;
	places_remove(id);
	calls_retire(module->start, module->end, id);
	tables_drop();
}

static void sweep(void)
{
	for (uint32_t id = 1; id <= modules.count; id++)
		if (!get(id)->gone_ns && get(id)->round != modules.round)
			retire(id);
	frames_forget_others();
}

/* With the tables lock. */
static void place_new(void)
{
	while (modules.placed < modules.count) {
		const struct module *module = get(modules.placed + 1);

		if (!module->gone_ns && !places_add(module->start, module->end, modules.placed + 1))
			return;
		modules.placed++;
	}
}

void modules_avoid_loader(void)
{
	modules.unlisted = true;
}

#pragma weak _dl_find_object /* glibc has it since 2.35 */

/* What dl_iterate_phdr() would say of the module at an address, without its lock. */
static bool describe(uint64_t address, struct dl_phdr_info *info)
{
	struct dl_find_object object;
	const ElfW(Ehdr) * header;

	if (!_dl_find_object || _dl_find_object((void *)address, &object) != 0 ||
	    !object.dlfo_link_map)
		return false;
	header = object.dlfo_map_start;
	if (memcmp(header->e_ident, ELFMAG, SELFMAG) != 0)
		return false;
	*info = (struct dl_phdr_info){
		.dlpi_addr = object.dlfo_link_map->l_addr,
		.dlpi_name = object.dlfo_link_map->l_name,
		.dlpi_phdr = (const void *)((const char *)header + header->e_phoff),
		.dlpi_phnum = header->e_phnum,
	};
	return true;
}

static uint32_t find_unlisted(uint64_t address)
{
	struct dl_phdr_info info;

	if (!modules.unlisted || !describe(address, &info))
		return 0;
	look_at(&info);
	place_new();
	return places_find(address);
}

/* Without signals: the child of a handler that forked in the midst of it would have the loader's
 * lock as its parent's thread held it, which no thread of the child can give back. */
static void list_modules(struct round *round)
{
	uint64_t all = UINT64_MAX, before = 0;
	int saved_errno = errno;
	bool blocked =
		sys_call(SYS_rt_sigprocmask, SIG_SETMASK, &all, &before, sizeof(before)) == 0;

	dl_iterate_phdr(visit, round);
	if (blocked)
		sys_call(SYS_rt_sigprocmask, SIG_SETMASK, &before, NULL, sizeof(before));
	errno = saved_errno;
}

void modules_refresh(void)
{
	struct round round = {false, false};

	if (modules.unlisted)
		return;
	list_modules(&round);
	if (!round.begun)
		return;
	if (round.news)
		sweep();
	if (modules.placed < modules.count && tables_take()) {
		place_new();
		tables_drop();
	}
	lock_drop(&modules.listing);
}

uint32_t modules_find(uint64_t address)
{
	uint32_t id = places_find(address);

	return id ? id : find_unlisted(address);
}

void modules_child(void)
{
	for (uint32_t id = 1; id <= modules.count; id++) {
		get(id)->seen_ns = 0; /* before this process began */
		if (get(id)->gone_ns)
			get(id)->gone_ns = 1;
	}
	lock_reset(&modules.listing);
}

/* Where the allocator's code is. All of the address space when the program's own malloc() comes
 * before ours: then any code may be the allocator's. */
static struct {
	uint64_t start, end;
} allocator;

bool modules_is_allocator(const void *code)
{
	return (uint64_t)code - allocator.start < allocator.end - allocator.start;
}

/* Whether a program defines its malloc() itself. One that is not position-independent and takes the
 * address of malloc() has a symbol of that name, too, but it stands for a stub that calls ours. */
static bool is_defined(const void *function)
{
	const ElfW(Sym) *symbol = NULL;
	Dl_info info;

	return dladdr1(function, &info, (void **)&symbol, RTLD_DL_SYMENT) && symbol &&
	       symbol->st_shndx != SHN_UNDEF;
}

bool modules_allocator_is_libc(void)
{
	uint32_t next = modules_find((uint64_t)(void *)real.malloc);

	return next && next == modules_find((uint64_t)(void *)gnu_get_libc_version);
}

static void set_allocator(uint64_t start, uint64_t end)
{
	allocator.start = start;
	allocator.end = end;
}

void modules_locate_allocator(void)
{
	const void *first = real_look_up("malloc");
	uint32_t front = modules_find((uint64_t)first);
	uint32_t next = modules_find((uint64_t)(void *)real.malloc);
	uint32_t flags = front ? get(front)->flags : HEAPMARK_MODULE_SHIM;

	if (flags & HEAPMARK_MODULE_EXECUTABLE && is_defined(first)) {
		lost_add(HEAPMARK_LOSS_OWN_ALLOCATOR, 1);
		set_allocator(0, UINT64_MAX);
	} else if (!(flags & (HEAPMARK_MODULE_EXECUTABLE | HEAPMARK_MODULE_SHIM))) {
		/* A library that was preloaded before this one: ours sees little. */
		lost_add(HEAPMARK_LOSS_OWN_ALLOCATOR, 1);
		set_allocator(get(front)->start, get(front)->end);
	} else if (next) {
		set_allocator(get(next)->start, get(next)->end);
	}
}
