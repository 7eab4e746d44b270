/* SPDX-License-Identifier: MIT */
/* A source with a table beside it, for people: cells, the line's number, its text. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "report/annotate_write.h"
#include "report/estimate_text.h"
#include "report/grid.h"
#include "report/notes.h"
#include "report/text_head.h"
#include "report/text_moment.h"

#define SOURCE_COLUMNS 40 /* what usual columns leave of a terminal to the source */
#define NUMBER_COLUMNS 5

struct page {
	struct out *out;
	struct terminal terminal;
	struct columns usual;
	struct grid grid;
	int number_columns;
};

/* What is shown unasked: the moment's bytes unless that is the peak or the end, which have a column
 * of their own; of a sampled trace always, as they stand with their margin. */
static void choose_columns(struct columns *columns, const struct side *side)
{
	static const enum metric usual[] = {METRIC_PEAK,      METRIC_END,
					    METRIC_BLOCKS,    METRIC_ALLOCATIONS,
					    METRIC_ALLOCATED, METRIC_TEMPORARY_SHARE};

	if (side->profile.moment.kind == MOMENT_SNAPSHOT || profile_is_sampled(&side->profile))
		columns->metrics[columns->count++] = METRIC_BYTES;
	for (size_t i = 0; i < sizeof(usual) / sizeof(*usual); i++)
		columns->metrics[columns->count++] = (uint8_t)usual[i];
}

static int number_columns(const struct annotation *annotation)
{
	int columns = NUMBER_COLUMNS;
	uint32_t last =
		annotation->range_count ? annotation->ranges[annotation->range_count - 1].last : 0;

	for (uint32_t limit = 100000; last >= limit && columns < 10; limit *= 10)
		columns++;
	return columns;
}

static void fit(struct page *page, const struct annotation *annotation)
{
	grid_narrow(&page->grid);
	for (size_t i = 0; i < annotation->row_count; i++) {
		const struct row *row = &annotation->tally.rows[i];

		if (annotation_shows(annotation, annotation_line(annotation, row)))
			grid_fit(&page->grid, row);
	}
	grid_fit(&page->grid, &annotation->shown);
	grid_fit(&page->grid, &annotation->rest);
	grid_fit(&page->grid, &annotation->elsewhere);
}

static int source_columns(const struct page *page)
{
	return page->terminal.columns - grid_width(&page->grid) - page->number_columns - 2;
}

/* Of the usual columns the last give way to the source. */
static void lay_out(struct page *page, const struct annotation *annotation)
{
	const struct columns *asked = &annotation->options->report.columns;
	const struct side *side = &annotation->report->sides[0];

	page->number_columns = number_columns(annotation);
	choose_columns(&page->usual, side);
	grid_init(&page->grid, side, asked, &page->usual);
	fit(page, annotation);
	while (!asked->count && page->terminal.columns && page->usual.count > 3 &&
	       source_columns(page) < SOURCE_COLUMNS)
		page->usual.count--;
}

static void heading(const struct page *page, const struct annotation *annotation)
{
	const struct side *side = &annotation->report->sides[0];
	char moment[192], size[HUMAN_BYTES], all[ESTIMATE_BYTES], count[HUMAN_BYTES];
	struct row file = annotation->shown;

	row_add(&file, &annotation->rest);
	text_head(page->out, &page->terminal, &side->profile);
	text_moment(moment, sizeof(moment), side);
	out_printf(page->out, "\n%s", terminal_style(&page->terminal, STYLE_BOLD));
	text_printable(page->out, annotation->file);
	out_text(page->out, terminal_style(&page->terminal, STYLE_PLAIN));
	if (annotation->is_function) {
		out_text(page->out, ", lines of ");
		text_printable(page->out, annotation->options->what);
	}
	out_text(page->out, "\n");
	text_printable(page->out, moment);
	out_printf(page->out, ": %s of %s in %s", human_size(size, file.bytes),
		   estimate_size(all, &side->profile, side->bytes, side->variance),
		   human_items(count, side->blocks, "block"));
	text_grouping(page->out, annotation->report);
	out_text(page->out, terminal_style(&page->terminal, STYLE_DIM));
	grid_heading(&page->grid, page->out);
	out_printf(page->out, "%*s  source%s\n", page->number_columns, "line",
		   terminal_style(&page->terminal, STYLE_PLAIN));
}

