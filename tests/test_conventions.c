/* What a model sees depends on the chemistry alone: not on units, nor on the order in which runs were written down. */
#include "base/files/text.h"
#include "data/samples/mass_balance.h"
#include "experiment/view/conventions.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* A made experiment: first-order decay with a rate proportional to the loading. */
typedef struct made_run {
    double s0, p0, cat0, end;
    size_t n_points; /* after t = 0 */
} made_run;

static const made_run usual[4] = {
    {1.0, 0, 0.02, 40, 12}, {1.0, 0, 0.05, 20, 12}, {1.0, 0, 0.08, 10, 12}, {0.5, 0.5, 0.05, 15, 12}};

static double decay(const made_run *run, size_t point) {
    return run->s0 * exp(-2.5 * (double)point / (double)run->n_points);
}

/* Writes the runs in the given order as a long table of the asked columns and reads it. */
static mech_experiment *make(const made_run *runs, const size_t *order, double time_scale, double scale, bool with_s,
                             bool with_p) {
    text written = {0};
    mech_text_format(&written, "run,time,cat,S0,P0%s%s\n", with_s ? ",S" : "", with_p ? ",P" : "");
    for (size_t k = 0; k < 4; k++) {
        const made_run *run = &runs[order ? order[k] : k];
        for (size_t i = 0; i <= run->n_points; i++) {
            double s = decay(run, i);
            mech_text_format(&written, "r%zu,%.17g,%.17g,%.17g,%.17g", order ? order[k] : k,
                             time_scale * run->end * (double)i / (double)run->n_points, scale * run->cat0,
                             scale * run->s0, scale * run->p0);
            if (with_s) mech_text_format(&written, ",%.17g", scale * s);
            if (with_p) mech_text_format(&written, ",%.17g", scale * (run->s0 + run->p0 - s));
            mech_text_add(&written, "\n");
        }
    }
    assert_false(written.failed);
    mech_experiment *e = NULL;
    mech_error error = {0};
    if (mech_experiment_parse(written.characters, written.length, "made", NULL, &e, &error) != MECH_OK)
        fail_msg("%s", error.message);
    mech_text_free(&written);
    return e;
}

static model_view see(const mech_experiment *e, mech_sample_design sample_design) {
    model_view view;
    mech_error error = {0};
    if (mech_view_experiment(e, sample_design, &view, &error) != MECH_OK) fail_msg("%s", error.message);
    return view;
}

static void assert_same_view(const model_view *a, const model_view *b, float tolerance) {
    assert_int_equal(a->n_points, b->n_points);
    for (size_t i = 0; i < MODEL_RUNS; i++) assert_true(fabsf(a->x1[i] - b->x1[i]) <= tolerance);
    for (size_t i = 0; i < (a->n_points + 1) * MODEL_COLUMNS; i++)
        if (!(fabsf(a->x2[i] - b->x2[i]) <= tolerance || (isnan(a->x2[i]) && isnan(b->x2[i]))))
            fail_msg("x2[%zu]: %g and %g", i, a->x2[i], b->x2[i]);
}

static void conventions_are_as_documented(void **state) {
    (void)state;
    for (int seed = 0; seed < 2; seed++) {
        mech_experiment *e = make(usual, NULL, 60, 0.6, true, true);
        model_view view = see(e, seed ? MECH_DESIGN_FIXED_WINDOW : MECH_DESIGN_NATURE);
        assert_int_equal(view.n_points, 12);
        assert_true(fabs(view.concentration_unit - 0.6) < 1e-12 && fabs(view.time_unit - 2400) < 1e-9);
        assert_true(view.same_excess);
        for (size_t run = 0; run < 4; run++) {
            assert_int_equal(view.order[run], run);
            assert_true(fabsf(view.x1[run] - (float)usual[run].cat0) < 1e-6f);
            for (size_t i = 0; i <= 12; i++) {
                const float *row = view.x2 + i * 12 + 3 * run;
                double t = (double)i / 12 * (seed ? 1 : usual[run].end / 40), s = decay(&usual[run], i);
                assert_true(fabs((double)row[0] - t) < 1e-6);
                assert_true(fabs((double)row[1] - s) < 1e-6);
                assert_true(fabs((double)row[2] - (usual[run].s0 + usual[run].p0 - s)) < 1e-6);
            }
        }
        mech_model_view_free(&view);
        mech_experiment_free(e);
    }
}

