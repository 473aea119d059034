#include "draw/report/report_mechanism.h"

#include "base/memory.h"
#include "base/page/page.h"
#include "draw/canvas/notation.h"
#include "draw/fits/fit_words.h"
#include "draw/report/report_words.h"

#include <math.h>
#include <string.h>

static void write_quantities(text *t, const mech_quantity *all, size_t n, const mech_run_set *runs) {
    for (size_t i = 0; i < n; i++) {
        const setting unit = mech_set_unit(&all[i], runs);
        mech_text_add(t, "<tr><td>");
        mech_report_set(t, mech_set_quantity(all[i].name).words);
        mech_text_add(t, "</td><td>");
        mech_report_set(t, mech_set_interval(&all[i].interval, &unit).words);
        mech_text_format(t, "</td><td>%s</td></tr>\n", mech_verdict_name(all[i].verdict));
    }
}

static void write_share(text *t, const mech_estimate *e) {
    mech_text_format(t, "%.0f %% (%.0f to %.0f)", 100 * e->value, 100 * e->low, 100 * e->high);
}

/* Where the catalyst of the first run is, early, in the middle and at the end. */
static mech_status write_forms(text *t, const mech_fits *fits, size_t rank, mech_error *error) {
    enum { N_TIMES = 3 };
    const mech_mechanism *m = fits->mechanisms[rank].mechanism;
    const mech_run *run = mech_run_set_run(mech_fits_runs(fits), 0);
    const size_t n = mech_mechanism_n_species(m);
    const double end = run->time[run->n_readings - 1], times[N_TIMES] = {0.1 * end, 0.5 * end, end};
    mech_estimate *share = mech_allocate_array(N_TIMES * n, sizeof *share);
    if (!share) return mech_fail_memory(error);
    const mech_status status = mech_fits_catalyst(fits, rank, 0, N_TIMES, times, share, error);
    if (status == MECH_OK) {
        mech_text_add(t, "<p class=\"soft\">Where the catalyst is, in run ");
        mech_page_words(t, run->name);
        mech_text_add(t, ", after a tenth and half of its time and at its end</p>\n<div class=\"wide\"><table>\n<tr>"
                         "<th>form</th><th>10 %</th><th>50 %</th><th>100 %</th></tr>\n");
        for (size_t j = 0; j < n; j++) {
            bool holds = false;
            for (size_t i = 0; i < N_TIMES; i++) holds |= share[i * n + j].high >= 0.005;
            if (!holds) continue;
            mech_text_add(t, "<tr><td>");
            mech_report_set(t, mech_set_species(mech_mechanism_species(m, j)).words);
            for (size_t i = 0; i < N_TIMES; i++) {
                mech_text_add(t, "</td><td>");
                write_share(t, &share[i * n + j]);
            }
            mech_text_add(t, "</td></tr>\n");
        }
        mech_text_add(t, "</table></div>\n");
    }
    mech_release_array(share);
    return status;
}

/* A cell "12.3 (11 to 14)"; an empty one where nothing is known. */
static void write_cell(text *t, const mech_estimate *e, const setting *unit) {
    mech_text_add(t, "<td>");
    if (!isnan(e->value)) mech_report_set(t, mech_set_interval(e, unit).words);
    mech_text_add(t, "</td>");
}

static void write_runs(text *t, const mech_mechanism_fit *f, const mech_run_set *runs) {
    const setting none = {""}, per_time = mech_set_unit(&(mech_quantity){.time_power = -1}, runs),
                  in_time = mech_set_unit(&(mech_quantity){.time_power = 1}, runs);
    bool loses = false;
    for (size_t r = 0; r < f->n_runs; r++) loses |= !isnan(f->runs[r].half_life.value);
    mech_text_format(t,
                     "<h4>Run by run</h4>\n<div class=\"wide\"><table>\n<tr><th>run</th><th>highest TOF</th><th>TON at "
                     "the end</th>%s"
                     "<th>resting state</th></tr>\n",
                     loses ? "<th>half-life</th>" : "");
    for (size_t r = 0; r < f->n_runs; r++) {
        const mech_run_estimate *e = &f->runs[r];
        mech_text_add(t, "<tr><td>");
        mech_page_words(t, e->name);
        mech_text_add(t, "</td>");
        write_cell(t, &e->highest_tof, &per_time);
        write_cell(t, &e->ton, &none);
        if (loses) write_cell(t, &e->half_life, &in_time);
        mech_text_add(t, "<td>");
        if (e->resting_state) {
            mech_report_set(t, mech_set_species(e->resting_state).words);
            mech_text_add(t, ", ");
            write_share(t, &e->resting_share);
        }
        mech_text_add(t, "</td></tr>\n");
    }
    mech_text_add(t, "</table></div>\n");
}

static void write_errors(text *t, const mech_mechanism_fit *f) {
    mech_text_add(t, "<ul>\n");
    size_t n = 0;
    for (size_t r = 0; r < f->n_runs; r++) n += mech_report_remarks(t, f->runs[r].remarks);
    if (!n) mech_text_add(t, "<li>All runs hold what is written, within what can be told.</li>\n");
    mech_text_add(t, "</ul>\n");
}

mech_status mech_report_mechanism(text *t, const mech_fits *fits, size_t rank, mech_error *error) {
    const mech_mechanism_fit *f = &fits->mechanisms[rank];
    const mech_run_set *runs = mech_fits_runs(fits);
    mech_text_add(t, "<h3>If it is ");
    mech_page_words(t, mech_mechanism_id(f->mechanism));
    mech_text_add(t, ": ");
    mech_page_words(t, mech_mechanism_title(f->mechanism));
    mech_text_format(
        t, "</h3>\n<p class=\"soft\">Noise found: %.2f %% of [S]<sub>0</sub> and %.2f %% of the reading.</p>\n",
        100 * f->noise, 100 * f->proportional_noise);
    if (f->rate_law) {
        mech_text_add(t, "<p>");
        mech_report_rate_law(t, f->rate_law);
        mech_text_add(t, ", [cat] being the catalyst on the cycle</p>\n");
    }
    mech_text_add(t, "<table class=\"quantities\">\n<tr><th></th><th>median (95 % interval)</th><th></th></tr>\n");
    write_quantities(t, f->rate_constants, f->n_rate_constants, runs);
    write_quantities(t, f->derived, f->n_derived, runs);
    mech_text_add(t, "</table>\n");
    if (f->rate_law)
        mech_text_add(t, "<p class=\"soft\">k<sub>cat</sub> = k<sub>2</sub>, K<sub>M</sub> = (k<sub>−1</sub> + "
                         "k<sub>2</sub>) / k<sub>1</sub>, K<sub>P</sub> = (k<sub>−1</sub> + k<sub>2</sub>) / "
                         "k<sub>−2</sub>, K<sub>eq</sub> = k<sub>1</sub>k<sub>2</sub> / "
                         "(k<sub>−1</sub>k<sub>−2</sub>)</p>\n");
    if (!f->n_runs) return MECH_OK;
    write_runs(t, f, runs);
    const mech_status status = write_forms(t, fits, rank, error);
    write_errors(t, f);
    return status;
}
