#include "data/conditions/conditions.h"

#include "chemistry/mechanism.h"
#include "data/conditions/additive.h"

#include <math.h>

enum { N_LOADINGS = 30, N_THIRDS = 3, A_THIRD = N_LOADINGS / N_THIRDS };

static double uniform_between(random_stream *r, double low, double high) {
    return low + (high - low) * mech_random_uniform(r);
}

/* The thirty loadings of a theta, ascending (insertion sort: they come one by one). */
static void draw_loadings(random_stream *r, double *loadings) {
    for (int n = 0; n < N_LOADINGS; n++) {
        const double loading = uniform_between(r, LEAST_LOADING, MOST_LOADING);
        int place = n;
        for (; place > 0 && loadings[place - 1] > loading; place--) loadings[place] = loadings[place - 1];
        loadings[place] = loading;
    }
}

void mech_draw_conditions(dataset_split s, random_stream *theta, random_stream *sample, conditions *c) {
    static const double test_regions[N_THIRDS][2] = {{0.01, 0.02}, {0.045, 0.055}, {0.09, 0.10}};
    if (s == SPLIT_TEST) {
        for (int i = 0; i < N_THIRDS; i++)
            c->loadings[i] = uniform_between(sample, test_regions[i][0], test_regions[i][1]);
    } else {
        double loadings[N_LOADINGS];
        draw_loadings(theta, loadings);
        for (uint32_t i = 0; i < N_THIRDS; i++)
            c->loadings[i] = loadings[i * A_THIRD + mech_random_below(sample, A_THIRD)];
    }
    for (int run = 0; run < N_THIRDS; run++) {
        c->s0[run] = 1;
        c->p0[run] = 0;
    }
    /* Run 4, the same excess: as if part of the substrate had turned into product already. */
    c->loadings[N_THIRDS] = c->loadings[mech_random_below(sample, N_THIRDS)];
    c->s0[N_THIRDS] = uniform_between(sample, LEAST_SAME_EXCESS, MOST_SAME_EXCESS);
    c->p0[N_THIRDS] = 1 - c->s0[N_THIRDS];
}

void mech_start_run(const mech_mechanism *mechanism, double s0, double p0, double cat0, double additive,
                    double *start) {
    const int species = mech_additive_species(mechanism);
    mech_mechanism_start(mechanism, s0, p0, cat0, start);
    if (species >= 0) start[species] = additive;
    mech_spend_reactants(mechanism, s0, start);
}

void mech_spend_reactants(const mech_mechanism *mechanism, double s0, double *start) {
    for (int s = 0; s < mechanism->n_species; s++)
        if (mechanism->species[s].role == MECH_ROLE_REACTANT && s0 < 1) start[s] = fmax(start[s] - (1 - s0), 0);
}

int mech_reactant_species(const mech_mechanism *mechanism) {
    for (int s = 0; s < mechanism->n_species; s++)
        if (mechanism->species[s].role == MECH_ROLE_REACTANT) return s;
    return -1;
}
