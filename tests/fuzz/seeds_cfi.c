/* SPDX-License-Identifier: MIT */
/* seeds-cfi DIRECTORY: writes inputs for the fuzz target cfi: this program's own unwind
 * information, asked about each of its first functions. */
#include <link.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define SEEDS      8
#define BYTES_MAX  2000 /* then the replay cuts it everywhere */
#define HEAD_BYTES 12   /* of the table, before its entries */
#define INSIDE     5    /* bytes into the function */

struct table {
	const char *bytes;
	size_t size;
};

static int find_table(struct dl_phdr_info *info, size_t size, void *into)
{
	struct table *table = into;
	const char *load_end = NULL;

	(void)size;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *header = &info->dlpi_phdr[i];
		const char *start = (const char *)info->dlpi_addr + header->p_vaddr;

		if (header->p_type == PT_GNU_EH_FRAME)
			table->bytes = start;
	}
	for (int i = 0; i < info->dlpi_phnum && table->bytes; i++) {
		const ElfW(Phdr) *header = &info->dlpi_phdr[i];
		const char *start = (const char *)info->dlpi_addr + header->p_vaddr;

		if (header->p_type == PT_LOAD && start <= table->bytes &&
		    table->bytes < start + header->p_filesz)
			load_end = start + header->p_filesz;
	}
	table->size = load_end ? (size_t)(load_end - table->bytes) : 0;
	if (table->size > BYTES_MAX)
		table->size = BYTES_MAX;
	return 1; /* the first is the program itself */
}

static int write_seed(const char *directory, int number, const struct table *table)
{
	char path[4096];
	int32_t distance;
	FILE *file;

	memcpy(&distance, table->bytes + HEAD_BYTES + number * 8, sizeof(distance));
	distance += INSIDE;
	snprintf(path, sizeof(path), "%s/function-%d", directory, number);
	file = fopen(path, "wb");
	if (!file)
		return 1;
	fwrite(&distance, sizeof(distance), 1, file);
	fwrite(table->bytes, table->size, 1, file);
	return fclose(file) != 0;
}

int main(int argc, char **argv)
{
	struct table table = {NULL, 0};
	int failures = 0;

	if (argc != 2) {
		fputs("usage: seeds-cfi DIRECTORY\n", stderr);
		return 2;
	}
	mkdir(argv[1], 0777);
	dl_iterate_phdr(find_table, &table);
	for (int i = 0; i < SEEDS && table.size >= HEAD_BYTES + 8 * SEEDS; i++)
		failures += write_seed(argv[1], i, &table);
	return failures != 0;
}
