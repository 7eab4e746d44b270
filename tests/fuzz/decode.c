/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target: any bytes as a trace. The first byte chooses how deep they go in: as a file's image
 * through gzip and the decoder, as a stream straight to the decoder (gzip's checksums would keep a
 * fuzzer out), or that and a report of it, or a diff of its second snapshot and its end.
 */
#include <stdlib.h>
#include <string.h>

#include "decode.h"
#include "load.h"
#include "report/formats.h"
#include "report/info.h"
#include "report/report.h"
#include "util/memory.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static void read_file(const uint8_t *bytes, size_t count, const char *when)
{
	struct error err = ERROR_INIT;
	struct profile profile;

	profile_init(&profile);
	load_image(&profile, bytes, count, when, &err);
	profile_release(&profile);
}

/* Decodes a stream, cut into two members where its last byte says. Returns 0 if it is a trace. */
static int decode(struct profile *profile, const uint8_t *bytes, size_t count)
{
	size_t first = count ? bytes[count - 1] : 0;
	struct error err = ERROR_INIT;
	struct decoder decoder;
	int ret;

	if (first < HEAPMARK_MAGIC_BYTES + 2 || first > count)
		first = count;
	decoder_init(&decoder, profile, false);
	ret = decoder_member(&decoder, bytes, first, &err);
	if (ret == 0 && first < count)
		ret = decoder_member(&decoder, bytes + first, count - first, &err);
	if (ret == 0)
		ret = decoder_end(&decoder, &err);
	decoder_release(&decoder);
	return ret;
}

/* The files that modules name are not opened, as a fuzzer would find /dev/stdin. */
static void forget_paths(struct profile *profile)
{
	for (size_t i = 1; i < profile->module_count; i++)
		profile->modules[i].path = "";
}

/* The same report as text and as JSON. */
static void write_all(struct report *report)
{
	struct error err = ERROR_INIT;
	bool is_diff = report->side_count > 1;
	struct out out;
	size_t size;
	char *text;

	if (report_build(report, &err) < 0)
		return;
	out_memory(&out, &text, &size);
	if (is_diff) {
		text_write_diff(report, &out);
		json_write_diff(report, &out);
	} else {
		text_write_report(report, &out);
		json_write_report(report, &out);
		info_text(&out, &report->sides[0].profile);
		info_json(&out, &report->sides[0].profile);
	}
	out_close(&out, &err);
	free(text);
}

/* Decodes the stream as the next side; false: it is no trace, or has no such moment. */
static bool add_side(struct report *report, const uint8_t *bytes, size_t count,
		     struct moment moment)
{
	struct profile *profile = &report->sides[report->side_count++].profile;

	profile_init(profile);
	profile->moment = moment;
	if (decode(profile, bytes, count) < 0 || !profile->snapshot_count)
		return false;
	forget_paths(profile);
	return moment.kind != MOMENT_SNAPSHOT || moment.position < profile->snapshot_count;
}

/* What the bits of the first byte stand for. */
enum {
	HOW_GROUP = 7,
	HOW_CUMULATIVE = 8,
	HOW_PEAK = 16,
	HOW_DOMAINS = 32,
	HOW_DIFF = 64,
};

/* As the command line's: the report frees it. */
static struct option_list list_of(const char *first, const char *second)
{
	struct option_list list = {xmalloc(2 * sizeof(*list.values)), 2};

	list.values[0] = first;
	list.values[1] = second;
	return list;
}

static void read_and_report(const uint8_t *bytes, size_t count, unsigned how)
{
	struct report_options options = {
		.group =
			(int)(how & HOW_GROUP) <= GROUP_STACK ? (int)(how & HOW_GROUP) : GROUP_LINE,
		.sort = (int)(how & HOW_GROUP),
		.cumulative = (how & HOW_CUMULATIVE) && (how & HOW_GROUP) != GROUP_STACK,
	};
	struct moment moment = {.kind = how & HOW_PEAK ? MOMENT_PEAK : MOMENT_END};
	struct report report;
	bool fine;

	if (how & HOW_DOMAINS) {
		options.selection.domains = list_of("mmap", "pool:nodes");
		options.selection.skipped = list_of("*0x12*", "lib*");
	}
	report_init(&report, &options);
	fine = !(how & HOW_DIFF) ||
	       add_side(&report, bytes, count, (struct moment){MOMENT_SNAPSHOT, 1});
	if (fine && add_side(&report, bytes, count, moment))
		write_all(&report);
	report_release(&report);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	static const char *const moments[] = {"peak", "end", "1", "1s", "mid", "4294967297"};
	struct profile profile;

	if (!count)
		return 0;
	if (bytes[0] < 0x40) {
		read_file(bytes + 1, count - 1, moments[bytes[0] % 6]);
	} else if (bytes[0] < 0x80) {
		profile_init(&profile);
		decode(&profile, bytes + 1, count - 1);
		profile_release(&profile);
	} else {
		read_and_report(bytes + 1, count - 1, bytes[0]);
	}
	return 0;
}
