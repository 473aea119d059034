/* Words of a report: what is set in the markup of lettering.h as HTML, and sentences. */
#ifndef MECH_DRAW_REPORT_REPORT_WORDS_H
#define MECH_DRAW_REPORT_REPORT_WORDS_H

#include "base/files/text.h"
#include "base/numbers/setting.h"

/* "k_{2} = 3^{4}" as HTML. */
void mech_report_set(text *t, const char *words);

/* "[S]0" and "[P]0" in a sentence with their 0 set low, the rest as it is. */
void mech_report_sentence(text *t, const char *words);

/* A rate law of mech_mechanism_fit. */
void mech_report_rate_law(text *t, const char *law);

/* Sentences, a line each, as items of a list; returns how many. */
size_t mech_report_remarks(text *t, const char *remarks);

#endif
