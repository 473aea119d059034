/* Whatever runs hold, they are analysed or refused with a message of one line, and what comes out is finite or says
 * that it is not known.
 *
 * The bytes: how many runs, then of each run its start amounts and readings, a byte a number. */
#include "fuzz.h"
#include "mechanist.h"

#include <math.h>

enum { MOST_RUNS_TRIED = 4, MOST_READINGS_TRIED = 12 };

/* The input as it is used up. */
typedef struct supply {
    const uint8_t *at, *end;
} supply;

static unsigned choose(supply *s) { return s->at < s->end ? *s->at++ : 0; }

/* From 0 over many powers of ten; 255 stands for what was not measured. */
static double number(supply *s) {
    const unsigned byte = choose(s);
    if (byte == 255) return NAN;
    return byte == 0 ? 0 : byte < 200 ? byte / 100.0 : pow(10, (double)byte - 228);
}

static void add_run(supply *s, mech_run_set *set) {
    double time[MOST_READINGS_TRIED], substrate[MOST_READINGS_TRIED], product[MOST_READINGS_TRIED];
    double b[MOST_READINGS_TRIED], active[MOST_READINGS_TRIED], now = 0;
    const unsigned what = choose(s), n = 1 + choose(s) % MOST_READINGS_TRIED;
    for (unsigned i = 0; i < n; i++) {
        const double step = number(s);
        now += isnan(step) ? 0 : step;
        time[i] = now;
        substrate[i] = number(s);
        product[i] = what & 2 ? number(s) : NAN;
        b[i] = what & 4 ? number(s) : NAN;
        active[i] = what & 8 ? number(s) : NAN;
    }
    const mech_reactant reactant = {.species = "B", .start = number(s), .concentration = what & 4 ? b : NULL};
    const mech_run run = {.size = sizeof run,
                          .name = "r",
                          .n_readings = n,
                          .time = time,
                          .substrate = what & 1 ? NULL : substrate,
                          .product = what & 2 ? product : NULL,
                          .active = what & 8 ? active : NULL,
                          .s0 = number(s),
                          .p0 = number(s),
                          .cat0 = number(s),
                          .n_reactants = what & 16 ? 1 : 0,
                          .reactants = &reactant};
    mech_error error;
    if (mech_run_set_add(set, &run, &error) != MECH_OK) require(is_one_line(error.message));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    supply s = {data, data + size};
    mech_run_set *set;
    mech_kinetics *kinetics;
    mech_error error;
    mech_kinetics_options options = mech_kinetics_options_default();
    options.n_draws = 20;
    require(mech_run_set_new("", "", &set, NULL) == MECH_OK);
    const unsigned n = 1 + choose(&s) % MOST_RUNS_TRIED;
    for (unsigned i = 0; i < n; i++) add_run(&s, set);
    if (mech_kinetics_analyse(set, &options, &kinetics, &error) == MECH_OK) {
        for (size_t i = 0; i < kinetics->n_orders; i++) {
            const mech_order *o = &kinetics->orders[i];
            require(!o->estimated || (isfinite(o->order.value) && o->order.low <= o->order.value));
            require(o->estimated || *o->remark);
        }
        for (size_t i = 0; i < kinetics->n_runs; i++) {
            const mech_kinetic_run *r = &kinetics->runs[i];
            for (size_t j = 0; r->normalised && j < r->n_readings; j++) require(!isnan(r->normalised[j]));
            for (size_t j = 0; j < r->n_curve; j++) require(r->curve_rate[j] >= 0);
        }
        mech_kinetics_free(kinetics);
    } else {
        require(!kinetics && error.message[0] && is_one_line(error.message));
    }
    mech_run_set_free(set);
    return 0;
}
