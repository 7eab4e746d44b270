/* SPDX-License-Identifier: MIT */
/*
 * JSON values from what traces hold, and a document written piece by piece, so that a report with
 * a million rows needs the memory of one.
 */
#ifndef ANALYZER_REPORT_JSON_VALUE_H
#define ANALYZER_REPORT_JSON_VALUE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "model/estimate.h"
#include "model/profile.h"
#include "util/out.h"

/* A string, or null for NULL. Bytes that are not UTF-8 become U+FFFD each, as JSON demands. */
json_t *json_text(const char *text);

/* A number; what does not fit in 63 bits becomes the largest that does. */
json_t *json_count(uint64_t count);
json_t *json_seconds(uint64_t ns);

/* "2024-05-01T12:00:00.123456Z"; null for 0. */
json_t *json_date(uint64_t unix_ns);

/* Sets a member, taking over the value. */
void json_put(json_t *object, const char *name, json_t *value);

/* A document: { "schema": ..., members, one array }. json_out_ functions take over the values. */
struct json_out {
	struct out *out;
	bool in_array, has_element;
};

void json_out_begin(struct json_out *json, struct out *out, const char *schema);
void json_out_member(struct json_out *json, const char *name, json_t *value);
void json_out_array(struct json_out *json, const char *name); /* ends the array before it */
void json_out_element(struct json_out *json, json_t *value);

/* An element whose last member is an array that the caller writes between the two, as text. */
void json_out_open_element(struct json_out *json, json_t *object, const char *last);
void json_out_close_element(struct json_out *json);

void json_out_end(struct json_out *json);

/* The members that several commands share. */
json_t *json_trace(const struct profile *profile);
json_t *json_losses(const struct profile *profile);
json_t *json_totals(const struct profile *profile);

/* What was sampled; null if every block was recorded. */
json_t *json_sampling(const struct profile *profile);

/* Sets NAME_low and NAME_high. */
void json_put_range(json_t *object, const char *name, struct range range);

#endif