static void units_change_nothing(void **state) {
    (void)state;
    static const double scales[] = {1, 1e-6, 0.6, 60, 3600, 1e5};
    mech_experiment *plain = make(usual, NULL, 1, 1, true, true);
    for (int sample_design = 0; sample_design < 2; sample_design++) {
        model_view expected = see(plain, (mech_sample_design)sample_design);
        for (size_t i = 0; i < 6; i++)
            for (size_t j = 0; j < 6; j++) {
                mech_experiment *e = make(usual, NULL, scales[i], scales[j], true, true);
                model_view view = see(e, (mech_sample_design)sample_design);
                assert_same_view(&view, &expected, 2e-7f);
                mech_model_view_free(&view);
                mech_experiment_free(e);
            }
        mech_model_view_free(&expected);
    }
    mech_experiment_free(plain);
}

/* All 24 orders, for runs of their own loadings and for runs that have them in common. */
static void order_of_runs_changes_nothing(void **state) {
    (void)state;
    static const made_run sets[3][4] = {
        {{1, 0, 0.02, 40, 9}, {1, 0, 0.05, 20, 12}, {1, 0, 0.08, 10, 30}, {0.5, 0.5, 0.05, 15, 12}},
        {{1, 0, 0.02, 40, 9}, {1, 0, 0.02, 41, 9}, {1, 0, 0.02, 40, 10}, {0.5, 0, 0.02, 15, 12}},
        {{1, 0, 0.02, 40, 9}, {1.01, 0, 0.05, 41, 9}, {0.99, 0, 0.08, 40, 10}, {1, 0, 0.1, 15, 12}},
    };
    for (size_t set = 0; set < 3; set++) {
        mech_experiment *first = make(sets[set], NULL, 1, 1, true, false);
        model_view expected = see(first, MECH_DESIGN_NATURE);
        for (size_t a = 0; a < 4; a++)
            for (size_t b = 0; b < 4; b++)
                for (size_t c = 0; c < 4; c++) {
                    if (a == b || a == c || b == c) continue;
                    const size_t order[4] = {a, b, c, 6 - a - b - c};
                    mech_experiment *e = make(sets[set], order, 1, 1, true, false);
                    model_view view = see(e, MECH_DESIGN_NATURE);
                    assert_same_view(&view, &expected, 0);
                    for (size_t i = 0; i < 4; i++) assert_int_equal(order[view.order[i]], expected.order[i]);
                    mech_model_view_free(&view);
                    mech_experiment_free(e);
                }
        mech_model_view_free(&expected);
        mech_experiment_free(first);
    }
}

static void what_was_not_measured_follows_from_the_mass_balance(void **state) {
    (void)state;
    mech_experiment *both = make(usual, NULL, 1, 1, true, true);
    model_view expected = see(both, MECH_DESIGN_NATURE);
    for (int with_s = 0; with_s < 2; with_s++) {
        mech_experiment *e = make(usual, NULL, 1, 1, with_s, !with_s);
        model_view view = see(e, MECH_DESIGN_NATURE);
        for (size_t i = 0; i <= view.n_points; i++)
            for (size_t run = 0; run < MODEL_RUNS; run++) {
                const float *at = view.x2 + i * MODEL_COLUMNS + 3 * run;
                assert_true(isnan(at[with_s ? 2 : 1]) == (i > 0) && !isnan(at[with_s ? 1 : 2]));
            }
        mech_complete_by_mass_balance(view.x2, view.n_points + 1);
        assert_same_view(&view, &expected, 2e-7f);
        mech_model_view_free(&view);
        mech_experiment_free(e);
    }
    mech_model_view_free(&expected);
    mech_experiment_free(both);
}

/* Kept points: the first, the last, ascending, at most 20 after t = 0, the same number in each run, and nowhere further
 * from even spacing than half a point. */
