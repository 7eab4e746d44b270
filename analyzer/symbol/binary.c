/* SPDX-License-Identifier: MIT */
/* Opening what there is of a module; see binary.h. How an address is resolved: resolve.c. */
#include "symbol/binary.h"

#include <stdlib.h>
#include <string.h>

#include "symbol/debug_file.h"
#include "util/memory.h"

/* The first reason is the root of the others. */
static void set_why(struct binary *binary, char *why_take)
{
	if (binary->why)
		free(why_take);
	else
		binary->why = why_take;
}

/* Wrong names are worse than none: a file other than the recorded one is not used. */
static void open_module(struct binary *binary, const struct symbol_module *module)
{
	struct error err;

	if (!module->path[0]) {
		set_why(binary, xstrdup("this module had no file (it came from the kernel)"));
		return;
	}
	if (elf_file_open(&binary->file, module->path, &err) < 0) {
		set_why(binary, xstrdup(err.text));
		return;
	}
	if (!module->build_id_bytes ||
	    elf_file_has_build_id(&binary->file, module->build_id, module->build_id_bytes))
		return;
	set_why(binary, xasprintf("%s is not the file that was recorded: it was rebuilt or "
				  "upgraded since (another build-id)",
				  module->path));
	elf_file_release(&binary->file);
}

/* By the recorded build-id, which works even if the module's file is gone, or by its link; a server
 * of debug files is asked last. */
static void open_debug(struct binary *binary, const struct symbol_module *module, const char *root)
{
	const struct elf_file *file = &binary->file;
	const uint8_t *id = module->build_id;
	size_t bytes = module->build_id_bytes;

	if (!bytes && file->elf) {
		id = file->build_id;
		bytes = file->build_id_bytes;
	}
	if (!debug_file_by_build_id(&binary->debug, id, bytes, root) &&
	    (!file->elf || !debug_file_by_link(&binary->debug, file, root)) &&
	    (!*module->path ||
	     !debug_file_fetch(&binary->debug, id, bytes, path_base(module->path))))
		return;
	/* It makes up for a module that is gone. */
	free(binary->why);
	binary->why = NULL;
}

static void choose_dwarf(struct binary *binary, const char *root)
{
	if (elf_file_load_dwarf(&binary->file))
		binary->source = &binary->file;
	else if (elf_file_load_dwarf(&binary->debug))
		binary->source = &binary->debug;
	else
		return;
	/* Prelinking moves a program after its debug file was split off. */
	if (binary->file.elf)
		binary->slide = binary->source->base - binary->file.base;
	if (!debug_file_attach_alt(&binary->alt, binary->source, root))
		set_why(binary, xasprintf("the file that %s keeps shared debug information in "
					  "(.gnu_debugaltlink) is missing: some names are too",
					  binary->source->path));
	units_read(&binary->units, binary->source);
	if (binary->units.is_split_gone)
		set_why(binary, xasprintf("files that %s keeps debug information in (.dwo) are "
					  "missing: some names are too",
					  binary->source->path));
}

static void choose_names(struct binary *binary)
{
	bool separate = !elf_file_section(&binary->file, ".symtab") &&
			elf_file_section(&binary->debug, ".symtab");
	const struct elf_file *file = separate ? &binary->debug : &binary->file;

	binary->has_names = true;
	if (!file->elf)
		return;
	elf_names_read(&binary->names, file);
	if (binary->file.elf)
		binary->names_slide = file->base - binary->file.base;
}

static void judge(struct binary *binary, const struct symbol_module *module)
{
	if (binary->units.count) {
		binary->quality = SYMBOL_LINES;
		return;
	}
	choose_names(binary);
	binary->quality = binary->names.count ? SYMBOL_NAMES : SYMBOL_NONE;
	set_why(binary, xasprintf("%s has no debug information (compiled without -g, or its "
				  "-dbgsym package is not installed): %s",
				  module->path,
				  binary->names.count ? "functions but no lines"
						      : "neither functions nor lines"));
}

void binary_open(struct binary *binary, const struct symbol_module *module, const char *debug_root)
{
	*binary = (struct binary){
		.file = ELF_FILE_INIT,
		.debug = ELF_FILE_INIT,
		.alt = ELF_FILE_INIT,
	};
	open_module(binary, module);
	if (!elf_file_load_dwarf(&binary->file))
		open_debug(binary, module, debug_root);
	choose_dwarf(binary, debug_root);
	judge(binary, module);
}

const char *binary_name(struct binary *binary, uint64_t address)
{
	if (!binary->has_names)
		choose_names(binary);
	return elf_names_find(&binary->names, address + binary->names_slide);
}

uint64_t binary_debug_bytes(const struct binary *binary)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	if (binary->source)
		section = elf_file_section(binary->source, ".debug_info");
	return section && gelf_getshdr(section, &header) ? header.sh_size : 0;
}

void binary_release(struct binary *binary)
{
	units_release(&binary->units);
	elf_names_release(&binary->names);
	elf_file_release(&binary->file);
	elf_file_release(&binary->debug);
	elf_file_release(&binary->alt);
	free(binary->why);
}
