#include "cli/analysis/fits.h"

#include "base/numbers/setting.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { BAR_LENGTH = 20, FEWEST_SHOWN = 5, MOST_TOLD = 3 };

/* A mechanism is told in full from this probability on, and listed from that one on. */
static const double WORTH_TELLING = 0.05, WORTH_SHOWING = 0.0005;

void write_unit(text *t, const mech_quantity *e, const mech_run_set *runs) {
    const char *concentration = mech_run_set_concentration_unit(runs), *time = mech_run_set_time_unit(runs);
    if (!*concentration) concentration = "conc";
    if (!*time) time = "time";
    if (e->concentration_power == 1)
        mech_text_format(t, " %s", concentration);
    else if (e->concentration_power)
        mech_text_format(t, " %s^%d", concentration, e->concentration_power);
    if (e->time_power == 1)
        mech_text_format(t, " %s", time);
    else if (e->time_power)
        mech_text_format(t, " %s^%d", time, e->time_power);
}

static void write_estimates(text *t, const mech_quantity *all, size_t n, const mech_run_set *runs) {
    for (size_t i = 0; i < n; i++) {
        const mech_estimate *v = &all[i].interval;
        mech_text_format(t, "      %-9s %-12s ", all[i].name, mech_verdict_name(all[i].verdict));
        if (isfinite(v->value))
            mech_text_format(t, "%10s  (%s to %s)", mech_set_plain(v->value).words, mech_set_plain(v->low).words,
                             isfinite(v->high) ? mech_set_plain(v->high).words : "beyond");
        else
            mech_text_format(t, "more than %s", mech_set_plain(v->low).words);
        write_unit(t, &all[i], runs);
        mech_text_add(t, "\n");
    }
}

/* Turnovers, resting state and errors of a run. */
static void write_run(text *t, const mech_run_estimate *e, const mech_run_set *runs) {
    const char *unit = mech_run_set_time_unit(runs);
    if (e->resting_state) {
        mech_text_format(t, "      run %.40s: TOF up to %s %s^-1, TON %s at the end; rests as %s (%.0f %%)", e->name,
                         mech_set_plain(e->highest_tof.value).words, *unit ? unit : "time",
                         mech_set_plain(e->ton.value).words, e->resting_state, 100 * e->resting_share.value);
        if (isfinite(e->half_life.value))
            mech_text_format(t, "; half is lost after %s%s%s", mech_set_plain(e->half_life.value).words,
                             *unit ? " " : "", unit);
        mech_text_add(t, "\n");
    }
    for (const char *line = e->remarks, *end; (end = strchr(line, '\n')) != NULL; line = end + 1)
        mech_text_format(t, "      %.*s\n", (int)(end - line), line);
}

static void write_mechanism(text *t, const mech_mechanism_fit *f, const mech_run_set *runs) {
    mech_text_format(t, "\n  %s, %s\n", mech_mechanism_id(f->mechanism), mech_mechanism_title(f->mechanism));
    mech_text_format(t, "      off by %.2f %% of [S]0 (root mean square), noise found %.2f %%", 100 * f->deviation,
                     100 * f->noise);
    mech_text_format(t, " and %.2f %% of the reading, chi2 %s for %s\n", 100 * f->proportional_noise,
                     mech_set_plain(f->chi2).words, mech_set_plain(f->dof).words);
    write_estimates(t, f->rate_constants, f->n_rate_constants, runs);
    write_estimates(t, f->derived, f->n_derived, runs);
    if (f->rate_law) mech_text_format(t, "      %s, [cat] being the catalyst on the cycle\n", f->rate_law);
    for (size_t r = 0; r < f->n_runs; r++) write_run(t, &f->runs[r], runs);
}

static void write_table(text *t, const mech_fits *fits) {
    size_t shown = 0;
    mech_text_format(t, "Mechanisms by evidence (ln evidence +- its numerical error; deviation in %% of [S]0)\n");
    for (size_t i = 0; i < fits->n_mechanisms; i++) {
        const mech_mechanism_fit *f = &fits->mechanisms[i];
        if (!f->fitted || (shown >= FEWEST_SHOWN && f->probability < WORTH_SHOWING)) break;
        const int length = (int)lround(f->probability * BAR_LENGTH);
        char error[16] = "";
        if (isfinite(f->log_evidence_error)) snprintf(error, sizeof error, "+- %.2f", f->log_evidence_error);
        mech_text_format(t, "  %-8.40s %5.1f %%  %.*s%*s %9.2f %-8s %6.2f  %.50s\n", mech_mechanism_id(f->mechanism),
                         100 * f->probability, length, "####################", BAR_LENGTH - length, "", f->log_evidence,
                         error, 100 * f->deviation, mech_mechanism_title(f->mechanism));
        shown++;
    }
    const size_t others = fits->n_mechanisms - shown;
    if (others) mech_text_format(t, "  %zu other%s less probable\n", others, others == 1 ? "" : "s");
}