static void thinning_is_even(void **state) {
    (void)state;
    static const size_t lengths[][4] = {
        {25, 25, 25, 25}, {21, 20, 40, 500}, {1, 7, 300, 20}, {20, 20, 20, 20}, {3, 5, 8, 13}};
    for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++) {
        made_run runs[4];
        size_t fewest = 20;
        for (size_t i = 0; i < 4; i++) {
            runs[i] = usual[i];
            runs[i].n_points = lengths[k][i];
            if (lengths[k][i] < fewest) fewest = lengths[k][i];
        }
        mech_experiment *e = make(runs, NULL, 1, 1, true, false);
        model_view view = see(e, MECH_DESIGN_FIXED_WINDOW);
        assert_int_equal(view.n_points, fewest);
        for (size_t run = 0; run < 4; run++) {
            const float *first = view.x2 + 3 * run, *last = first + fewest * MODEL_COLUMNS;
            assert_true(first[0] == 0 && last[0] == 1);
            for (size_t i = 1; i <= fewest; i++) {
                float t = first[i * MODEL_COLUMNS];
                assert_true(t > first[(i - 1) * MODEL_COLUMNS]);
                assert_true(fabs((double)t - (double)i / (double)fewest) <= 0.5 / (double)lengths[k][run] + 1e-6);
            }
        }
        mech_model_view_free(&view);
        mech_experiment_free(e);
    }
}

/* Four first-order decays read at t = 0, 1, ..., 40, with S at the last time as given for the first run. */
static mech_experiment *watch_for_the_same_time(double last_of_first) {
    static const double rates[4] = {0.2, 0.5, 0.9, 0.5}, loadings[4] = {0.02, 0.05, 0.09, 0.05};
    text written = {0};
    mech_text_add(&written, "run,time,cat,S,P0\n");
    for (int run = 0; run < 4; run++)
        for (int t = 0; t <= 40; t++) {
            double s0 = run < 3 ? 1 : 0.5, s = s0 * exp(-rates[run] * t);
            mech_text_format(&written, "%d,%d,%g,%.9g,%g\n", run + 1, t, loadings[run],
                             run == 0 && t == 40 ? last_of_first : s, 1 - s0);
        }
    mech_experiment *e = NULL;
    mech_error error = {0};
    assert_false(written.failed);
    if (mech_experiment_parse(written.characters, written.length, "watched", NULL, &e, &error) != MECH_OK)
        fail_msg("%s", error.message);
    mech_text_free(&written);
    return e;
}

/* Conversion passes 99.5 % at rate t = 5.298: at the readings 27, 11, 6 and 11. Of the slowest run the plateau rises by
 * a thousandth more behind its middle, so that it ends a reading sooner. A stray last reading moves nothing. */
static void runs_end_where_their_reaction_does(void **state) {
    (void)state;
    static const size_t ends[4] = {26, 11, 6, 11};
    for (int stray = 0; stray < 2; stray++) {
        mech_experiment *e = watch_for_the_same_time(stray ? 0.4 : exp(-8));
        model_view view = see(e, MECH_DESIGN_NATURE);
        for (size_t run = 0; run < 4; run++) assert_int_equal(view.last[run], ends[run]);
        assert_int_equal(view.n_points, 6);
        assert_true(fabs(view.time_unit - 26) < 1e-12);
        assert_true(fabsf(view.x2[6 * MODEL_COLUMNS + 3] - 11.0f / 26) < 1e-6f);
        mech_model_view_free(&view);
        view = see(e, MECH_DESIGN_FIXED_WINDOW);
        for (size_t run = 0; run < 4; run++) assert_int_equal(view.last[run], 40);
        assert_int_equal(view.n_points, 20);
        mech_model_view_free(&view);
        mech_experiment_free(e);
    }
}

/* A run that does not react, or whose change may be noise, has no plateau behind its reaction: all of it counts. */
static void runs_that_do_not_react_are_used_to_their_end(void **state) {
    (void)state;
    enum { LAST = 30 };
    static const double rises[] = {0, 0.002, 0.02}; /* of every second reading of run 1 */
    for (size_t i = 0; i < sizeof rises / sizeof rises[0]; i++) {
        text written = {0};
        mech_text_add(&written, "run,t,cat,S,P0\n");
        for (int run = 0; run < 4; run++)
            for (int t = 0; t <= LAST; t++) {
                const double s0 = run < 3 ? 1 : 0.5, reacting = s0 * exp(-0.1 * t);
                const double idle = 1 - (t ? 0.5 * rises[i] : 0) + (t % 2 ? rises[i] : -rises[i]) * (t > 0);
                mech_text_format(&written, "%d,%d,%g,%.9g,%g\n", run + 1, t, 0.02 * (run + 1), run ? reacting : idle,
                                 1 - s0);
            }
        mech_experiment *e = NULL;
        assert_false(written.failed);
        assert_int_equal(mech_experiment_parse(written.characters, written.length, "idle", NULL, &e, NULL), MECH_OK);
        model_view view = see(e, MECH_DESIGN_NATURE);
        for (size_t run = 0; run < 4; run++) assert_int_equal(view.last[run], LAST);
        assert_int_equal(view.n_points, 20);
        mech_model_view_free(&view);
        mech_experiment_free(e);
        mech_text_free(&written);
    }
}

