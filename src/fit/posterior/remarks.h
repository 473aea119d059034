/* What the errors of a run came out as, in words. */
#ifndef MECH_FIT_POSTERIOR_REMARKS_H
#define MECH_FIT_POSTERIOR_REMARKS_H

#include "base/files/text.h"

/* Adds a sentence a line for each error whose interval of 95 % leaves out none, and that is worth a word. */
void mech_run_remarks(const mech_run_estimate *e, const char *time_unit, text *t);

#endif
