/* SPDX-License-Identifier: MIT */
/* Folded stacks: "main;parse;grow 4096", outermost first, one line for each stack of functions. */
#include <inttypes.h>
#include <stdlib.h>

#include "export/export.h"
#include "export/text.h"
#include "export/tree.h"

/* A semicolon would end the frame. Newlines are gone already, as all that is not printable. */
static void write_frame(struct out *out, const struct place *place)
{
	char *name = place_name(place);

	text_replace(name, ';', ':');
	out_text(out, name);
	free(name);
}

static void write_stack(const struct export *export, const struct tree *tree, uint32_t context,
			struct chain *chain, struct out *out)
{
	tree_chain(tree, context, chain);
	for (size_t i = chain->count; i-- > 0;) {
		uint32_t place = tree_place(tree, chain->contexts[i]);

		write_frame(out, places_get(&export->report->places, place));
		if (i)
			out_text(out, ";");
	}
}

void folded_write(struct export *export, struct out *out)
{
	struct chain chain = CHAIN_INIT;
	struct tree tree;

	tree_build(&tree, export, GROUP_FUNCTION);
	for (size_t i = 0; i < tree.sites.count; i++) {
		const struct row *row = &tree.sites.rows[i];
		uint64_t value = value_of(export->value, row);

		if (!value)
			continue;
		write_stack(export, &tree, row->key, &chain, out);
		out_printf(out, " %" PRIu64 "\n", value);
	}
	chain_release(&chain);
	tree_release(&tree);
}
