#include "draw/samples/theta_marginal.h"

#include "draw/axes/density.h"

#include <math.h>
#include <stdio.h>

void mech_find_marginal(const accepted_thetas *t, size_t constant, const range *logs, theta_marginal *m) {
    *m = (theta_marginal){.logs = EMPTY_RANGE, .has_prior = t->ranges != NULL};
    if (t->names)
        m->name = t->names[constant];
    else if (constant < mech_mechanism_n_rate_constants(t->mechanism))
        m->name = mech_set_rate_constant(mech_mechanism_rate_constant(t->mechanism, constant));
    else
        snprintf(m->name.words, sizeof m->name.words, "theta_{%zu}", constant + 1);
    /* Rounded to three digits a rate constant can lie just outside its range. */
    for (size_t i = 0; i < t->n && !t->ranges && !logs; i++)
        mech_range_include(&m->logs, log10(t->k[i * t->n_k + constant]));
    if (logs) m->logs = *logs;
    if (t->ranges) m->logs = (range){log10(t->ranges[constant].low), log10(t->ranges[constant].high)};
    if (!(m->logs.high > m->logs.low)) m->logs = (range){m->logs.low - 0.5, m->logs.high + 0.5};
    for (size_t i = 0; i < t->n; i++) {
        const double at = fmin(fmax(log10(t->k[i * t->n_k + constant]), m->logs.low), m->logs.high);
        m->density[mech_bin_of(m->logs, MARGINAL_BINS, at)] += (double)MARGINAL_BINS / (double)t->n;
    }
}

void mech_draw_marginal(canvas *c, const panel *p, const theta_marginal *m, colour ink) {
    enum { CORNERS = 2 * MARGINAL_BINS + 2 };
    point outline[CORNERS];
    mech_outline_steps(p, m->logs, MARGINAL_BINS, m->density, outline);
    mech_draw_polygon(c, outline, CORNERS, mech_tint(ink, 0.3));
    mech_draw_polyline(c, outline, CORNERS, (stroke){ink, 0.8, 0});
    if (m->has_prior)
        mech_draw_line(c, mech_panel_point(p, m->logs.low, 1), mech_panel_point(p, m->logs.high, 1),
                       (stroke){INK, 0.7, 2});
}