static void other_shapes_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *table, *message;
    } cases[] = {
        {"t,S,cat\n0,1,0.1\n1,0.5,0.1\n",
         "f.csv: has 1 run; this version classifies exactly four: three loadings at one [S]0 and a same-excess run"},
        {"t,S,cat\n0,1,0.1\n1,0.5,0.1\n0,1,0.1\n1,0.5,0.1\n0,1,0.1\n1,0.5,0.1\n",
         "f.csv: has 3 runs; this version classifies exactly four: three loadings at one [S]0 and a same-excess run"},
        {"t,S,cat\n0,1,0.1\n1,0.5,0.1\n0,0.8,0.1\n1,0.5,0.1\n0,0.6,0.1\n1,0.5,0.1\n0,0.4,0.1\n1,0.1,0.1\n",
         "f.csv: no three runs start at the same [S]0 (1, 0.8, 0.6, 0.4); expected three runs alike but for the "
         "loading, "
         "and a same-excess run"},
        {"t,S,cat\n0,1,0.1\n1,1.01,0.1\n0,1,0.2\n1,0.995,0.2\n0,1,0.3\n1,1,0.3\n0,0.5,0.1\n1,0.498,0.1\n",
         "f.csv: nothing reacts: the runs end at conversions of 0.5 % at most; expected more than 1 % in one of them"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        mech_experiment *e = NULL;
        mech_error error = {0};
        model_view view;
        assert_int_equal(mech_experiment_parse(cases[i].table, strlen(cases[i].table), "f.csv", NULL, &e, &error),
                         MECH_OK);
        assert_int_equal(mech_view_experiment(e, MECH_DESIGN_NATURE, &view, &error), MECH_INVALID_INPUT);
        assert_string_equal(error.message, cases[i].message);
        mech_experiment_free(e);
    }
}

static mech_experiment *read_or_null(const char *path) {
    mech_experiment *e = NULL;
    mech_error error = {0};
    FILE *there = fopen(path, "rb");
    if (!there) return NULL;
    fclose(there);
    if (mech_experiment_read(path, NULL, &e, &error) != MECH_OK) fail_msg("%s", error.message);
    return e;
}

static void example_and_wide_original_are_seen_alike(void **state) {
    (void)state;
    mech_experiment *example = read_or_null(SOURCE_DIR "/examples/iron-cycloisomerization.csv");
    assert_non_null(example);
    model_view a = see(example, MECH_DESIGN_NATURE);
    assert_int_equal(a.n_points, 20);
    assert_true(a.order[3] == 3 && fabs(a.concentration_unit - 0.6) < 1e-15);
    mech_experiment *original = read_or_null(SHARED_DIR "/experiments/iron-cycloisomerization.tsv");
    if (original) {
        model_view b = see(original, MECH_DESIGN_NATURE);
        assert_same_view(&a, &b, 0);
        mech_model_view_free(&b);
    }
    mech_model_view_free(&a);
    mech_experiment_free(example);
    if (!original) {
        print_message("the wide original is not here\n");
        skip();
    }
    mech_experiment_free(original);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conventions_are_as_documented),
        cmocka_unit_test(units_change_nothing),
        cmocka_unit_test(order_of_runs_changes_nothing),
        cmocka_unit_test(what_was_not_measured_follows_from_the_mass_balance),
        cmocka_unit_test(thinning_is_even),
        cmocka_unit_test(runs_end_where_their_reaction_does),
        cmocka_unit_test(runs_that_do_not_react_are_used_to_their_end),
        cmocka_unit_test(other_shapes_are_refused),
        cmocka_unit_test(example_and_wide_original_are_seen_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
