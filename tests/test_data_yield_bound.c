/* The bound on a reaction's yield that spares integrations: never below what the solver finds, and worth having. */
#include "data/conditions/additive.h"
#include "data/prior/acceptance.h"
#include "data/prior/prior.h"
#include "data/prior/yield_bound.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { N_THETAS = 800 };

static double k[N_THETAS * MAX_RATE_CONSTANTS], start[N_THETAS * MAX_SPECIES], y[N_THETAS * MAX_SPECIES];

/* Conversions at t = 100 of random thetas of the wide prior. */
static void simulate(const mech_mechanism *mechanism, double s0, double cat0) {
    const double times[1] = {100};
    const size_t n = mech_mechanism_n_species(mechanism), n_k = mech_mechanism_n_rate_constants(mechanism);
    mech_solver_options options = mech_solver_options_default();
    mech_error error;
    prior *p = NULL;
    options.rtol = 1e-8;
    options.atol = 1e-11;
    assert_int_equal(mech_prior_new("wide", &mechanism, 1, &p, &error), MECH_OK);
    for (size_t i = 0; i < N_THETAS; i++) {
        random_stream r = mech_random_open(8, RANDOM_TEST, 0, i);
        mech_prior_draw(p, 0, &r, k + i * n_k);
        mech_mechanism_start(mechanism, s0, 0, cat0, start + i * n);
    }
    mech_prior_free(p);
    const mech_problems problems = {
        .n_problems = N_THETAS, .k = k, .start = start, .times = times, .n_times = 1, .times_shared = true};
    assert_int_equal(mech_simulate(mechanism, &options, &problems, y, NULL, &error), MECH_OK);
}

static void no_reaction_converts_more_than_the_bound(void **state) {
    (void)state;
    static const struct { double s0, cat0; } runs[] = {{1, 0.01}, {0.5, 0.1}};
    for (size_t m = 0; m < mech_builtin_count(); m++)
        for (size_t run = 0; run < 2; run++) {
            const mech_mechanism *mechanism = mech_builtin(m);
            const yield_bound bound = mech_yield_bound_find(mechanism);
            const size_t n = mech_mechanism_n_species(mechanism), n_k = mech_mechanism_n_rate_constants(mechanism);
            const double s0 = runs[run].s0, cat0 = runs[run].cat0;
            size_t ruled_out = 0, half = 0;
            simulate(mechanism, s0, cat0);
            for (size_t i = 0; i < N_THETAS; i++) {
                const double converted = s0 - y[i * n],
                             most = mech_largest_conversion(&bound, k + i * n_k, s0, cat0, 100);
                if (!(converted <= most + 1e-6))
                    fail_msg("%s, theta %zu: %.8f converted, bound %.8f", mechanism->id, i, converted, most);
                ruled_out += most < 0.5 * s0;
                half += converted >= 0.5 * s0;
            }
            /* Half of all thetas are too slow in taking up S at a loading of 0.01, and some in releasing P. */
            if (run == 0 && (ruled_out < N_THETAS * 2 / 5 || ruled_out + half > N_THETAS))
                fail_msg("%s: %zu of %d ruled out, %zu convert half", mechanism->id, ruled_out, N_THETAS, half);
        }
}

