/* Answers through the public interface: fits, a network alone. */
#include "learn/model/model.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { M1, M2, N_IN_QUESTION = 2, N_LABELS = 20 };

static const char *const in_question[N_IN_QUESTION] = {"M1", "m2"};

/* A network of run sets with random weights. */
static mech_model *random_network(void) {
    mech_model *model = NULL;
    mech_error error = {.message = ""};
    if (mech_model_create("set", 16, N_LABELS, 5, &model, &error) != MECH_OK) fail_msg("%s", error.message);
    assert_int_equal(mech_model_describe(model, "design", "name: laboratory\n", NULL), MECH_OK);
    return model;
}

static mech_experiment *simulate(void) {
    mech_run_set *runs = NULL;
    mech_experiment *experiment = NULL;
    mech_error error = {.message = ""};
    if (mech_simulate_experiment(mech_builtin(M1), NULL, 7, 1, &runs, NULL, &error) != MECH_OK ||
        mech_experiment_of_runs(runs, "made", &experiment, &error) != MECH_OK)
        fail_msg("%s", error.message);
    mech_run_set_free(runs);
    return experiment;
}

static mech_answer *classify(const mech_experiment *e, const mech_model *model, const mech_classify_options *options) {
    mech_answer *answer = NULL;
    mech_error error = {.message = ""};
    if (mech_classify(e, model, options, NULL, &answer, &error) != MECH_OK) fail_msg("%s", error.message);
    return answer;
}

static double probability_of(const mech_answer *answer, const char *id) {
    for (size_t i = 0; i < answer->n_ranked; i++)
        if (strcmp(answer->ranked[i].id, id) == 0) return answer->ranked[i].probability;
    fail_msg("%s is not ranked", id);
    return NAN;
}

static double log_odds(const mech_answer *answer) {
    return log(probability_of(answer, "M1") / probability_of(answer, "M2"));
}

/* ln of the network's own odds. */
static double word_of(const mech_model *model, const mech_experiment *e) {
    float p[N_LABELS];
    const mech_run_set *runs = mech_experiment_runs(e);
    assert_int_equal(mech_model_predict_run_sets(model, 1, &runs, NULL, 1, p, NULL, NULL), MECH_OK);
    return log((double)p[M1] / (double)p[M2]);
}

static mech_classify_options options_of(void) {
    mech_classify_options options = mech_classify_options_default();
    options.among = in_question;
    options.n_among = N_IN_QUESTION;
    options.threads = 1;
    return options;
}

/* The evidence alone answers where fits do: a model says what is fitted, and that it took no part. */
static void a_network_takes_no_part_in_fits(void **state) {
    (void)state;
    mech_experiment *e = simulate();
    mech_model *model = random_network();
    const mech_classify_options options = options_of();
    mech_answer *alone = classify(e, NULL, &options), *same = classify(e, model, &options);
    assert_string_equal(alone->model, "fits");
    assert_string_equal(same->model, "fits");
    assert_true(log_odds(same) == log_odds(alone) && fabs(word_of(model, e)) > 1e-3);
    assert_non_null(strstr(same->warnings[same->n_warnings - 1], "the set network took no part"));
    /* The rest of what is concluded goes by the same probabilities, and what was ruled out has none. */
    assert_true(alone->fits->mechanisms[0].probability == alone->ranked[0].probability);
    assert_int_equal(alone->n_ranked, N_LABELS);
    assert_true(fabs(probability_of(alone, "M1") + probability_of(alone, "M2") - 1) < 1e-12);
    assert_int_equal(alone->n_classes, 4);
    assert_true(fabs(alone->classes[0].probability - fmax(probability_of(alone, "M1"), probability_of(alone, "M2"))) <
                1e-12);
    assert_null(alone->four);
    mech_answer_free(alone);
    mech_answer_free(same);
    mech_model_free(model);
    mech_experiment_free(e);
}

