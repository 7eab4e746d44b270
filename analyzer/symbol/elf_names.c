/* SPDX-License-Identifier: MIT */
/* Names from symbol tables; see elf_names.h. */
#include "symbol/elf_names.h"

#include <stdlib.h>
#include <string.h>

#include "symbol/mini_names.h"
#include "util/buffer.h"
#include "util/memory.h"

struct symbol {
	const char *name;
	uint64_t value, size;
	unsigned char bind;
};

struct symbols {
	const struct elf_file *file;
	struct symbol *items;
	size_t count, capacity;
};

static bool is_function(const GElf_Sym *symbol)
{
	unsigned type = GELF_ST_TYPE(symbol->st_info);

	/* Assembler often leaves the type out but sets the size. */
	return symbol->st_shndx != SHN_UNDEF && symbol->st_size != 0 &&
	       (type == STT_FUNC || type == STT_GNU_IFUNC || type == STT_NOTYPE);
}

static void add_symbol(const GElf_Sym *symbol, const char *name, void *context)
{
	struct symbols *symbols = context;

	if (!name || !*name || !is_function(symbol) ||
	    !elf_file_is_code(symbols->file, symbol->st_value))
		return;
	symbols->items = array_grow(symbols->items, symbols->count, &symbols->capacity,
				    sizeof(*symbols->items));
	symbols->items[symbols->count++] = (struct symbol){name, symbol->st_value, symbol->st_size,
							   GELF_ST_BIND(symbol->st_info)};
}

static void read_section(struct symbols *symbols, Elf_Scn *section)
{
	GElf_Shdr header;
	Elf_Data *data = elf_getdata(section, NULL);
	size_t count;

	if (!data || !gelf_getshdr(section, &header) || !header.sh_entsize)
		return;
	count = data->d_size / header.sh_entsize;
	for (size_t i = 0; i < count; i++) {
		GElf_Sym symbol;

		if (gelf_getsym(data, (int)i, &symbol))
			add_symbol(&symbol,
				   elf_strptr(symbols->file->elf, header.sh_link, symbol.st_name),
				   symbols);
	}
}

/* Of several names for the same code people know the exported, plain one: "malloc" rather than
 * "__libc_malloc", "memcpy@GLIBC_2.2.5" or a local alias. */
static int likeness(const struct symbol *symbol)
{
	int demerits = 0;

	if (symbol->bind == STB_LOCAL)
		demerits += 100;
	if (strchr(symbol->name, '@'))
		demerits += 50;
	if (strncmp(symbol->name, "_Z", 2) != 0 && strncmp(symbol->name, "_R", 2) != 0)
		demerits += (int)strspn(symbol->name, "_");
	return -demerits;
}

/* By extent, as there are many and few share one; the best name last, so that it ends up innermost.
 */
static int compare(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;
	int difference;

	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	if (x->size != y->size)
		return x->size > y->size ? -1 : 1;
	difference = likeness(x) - likeness(y);
	return difference ? difference : -strcmp(x->name, y->name);
}

bool elf_names_read(struct elf_names *names, const struct elf_file *file)
{
	struct symbols symbols = {.file = file};
	Elf_Scn *section = elf_file_section(file, ".symtab");

	if (!section) {
		section = elf_file_section(file, ".dynsym");
		names->mini = mini_names_read(file, add_symbol, &symbols);
	}
	if (section)
		read_section(&symbols, section);
	if (symbols.count)
		qsort(symbols.items, symbols.count, sizeof(*symbols.items), compare);
	names->names = xcalloc(symbols.count, sizeof(*names->names));
	names->count = symbols.count;
	for (size_t i = 0; i < symbols.count; i++) {
		const struct symbol *symbol = &symbols.items[i];

		names->names[i] = symbol->name;
		ranges_add(&names->ranges, symbol->value, symbol->value + symbol->size,
			   (uint32_t)i);
	}
	ranges_build(&names->ranges);
	free(symbols.items);
	return names->count;
}

void elf_names_release(struct elf_names *names)
{
	ranges_release(&names->ranges);
	free(names->names);
	mini_names_free(names->mini);
	*names = (struct elf_names){0};
}

const char *elf_names_find(const struct elf_names *names, uint64_t address)
{
	uint32_t index = ranges_find(&names->ranges, address);

	return index == RANGES_NONE ? NULL : names->names[index];
}
