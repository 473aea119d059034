#include "cli/answers.h"

#include "chemistry/network.h"

#include <math.h>
#include <stdio.h>

/* Of a normal distribution, 95 % lie within so many standard deviations. */
static const double NORMAL_95 = 1.96;

/* A rate constant that may be ten times as large or as small as it is, or worse, the readings leave open. */
static double most_spread(void) { return log(10) / NORMAL_95; }

static void write_interval(text *t, double value, double spread) {
    if (!(spread < most_spread())) {
        text_format(t, "undetermined (best at %s)", shorten(value).text);
        return;
    }
    const double factor = exp(NORMAL_95 * spread);
    text_format(t, "%s (%s to %s)", shorten(value).text, shorten(value / factor).text, shorten(value * factor).text);
}

void write_rate_constant(text *t, const answered *a, const mech_fitted *fit, size_t j) {
    const char *concentration = mech_experiment_concentration_unit(a->experiment);
    const char *time = mech_experiment_time_unit(a->experiment);
    const int order = network_order(fit->mechanism, (int)j);
    write_interval(t, fit->k[j], fit->spread[j]);
    if (!*concentration || !*time) return;
    if (order < 2)
        text_format(t, " / %s", time);
    else if (order == 2)
        text_format(t, " / (%s %s)", concentration, time);
    else
        text_format(t, " / (%s^%d %s)", concentration, order - 1, time);
}

void write_additive(text *t, const answered *a, const mech_fitted *fit) {
    const char *concentration = mech_experiment_concentration_unit(a->experiment);
    write_interval(t, fit->additive, fit->additive_spread);
    text_format(t, "%s%s", *concentration ? " " : "", concentration);
}
