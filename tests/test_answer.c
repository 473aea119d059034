/* Answers to experiments as laboratories make them: noise with stray readings, runs watched beyond their end, errors in
 * loadings, clocks and starts, and what puts an answer in doubt. */
#include "base/files/text.h"
#include "base/random.h"
#include "data/runs/noise.h"
#include "experiment/answer/cautions.h"
#include "experiment/view/ends.h"
#include "experiment/view/errors.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { ROOM_FOR_READINGS = 64 };

/* A first-order run from [S]0 = 2 with 97 % conversion at its end, read with noise in units of [S]0. */
typedef struct made_run {
    double time[ROOM_FOR_READINGS], substrate[ROOM_FOR_READINGS], product[ROOM_FOR_READINGS];
    mech_run run;
} made_run;

static void make(made_run *m, size_t n, double end, double noise, bool with_product, random_stream *r) {
    const double s0 = 2;
    for (size_t i = 0; i < n; i++) {
        m->time[i] = end * (double)i / (double)(n - 1);
        const double s = s0 * exp(-3.5 * m->time[i]);
        m->substrate[i] = s + (i && noise > 0 ? noise * s0 * mech_random_normal(r) : 0);
        m->product[i] = s0 - s + (i && noise > 0 ? noise * s0 * mech_random_normal(r) : 0);
    }
    m->run = (mech_run){.size = sizeof m->run,
                        .name = "made",
                        .n_readings = n,
                        .time = m->time,
                        .substrate = m->substrate,
                        .product = with_product ? m->product : NULL,
                        .s0 = s0,
                        .cat0 = 0.02};
}

/* Over many runs the mean estimate is within a quarter of the truth, and one stray reading anywhere changes a run's by
 * less than the noise itself. */
static void noise_is_found_and_no_stray_reading_moves_it(void **state) {
    (void)state;
    random_stream r = mech_random_open(1, RANDOM_TEST, 0, 0);
    enum { RUNS = 200, READINGS = 20 };
    for (int with_product = 0; with_product < 2; with_product++)
        for (int level = 0; level < 2; level++) {
            const double noise = level ? 0.02 : 0.005;
            double sum = 0, moved = 0;
            for (size_t k = 0; k < RUNS; k++) {
                made_run m;
                make(&m, READINGS, 1, noise, with_product, &r);
                const double plain = mech_noise_of(&m.run) / m.run.s0;
                sum += plain;
                const size_t stray = k % 3 == 0 ? 1 : k % 3 == 1 ? READINGS - 1 : READINGS / 2;
                m.substrate[stray] += 0.5 * m.run.s0;
                moved += mech_noise_of(&m.run) / m.run.s0 - plain;
            }
            if (!(fabs(sum / RUNS / noise - 1) < 0.25)) fail_msg("noise of %g found as %g", noise, sum / RUNS);
            if (!(moved / RUNS < 0.5 * noise)) fail_msg("noise of %g moved by %g", noise, moved / RUNS);
        }
}

/* Smooth curves are not taken for noise, however far apart their readings are spread. */
static void smooth_runs_have_no_noise(void **state) {
    (void)state;
    made_run m;
    make(&m, 21, 1, 0, false, NULL);
    assert_true(mech_noise_of(&m.run) < 1e-3 * m.run.s0);
    make(&m, 21, 1, 0, true, NULL);
    assert_true(mech_noise_of(&m.run) < 1e-3 * m.run.s0);
    make(&m, 2, 1, 0, true, NULL);
    assert_true(isnan(mech_noise_of(&m.run)));
}

/* Conversion passes 95 % at t = 0.856. Whatever the noise, runs watched to two, four and eight times that end behind it
 * and before most of the plateau; and one stray last reading, low or high, changes the end of no run by much. */
