/* The counts of a report, as an array. */
#ifndef MECH_TESTS_DRAW_COUNTS_H
#define MECH_TESTS_DRAW_COUNTS_H

#include "mechanist.h"

/* Fills counts[mech_draw_report_n()]; their ids are those of mechanisms[], for the report is freed. */
static inline void take_counts(mech_draw_report *report, const mech_mechanism *const *mechanisms,
                               mech_draw_counts *counts) {
    for (size_t m = 0; m < mech_draw_report_n(report); m++) {
        counts[m] = *mech_draw_report_counts(report, m);
        if (mechanisms) counts[m].mechanism = mech_mechanism_id(mechanisms[m]);
    }
    mech_draw_report_free(report);
}

#endif
