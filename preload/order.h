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

/* Has the memory at hand that most pictures need. False: there is none. */
bool order_start(void);

/* The picture must stay as it is until the last order_site(). False: no memory. */
bool order_begin(const struct picture *picture);

/* Goes on by a piece. True: through. */
bool order_step(void);

/* Then: the site at a place, from 0; and where it is in the picture. */
const struct site_values *order_site(uint32_t place);
uint32_t order_index(uint32_t place);

#endif
