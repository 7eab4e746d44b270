/* SPDX-License-Identifier: MIT */
/*
 * From TRACE[@WHEN] on a command line to a profile. Reads the file once, or twice when the moment
 * can only be known after its snapshots have been seen; memory does not grow with their number.
 */
#ifndef ANALYZER_LOAD_H
#define ANALYZER_LOAD_H

#include <stdint.h>
#include <stdio.h>

#include "model/profile.h"
#include "util/error.h"

struct input;

/* Fills an initialized profile, which the caller releases in any case. `argument` is TRACE[@WHEN];
 * a file that has an @ in its name is found by its whole name. `default_when` ("peak") holds where
 * no WHEN is given; NULL: this command takes none. `window` may be NULL. */
int load_trace(struct profile *profile, const char *argument, const char *default_when,
	       const struct window_names *window, struct error *err);

/* The same for a command that takes no WHEN and reads the file itself besides: leaves the input,
 * which was INPUT_INIT and which the caller releases in any case, open. */
int load_input(struct profile *profile, struct input *input, const char *argument,
	       struct error *err);

/* Loads a file that was read before once more, as it was then, when it had so many bytes, at
 * profile->moment, which the caller has set. */
int load_again(struct profile *profile, const char *path, uint64_t bytes, struct error *err);

/* Takes TRACE[@WHEN] apart: profile->path becomes TRACE, the profile's own, and *when what was
 * asked for or holds without, a part of one of the arguments. Negative, with a sentence, if a
 * moment must not, or does not, follow the @. */
int load_argument(struct profile *profile, const char *argument, const char *default_when,
		  const char **when, struct error *err);

/* What load_trace() does then: loads the file profile->path. */
int load_file(struct profile *profile, const char *when, const struct window_names *window,
	      struct error *err);

/* Loads from a file's bytes in memory, at the moment `when`; profile->path names them. */
int load_bytes(struct profile *profile, const uint8_t *image, size_t bytes, const char *when,
	       const struct window_names *window, struct error *err);

/* The same of bytes that have no name, for tests. */
int load_image(struct profile *profile, const uint8_t *image, size_t bytes, const char *when,
	       struct error *err);

/* Says on stderr, one sentence each, what a reader of any report of this profile must know: the
 * file is cut, the process did not end, sums that disagree. */
void load_warn(const struct profile *profile);
void load_warn_to(FILE *to, const struct profile *profile); /* the same, somewhere else */

#endif
