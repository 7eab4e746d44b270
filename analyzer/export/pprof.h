/* SPDX-License-Identifier: MIT */
/*
 * What a profile.proto consists of, for pprof.c and pprof_tables.c alone. The fields of the
 * outermost message may come in any order, so whatever a sample refers to is written when it is
 * first met, and nothing of it is kept but its number.
 */
#ifndef ANALYZER_EXPORT_PPROF_H
#define ANALYZER_EXPORT_PPROF_H

#include "export/export.h"
#include "export/gzip.h"
#include "export/numbers.h"
#include "export/proto.h"
#include "util/pairs.h"

/* The numbers of the fields. */
enum profile_field {
	PROFILE_SAMPLE_TYPE = 1,
	PROFILE_SAMPLE = 2,
	PROFILE_MAPPING = 3,
	PROFILE_LOCATION = 4,
	PROFILE_FUNCTION = 5,
	PROFILE_STRING = 6,
	PROFILE_TIME_NS = 9,
	PROFILE_DURATION_NS = 10,
	PROFILE_PERIOD_TYPE = 11,
	PROFILE_PERIOD = 12,
	PROFILE_COMMENT = 13,
	PROFILE_DEFAULT_TYPE = 14,
};
enum type_field { TYPE_NAME = 1, TYPE_UNIT = 2 };
enum sample_field { SAMPLE_LOCATIONS = 1, SAMPLE_VALUES = 2, SAMPLE_LABEL = 3 };
enum label_field { LABEL_KEY = 1, LABEL_TEXT = 2 };
enum mapping_field {
	MAPPING_ID = 1,
	MAPPING_START = 2,
	MAPPING_LIMIT = 3,
	MAPPING_FILE = 5,
	MAPPING_BUILD_ID = 6,
	MAPPING_HAS_FIRST = 7, /* functions, files, lines, inlined frames: pprof need not look */
	MAPPING_HAS_LAST = 10,
};
enum location_field {
	LOCATION_ID = 1,
	LOCATION_MAPPING = 2,
	LOCATION_ADDRESS = 3,
	LOCATION_LINE = 4
};
enum line_field { LINE_FUNCTION = 1, LINE_NUMBER = 2 };
enum function_field {
	FUNCTION_ID = 1,
	FUNCTION_NAME = 2,
	FUNCTION_SYSTEM_NAME = 3,
	FUNCTION_FILE = 4
};

struct pprof {
	struct export *export;
	struct gzip gzip;
	struct numbers strings;   /* interned */
	struct numbers locations; /* known by their frames, which an address has once */
	struct pairs functions;   /* of (place of a function, 0) */
	struct frame unknown;     /* stands for a stack without any */
	bool *module_used;
	struct buffer field, message, list, location, line, function; /* empty between uses */
};

/* Writes fields of the outermost message; a message is emptied. */
void pprof_emit(struct pprof *pprof, enum profile_field field, struct buffer *message);
void pprof_emit_number(struct pprof *pprof, enum profile_field field, uint64_t number);

/* Begins the table of strings. */
void pprof_begin_strings(struct pprof *pprof);

/* Each is written when it is first asked for. Strings are made printable; NULL and "" are 0. */
uint32_t pprof_string(struct pprof *pprof, const char *text);

/* The location of a node, which has these frames; 0 if it is heapmark's own. */
uint32_t pprof_location(struct pprof *pprof, const struct node *node, const struct frame *frames,
			uint32_t count);

/* The modules of all locations. */
void pprof_write_mappings(struct pprof *pprof);

#endif
