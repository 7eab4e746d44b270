/* SPDX-License-Identifier: MIT */
/* Where debug information is when it is not in the program; see debug_file.h. */
#include "symbol/debug_file.h"

#include <elfutils/libdwelf.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "symbol/debuginfod.h"
#include "util/memory.h"
#include "util/strings.h"

static char *build_id_path(const uint8_t *id, size_t bytes, const char *root)
{
	char *hex = hex_text(id, bytes);
	char *path = xasprintf("%s/.build-id/%.2s/%s.debug", root, hex, hex + 2);

	free(hex);
	return path;
}

bool debug_file_by_build_id(struct elf_file *found, const uint8_t *id, size_t bytes,
			    const char *root)
{
	struct error ignored;
	char *path;
	bool ok;

	if (bytes < 2)
		return false;
	path = build_id_path(id, bytes, root);
	ok = elf_file_open(found, path, &ignored) == 0;
	free(path);
	if (ok && elf_file_has_build_id(found, id, bytes))
		return true;
	elf_file_release(found);
	return false;
}

bool debug_file_fetch(struct elf_file *found, const uint8_t *id, size_t bytes, const char *name)
{
	char *path = debuginfod_fetch(id, bytes, name);
	struct error ignored;
	bool ok = path && elf_file_open(found, path, &ignored) == 0;

	free(path);
	if (ok && elf_file_has_build_id(found, id, bytes))
		return true;
	elf_file_release(found);
	return false;
}

static bool has_checksum(const struct elf_file *file, GElf_Word expected)
{
	size_t bytes = 0;
	const char *data = elf_rawfile(file->elf, &bytes);

	return data && (GElf_Word)crc32_z(0, (const Bytef *)data, bytes) == expected;
}

static bool open_linked(struct elf_file *found, const struct elf_file *stripped, char *path_take,
			GElf_Word checksum)
{
	struct error ignored;
	bool ok = elf_file_open(found, path_take, &ignored) == 0;

	free(path_take);
	if (!ok)
		return false;
	if (found->build_id_bytes && stripped->build_id_bytes)
		ok = elf_file_has_build_id(found, stripped->build_id, stripped->build_id_bytes);
	else
		ok = has_checksum(found, checksum);
	/* A link that names the stripped file itself leads nowhere. */
	if (ok && (elf_file_section(found, ".debug_info") || elf_file_section(found, ".symtab")))
		return true;
	elf_file_release(found);
	return false;
}

bool debug_file_by_link(struct elf_file *found, const struct elf_file *stripped, const char *root)
{
	GElf_Word checksum = 0;
	const char *name = dwelf_elf_gnu_debuglink(stripped->elf, &checksum);
	char *real, *slash;
	bool ok;

	if (!name || !*name || strchr(name, '/'))
		return false;
	real = realpath(stripped->path, NULL);
	if (!real)
		return false;
	slash = strrchr(real, '/');
	*slash = '\0'; /* the directory; "" is the root */
	ok = open_linked(found, stripped, xasprintf("%s/%s", real, name), checksum) ||
	     open_linked(found, stripped, xasprintf("%s/.debug/%s", real, name), checksum) ||
	     open_linked(found, stripped, xasprintf("%s%s/%s", root, real, name), checksum);
	free(real);
	return ok;
}

/* The name in .gnu_debugaltlink is absolute, or relative to the file that holds it. */
static bool open_named_alt(struct elf_file *alt, const struct elf_file *file, const char *name)
{
	const char *slash = strrchr(file->path, '/');
	struct error ignored;
	char *path;
	bool ok;

	if (name[0] == '/' || !slash)
		path = xstrdup(name);
	else
		path = xasprintf("%.*s/%s", (int)(slash - file->path), file->path, name);
	ok = elf_file_open(alt, path, &ignored) == 0;
	free(path);
	return ok;
}

bool debug_file_attach_alt(struct elf_file *alt, const struct elf_file *file, const char *root)
{
	const char *name = NULL;
	const void *id = NULL;
	ssize_t bytes = dwelf_dwarf_gnu_debugaltlink(file->dwarf, &name, &id);

	if (bytes <= 0)
		return true;
	if (!open_named_alt(alt, file, name) || !elf_file_has_build_id(alt, id, (size_t)bytes)) {
		elf_file_release(alt);
		if (!debug_file_by_build_id(alt, id, (size_t)bytes, root) &&
		    !debug_file_fetch(alt, id, (size_t)bytes, path_base(name)))
			return false;
	}
	if (!elf_file_load_dwarf(alt))
		return false;
	dwarf_setalt(file->dwarf, alt->dwarf);
	return true;
}
