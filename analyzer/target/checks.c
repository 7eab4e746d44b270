/* SPDX-License-Identifier: MIT */
/* The questions about a program; see checks.h. */
#include "target/checks.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "symbol/symbol.h"
#include "util/memory.h"
#include "util/strings.h"

#if defined(__x86_64__)
#define OWN_MACHINE      EM_X86_64
#define OWN_MACHINE_NAME "64-bit x86"
#elif defined(__aarch64__)
#define OWN_MACHINE      EM_AARCH64
#define OWN_MACHINE_NAME "64-bit ARM"
#else
#error "heapmark has not been taught this machine"
#endif

static void say(struct finding *finding, enum finding_status status, char *text_take)
{
	finding->status = status;
	finding->text = text_take;
}

static void check_program(const struct subject *subject, struct finding *finding)
{
	const struct program *program = subject->program;
	char *chain = xstrdup(program->steps[0]);

	for (size_t i = 1; i < program->step_count; i++) {
		char *longer = xasprintf("%s -> %s", chain, program->steps[i]);

		free(chain);
		chain = longer;
	}
	if (program->step_count == 1)
		say(finding, FINDING_OK, xasprintf("found: %s", chain));
	else
		say(finding, FINDING_NOTE,
		    xasprintf("it is a script: what is recorded is its interpreter (%s)", chain));
	free(chain);
}

static void check_format(const struct subject *subject, struct finding *finding)
{
	const struct facts *facts = &subject->facts;

	if (!facts->is_readable)
		say(finding, FINDING_NOTE,
		    xasprintf("%s can be run but not read, so that nothing more is known of it",
			      facts->path));
	else if (!facts->is_elf)
		say(finding, FINDING_NOTE,
		    xasprintf("%s is no ELF program and has no #! line; a shell will run it, and "
			      "the shell is recorded",
			      facts->path));
}

static void check_machine(const struct subject *subject, struct finding *finding)
{
	const struct facts *facts = &subject->facts;

	if (!facts->is_elf)
		return;
	if (facts->bits == 64 && facts->machine == OWN_MACHINE)
		say(finding, FINDING_OK, xstrdup("built for this machine (" OWN_MACHINE_NAME ")"));
	else
		say(finding, FINDING_PROBLEM,
		    xasprintf("%s is a %s, and this heapmark can only be loaded "
			      "into " OWN_MACHINE_NAME " programs",
			      facts->path,
			      facts->bits == 32 ? "32-bit program"
						: "program for another machine"));
}

static void check_linking(const struct subject *subject, struct finding *finding)
{
	const struct facts *facts = &subject->facts;

	if (!facts->is_elf)
		return;
	if (!facts->loader && !facts->is_loader)
		say(finding, FINDING_PROBLEM,
		    xasprintf("%s is statically linked: no library can be loaded into it, so its "
			      "heap cannot be watched (link it dynamically to record it)",
			      facts->path));
	else if (facts->loader && access(facts->loader, X_OK) != 0)
		say(finding, FINDING_PROBLEM,
		    xasprintf("%s needs the loader %s, which is not installed", facts->path,
			      facts->loader));
	else if (facts->loader && strncmp(path_base(facts->loader), "ld-musl", 7) == 0)
		say(finding, FINDING_PROBLEM,
		    xasprintf("%s uses the musl C library, and this heapmark is built for glibc",
			      facts->path));
	else
		say(finding, FINDING_OK, xstrdup("dynamically linked"));
}

static void check_identity(const struct subject *subject, struct finding *finding)
{
	if (subject->facts.changes_identity)
		say(finding, FINDING_PROBLEM,
		    xasprintf("%s is set-user-ID, set-group-ID or has file capabilities, and the "
			      "system loads no foreign library into such programs (record a copy "
			      "of it, or as root)",
			      subject->facts.path));
	else
		say(finding, FINDING_OK, xstrdup("runs with the rights of who starts it"));
}

static void check_sanitizer(const struct subject *subject, struct finding *finding)
{
	if (subject->facts.sanitizer)
		say(finding, FINDING_PROBLEM,
		    xasprintf("%s is built with %s, which has an allocator of its own and does not "
			      "bear another; build it without",
			      subject->facts.path, subject->facts.sanitizer));
}

