/* SPDX-License-Identifier: MIT */
/* Building blocks of JSON documents; see json_value.h. */
#include "report/json_value.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "report/losses.h"
#include "util/memory.h"
#include "util/utf8.h"

static json_t *checked(json_t *value)
{
	if (!value)
		die_oom();
	return value;
}

json_t *json_text(const char *text)
{
	json_t *value;
	char *clean;

	if (!text)
		return json_null();
	value = json_string(text);
	if (value)
		return value;
	clean = utf8_clean(text);
	value = json_string(clean);
	free(clean);
	return checked(value);
}

json_t *json_count(uint64_t count)
{
	return checked(json_integer(count > INT64_MAX ? INT64_MAX : (json_int_t)count));
}

json_t *json_seconds(uint64_t ns)
{
	return checked(json_real((double)ns / 1e9));
}

json_t *json_date(uint64_t unix_ns)
{
	time_t seconds = (time_t)(unix_ns / 1000000000);
	char date[64], text[96];
	struct tm utc;

	if (!unix_ns || !gmtime_r(&seconds, &utc))
		return json_null();
	strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &utc);
	snprintf(text, sizeof(text), "%s.%06uZ", date, (unsigned)(unix_ns % 1000000000 / 1000));
	return checked(json_string(text));
}

void json_put(json_t *object, const char *name, json_t *value)
{
	if (json_object_set_new_nocheck(object, name, checked(value)) < 0)
		die_oom();
}

static int write_piece(const char *bytes, size_t count, void *context)
{
	out_bytes(context, bytes, count);
	return 0;
}

static void write_value(struct out *out, json_t *value)
{
	json_dump_callback(checked(value), write_piece, out,
			   JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
	json_decref(value);
}

void json_out_begin(struct json_out *json, struct out *out, const char *schema)
{
	*json = (struct json_out){.out = out};
	out_printf(out, "{\"schema\":\"%s\"", schema);
}

static void close_array(struct json_out *json)
{
	if (json->in_array)
		out_text(json->out, "\n]");
	json->in_array = false;
}

void json_out_member(struct json_out *json, const char *name, json_t *value)
{
	close_array(json);
	out_printf(json->out, ",\n\"%s\":", name);
	write_value(json->out, value);
}

void json_out_array(struct json_out *json, const char *name)
{
	close_array(json);
	out_printf(json->out, ",\n\"%s\":[", name);
	json->in_array = true;
	json->has_element = false;
}

void json_out_element(struct json_out *json, json_t *value)
{
	out_text(json->out, json->has_element ? ",\n" : "\n");
	json->has_element = true;
	write_value(json->out, value);
}

void json_out_open_element(struct json_out *json, json_t *object, const char *last)
{
	char *text = json_dumps(object, JSON_COMPACT | JSON_REAL_PRECISION(15));

	if (!text)
		die_oom();
	out_text(json->out, json->has_element ? ",\n" : "\n");
	json->has_element = true;
	out_bytes(json->out, text, strlen(text) - 1); /* without its } */
	out_printf(json->out, ",\"%s\":[", last);
	free(text);
	json_decref(object);
}

void json_out_close_element(struct json_out *json)
{
	out_text(json->out, "]}");
}

void json_out_end(struct json_out *json)
{
	close_array(json);
	out_text(json->out, "}\n");
}

json_t *json_trace(const struct profile *profile)
{
	const struct snapshot *last = profile_last(profile);
	size_t processes = profile_is_merged(profile) ? profile->merged_count : 1;
	json_t *trace = checked(json_object()), *command = checked(json_array());

	for (size_t i = 0; i < profile->arguments.count; i++)
		json_array_append_new(command, json_text(profile->arguments.items[i]));
	json_put(trace, "path", json_text(profile->path));
	json_put(trace, "program", json_text(profile->process.executable));
	json_put(trace, "command", command);
	json_put(trace, "pid", processes > 1 ? json_null() : json_count(profile->process.pid));
	json_put(trace, "processes", json_count(processes));
	json_put(trace, "start_time", json_date(profile->process.start_unix_ns));
	json_put(trace, "duration_s", json_seconds(profile_duration_ns(profile)));
	json_put(trace, "complete", json_boolean(profile_is_complete(profile)));
	json_put(trace, "threads", json_count(last ? last->threads : 0));
	return trace;
}

json_t *json_losses(const struct profile *profile)
{
	json_t *losses = checked(json_object());
	uint64_t other = 0;

	for (unsigned i = 0; i < HEAPMARK_LOSS_LIMIT; i++) {
		if (!loss_json_name(i))
			other += profile->losses[i];
		else if (profile->losses[i])
			json_put(losses, loss_json_name(i), json_count(profile->losses[i]));
	}
	if (other)
		json_put(losses, "other", json_count(other));
	return losses;
}

json_t *json_sampling(const struct profile *profile)
{
	json_t *sampling;

	if (!profile_is_sampled(profile))
		return json_null();
	sampling = checked(json_object());
	json_put(sampling, "mean_bytes", json_count(profile->sample_bytes));
	json_put(sampling, "estimates", json_true());
	return sampling;
}

void json_put_range(json_t *object, const char *name, struct range range)
{
	char *low = xasprintf("%s_low", name), *high = xasprintf("%s_high", name);

	json_put(object, low, json_integer(range.low));
	json_put(object, high, json_integer(range.high));
	free(low);
	free(high);
}

json_t *json_totals(const struct profile *profile)
{
	const struct snapshot *last = profile_last(profile);
	const struct snapshot none = {0};
	const struct counters *c;
	json_t *totals = checked(json_object());

	if (!last)
		last = &none;
	c = &last->totals;
	json_put(totals, "allocations", json_count(c->allocations));
	json_put(totals, "allocated_bytes", json_count(c->allocated_bytes));
	json_put(totals, "frees", json_count(c->frees));
	json_put(totals, "reallocations", json_count(c->reallocations));
	json_put(totals, "temporary", json_count(c->temporary));
	json_put(totals, "live_blocks", json_count(c->live_blocks));
	json_put(totals, "live_bytes", json_count(c->live_bytes));
	json_put(totals, "peak_blocks", json_count(c->peak_blocks));
	json_put(totals, "peak_bytes", json_count(c->peak_bytes));
	json_put(totals, "peak_error_bytes", json_count(last->peak_error_bytes));
	if (profile_is_sampled(profile)) {
		json_put_range(totals, "live_bytes",
			       estimate_range(c->live_bytes, profile->live_variance));
		json_put_range(totals, "peak_bytes",
			       estimate_range(c->peak_bytes, profile->peak_variance));
	}
	return totals;
}