static void a_network_of_run_sets_answers_alone(void **state) {
    (void)state;
    mech_experiment *e = simulate();
    mech_model *model = random_network();
    mech_classify_options options = options_of();
    options.fast = true;
    mech_answer *answer = classify(e, model, &options);
    assert_true(fabs(log_odds(answer) - word_of(model, e)) < 1e-6);
    assert_string_equal(answer->model, "set network, design laboratory");
    assert_null(answer->fits);
    assert_int_equal(answer->n_alike, 0);
    assert_true(isnan(answer->none_of_these.p_value) && !answer->none_of_these.flagged);
    mech_answer_free(answer);
    mech_model_free(model);
    mech_experiment_free(e);
}

static bool stop_at_once(void *context) {
    (void)context;
    return true;
}

static void what_has_no_answer_is_refused(void **state) {
    (void)state;
    mech_experiment *e = simulate();
    mech_answer *answer = NULL;
    mech_error error = {.message = ""};
    mech_classify_options options = options_of();
    options.fast = true;
    assert_int_equal(mech_classify(e, NULL, &options, NULL, &answer, &error), MECH_INVALID_ARGUMENT);
    assert_null(answer);
    options = options_of();
    options.credible_level = 1.5;
    assert_int_equal(mech_classify(e, NULL, &options, NULL, &answer, &error), MECH_INVALID_ARGUMENT);
    options = options_of();
    const char *const unknown[] = {"M21"};
    options.among = unknown;
    options.n_among = 1;
    assert_int_equal(mech_classify(e, NULL, &options, NULL, &answer, &error), MECH_INVALID_ARGUMENT);
    assert_string_equal(error.message, "there is no mechanism 'M21' to choose; expected one of M1 to M20");
    options = options_of();
    const mech_prior_odds none[] = {{"M1", 0}, {"M2", 0}};
    options.prior_odds = none;
    options.n_prior_odds = 2;
    assert_int_equal(mech_classify(e, NULL, &options, NULL, &answer, &error), MECH_INVALID_ARGUMENT);
    options = options_of();
    const mech_progress progress = {.should_stop = stop_at_once};
    assert_int_equal(mech_classify(e, NULL, &options, &progress, &answer, &error), MECH_STOPPED);
    assert_null(answer);
    mech_answer_free(NULL);
    mech_experiment_free(e);
}

enum { N_RUNS = 3, N_READINGS = 15 };

/* Runs of first order in catalyst and substrate at three loadings, each reading off by wave * sin(...), so that
 * neighbours are off to the same side. */
static mech_experiment *first_order(double wave) {
    static const char *const names[N_RUNS] = {"one", "two", "three"};
    double time[N_READINGS], substrate[N_READINGS];
    mech_run_set *set = NULL;
    mech_experiment *e = NULL;
    mech_error error = {.message = ""};
    assert_int_equal(mech_run_set_new("min", "M", &set, NULL), MECH_OK);
    for (size_t r = 0; r < N_RUNS; r++) {
        const double cat = 0.01 * (double)(r + 1);
        for (size_t i = 0; i < N_READINGS; i++) {
            /* Noise of half a percent that repeats in each run, but not in a way that a curve could follow. */
            const double noise = 0.004 * ((double)((7 * i + 3 * r) % 5) / 2 - 1);
            time[i] = 5.0 * (double)i;
            substrate[i] = exp(-2 * cat * time[i]) + (i ? noise + wave * sin(0.2 * time[i]) : 0);
        }
        const mech_run run = {.size = sizeof run,
                              .name = names[r],
                              .n_readings = N_READINGS,
                              .time = time,
                              .substrate = substrate,
                              .s0 = 1,
                              .cat0 = cat};
        assert_int_equal(mech_run_set_add(set, &run, NULL), MECH_OK);
    }
    if (mech_experiment_of_runs(set, "first order", &e, &error) != MECH_OK) fail_msg("%s", error.message);
    mech_run_set_free(set);
    return e;
}

static bool tells_of_a_misfit(const char *sentence) {
    return strstr(sentence, "explains the readings") || strstr(sentence, "misses the readings");
}

