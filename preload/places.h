/* SPDX-License-Identifier: MIT */
/*
 * Which module an address belongs to: what is present, sorted by address. Every new node of every
 * snapshot is looked up here, hundreds of thousands of them in a large program.
 */
#ifndef PRELOAD_PLACES_H
#define PRELOAD_PLACES_H

#include <stdbool.h>
#include <stdint.h>

/* False: no memory. */
bool places_add(uint64_t start, uint64_t end, uint32_t module);
void places_remove(uint32_t module);

/* The module that holds a return address, or 0. */
uint32_t places_find(uint64_t address);

#endif
