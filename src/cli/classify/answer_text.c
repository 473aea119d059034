#include "cli/classify/answers.h"
#include "cli/reading/understood.h"

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
        mech_text_format(t, "  %c %-5s %6.1f %%  %.*s%*s  %s\n", credible ? '*' : ' ', ranked->id,
                         100 * ranked->probability, length, "########################", BAR_LENGTH - length, "",
                         ranked->mechanism ? mech_mechanism_title(ranked->mechanism) : "");
        shown++;
    }
    const size_t others = answer->n_ranked - ruled_out - shown;
    if (others) mech_text_format(t, "    %zu other%s below %g %%\n", others, plural(others), 100 * WORTH_SHOWING);
    if (ruled_out) mech_text_format(t, "    %zu ruled out\n", ruled_out);
}

static void write_fits(text *t, const answered *a) {
    const mech_answer *answer = a->answer;
    if (!answer->n_fits) return;
    mech_text_add(
        t, "\nRate constants that fit best (95 % intervals, given the mechanism; deviation: root mean square)\n");
    for (size_t i = 0; i < answer->n_fits; i++) {
        const mech_fitted *fit = &answer->fits[i];
        mech_text_format(t, "  %-5s ", mech_mechanism_id(fit->mechanism));
        write_fit_quality(t, a, fit);
        mech_text_add(t, "\n");
        for (size_t j = 0; j < mech_mechanism_n_rate_constants(fit->mechanism); j++) {
            mech_text_format(t, "        %-4s ", mech_mechanism_rate_constant(fit->mechanism, j));
            write_rate_constant(t, a, fit, j);
            mech_text_add(t, "\n");
        }
        if (!(fit->additive > 0)) continue;
        mech_text_add(t, "        I    ");
        write_additive(t, a, fit);
        mech_text_add(t, "\n");
    }
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

void write_answer_text(text *t, const answered *a) {
    mech_text_format(t, "%s\n\n", a->path);
    write_run_table(t, a->experiment);
    mech_text_format(t, "\nAs the model saw them (%s: %s)\n", a->model, a->answer->model);
    write_conventions(t, a, "  ", "\n");
    mech_text_add(t, "\n");
    for (size_t i = 0; i < a->answer->n_doubts; i++)
        mech_text_format(t, "Mind: %s\n%s", a->answer->warnings[i], i + 1 == a->answer->n_doubts ? "\n" : "");
    write_ranking(t, a);
    write_conformal_sets(t, a->answer);
    write_fits(t, a);
    if (a->answer->n_warnings > a->answer->n_doubts) mech_text_add(t, "\nMind that\n");
    for (size_t i = a->answer->n_doubts; i < a->answer->n_warnings; i++)
        mech_text_format(t, "  - %s\n", a->answer->warnings[i]);
}