static void check_allocator(const struct subject *subject, struct finding *finding)
{
	const struct facts *facts = &subject->facts;
	const char *name = facts->allocator ? facts->allocator : "an allocator of its own";

	if (!facts->is_elf || !facts->loader)
		return;
	if (facts->defines_malloc)
		say(finding, FINDING_PROBLEM,
		    xasprintf("%s has its own malloc (%s) linked in, which it calls directly: its "
			      "allocations would not be seen (build it against the C library's, or "
			      "against the allocator as a shared library)",
			      facts->path, name));
	else if (facts->allocator)
		say(finding, FINDING_NOTE,
		    xasprintf("%s is linked in (%s): what the program takes from it under its own "
			      "names is not seen, only what comes through malloc",
			      name, facts->allocator_symbol));
	else if (facts->allocator_library)
		say(finding, FINDING_NOTE,
		    xasprintf("it uses %s as a shared library; heapmark watches in front of it",
			      facts->allocator_library));
	else
		say(finding, FINDING_OK, xstrdup("it has no malloc of its own"));
}

static void check_debug_info(const struct subject *subject, struct finding *finding)
{
	struct symbol_module module = {.path = subject->facts.path};
	struct symbolizer *symbolizer;
	enum symbol_quality quality;
	const char *why;

	if (!subject->facts.is_elf)
		return;
	symbolizer = symbolizer_new();
	quality = symbolizer_quality(symbolizer, symbolizer_module(symbolizer, &module), &why);
	if (quality == SYMBOL_LINES)
		say(finding, FINDING_OK, xstrdup("it has debug information: reports name lines"));
	else
		say(finding, FINDING_NOTE,
		    xasprintf("%s in reports; compile with -g, or install the -dbgsym package",
			      quality == SYMBOL_NAMES
				      ? "no debug information: functions but no lines"
				      : "neither debug information nor symbols: only addresses"));
	symbolizer_free(symbolizer);
}

static const struct check program_checks[] = {
	{"program", check_program, false},     {"format", check_format, false},
	{"machine", check_machine, true},      {"linking", check_linking, true},
	{"identity", check_identity, true},    {"sanitizer", check_sanitizer, true},
	{"allocator", check_allocator, false}, {"debug_info", check_debug_info, false},
};

#define PROGRAM_CHECK_COUNT (sizeof(program_checks) / sizeof(*program_checks))

static void run(const struct check *checks, size_t count, const struct subject *subject,
		struct findings *findings)
{
	for (size_t i = 0; i < count; i++) {
		struct finding *finding = &findings->items[findings->count];

		*finding = (struct finding){.name = checks[i].name};
		checks[i].run(subject, finding);
		if (finding->text)
			findings->count++;
	}
}

void checks_run(const struct program *program, struct findings *findings)
{
	struct subject subject = {.program = program};

	findings->count = 0;
	findings->items =
		xcalloc(PROGRAM_CHECK_COUNT + machine_check_count, sizeof(*findings->items));
	if (program) {
		facts_read(&subject.facts, program_file(program));
		run(program_checks, PROGRAM_CHECK_COUNT, &subject, findings);
	}
	run(machine_checks, machine_check_count, &subject, findings);
	facts_release(&subject.facts);
}

void findings_release(struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++)
		free(findings->items[i].text);
	free(findings->items);
	*findings = (struct findings){0};
}

/* Only the last step matters: those before it hand on the environment, library or not. */
int checks_refuse(const struct program *program, char **warning, struct error *err)
{
	struct subject subject = {.program = program};
	struct finding finding;
	int result = 0;

	facts_read(&subject.facts, program_file(program));
	for (size_t i = 0; i < PROGRAM_CHECK_COUNT && result == 0; i++) {
		finding = (struct finding){0};
		if (program_checks[i].refuses)
			program_checks[i].run(&subject, &finding);
		if (finding.status == FINDING_PROBLEM)
			result = error_set(err, "%s", finding.text);
		free(finding.text);
	}
	finding = (struct finding){0};
	check_allocator(&subject, &finding);
	*warning = finding.status == FINDING_PROBLEM ? finding.text : NULL;
	if (!*warning)
		free(finding.text);
	facts_release(&subject.facts);
	return result;
}
