/* SPDX-License-Identifier: MIT */
/* The pieces of `heapmark record`: what the program's environment becomes, where traces may go, and
 * what stands between the program and who started it. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "record/child.h"
#include "record/destination.h"
#include "record/environment.h"
#include "trace_writer.h"
#include "util/error.h"
#include "util/memory.h"

static char directory[] = "/tmp/heapmark-record-XXXXXX";

static void check_options(struct record_options options, const char *expected)
{
	char *text = environment_options(&options);

	assert_string_equal(text, expected);
	free(text);
}

static void writes_options_for_the_library(void **state)
{
	(void)state;
	check_options((struct record_options){0}, "");
	check_options((struct record_options){.out = "a.hmk", .depth = "64"}, "out=a.hmk:depth=64");
	check_options((struct record_options){.out = "a:b\\c=d"}, "out=a\\:b\\\\c=d");
	check_options((struct record_options){.interval = "1.5s"}, "interval=1500000000ns");
	check_options((struct record_options){.signal = "none", .follow = "0", .session = "7"},
		      "signal=none:follow=0:session=7");
	check_options((struct record_options){.sample = "1.5MiB", .unwind = "fp", .verify = "9"},
		      "sample=1572864:unwind=fp:verify=9");
}

static void check_bad(struct record_options options, const char *word)
{
	struct error err = ERROR_INIT;

	assert_true(record_options_check(&options, &err) < 0);
	assert_non_null(strstr(err.text, word));
}

static void checks_options(void **state)
{
	struct record_options good = {
		.interval = "200ms", .depth = "4096", .signal = "SIGRTMIN", .follow = "0"};
	struct error err;

	(void)state;
	good.signal = "USR1";
	assert_int_equal(record_options_check(&good, &err), 0);
	good.signal = "12";
	good.sample = "0";
	good.unwind = "libunwind";
	good.verify = "1";
	assert_int_equal(record_options_check(&good, &err), 0);
	check_bad((struct record_options){.out = ""}, "--out");
	check_bad((struct record_options){.interval = "soon"}, "--interval");
	check_bad((struct record_options){.depth = "1"}, "2 to 4096");
	check_bad((struct record_options){.depth = "4097"}, "2 to 4096");
	check_bad((struct record_options){.depth = "x"}, "--depth");
	check_bad((struct record_options){.signal = "SIGNAL"}, "--signal");
	check_bad((struct record_options){.signal = "0"}, "--signal");
	check_bad((struct record_options){.follow = "yes"}, "--follow");
	check_bad((struct record_options){.sample = "5"}, "1.0 KiB to 1.0 GiB");
	check_bad((struct record_options){.sample = "1.1G"}, "1.0 KiB to 1.0 GiB");
	check_bad((struct record_options){.sample = "x"}, "--sample");
	check_bad((struct record_options){.sample = "512KB"}, "512KB");
	check_bad((struct record_options){.unwind = "quick"}, "auto|libunwind|fp");
	check_bad((struct record_options){.verify = "-1"}, "--verify");
}

static void keeps_what_was_preloaded(void **state)
{
	char *text = environment_preload("/lib/h.so", NULL);

	(void)state;
	assert_string_equal(text, "/lib/h.so");
	free(text);
	text = environment_preload("/lib/h.so", "/lib/a.so b.so");
	assert_string_equal(text, "/lib/h.so:/lib/a.so b.so");
	free(text);
}

static char *place(const char *name)
{
	return xasprintf("%s/%s", directory, name);
}

static int check_place(const char *name, bool force, struct error *err)
{
	char *path = place(name);
	int ret = destination_check(path, force, err);

	free(path);
	return ret;
}

static void make_file(const char *name)
{
	char *path = place(name);

	close(open(path, O_CREAT | O_WRONLY, 0666));
	free(path);
}

static void checks_the_destination(void **state)
{
	struct error err;

	(void)state;
	assert_int_equal(check_place("new.hmk", false, &err), 0);
	assert_int_equal(check_place("new.%e.%p.hmk", false, &err), 0);
	assert_true(check_place("none/new.%p.hmk", false, &err) < 0);
	assert_true(check_place("", false, &err) < 0);
	assert_true(check_place(".", true, &err) < 0);
	make_file("old.hmk");
	assert_true(check_place("old.hmk", false, &err) < 0);
	assert_non_null(strstr(err.text, "--force"));
	assert_int_equal(check_place("old.hmk", true, &err), 0);
	assert_int_equal(check_place("old.hmk", false, &err), 0); /* it is gone */
	assert_int_equal(destination_check("/dev/null", false, &err), 0);
	make_file("file");
	assert_true(check_place("file/new.hmk", false, &err) < 0);
}

/* Files that merely look alike are no traces; one with the right name that cannot be read is told.
 */
static void lists_only_traces_of_the_session(void **state)
{
	char *template = place("t.hmk");
	struct written_list list;

	(void)state;
	make_file("t.sh");
	make_file("other.hmk");
	make_file("t.sh.12.hmk");
	destination_list(template, 1, 0, &list);
	assert_int_equal(list.count, 1);
	assert_string_equal(strrchr(list.items[0].path, '/'), "/t.sh.12.hmk");
	assert_true(list.items[0].is_damaged);
	written_list_release(&list);
	destination_list(template, 1, INT64_MAX, &list);
	assert_int_equal(list.count, 0);
	written_list_release(&list);
	free(template);
}

