/* SPDX-License-Identifier: MIT */
/* ELF files; see elf_file.h. */
#include "symbol/elf_file.h"

#include <elfutils/libdwelf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/memory.h"

static int open_regular(const char *path, struct error *err)
{
	struct stat stat;
	/* Not to hang on a fifo that has the name of a library. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return error_set(err, "%s cannot be read: %s", path, strerror(errno));
	if (fstat(fd, &stat) == 0 && S_ISREG(stat.st_mode))
		return fd;
	close(fd);
	return error_set(err, "%s is not a regular file", path);
}

static void read_segments(struct elf_file *file)
{
	size_t count = 0;
	bool first = true;

	if (elf_getphdrnum(file->elf, &count) != 0)
		return;
	file->code = xcalloc(count, sizeof(*file->code));
	for (size_t i = 0; i < count; i++) {
		GElf_Phdr phdr;

		if (!gelf_getphdr(file->elf, (int)i, &phdr) || phdr.p_type != PT_LOAD)
			continue;
		if (first || phdr.p_vaddr < file->base)
			file->base = phdr.p_vaddr;
		first = false;
		if (phdr.p_flags & PF_X)
			file->code[file->code_count++] =
				(struct code_span){phdr.p_vaddr, phdr.p_vaddr + phdr.p_memsz};
	}
}

static void read_build_id(struct elf_file *file)
{
	const void *id = NULL;
	ssize_t bytes = dwelf_elf_gnu_build_id(file->elf, &id);

	if (bytes > 0) {
		file->build_id = id;
		file->build_id_bytes = (size_t)bytes;
	}
}

int elf_file_open(struct elf_file *file, const char *path, struct error *err)
{
	*file = (struct elf_file)ELF_FILE_INIT;
	file->fd = open_regular(path, err);
	if (file->fd < 0)
		return -1;
	elf_version(EV_CURRENT);
	file->elf = elf_begin(file->fd, ELF_C_READ_MMAP, NULL);
	if (!file->elf || elf_kind(file->elf) != ELF_K_ELF) {
		elf_file_release(file);
		return error_set(err, "%s is not an ELF file", path);
	}
	file->path = xstrdup(path);
	read_segments(file);
	read_build_id(file);
	return 0;
}

void elf_file_release(struct elf_file *file)
{
	dwarf_end(file->dwarf);
	elf_end(file->elf);
	if (file->fd >= 0)
		close(file->fd);
	free(file->code);
	free(file->path);
	*file = (struct elf_file)ELF_FILE_INIT;
}

Elf_Scn *elf_file_section(const struct elf_file *file, const char *name)
{
	Elf_Scn *section = NULL;
	size_t names;

	if (!file->elf || elf_getshdrstrndx(file->elf, &names) != 0)
		return NULL;
	while ((section = elf_nextscn(file->elf, section))) {
		GElf_Shdr header;
		const char *text;

		if (!gelf_getshdr(section, &header) || header.sh_type == SHT_NOBITS)
			continue;
		text = elf_strptr(file->elf, names, header.sh_name);
		if (text && strcmp(text, name) == 0)
			return section;
	}
	return NULL;
}

bool elf_file_is_code(const struct elf_file *file, uint64_t address)
{
	for (size_t i = 0; i < file->code_count; i++)
		if (address >= file->code[i].low && address < file->code[i].high)
			return true;
	return false;
}

bool elf_file_has_build_id(const struct elf_file *file, const uint8_t *id, size_t bytes)
{
	return file->build_id_bytes == bytes && bytes && memcmp(file->build_id, id, bytes) == 0;
}

bool elf_file_load_dwarf(struct elf_file *file)
{
	if (file->dwarf)
		return true;
	if (elf_file_section(file, ".debug_info") || elf_file_section(file, ".zdebug_info"))
		file->dwarf = dwarf_begin_elf(file->elf, DWARF_C_READ, NULL);
	return file->dwarf;
}
