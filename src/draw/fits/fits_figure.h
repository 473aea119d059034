/* The page of fits, alone or within another one. */
#ifndef MECH_DRAW_FITS_FITS_FIGURE_H
#define MECH_DRAW_FITS_FITS_FIGURE_H

#include "mechanist.h"

/* What surrounds the figure: nothing, a page of a report that says title, verdict and ranking itself, or such a page on
 * the screen of a phone, where runs stand below each other. */
typedef enum fits_place { FITS_ALONE, FITS_IN_REPORT, FITS_NARROW } fits_place;

mech_status mech_draw_fits_page(const mech_fits *fits, const char *title, fits_place place,
                                const mech_picture_target *target, mech_error *error);

#endif
