/* SPDX-License-Identifier: MIT */
/* What several processes agree on, see merge_facts.h: the rest is left empty. */
#include <string.h>

#include "model/merge_facts.h"
#include "util/buffer.h"

/* Keeps a text, or a number, if it is the same in all. */
static void agree_text(struct merge *merge, const char **text, const char *other)
{
	if (merge->is_first)
		*text = strings_text(&merge->result.strings, other);
	else if (strcmp(*text, other) != 0)
		*text = "";
}

static void agree_number(const struct merge *merge, uint64_t *number, uint64_t other)
{
	if (merge->is_first)
		*number = other;
	else if (*number != other)
		*number = 0;
}

void merge_append_text(struct merge *merge, struct text_list *list, const char *text)
{
	list->items = array_grow(list->items, list->count, &list->capacity, sizeof(*list->items));
	list->items[list->count++] = strings_text(&merge->result.strings, text);
}

static bool has_text(const struct text_list *list, const char *text)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i], text) == 0)
			return true;
	return false;
}

/* Arguments mean something all together only. */
static void agree_arguments(struct merge *merge, const struct text_list *other)
{
	struct text_list *list = &merge->result.arguments;
	bool is_same = list->count == other->count;

	for (size_t i = 0; merge->is_first && i < other->count; i++)
		merge_append_text(merge, list, other->items[i]);
	for (size_t i = 0; is_same && i < list->count; i++)
		is_same = strcmp(list->items[i], other->items[i]) == 0;
	if (!merge->is_first && !is_same)
		list->count = 0;
}

static void agree_environment(struct merge *merge, const struct text_list *other)
{
	struct text_list *list = &merge->result.environment;
	size_t kept = 0;

	for (size_t i = 0; merge->is_first && i < other->count; i++)
		merge_append_text(merge, list, other->items[i]);
	for (size_t i = 0; i < list->count; i++)
		if (has_text(other, list->items[i]))
			list->items[kept++] = list->items[i];
	list->count = kept;
}

static bool has_option(const struct profile *profile, const struct named_value *option)
{
	for (size_t i = 0; i < profile->option_count; i++)
		if (strcmp(profile->options[i].name, option->name) == 0 &&
		    strcmp(profile->options[i].value, option->value) == 0)
			return true;
	return false;
}

static void agree_options(struct merge *merge, const struct profile *profile)
{
	struct profile *result = &merge->result;
	size_t kept = 0;

	for (size_t i = 0; merge->is_first && i < profile->option_count; i++) {
		result->options = array_grow(result->options, result->option_count,
					     &result->option_capacity, sizeof(struct named_value));
		result->options[result->option_count++] = (struct named_value){
			strings_text(&result->strings, profile->options[i].name),
			strings_text(&result->strings, profile->options[i].value)};
	}
	for (size_t i = 0; i < result->option_count; i++)
		if (has_option(profile, &result->options[i]))
			result->options[kept++] = result->options[i];
	result->option_count = kept;
}

static void agree_process(struct merge *merge, const struct process *other)
{
	struct process *process = &merge->result.process;

	agree_number(merge, &process->pid, other->pid);
	agree_number(merge, &process->parent_pid, other->parent_pid);
	agree_number(merge, &process->origin, other->origin);
	agree_number(merge, &process->page_bytes, other->page_bytes);
	agree_number(merge, &process->session, other->session);
	agree_text(merge, &process->executable, other->executable);
	agree_text(merge, &process->directory, other->directory);
	if (merge->is_first || other->start_unix_ns < process->start_unix_ns)
		process->start_unix_ns = other->start_unix_ns;
}

static void agree_machine(struct merge *merge, const struct machine *other)
{
	struct machine *machine = &merge->result.machine;

	agree_text(merge, &machine->architecture, other->architecture);
	agree_text(merge, &machine->kernel, other->kernel);
	agree_text(merge, &machine->libc, other->libc);
	agree_text(merge, &machine->heapmark_version, other->heapmark_version);
	agree_number(merge, &machine->processors, other->processors);
	agree_number(merge, &machine->memory_bytes, other->memory_bytes);
}

void merge_agree(struct merge *merge, const struct profile *profile)
{
	agree_process(merge, &profile->process);
	agree_machine(merge, &profile->machine);
	agree_arguments(merge, &profile->arguments);
	agree_environment(merge, &profile->environment);
	agree_options(merge, profile);
}
