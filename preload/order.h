/* SPDX-License-Identifier: MIT */
/*
 * The order in which a picture's sites are written: by node, then domain. Found in bounded pieces
 * and without moving the sites. One caller at a time (the snapshot lock).
 */
#ifndef PRELOAD_ORDER_H
#define PRELOAD_ORDER_H

#include <stdbool.h>
#include <stdint.h>

#include "picture.h"

#define ORDER_STEP (1u << 14) /* sites looked at in one go */

/* The picture must stay as it is until the last order_site(). False: no memory. */
bool order_begin(const struct picture *picture);

/* Goes on by a piece. True: through. */
bool order_step(void);

/* Then: the site at a place, from 0. */
const struct site *order_site(uint32_t place);

#endif