static void reactions_of_another_form_have_no_bound(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool uptake, release;
        double held;
    } cases[] = {
        {"cat + S <=> catS : a, b\ncatS <=> cat + P : c, d\n", true, true, 1},
        {"cat + S <=> catS : a, b\ncatS + S <=> catS2 : c, d\ncatS2 <=> catS + P : e, f\n", true, true, 2},
        {"2 cat <=> cat2 : e, f\ncat2 + S <=> cat2S : a, b\ncat2S <=> cat2 + P : c, d\n", true, true, 0.5},
        {"cat + S <=> catS : a, b\ncatS <=> cat + P : c, d\nS -> P : e\n", false, false, 1},
        {"cat + S <=> catS : a, b\ncatS + S <=> cat + P + S : c, d\n", true, false, 1},
        {"cat + 2 S <=> catSS : a, b\ncatSS <=> cat + 2 P : c, d\n", false, false, 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        mech_mechanism *mechanism = NULL;
        mech_error error;
        if (mech_mechanism_parse(cases[i].text, strlen(cases[i].text), "case", &mechanism, &error) != MECH_OK)
            fail_msg("%s", error.message);
        const yield_bound bound = mech_yield_bound_find(mechanism);
        if (bound.uptake_bounded != cases[i].uptake || bound.release_bounded != cases[i].release)
            fail_msg("case %zu: %d %d", i, bound.uptake_bounded, bound.release_bounded);
        if (bound.release_bounded) assert_true(bound.held == cases[i].held);
        const double rates[6] = {1e-5, 1e-5, 1e-5, 1e-5, 1e-5, 1e-5};
        assert_int_equal(mech_largest_conversion(&bound, rates, 1, 0.01, 100) == 1,
                         !bound.uptake_bounded && !bound.release_bounded);
        mech_mechanism_free(mechanism);
    }
    for (size_t m = 0; m < mech_builtin_count(); m++) {
        const yield_bound bound = mech_yield_bound_find(mech_builtin(m));
        assert_true(bound.uptake_bounded);
        /* M4's release needs X. */
        assert_int_equal(bound.release_bounded, m != 3);
    }
}

/* Plain rejection: every candidate is integrated, none is spared. */
static void the_bound_changes_no_verdict(void **state) {
    (void)state;
    static double additive[N_THETAS];
    static uint8_t verdicts[N_THETAS];
    const mech_solver_options options = mech_solver_options_default();
    const double times[1] = {100};
    for (size_t m = 0; m < mech_builtin_count(); m++) {
        const mech_mechanism *mechanism = mech_builtin(m);
        const size_t n = mech_mechanism_n_species(mechanism), n_k = mech_mechanism_n_rate_constants(mechanism);
        const int extra = mech_additive_species(mechanism);
        mech_error error;
        prior *p = NULL;
        size_t yields = 0;
        assert_int_equal(mech_prior_new("wide", &mechanism, 1, &p, &error), MECH_OK);
        for (size_t i = 0; i < N_THETAS; i++) {
            random_stream r = mech_random_open(9, RANDOM_TEST, m, i);
            mech_prior_draw(p, 0, &r, k + i * n_k);
            additive[i] = mech_draw_additive(mechanism, MECH_DESIGN_NATURE, &r);
            mech_mechanism_start(mechanism, 1, 0, 0.01, start + i * n);
            if (extra >= 0) start[i * n + (size_t)extra] = additive[i];
        }
        mech_prior_free(p);
        const mech_problems problems = {
            .n_problems = N_THETAS, .k = k, .start = start, .times = times, .n_times = 1, .times_shared = true};
        assert_int_equal(mech_simulate(mechanism, &options, &problems, y, NULL, &error), MECH_OK);
        const candidates all = {.n = N_THETAS, .k = k, .additive = additive};
        assert_int_equal(mech_judge_candidates(mechanism, &options, &all, verdicts, &error), MECH_OK);
        for (size_t i = 0; i < N_THETAS; i++) {
            const double conversion = 1 - y[i * n];
            const bool reaches = conversion >= 0.5 && conversion <= 1 + 1e-6;
            yields += reaches;
            if (verdicts[i] == SOLVER_FAILED || (verdicts[i] == REFUSED_BY_YIELD) == reaches)
                fail_msg("%s, candidate %zu: verdict %d, conversion %.8f", mechanism->id, i, verdicts[i], conversion);
        }
        assert_true(yields > 0 && yields < N_THETAS);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_reaction_converts_more_than_the_bound),
        cmocka_unit_test(the_bound_changes_no_verdict),
        cmocka_unit_test(reactions_of_another_form_have_no_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