/* A misfit is said first; where noise explains what is left, nothing is said of one. */
static void a_misfit_is_said_first_and_else_not_at_all(void **state) {
    (void)state;
    mech_classify_options options = options_of();
    options.n_among = 1;
    mech_experiment *fitting = first_order(0), *missed = first_order(0.06);
    mech_answer *sure = classify(fitting, NULL, &options), *doubtful = classify(missed, NULL, &options);
    for (size_t i = 0; i < sure->n_warnings; i++)
        if (tells_of_a_misfit(sure->warnings[i])) fail_msg("%s", sure->warnings[i]);
    assert_int_equal(sure->n_doubts, 0);
    assert_true(doubtful->n_doubts > 0);
    if (!tells_of_a_misfit(doubtful->warnings[0])) fail_msg("%s", doubtful->warnings[0]);
    mech_answer_free(sure);
    mech_answer_free(doubtful);
    mech_experiment_free(fitting);
    mech_experiment_free(missed);
}

/* Runs in memory come through as they are: negative readings, further species, names with quotes, no readings of S. */
static void runs_in_memory_keep_all_that_they_hold(void **state) {
    (void)state;
    static const double time[] = {0, 1, 2, 3}, s[] = {1, 0.2, -0.3, 0.02}, b[] = {1.5, 0.7, NAN, 0.5};
    static const double p[] = {0, 0.7, 1.2, 0.9}, active[] = {0.02, 0.015, 0.01, 0.008};
    const mech_reactant others[] = {{.species = "B", .start = 1.5, .concentration = b},
                                    {.species = "PPh3", .start = 0.04, .concentration = NULL}};
    mech_run run = {.size = sizeof run,
                    .name = "run \"A\", 1",
                    .n_readings = 4,
                    .time = time,
                    .substrate = s,
                    .active = active,
                    .s0 = 1,
                    .p0 = 0.1,
                    .cat0 = 0.02,
                    .n_reactants = 2,
                    .reactants = others};
    mech_run_set *set = NULL;
    mech_experiment *e = NULL;
    mech_error error;
    assert_int_equal(mech_run_set_new("s", "mM", &set, NULL), MECH_OK);
    assert_int_equal(mech_run_set_add(set, &run, NULL), MECH_OK);
    run.name = "B";
    run.product = p;
    run.active = NULL;
    static const double nothing[] = {NAN, NAN, NAN, NAN};
    run.substrate = nothing;
    run.n_reactants = 0;
    run.reactants = NULL;
    assert_int_equal(mech_run_set_add(set, &run, NULL), MECH_OK);
    if (mech_experiment_of_runs(set, "memory", &e, &error) != MECH_OK) fail_msg("%s", error.message);
    mech_run_set_free(set); /* the experiment has copies */
    const mech_run *first = mech_experiment_run(e, 0), *second = mech_experiment_run(e, 1);
    assert_string_equal(first->name, "run \"A\", 1");
    assert_true(first->substrate[2] == -0.3 && first->p0 == 0.1 && first->active[3] == 0.008);
    assert_int_equal(first->n_reactants, 2);
    assert_string_equal(first->reactants[0].species, "B");
    assert_true(first->reactants[0].concentration[1] == 0.7 && isnan(first->reactants[0].concentration[2]));
    assert_string_equal(first->reactants[1].species, "PPh3");
    assert_true(second->substrate == NULL && second->product[2] == 1.2);
    assert_null(mech_experiment_run(e, 2));
    assert_string_equal(mech_experiment_time_unit(e), "s");
    assert_string_equal(mech_experiment_concentration_unit(e), "mM");
    assert_int_equal(mech_run_set_n_runs(mech_experiment_runs(e)), 2);
    assert_int_equal(mech_experiment_n_columns(e), 6);
    assert_string_equal(mech_experiment_column_role(e, 5), "PPh3");
    mech_experiment_free(e);
    assert_int_equal(mech_run_set_new(NULL, NULL, &set, NULL), MECH_OK);
    run.product = NULL;
    run.active = active;
    assert_int_equal(mech_run_set_add(set, &run, NULL), MECH_OK);
    assert_int_equal(mech_experiment_of_runs(set, "memory", &e, &error), MECH_INVALID_INPUT);
    assert_non_null(strstr(error.message, "run B has no reading of substrate or product after time 0"));
    mech_run_set_free(set);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_misfit_is_said_first_and_else_not_at_all),
        cmocka_unit_test(runs_in_memory_keep_all_that_they_hold),
        cmocka_unit_test(a_network_takes_no_part_in_fits),
        cmocka_unit_test(a_network_of_run_sets_answers_alone),
        cmocka_unit_test(what_has_no_answer_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