static void knows_which_traces_are_sampled(void **state)
{
	void (*const make[])(struct trace_writer * w) = {trace_sample, trace_sampled};
	char *template = place("s.hmk");

	(void)state;
	for (size_t i = 0; i < sizeof(make) / sizeof(*make); i++) {
		struct written_list list;
		struct trace_writer w;

		make[i](&w);
		trace_save(&w, template);
		trace_release(&w);
		destination_list(template, 7, 0, &list);
		assert_int_equal(list.count, 1);
		assert_int_equal(list.items[0].is_sampled, make[i] == trace_sampled);
		written_list_release(&list);
	}
	free(template);
}

static int run_shell(const char *script, struct error *err)
{
	char name[] = "sh", option[] = "-c";
	char *text = xstrdup(script);
	char *argv[] = {name, option, text, NULL};
	int status = child_run(argv, environ, err);

	free(text);
	return status;
}

static void returns_the_exit_status(void **state)
{
	struct error err = ERROR_INIT;

	(void)state;
	assert_int_equal(run_shell("exit 0", &err), 0);
	assert_int_equal(run_shell("exit 7", &err), 7);
	assert_int_equal(run_shell("kill -TERM $$", &err), 128 + SIGTERM);
	assert_int_equal(run_shell("kill -KILL $$", &err), 128 + SIGKILL);
	assert_string_equal(err.text, "");
}

static void says_why_nothing_was_started(void **state)
{
	char none[] = "/no/such/program", self[] = "/";
	char *absent[] = {none, NULL}, *directory_argv[] = {self, NULL};
	struct error err = ERROR_INIT;

	(void)state;
	assert_int_equal(child_run(absent, environ, &err), 127);
	assert_non_null(strstr(err.text, none));
	assert_int_equal(child_run(directory_argv, environ, &err), 126);
}

/* Runs `script` in a process of its own, as record does; the script says on the pipe that it is
 * ready. */
static pid_t start(const char *script, int ready[2])
{
	pid_t recorder;

	assert_int_equal(pipe(ready), 0);
	recorder = fork();
	if (recorder == 0) {
		struct error err;

		dup2(ready[1], STDOUT_FILENO);
		close(ready[0]);
		close(ready[1]);
		_exit(run_shell(script, &err));
	}
	close(ready[1]);
	return recorder;
}

static int end_of(pid_t recorder)
{
	int status;

	assert_int_equal(waitpid(recorder, &status, 0), recorder);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void passes_signals_on(void **state)
{
	static const int signals[] = {SIGTERM, SIGHUP, SIGUSR1, SIGUSR2};

	(void)state;
	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++) {
		int ready[2];
		pid_t recorder = start("trap 'exit 42' TERM HUP USR1 USR2; echo ready; "
				       "while :; do sleep 0.02; done",
				       ready);
		char line[8];

		assert_true(read(ready[0], line, sizeof(line)) > 0);
		kill(recorder, signals[i]);
		assert_int_equal(end_of(recorder), 42);
		close(ready[0]);
	}
}

/* What a terminal sends to both is the program's to decide about. */
static void waits_through_an_interrupt(void **state)
{
	int ready[2];
	pid_t recorder = start("echo ready; sleep 0.3; exit 5", ready);
	char line[8];

	(void)state;
	assert_true(read(ready[0], line, sizeof(line)) > 0);
	kill(recorder, SIGINT);
	kill(recorder, SIGQUIT);
	assert_int_equal(end_of(recorder), 5);
	close(ready[0]);
}

static void read_signal_state(FILE *file, char *text, size_t room)
{
	char line[128];

	*text = '\0';
	while (fgets(line, sizeof(line), file))
		if (strncmp(line, "SigBlk", 6) == 0 || strncmp(line, "SigIgn", 6) == 0)
			strncat(text, line, room - strlen(text) - 1);
	fclose(file);
}

static void leaves_signal_state_alone(void **state)
{
	char ours[256], theirs[256];
	int ready[2];
	pid_t recorder;

	(void)state;
	signal(SIGUSR1, SIG_IGN);
	read_signal_state(fopen("/proc/self/status", "r"), ours, sizeof(ours));
	recorder = start("exec cat /proc/self/status", ready);
	read_signal_state(fdopen(ready[0], "r"), theirs, sizeof(theirs));
	assert_int_equal(end_of(recorder), 0);
	assert_string_equal(ours, theirs);
	signal(SIGUSR1, SIG_DFL);
}

static int set_up(void **state)
{
	(void)state;
	return mkdtemp(directory) ? 0 : -1;
}

static int tear_down(void **state)
{
	char *command = xasprintf("rm -r '%s'", directory);
	int status = system(command);

	(void)state;
	free(command);
	return status;
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_options_for_the_library),
		cmocka_unit_test(checks_options),
		cmocka_unit_test(keeps_what_was_preloaded),
		cmocka_unit_test(checks_the_destination),
		cmocka_unit_test(lists_only_traces_of_the_session),
		cmocka_unit_test(knows_which_traces_are_sampled),
		cmocka_unit_test(passes_signals_on),
		cmocka_unit_test(waits_through_an_interrupt),
		cmocka_unit_test(leaves_signal_state_alone),
		cmocka_unit_test(returns_the_exit_status),
		cmocka_unit_test(says_why_nothing_was_started),
	};

	/* nohup, and a shell without job control, ignore some of these in what they run, and
	 * whatever we start would inherit that. */
	for (int number = SIGHUP; number <= SIGTERM; number++)
		if (number != SIGKILL)
			signal(number, SIG_DFL);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
