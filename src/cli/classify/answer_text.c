#include "cli/analysis/fits.h"
#include "cli/classify/answers.h"
#include "cli/reading/understood.h"
#include "cli/terminal/short_numbers.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* A conformal set holds what the readings allow. Where the user rules out all of that, the ranking says which of the
 * mechanisms left over is the least bad. */
static const char EMPTY_SET[] =
    " none of the mechanisms that come into question; without what was ruled out the readings point elsewhere\n";

enum { BAR_LENGTH = 24, FEWEST_SHOWN = 5 };

static const double WORTH_SHOWING = 0.0005; /* a probability that does not round to 0.0 % */

static const char *plural(size_t n) { return n == 1 ? "" : "s"; }

/* Of the column of ids. */
static int width_of_ids(const mech_answer *answer) {
    size_t width = 5;
    for (size_t i = 0; i < answer->n_ranked; i++)
        if (strlen(answer->ranked[i].id) > width) width = strlen(answer->ranked[i].id);
    return (int)width;
}

static void write_ranking(text *t, const answered *a) {
    const mech_answer *answer = a->answer;
    const size_t ruled_out = count_ruled_out(a);
    size_t shown = 0;
    mech_text_format(t, "Ranked mechanisms (* in the %g %% credible set)\n", 100 * answer->credible_level);
    for (size_t i = 0; i < answer->n_ranked; i++) {
        const mech_ranked *ranked = &answer->ranked[i];
        const bool credible = i < answer->credible_size;
        if (is_ruled_out(a, ranked->id)) continue;
        if (!credible && shown >= FEWEST_SHOWN && ranked->probability < WORTH_SHOWING) break;
        int length = (int)lround(ranked->probability * BAR_LENGTH);
        mech_text_format(t, "  %c %-*s %6.1f %%  %.*s%*s  %s\n", credible ? '*' : ' ', width_of_ids(answer), ranked->id,
                         100 * ranked->probability, length, "########################", BAR_LENGTH - length, "",
                         ranked->mechanism ? mech_mechanism_title(ranked->mechanism) : "");
        shown++;
    }
    const size_t others = answer->n_ranked - ruled_out - shown;
    if (others) mech_text_format(t, "    %zu other%s below %g %%\n", others, plural(others), 100 * WORTH_SHOWING);
    if (ruled_out) mech_text_format(t, "    %zu ruled out\n", ruled_out);
}

/* The sets that hold the truth as often as they say, whatever the probabilities are worth. */
static void write_conformal_sets(text *t, const mech_answer *answer) {
    for (size_t i = 0; i < answer->n_conformal; i++) {
        const mech_conformal_set *set = &answer->conformal[i];
        mech_text_format(t, "%s%g %% conformal set:", i ? "" : "\n", 100 * set->level);
        for (size_t k = 0; k < set->n_mechanisms; k++) mech_text_format(t, " %s", set->mechanisms[k]);
        mech_text_add(t, set->n_mechanisms ? "\n" : EMPTY_SET);
    }
}

/* What the answer stands on, and what that says of classes and rate constants. */
static void write_basis(text *t, const answered *a) {
    const mech_answer *answer = a->answer;
    if (answer->fits) {
        write_fit_conclusions(t, answer->fits);
        write_fit_details(t, answer->fits, mech_experiment_runs(a->experiment));
        return;
    }
    write_conformal_sets(t, answer);
    for (size_t i = 0; i < answer->n_classes; i++)
        mech_text_format(t, "%s %s %.1f %%%s",
                         i ? "," : "\nClasses:", mech_class_name(answer->classes[i].mechanism_class),
                         100 * answer->classes[i].probability, i + 1 == answer->n_classes ? "\n" : "");
}

/* What to measure next: the best few of the runs that were considered, and the least that any is expected to tell. */
static void write_advice(text *t, const answered *a) {
    enum { SHOWN = 5 };
    const mech_advice *advice = a->advice;
    if (!advice->n) {
        mech_text_add(t, "\nWhat to measure next: one mechanism alone is left; no further run would tell more of it\n");
        return;
    }
    const char *time = mech_experiment_time_unit(a->experiment);
    const char *amount = mech_experiment_concentration_unit(a->experiment);
    mech_text_format(t, "\nWhat to measure next, of %zu further runs (the mechanisms' entropy is %.2f nats)\n",
                     advice->n, advice->entropy);
    for (size_t i = 0; i < advice->n && i < SHOWN; i++) {
        const mech_advised_run *run = &advice->runs[i];
        mech_text_format(t, "  %.2f +- %.2f nats less: %s\n", run->expected_drop, run->error, run->what);
        mech_text_format(t, "      [S]0 %s, [P]0 %s, catalyst %s%s%s; ", shorten(run->s0).text, shorten(run->p0).text,
                         shorten(run->cat0).text, *amount ? " " : "", amount);
        mech_text_format(t, "%zu readings of %s, %s to %s%s%s\n", run->n_readings, run->species, run->times,
                         shorten(run->length).text, *time ? " " : "", time);
    }
}

void write_answer_text(text *t, const answered *a) {
    const mech_answer *answer = a->answer;
    for (size_t i = 0; i < answer->n_doubts; i++)
        mech_text_format(t, "Mind: %s\n%s", answer->warnings[i], i + 1 == answer->n_doubts ? "\n" : "");
    mech_text_format(t, "%s\n\n", a->path);
    write_run_table(t, a->experiment);
    mech_text_add(t, "\nAnswered by ");
    write_origin(t, a);
    if (answer->fits) {
        mech_text_format(t, ": %zu readings of %zu run%s%s", answer->fits->n_readings, answer->fits->n_runs,
                         plural(answer->fits->n_runs),
                         answer->exact ? "; loadings, times, starts and responses taken as exact" : "");
    }
    mech_text_add(t, "\n");
    if (!answer->fits) mech_text_format(t, "  %s\n", quick_look);
    if (!answer->fits && !answer->four && answer->exact)
        mech_text_add(t, "  loadings, times, starts and responses taken as exact\n");
    write_conventions(t, a, "  ", "\n");
    mech_text_add(t, "\n");
    write_ranking(t, a);
    write_basis(t, a);
    if (a->advice) write_advice(t, a);
    if (answer->n_warnings > answer->n_doubts) mech_text_add(t, "\nMind that\n");
    for (size_t i = answer->n_doubts; i < answer->n_warnings; i++) mech_text_format(t, "  - %s\n", answer->warnings[i]);
}
