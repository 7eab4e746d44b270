/* SPDX-License-Identifier: MIT */
/* The table of domains; see domains.h. */
#include "domains.h"

#include <string.h>

#include "text.h"

static struct {
	char name[DOMAIN_NAME_BYTES];
	struct domain_storage storage;
} domains[DOMAINS_MAX] = {
	[HEAPMARK_DOMAIN_MALLOC] = {.name = "malloc"},
	[HEAPMARK_DOMAIN_MMAP] = {.name = "mmap"},
	[HEAPMARK_DOMAIN_ARENA] = {.name = "arena"},
	[DOMAINS_MAX - 1] = {.name = "pool:other"},
};
static uint32_t count = HEAPMARK_DOMAIN_POOLS;

uint32_t domain_count(void)
{
	return count;
}

const char *domain_name(uint32_t domain)
{
	return domains[domain].name;
}

struct domain_storage *domain_storage(uint32_t domain)
{
	return &domains[domain].storage;
}

void domain_forget_storage(void)
{
	for (uint32_t i = HEAPMARK_DOMAIN_POOLS; i < count; i++)
		domains[i].storage = (struct domain_storage){0, 0};
}

uint32_t domain_of_pool(const char *pool)
{
	char buffer[DOMAIN_NAME_BYTES];
	struct text name;

	text_init(&name, buffer, sizeof(buffer));
	text_add(&name, "pool:");
	text_add(&name, pool ? pool : "unnamed");
	for (uint32_t i = HEAPMARK_DOMAIN_POOLS; i < count; i++)
		if (text_equal(domains[i].name, buffer))
			return i;
	if (count >= DOMAINS_MAX - 1) {
		count = DOMAINS_MAX;
		return DOMAINS_MAX - 1;
	}
	memcpy(domains[count].name, buffer, sizeof(buffer));
	return count++;
}
