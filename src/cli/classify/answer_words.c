#include "cli/classify/answers.h"
#include "cli/reading/understood.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

short_number shorten(double number) {
    short_number s;
    snprintf(s.text, sizeof s.text, "%.4g", number);
    for (char *c = s.text; *c; c++)
        if (*c == ',') *c = '.';
    return s;
}

const char *measured_species(const mech_run *run) {
    return run->substrate && run->product ? "S and P" : run->substrate ? "S" : "P";
}

static const char *plural(size_t n) { return n == 1 ? "" : "s"; }

void write_conventions(text *t, const answered *a, const char *before, const char *after) {
    const mech_answer *answer = a->answer;
    const mech_experiment *e = a->experiment;
    const char *unit = mech_experiment_concentration_unit(e), *time = mech_experiment_time_unit(e);
    size_t least = SIZE_MAX, most = 0;
    for (size_t i = 0; i < 4; i++) {
        size_t n = count_points(mech_experiment_run(e, answer->run_order[i]));
        if (n < least) least = n;
        if (n > most) most = n;
    }
    mech_text_format(t, "%sconcentrations divided by %s%s%s, the [S]0 of run %.40s%s", before,
                     shorten(answer->concentration_unit).text, *unit ? " " : "", unit,
                     mech_experiment_run(e, answer->run_order[0])->name, after);
    if (answer->own_times)
        mech_text_format(t, "%stimes of each run divided by its own last time%s", before, after);
    else
        mech_text_format(t, "%stimes divided by %s%s%s, the longest run's last time%s", before,
                         shorten(answer->time_unit).text, *time ? " " : "", time, after);
    mech_text_format(t, "%s%zu point%s after time 0 of each run used, of ", before, answer->n_points_used,
                     plural(answer->n_points_used));
    if (least == most)
        mech_text_format(t, "%zu%s", most, after);
    else
        mech_text_format(t, "%zu to %zu%s", least, most, after);
    mech_text_format(t, "%sruns in the order", before);
    for (size_t i = 0; i < 4; i++)
        mech_text_format(t, "%s %.40s (%s mol %%%s)", i ? "," : "", mech_experiment_run(e, answer->run_order[i])->name,
                         shorten(100 * answer->loadings[i]).text, i == 3 ? ", same excess" : "");
    mech_text_add(t, after);
    mech_text_format(
        t, "%s%s%s", before,
        answer->exact ? "loadings, times and starts taken as exact"
                      : "probabilities averaged over the errors that loadings, clocks, starts and responses may have",
        after);
}

bool is_ruled_out(const answered *a, const char *id) {
    const mech_classify_options *known = a->options;
    bool among = known->n_among == 0;
    for (size_t i = 0; i < known->n_among; i++) among |= strcasecmp(known->among[i], id) == 0;
    for (size_t i = 0; i < known->n_prior_odds; i++)
        if (strcasecmp(known->prior_odds[i].id, id) == 0 && known->prior_odds[i].odds == 0) among = false;
    return !among;
}

size_t count_ruled_out(const answered *a) {
    size_t n = 0;
    for (size_t i = 0; i < a->answer->n_ranked; i++) n += is_ruled_out(a, a->answer->ranked[i].id);
    return n;
}

/* Of a normal distribution, 95 % lie within so many standard deviations. */
static const double NORMAL_95 = 1.96;

/* A rate constant that may be ten times as large or as small as it is, or worse, the readings leave open. */
static double most_spread(void) { return log(10) / NORMAL_95; }

static void write_interval(text *t, double value, double spread) {
    if (!(spread < most_spread())) {
        mech_text_format(t, "undetermined (best at %s)", shorten(value).text);
        return;
    }
    const double factor = exp(NORMAL_95 * spread);
    mech_text_format(t, "%s (%s to %s)", shorten(value).text, shorten(value / factor).text,
                     shorten(value * factor).text);
}

void write_fit_quality(text *t, const answered *a, const mech_fitted *fit) {
    const char *unit = mech_experiment_concentration_unit(a->experiment);
    mech_text_format(t, "deviation %s%s%s (%.2g %% of [S]0); the network alone%s: %.1f %%",
                     shorten(fit->deviation).text, *unit ? " " : "", unit,
                     100 * fit->deviation / a->answer->concentration_unit,
                     a->options->n_among || a->options->n_prior_odds ? ", before what was known" : "",
                     100 * fit->network_probability);
}

void write_rate_constant(text *t, const answered *a, const mech_fitted *fit, size_t j) {
    const char *concentration = mech_experiment_concentration_unit(a->experiment);
    const char *time = mech_experiment_time_unit(a->experiment);
    const int order = mech_mechanism_order(fit->mechanism, (int)j);
    write_interval(t, fit->k[j], fit->spread[j]);
    if (!*time || (order > 1 && !*concentration)) return;
    if (order < 2)
        mech_text_format(t, " / %s", time);
    else if (order == 2)
        mech_text_format(t, " / (%s %s)", concentration, time);
    else
        mech_text_format(t, " / (%s^%d %s)", concentration, order - 1, time);
}

void write_additive(text *t, const answered *a, const mech_fitted *fit) {
    const char *concentration = mech_experiment_concentration_unit(a->experiment);
    write_interval(t, fit->additive, fit->additive_spread);
    mech_text_format(t, "%s%s", *concentration ? " " : "", concentration);
}
