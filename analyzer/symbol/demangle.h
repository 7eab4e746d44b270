/* SPDX-License-Identifier: MIT */
/* Linkage names as people write them: C++, Rust (both manglings) and D. */
#ifndef ANALYZER_SYMBOL_DEMANGLE_H
#define ANALYZER_SYMBOL_DEMANGLE_H

/* The readable name, without parameters (but D's stay) and without Rust's hash, to be freed; NULL
 * if `name` is not mangled. Template arguments stay: they tell instances of a template apart. */
char *demangle(const char *name);

#endif
