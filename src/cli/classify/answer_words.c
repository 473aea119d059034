#include "cli/classify/answers.h"
#include "cli/reading/understood.h"
#include "cli/terminal/short_numbers.h"

#include <strings.h>

const char *measured_species(const mech_run *run) {
    return run->substrate && run->product ? "S and P" : run->substrate ? "S" : "P";
}

const char quick_look[] = "the network's quick look: nothing was fitted; without --fast all mechanisms are";

static const char *plural(size_t n) { return n == 1 ? "" : "s"; }

void write_conventions(text *t, const answered *a, const char *before, const char *after) {
    const mech_four_runs *four = a->answer->four;
    if (!four) return;
    const mech_experiment *e = a->experiment;
    const char *unit = mech_experiment_concentration_unit(e), *time = mech_experiment_time_unit(e);
    size_t least = SIZE_MAX, most = 0;
    for (size_t i = 0; i < 4; i++) {
        size_t n = count_points(mech_experiment_run(e, four->run_order[i]));
        if (n < least) least = n;
        if (n > most) most = n;
    }
    mech_text_format(t, "%sconcentrations divided by %s%s%s, the [S]0 of run %.40s%s", before,
                     shorten(four->concentration_unit).text, *unit ? " " : "", unit,
                     mech_experiment_run(e, four->run_order[0])->name, after);
    if (four->own_times)
        mech_text_format(t, "%stimes of each run divided by its own last time%s", before, after);
    else
        mech_text_format(t, "%stimes divided by %s%s%s, the longest run's last time%s", before,
                         shorten(four->time_unit).text, *time ? " " : "", time, after);
    mech_text_format(t, "%s%zu point%s after time 0 of each run used, of ", before, four->n_points_used,
                     plural(four->n_points_used));
    if (least == most)
        mech_text_format(t, "%zu%s", most, after);
    else
        mech_text_format(t, "%zu to %zu%s", least, most, after);
    mech_text_format(t, "%sruns in the order", before);
    for (size_t i = 0; i < 4; i++)
        mech_text_format(t, "%s %.40s (%s mol %%%s)", i ? "," : "", mech_experiment_run(e, four->run_order[i])->name,
                         shorten(100 * four->loadings[i]).text, i == 3 ? ", same excess" : "");
    mech_text_add(t, after);
    mech_text_format(
        t, "%s%s%s", before,
        a->answer->exact
            ? "loadings, times and starts taken as exact"
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

void write_origin(text *t, const answered *a) {
    if (a->model) mech_text_format(t, "%s (%s)", a->model, a->answer->model);
    if (!a->model) mech_text_add(t, a->answer->model);
}