/* A part less probable than this is not told. */
static const double WORTH_NAMING = 0.01;

/* What a search says, part by part. The cycle is always there. */
static void write_parts(text *t, const mech_fits *fits) {
    mech_text_format(t, "\nOf %zu compositions that were tried %zu are at least a twentieth as probable as the best:",
                     fits->n_searched, fits->n_family);
    for (size_t i = 0; i < fits->n_family; i++)
        mech_text_format(t, "%s %s", i ? "," : "", mech_mechanism_id(fits->mechanisms[i].mechanism));
    mech_text_add(t, "\n\nParts that are there (probability)\n");
    for (size_t i = 0; i < fits->n_parts; i++) {
        const mech_part_presence *p = &fits->parts[i];
        if (!p->part)
            mech_text_format(t, "  %-12s %5.1f %%\n", p->row, 100 * p->probability);
        else if (p->probability >= WORTH_NAMING)
            mech_text_format(t, "      %-8s %5.1f %%  %s\n", p->part, 100 * p->probability, p->title);
    }
}

void write_fit_conclusions(text *t, const mech_fits *fits) {
    if (fits->n_alike) {
        mech_text_add(t, "\nThese readings do not tell apart:");
        for (size_t i = 0; i < fits->n_alike; i++) mech_text_format(t, "%s %s", i ? "," : "", fits->alike[i]);
        mech_text_add(t, "\n");
    }
    mech_text_add(t, "\nClasses:");
    for (size_t i = 0; i < fits->n_classes; i++)
        mech_text_format(t, "%s %s %.1f %%", i ? "," : "", mech_class_name(fits->classes[i].mechanism_class),
                         100 * fits->classes[i].probability);
    mech_text_add(t, "\n");
}

bool is_worth_telling(const mech_fits *fits, size_t rank) {
    return rank < fits->n_mechanisms && rank < MOST_TOLD && fits->mechanisms[rank].fitted &&
           (rank == 0 || fits->mechanisms[rank].probability > WORTH_TELLING);
}

void write_fit_details(text *t, const mech_fits *fits, const mech_run_set *runs) {
    mech_text_add(t, "\nWhat the readings say if the mechanism is right (median, 95 % intervals)\n");
    for (size_t i = 0; is_worth_telling(fits, i); i++) write_mechanism(t, &fits->mechanisms[i], runs);
    mech_text_add(t, "\nActive catalyst at the end of each run, over all mechanisms (95 % band)\n");
    for (size_t r = 0; r < fits->n_runs; r++) {
        const mech_active_catalyst *a = &fits->active[r];
        const mech_estimate *end = &a->share[a->n_times - 1];
        mech_text_format(t, "  run %-12.40s %3.0f %%  (%.0f to %.0f %%)\n", a->run, 100 * end->value, 100 * end->low,
                         100 * end->high);
    }
}

void write_fits_text(text *t, const fitted_file *f) {
    const mech_fits *fits = f->fits;
    const mech_run_set *runs = mech_experiment_runs(f->experiment);
    for (size_t i = 0; i < fits->n_warnings; i++) mech_text_format(t, "Mind that %s.\n\n", fits->warnings[i]);
    if (fits->none_of_these.flagged)
        mech_text_format(t, "None of these mechanisms explains the readings well:\n%s.\n\n", fits->doubt);
    mech_text_format(t, "%s: %zu readings of %zu run%s\n\n", f->path, fits->n_readings, fits->n_runs,
                     fits->n_runs == 1 ? "" : "s");
    write_table(t, fits);
    if (fits->n_parts) write_parts(t, fits);
    write_fit_conclusions(t, fits);
    write_fit_details(t, fits, runs);
    for (size_t i = 0; i < mech_experiment_n_warnings(f->experiment); i++)
        mech_text_format(t, "%s  - %s\n", i ? "" : "\nMind that\n", mech_experiment_warning(f->experiment, i));
}