static void write_source(const struct page *page, const struct annotation *annotation,
			 uint32_t line)
{
	int columns = page->terminal.columns ? source_columns(page) : 0;
	char *text;

	if (!annotation->source.path)
		return;
	if (line > annotation->source.line_count) {
		out_text(page->out, "  [beyond the end of the file]");
		return;
	}
	/* Where asked-for columns take all of the terminal, some of each line is still shown. */
	if (page->terminal.columns && columns < SOURCE_COLUMNS / 2)
		columns = SOURCE_COLUMNS / 2;
	text = source_text(&annotation->source, line, columns);
	out_printf(page->out, "%s%s", *text ? "  " : "", text);
	free(text);
}

static void write_line(const struct page *page, const struct annotation *annotation, uint32_t line)
{
	const struct row *row = annotation_row(annotation, line);

	if (row) {
		grid_cells(&page->grid, page->out, row);
	} else {
		grid_blank(&page->grid, page->out);
		out_text(page->out, terminal_style(&page->terminal, STYLE_DIM));
	}
	out_printf(page->out, "%*" PRIu32, page->number_columns, line);
	write_source(page, annotation, line);
	out_printf(page->out, "%s\n", row ? "" : terminal_style(&page->terminal, STYLE_PLAIN));
}

static void write_lines(const struct page *page, const struct annotation *annotation)
{
	uint32_t next = 1;

	for (size_t i = 0; i < annotation->range_count; i++) {
		const struct line_range *range = &annotation->ranges[i];

		if (range->first != next) {
			grid_blank(&page->grid, page->out);
			out_printf(page->out, "%*s\n", page->number_columns, "...");
		}
		for (uint64_t line = range->first; line <= range->last; line++)
			write_line(page, annotation, (uint32_t)line);
		next = range->last + 1;
	}
	if (next <= annotation->source.line_count) {
		grid_blank(&page->grid, page->out);
		out_printf(page->out, "%*s\n", page->number_columns, "...");
	}
}

/* What is shown and what is not: together, all that the report is about. */
static void write_sums(const struct page *page, const struct annotation *annotation)
{
	char lines[HUMAN_BYTES];

	out_text(page->out, "\n");
	grid_cells(&page->grid, page->out, &annotation->shown);
	out_text(page->out, " in the lines above\n");
	grid_cells(&page->grid, page->out, &annotation->rest);
	out_text(page->out, " in the rest of the file");
	if (annotation->rest_lines)
		out_printf(page->out, " (%s; --whole shows all)",
			   human_items(lines, annotation->rest_lines, "more line"));
	out_text(page->out, "\n");
	grid_cells(&page->grid, page->out, &annotation->elsewhere);
	out_text(page->out, " elsewhere\n");
}

static void write_notes(const struct page *page, const struct annotation *annotation)
{
	const struct source *source = &annotation->source;

	if (!source->path) {
		out_text(page->out, "note: ");
		text_printable(page->out, annotation->file);
		out_text(page->out,
			 " cannot be read here; --source-path DIR looks for it below DIR\n");
	} else if (strcmp(source->path, annotation->file) != 0) {
		out_text(page->out, "note: the source is ");
		text_printable(page->out, source->path);
		out_text(page->out, "\n");
	}
	if (annotation->age == SOURCE_FITS)
		return;
	out_text(page->out, "note: the source is newer than ");
	text_printable(page->out, annotation->age == SOURCE_NEWER_THAN_BINARY
					  ? annotation->newer_than
					  : "the recording");
	out_text(page->out, ": its lines may have moved\n");
}

void annotate_write_text(struct annotation *annotation, struct out *out)
{
	struct page page = {.out = out, .terminal = terminal_of_stdout()};

	lay_out(&page, annotation);
	heading(&page, annotation);
	write_lines(&page, annotation);
	write_sums(&page, annotation);
	notes_write(out, annotation->report, &annotation->report->sides[0]);
	write_notes(&page, annotation);
}
