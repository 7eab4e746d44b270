/* SPDX-License-Identifier: MIT */
/* Facts from an ELF file; see facts.h. */
#include "target/facts.h"

#include <fcntl.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "util/memory.h"

/* Symbols that only the named thing defines. */
struct telltale {
	const char *symbol, *name;
};

static const struct telltale allocators[] = {
	{"mallctl", "jemalloc"},   {"je_mallctl", "jemalloc"},
	{"je_malloc", "jemalloc"}, {"_rjem_malloc", "jemalloc (of Rust's tikv-jemallocator)"},
	{"tc_malloc", "tcmalloc"}, {"TCMallocInternalMalloc", "tcmalloc"},
	{"mi_malloc", "mimalloc"}, {"sn_malloc", "snmalloc"},
	{"rpmalloc", "rpmalloc"},  {"scudo_malloc", "scudo"},
	{"xxmalloc", "Hoard"},
};

static const struct telltale sanitizers[] = {
	{"__asan_init", "AddressSanitizer"}, {"__tsan_init", "ThreadSanitizer"},
	{"__msan_init", "MemorySanitizer"},  {"__hwasan_init", "HWAddressSanitizer"},
	{"__lsan_init", "LeakSanitizer"},
};

/* Beginnings of library names. */
static const struct telltale libraries[] = {
	{"libjemalloc.so", "jemalloc"}, {"libtcmalloc", "tcmalloc"}, {"libmimalloc", "mimalloc"},
	{"libsnmalloc", "snmalloc"},    {"libhoard", "Hoard"},
};

static const struct telltale sanitizer_libraries[] = {
	{"libasan.so", "AddressSanitizer"},       {"libtsan.so", "ThreadSanitizer"},
	{"libhwasan.so", "HWAddressSanitizer"},   {"liblsan.so", "LeakSanitizer"},
	{"libclang_rt.asan", "AddressSanitizer"},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct telltale *find_symbol(const struct telltale *table, size_t count,
					  const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(table[i].symbol, name) == 0)
			return &table[i];
	return NULL;
}

static const char *find_library(const struct telltale *table, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strncmp(table[i].symbol, name, strlen(table[i].symbol)) == 0)
			return table[i].name;
	return NULL;
}

static void learn_symbol(struct facts *facts, const char *name)
{
	const struct telltale *found;

	if (strcmp(name, "malloc") == 0)
		facts->defines_malloc = true;
	found = find_symbol(allocators, COUNT(allocators), name);
	if (found && !facts->allocator) {
		facts->allocator = found->name;
		facts->allocator_symbol = found->symbol;
	}
	found = find_symbol(sanitizers, COUNT(sanitizers), name);
	if (found)
		facts->sanitizer = found->name;
}

static void read_symbols(struct facts *facts, Elf *elf, Elf_Scn *section, const GElf_Shdr *header)
{
	Elf_Data *data = elf_getdata(section, NULL);
	size_t count = data && header->sh_entsize ? data->d_size / header->sh_entsize : 0;

	for (size_t i = 0; i < count; i++) {
		GElf_Sym symbol;
		const char *name;

		if (!gelf_getsym(data, (int)i, &symbol) || symbol.st_shndx == SHN_UNDEF)
			continue;
		name = elf_strptr(elf, header->sh_link, symbol.st_name);
		if (name)
			learn_symbol(facts, name);
	}
}

static void learn_library(struct facts *facts, const char *name)
{
	const char *found = find_library(libraries, COUNT(libraries), name);

	if (found)
		facts->allocator_library = found;
	found = find_library(sanitizer_libraries, COUNT(sanitizer_libraries), name);
	if (found)
		facts->sanitizer = found;
}

static void read_dynamic(struct facts *facts, Elf *elf, Elf_Scn *section, const GElf_Shdr *header)
{
	Elf_Data *data = elf_getdata(section, NULL);
	size_t count = data && header->sh_entsize ? data->d_size / header->sh_entsize : 0;

	for (size_t i = 0; i < count; i++) {
		GElf_Dyn entry;
		const char *name;

		if (!gelf_getdyn(data, (int)i, &entry))
			continue;
		if (entry.d_tag != DT_NEEDED && entry.d_tag != DT_SONAME)
			continue;
		name = elf_strptr(elf, header->sh_link, entry.d_un.d_val);
		if (name && entry.d_tag == DT_NEEDED)
			learn_library(facts, name);
		else if (name && strncmp(name, "ld-linux", 8) == 0)
			facts->is_loader = true;
	}
}

static void read_sections(struct facts *facts, Elf *elf)
{
	Elf_Scn *section = NULL;

	while ((section = elf_nextscn(elf, section))) {
		GElf_Shdr header;

		if (!gelf_getshdr(section, &header))
			continue;
		if (header.sh_type == SHT_SYMTAB || header.sh_type == SHT_DYNSYM)
			read_symbols(facts, elf, section, &header);
		if (header.sh_type == SHT_DYNAMIC)
			read_dynamic(facts, elf, section, &header);
	}
}

static void read_loader(struct facts *facts, Elf *elf)
{
	size_t count = 0, bytes = 0;
	const char *image = elf_rawfile(elf, &bytes);

	if (!image || elf_getphdrnum(elf, &count) != 0)
		return;
	for (size_t i = 0; i < count; i++) {
		GElf_Phdr header;

		if (gelf_getphdr(elf, (int)i, &header) && header.p_type == PT_INTERP &&
		    header.p_offset < bytes && header.p_filesz <= bytes - header.p_offset) {
			free(facts->loader);
			facts->loader = xstrndup(image + header.p_offset, header.p_filesz);
		}
	}
}

static void read_elf(struct facts *facts, int fd)
{
	GElf_Ehdr header;
	Elf *elf;

	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	if (elf && elf_kind(elf) == ELF_K_ELF && gelf_getehdr(elf, &header)) {
		facts->is_elf = true;
		facts->bits = gelf_getclass(elf) == ELFCLASS32 ? 32 : 64;
		facts->machine = header.e_machine;
		read_loader(facts, elf);
		read_sections(facts, elf);
	}
	elf_end(elf);
}

/* Whether the kernel will start it in secure mode, in which the loader ignores LD_PRELOAD. Root's
 * own set-user-ID-root programs do not change anything. */
static bool changes_identity(const char *path)
{
	struct stat file;

	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 || stat(path, &file) != 0)
		return false;
	if ((file.st_mode & S_ISUID) && file.st_uid != getuid())
		return true;
	if ((file.st_mode & S_ISGID) && (file.st_mode & S_IXGRP) && file.st_gid != getgid())
		return true;
	return getuid() != 0 && getxattr(path, "security.capability", NULL, 0) > 0;
}

void facts_read(struct facts *facts, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	*facts = (struct facts){.path = path, .changes_identity = changes_identity(path)};
	if (fd < 0)
		return;
	facts->is_readable = true;
	read_elf(facts, fd);
	close(fd);
}

void facts_release(struct facts *facts)
{
	free(facts->loader);
	*facts = (struct facts){0};
}
