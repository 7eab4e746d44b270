/* SPDX-License-Identifier: MIT */
/* What the C library allocates for a program that calls it: streams, obstacks, converters, locales,
 * expressions, sorting, and the modules that some of it loads. */
#include <ctype.h>
#include <errno.h>
#include <iconv.h>
#include <locale.h>
#include <monetary.h>
#include <netdb.h>
#include <obstack.h>
#include <pwd.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "torture.h"

#define obstack_chunk_alloc malloc
#define obstack_chunk_free  free

static ssize_t cookie_write(void *cookie, const char *bytes, size_t size)
{
	(void)bytes;
	churn(1, 30);
	*(size_t *)cookie += size;
	return (ssize_t)size;
}

static void stream(void)
{
	char *text = NULL, *line = NULL;
	size_t size, room = 0, seen = 0;
	cookie_io_functions_t calls = {.write = cookie_write};
	FILE *memory = open_memstream(&text, &size), *cookie = fopencookie(&seen, "w", calls);

	MUST(memory && cookie);
	for (int i = 0; i < 1000; i++)
		fprintf(memory, "%d%*s\n", i, i, "");
	fclose(memory);
	fputs(text, cookie);
	fclose(cookie);
	MUST(seen == size);
	memory = fmemopen(text, size, "r");
	while (getline(&line, &room, memory) >= 0)
		;
	say("stream of %zu\n", size);
	fclose(memory);
	free(line);
	free(text);
	MUST(asprintf(&text, "%300000d|%.70000f|%-*s|", 5, 1.5, 99999, "x") > 400000);
	free(text);
}

static void obstack(void)
{
	struct obstack stack;

	obstack_init(&stack);
	for (int i = 0; i < 5000; i++)
		MUST(obstack_alloc(&stack, i % 100));
	obstack_printf(&stack, "%5000d", 3);
	obstack_finish(&stack);
	obstack_free(&stack, NULL);
}

static void convert(const char *to, const char *from)
{
	iconv_t converter = iconv_open(to, from);
	char input[] = "gr\xfc\xdf", output[64];
	char *in = input, *out = output;
	size_t left = 4, room = sizeof(output);

	if (converter == (iconv_t)-1) {
		say("no converter to %s\n", to);
		return;
	}
	say("%s: %zd, %zu left\n", to, iconv(converter, &in, &left, &out, &room), room);
	iconv_close(converter);
}

static int compare(const void *a, const void *b)
{
	return memcmp(a, b, 64);
}

static void sort(size_t count)
{
	char *many = malloc(count * 64);

	MUST(many);
	for (size_t i = 0; i < count * 64; i++)
		many[i] = (char)(i * 7919 % 251);
	qsort(many, count, 64, compare);
	free(many);
}

static void look_up(void)
{
	struct addrinfo *found = NULL, hints = {.ai_flags = AI_NUMERICHOST};

	say("address: %d\n", getaddrinfo("127.0.0.1", "80", &hints, &found));
	freeaddrinfo(found);
	say("root: %d\n", getpwnam("root") != NULL);
	say("nobody of that name: %d\n", getpwnam("no-such-user") != NULL);
	say("service: %d\n", getservbyname("no-such-service", "tcp") != NULL);
}

int main(void)
{
	regex_t expression;

	for (int i = 0; i < 3; i++) {
		stream();
		obstack();
		convert("UTF-16", "ISO-8859-15");
		convert("EUC-JP", "ISO-8859-1");
		convert("IBM037", "UTF-8");
		sort(10 + (size_t)i * 1000);
		say("%s\n", setlocale(LC_ALL, i % 2 ? "C" : "C.UTF-8") ? "locale" : "no locale");
		MUST(regcomp(&expression, "(a|b)*([[:alpha:]]{3,10}|x+)$", REG_EXTENDED) == 0);
		say("%d\n", regexec(&expression, "abababcdefgh", 0, NULL, 0));
		regfree(&expression);
		look_up();
		keep(3, 30);
	}
	say("%s\n", strerror(12345));
	printf("%ls %*d\n", L"wide", 100, 5);
	return 0;
}
