/* SPDX-License-Identifier: MIT */
/* Folded stacks: "main;parse;grow 4096", outermost first, one line for each stack of functions. */
#include <inttypes.h>
#include <stdlib.h>

#include "export/callers.h"
#include "export/export.h"
#include "export/text.h"

/* A semicolon would end the frame. Newlines are gone already, as all that is not printable. */
static void write_frame(struct out *out, const struct place *place)
{
	char *name = place_name(place);

	text_replace(name, ';', ':');
	out_text(out, name);
	free(name);
}

static void write_stack(const struct export *export, const struct callers *callers,
			uint32_t context, struct chain *chain, struct out *out)
{
	callers_chain(callers, context, chain);
	for (size_t i = chain->count; i-- > 0;) {
		uint32_t place = callers_place(callers, chain->contexts[i]);

		write_frame(out, places_get(&export->report->places, place));
		if (i)
			out_text(out, ";");
	}
}

void folded_write(struct export *export, struct out *out)
{
	struct chain chain = CHAIN_INIT;
	struct callers callers;

	callers_build(&callers, export, GROUP_FUNCTION);
	for (size_t i = 0; i < callers.sites.count; i++) {
		const struct row *row = &callers.sites.rows[i];
		uint64_t value = value_of(export->value, row);

		if (!value)
			continue;
		write_stack(export, &callers, row->key, &chain, out);
		out_printf(out, " %" PRIu64 "\n", value);
	}
	chain_release(&chain);
	callers_release(&callers);
}