static void plateaus_are_cut_off_with_noise_and_stray_readings(void **state) {
    (void)state;
    random_stream r = mech_random_open(2, RANDOM_TEST, 0, 0);
    static const double ends[] = {1.7, 3.4, 6.8}, noises[] = {0, 0.004, 0.01, 0.02}, strays[] = {0, -0.3, 0.3};
    for (size_t e = 0; e < 3; e++)
        for (size_t n = 0; n < 4; n++)
            for (size_t k = 0; k < 3; k++) {
                size_t good = 0;
                enum { RUNS = 100 };
                for (size_t i = 0; i < RUNS; i++) {
                    made_run m;
                    make(&m, 40, ends[e], noises[n], false, &r);
                    m.substrate[39] += strays[k] * m.run.s0;
                    const size_t last = mech_end_of_reaction(&m.run);
                    const double share = 1 - exp(-3.5 * m.time[last]);
                    good += share > 0.85 && m.time[last] < (e ? 0.65 * ends[e] : ends[e]);
                }
                if (good < 90) fail_msg("%zu of 100 (end %g, noise %g, stray %g)", good, ends[e], noises[n], strays[k]);
            }
}

/* One reading long after the others lies behind the end; one at the usual distance does not, and a run that is still
 * reacting is used to its end. */
static void overnight_readings_are_left_out(void **state) {
    (void)state;
    random_stream r = mech_random_open(3, RANDOM_TEST, 0, 0);
    static const double later[] = {4, 10};
    for (size_t k = 0; k < 2; k++) {
        size_t cut = 0, kept = 0, whole = 0;
        for (size_t i = 0; i < 100; i++) {
            made_run m;
            make(&m, 14, 0.9, 0.005, false, &r);
            kept += mech_end_of_reaction(&m.run) >= 11;
            m.time[13] = later[k];
            m.substrate[13] = 0.005 * 2 * mech_random_normal(&r);
            cut += mech_end_of_reaction(&m.run) == 12;
            make(&m, 14, 0.3, 0.005, false, &r);
            whole += mech_end_of_reaction(&m.run) == 13;
        }
        if (cut < 95 || kept < 95 || whole < 99) fail_msg("%zu cut, %zu kept, %zu whole", cut, kept, whole);
    }
}

static mech_experiment *read_text(const char *words) {
    mech_experiment *e = NULL;
    mech_error error = {0};
    if (mech_experiment_parse(words, strlen(words), "made", NULL, &e, &error) != MECH_OK) fail_msg("%s", error.message);
    return e;
}

/* Four first-order runs with a table that says nothing of a second reactant, of which run 2 has `share`. */
static mech_experiment *four_runs(double share, double noise, uint64_t seed) {
    static const double rates[4] = {2, 2, 4, 2}, loadings[4] = {0.05, 0.05, 0.1, 0.05};
    random_stream r = mech_random_open(seed, RANDOM_TEST, 1, 0);
    text t = {0};
    mech_text_add(&t, "run,t,S,P0,cat\n");
    for (size_t k = 0; k < 4; k++)
        for (size_t i = 0; i <= 12; i++) {
            const double s0 = k == 3 ? 0.5 : 1, time = (double)i / 12;
            const double done = (1 - exp(-rates[k] * time)) * (k == 1 ? share : 1);
            mech_text_format(&t, "%zu,%g,%.6f,%g,%g\n", k + 1, time,
                             s0 * (1 - done) + (i ? noise * mech_random_normal(&r) : 0), 1 - s0, loadings[k]);
        }
    mech_experiment *e = read_text(t.characters);
    mech_text_free(&t);
    return e;
}

static size_t unlike_runs(const mech_experiment *e, char *words, size_t room) {
    model_view view;
    notes list = {0};
    assert_int_equal(mech_view_experiment(e, MECH_DESIGN_NATURE, &view, NULL), MECH_OK);
    mech_note_unlike_runs(e, view.concentration_unit, &list);
    const size_t n = list.n;
    if (n && words) snprintf(words, room, "%s", list.sentences[0]);
    mech_notes_free(&list);
    mech_model_view_free(&view);
    return n;
}

/* Runs 1 and 2 start alike. They are told apart where they end apart, and never else. */
static void runs_that_start_alike_and_end_apart_are_named(void **state) {
    (void)state;
    size_t false_alarms = 0, found = 0;
    char words[512] = "";
    for (uint64_t seed = 0; seed < 100; seed++) {
        mech_experiment *alike = four_runs(1, 0.01, seed), *unlike = four_runs(0.8, 0.01, seed);
        false_alarms += unlike_runs(alike, NULL, 0);
        found += unlike_runs(unlike, words, sizeof words) == 1;
        mech_experiment_free(alike);
        mech_experiment_free(unlike);
    }
    if (false_alarms > 3 || found < 97) fail_msg("%zu false, %zu found", false_alarms, found);
    assert_non_null(strstr(words, "runs 1 and 2 start alike and end 1"));
}

