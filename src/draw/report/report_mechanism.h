/* What a report says of one mechanism. */
#ifndef MECH_DRAW_REPORT_REPORT_MECHANISM_H
#define MECH_DRAW_REPORT_REPORT_MECHANISM_H

#include "base/files/text.h"

/* Rate law, rate constants and what follows from them; run by run turnovers, resting state and errors. */
mech_status mech_report_mechanism(text *t, const mech_fits *fits, size_t rank, mech_error *error);

#endif
