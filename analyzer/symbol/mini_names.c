/* SPDX-License-Identifier: MIT */
/*
 * Symbols of .gnu_debugdata, through libdwfl, which knows how to unpack it; see mini_names.h.
 *
 * libdwfl's own way of finding debug files asks servers on the network (DEBUGINFOD_URLS), so it is
 * given one that finds nothing.
 */
#include "symbol/mini_names.h"

#include <elfutils/libdwfl.h>
#include <stdlib.h>

#include "util/memory.h"

struct mini_names {
	Dwfl *dwfl;
	Dwfl_Callbacks callbacks;
};

static int find_nothing(Dwfl_Module *module, void **user, const char *name, Dwarf_Addr base,
			const char *file, const char *link, GElf_Word checksum, char **found)
{
	(void)module, (void)user, (void)name, (void)base;
	(void)file, (void)link, (void)checksum, (void)found;
	return -1;
}

static void visit_all(Dwfl_Module *module, mini_names_visit *visit, void *context)
{
	int count = dwfl_module_getsymtab(module);

	for (int i = 1; i < count; i++) {
		GElf_Addr address, bias = 0;
		GElf_Word section;
		GElf_Sym symbol;
		const char *name = dwfl_module_getsym_info(module, i, &symbol, &address, &section,
							   NULL, &bias);

		if (!name)
			continue;
		/* Sections beyond 65279 have their number elsewhere; what counts is "defined". */
		if (symbol.st_shndx == SHN_XINDEX)
			symbol.st_shndx = section == SHN_UNDEF ? SHN_UNDEF : SHN_ABS;
		visit(&symbol, name, context);
	}
}

struct mini_names *mini_names_read(const struct elf_file *file, mini_names_visit *visit,
				   void *context)
{
	struct mini_names *names;
	Dwfl_Module *module;

	if (!elf_file_section(file, ".gnu_debugdata"))
		return NULL;
	names = xcalloc(1, sizeof(*names));
	names->callbacks.find_debuginfo = find_nothing;
	names->dwfl = dwfl_begin(&names->callbacks);
	dwfl_report_begin(names->dwfl);
	/* Base 0 on top of the file's own addresses: symbols stay as they are in the file. */
	module = dwfl_report_elf(names->dwfl, file->path, file->path, -1, 0, true);
	dwfl_report_end(names->dwfl, NULL, NULL);
	if (module)
		visit_all(module, visit, context);
	return names;
}

void mini_names_free(struct mini_names *names)
{
	if (!names)
		return;
	dwfl_end(names->dwfl);
	free(names);
}
