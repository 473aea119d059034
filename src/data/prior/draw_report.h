/* What the drawing and simulating for a set of mechanisms came to. */
#ifndef MECH_DATA_PRIOR_DRAW_REPORT_H
#define MECH_DATA_PRIOR_DRAW_REPORT_H

#include "mechanist.h"

/* A report with the counts[n]; report NULL: nothing is made. The caller frees *report. */
mech_status mech_draw_report_new(const mech_draw_counts *counts, size_t n, mech_draw_report **report,
                                 mech_error *error);

#endif
