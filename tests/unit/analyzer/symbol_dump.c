/* SPDX-License-Identifier: MIT */
/*
 * For symbol_truth.py: resolves the addresses given on stdin (hex, one a line) in the file argv[1],
 * with debug files below argv[2] if given. Per address: "0xADDRESS", then two lines a frame, the
 * function and "file:line", in the form of addr2line -i -f -a.
 */
#include <inttypes.h>
#include <stdio.h>

#include "symbol/symbol.h"

int main(int argc, char **argv)
{
	struct symbol_module module = {.path = argc > 1 ? argv[1] : ""};
	struct symbolizer *symbolizer = symbolizer_new();
	uint64_t address;
	uint32_t handle;

	if (argc > 2)
		symbolizer_set_debug_root(symbolizer, argv[2]);
	handle = symbolizer_module(symbolizer, &module);
	while (scanf("%" SCNx64, &address) == 1) {
		size_t count;
		const struct symbol_frame *frames =
			symbolizer_resolve(symbolizer, handle, address, &count);

		printf("0x%016" PRIx64 "\n", address);
		for (size_t i = 0; i < count; i++)
			printf("%s\n%s:%u\n", frames[i].function ? frames[i].function : "??",
			       frames[i].file ? frames[i].file : "??", frames[i].line);
	}
	symbolizer_free(symbolizer);
	return 0;
}