/* A best fit that leaves what noise explains is no reason to doubt, one that leaves five times that is; and a stray
 * reading in the file does not silence the note. */
static void misfits_are_measured_by_the_noise(void **state) {
    (void)state;
    for (int stray = 0; stray < 2; stray++) {
        notes list = {0};
        mech_experiment *e = four_runs(1, 0.01, 4);
        if (stray) ((double *)(uintptr_t)e->runs[0].substrate)[11] += 1;
        mech_note_misfit(e, 1, "M13", 0.01, 0.01, &list);
        mech_note_misfit(e, 1, "M13", 0.02, 0.02, &list);
        mech_note_misfit(e, 1, "M13", 0.05, 0.01, &list); /* a stray reading made it large */
        assert_int_equal(list.n, 0);
        mech_note_misfit(e, 1, "M13", 0.05, 0.05, &list);
        assert_int_equal(list.n, 1);
        assert_non_null(
            strstr(list.sentences[0], "even the best fit, that of M13, misses the readings by 5 % of [S]0"));
        mech_notes_free(&list);
        mech_experiment_free(e);
    }
}

/* Draws are a function of view and number, centred on what the table says, leave starts and gaps alone, and their
 * loadings spread as the distribution of errors does: the standard deviation of ln is log-uniform on 0.01 to 0.2 in
 * four fifths of laboratories, so that its mean square is 0.8 (0.2^2 - 0.01^2) / (2 ln 20) = 0.0053. */
static void errors_are_drawn_as_documented(void **state) {
    (void)state;
    mech_experiment *e = four_runs(1, 0, 1);
    model_view view;
    assert_int_equal(mech_view_experiment(e, MECH_DESIGN_NATURE, &view, NULL), MECH_OK);
    design *laboratory = NULL;
    assert_int_equal(mech_design_open("laboratory", &laboratory, NULL), MECH_OK);
    enum { DRAWS = 4000, ROOM = (MOST_POINTS + 1) * MODEL_COLUMNS };
    float x1[4], x2[ROOM], again1[4], again2[ROOM];
    double squares = 0, middle = 0;
    size_t n = 0;
    for (size_t draw = 0; draw < DRAWS; draw++) {
        mech_draw_errors(laboratory, &view, draw, x1, x2);
        mech_draw_errors(laboratory, &view, draw, again1, again2);
        const size_t values = (view.n_points + 1) * MODEL_COLUMNS;
        assert_memory_equal(x1, again1, sizeof x1);
        assert_memory_equal(x2, again2, values * sizeof *x2);
        /* The difference of two runs of one loading is free of what died in both. */
        squares += pow(log((double)x1[0] / (double)x1[1]), 2) / 2;
        middle += log((double)x1[2] / view.loadings[2]);
        n++;
        float longest = 0;
        for (size_t i = 0; i < MODEL_RUNS; i++) {
            assert_true(x2[3 * i] == 0 && x2[3 * i + 1] == view.x2[3 * i + 1] && x2[3 * i + 2] == view.x2[3 * i + 2]);
            longest = fmaxf(longest, x2[view.n_points * MODEL_COLUMNS + 3 * i]);
            for (size_t j = 1; j <= view.n_points; j++) {
                const size_t at = j * MODEL_COLUMNS + 3 * i;
                assert_true(x2[at] >= x2[at - MODEL_COLUMNS] && isnan(x2[at + 2]) && isfinite(x2[at + 1]));
            }
        }
        assert_true(longest == 1);
    }
    if (!(fabs(squares / (double)n / 0.0053 - 1) < 0.15)) fail_msg("%g", squares / (double)n);
    assert_true(fabs(middle / (double)n) < 0.03);
    mech_design_free(laboratory);
    mech_model_view_free(&view);
    mech_experiment_free(e);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(noise_is_found_and_no_stray_reading_moves_it),
        cmocka_unit_test(smooth_runs_have_no_noise),
        cmocka_unit_test(plateaus_are_cut_off_with_noise_and_stray_readings),
        cmocka_unit_test(overnight_readings_are_left_out),
        cmocka_unit_test(runs_that_start_alike_and_end_apart_are_named),
        cmocka_unit_test(misfits_are_measured_by_the_noise),
        cmocka_unit_test(errors_are_drawn_as_documented),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
