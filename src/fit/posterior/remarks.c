#include "fit/posterior/remarks.h"

#include <math.h>

/* A factor on a run's catalyst, or on its [S]0, whose interval leaves out 1 is told from this size on. */
static const double WORTH_SAYING = 0.02;

static void add_factor(text *t, const char *run, const char *what, const mech_estimate *v) {
    if (!(v->low > 1 || v->high < 1) || fabs(v->value - 1) < WORTH_SAYING) return;
    mech_text_format(t, "run %.40s behaves as if it held %.0f %% %s %s than written (%+.0f to %+.0f %%)\n", run,
                     100 * fabs(v->value - 1), v->value > 1 ? "more" : "less", what, 100 * (v->low - 1),
                     100 * (v->high - 1));
}

/* Three digits that count, without an exponent. */
static void add_number(text *t, double x) {
    const int decimals = x > 0 ? 2 - (int)floor(log10(x)) : 0;
    mech_text_format(t, "%.*f", decimals < 0 ? 0 : decimals > 12 ? 12 : decimals, x);
}

void mech_run_remarks(const mech_run_estimate *e, const char *time_unit, text *t) {
    add_factor(t, e->name, "catalyst", &e->catalyst_factor);
    add_factor(t, e->name, "substrate", &e->start_factor);
    if (!(e->clock_offset.low > 0 || e->clock_offset.high < 0)) return;
    const bool late = e->clock_offset.value > 0;
    mech_text_format(t, "run %.40s: its clock was started ", e->name);
    add_number(t, fabs(e->clock_offset.value));
    mech_text_format(t, "%s%s %s (", *time_unit ? " " : "", time_unit, late ? "late" : "early");
    add_number(t, late ? e->clock_offset.low : -e->clock_offset.high);
    mech_text_add(t, " to ");
    add_number(t, late ? e->clock_offset.high : -e->clock_offset.low);
    mech_text_add(t, ")\n");
}
