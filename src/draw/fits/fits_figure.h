/* The page of fits in two widths. */
#ifndef MECH_DRAW_FITS_FITS_FIGURE_H
#define MECH_DRAW_FITS_FITS_FIGURE_H

#include "mechanist.h"

/* mech_draw_fits(); narrow: the runs below each other, for the screens of phones. */
mech_status mech_draw_fits_page(const mech_fits *fits, const char *title, bool narrow,
                                const mech_picture_target *target, mech_error *error);

#endif
