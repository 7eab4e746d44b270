/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target: any bytes as a trace. The first byte chooses how deep they go in: as a file's image
 * through gzip and the decoder, as a stream straight to the decoder (gzip's checksums would keep a
 * fuzzer out), or that and a report of it.
 */
#include <stdlib.h>
#include <string.h>

#include "decode.h"
#include "load.h"
#include "report/formats.h"
#include "report/info.h"
#include "report/report.h"

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

/* The same profile as text and as JSON; the files that its modules name are not opened, as a fuzzer
 * would find /dev/stdin. */
static void write_all(struct report *report)
{
	struct error err = ERROR_INIT;
	struct out out;
	size_t size;
	char *text;

	for (size_t i = 1; i < report->sides[0].profile.module_count; i++)
		report->sides[0].profile.modules[i].path = "";
	if (report_build(report, &err) < 0)
		return;
	out_memory(&out, &text, &size);
	text_write_report(report, &out);
	json_write_report(report, &out);
	info_text(&out, &report->sides[0].profile);
	info_json(&out, &report->sides[0].profile);
	out_close(&out, &err);
	free(text);
}

static void read_and_report(const uint8_t *bytes, size_t count, unsigned how)
{
	struct report_options options = {
		.group = (int)(how & 7) <= GROUP_STACK ? (int)(how & 7) : GROUP_LINE,
		.cumulative = (how & 8) != 0 && (how & 7) != GROUP_STACK,
	};
	struct report report;

	report_init(&report, &options);
	report.side_count = 1;
	profile_init(&report.sides[0].profile);
	report.sides[0].profile.moment.kind = how & 16 ? MOMENT_PEAK : MOMENT_END;
	if (decode(&report.sides[0].profile, bytes, count) == 0 &&
	    report.sides[0].profile.snapshot_count)
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
