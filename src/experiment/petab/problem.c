#include "experiment/petab/problem.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Bounds are so many standard deviations of what was known beforehand away from its mean ... */
static const double BOUNDS = 5;
/* ... and leave an optimum at least this room, as a ratio. */
static const double ROOM = 10, ROOM_OF_FACTORS = 1.05;

static const double *run_errors(const petab_problem *p, size_t run) {
    return p->fitted->best + mech_fit_run_errors(&p->fitted->space, run);
}

static const double *shared_errors(const petab_problem *p) {
    return p->fitted->best + mech_fit_shared_errors(&p->fitted->space);
}

static const error_spreads *spreads(const petab_problem *p) {
    return &p->fitted->evidence.all_levels->level[p->fitted->level];
}

static double concentration_unit(const petab_problem *p) { return p->fitted->space.data->concentration_unit; }

double mech_petab_clock_offset(const petab_problem *p, size_t run) {
    const observations *data = p->fitted->space.data;
    return run_errors(p, run)[ERROR_CLOCK] * data->runs[run].length * data->time_unit;
}

const char *mech_petab_observable(reading_kind of) {
    static const char *const names[READING_KINDS] = {"obs_S", "obs_P", "obs_B", "obs_active"};
    return names[of];
}

double mech_petab_reading_unit(const petab_problem *p, reading_kind of) {
    return concentration_unit(p) * (of == READING_ACTIVE ? p->fitted->space.data->most_loading : 1);
}

/* A row more; its place. */
static int add_parameter(petab_problem *p, const petab_parameter *parameter) {
    p->parameters[p->n_parameters] = *parameter;
    return (int)p->n_parameters++;
}

static void add_theta(petab_problem *p, size_t j) {
    const fit_space *s = &p->fitted->space;
    const theta_prior *known = &p->fitted->prior;
    const bool is_constant = j < s->n_k;
    const int power = is_constant ? 1 - mech_mechanism_order(s->mechanism, j) : 1;
    const double unit = pow(s->data->concentration_unit, power) * pow(s->data->time_unit, is_constant ? -1 : 0);
    petab_parameter of = {.value = unit * exp(p->fitted->best[j]), .estimated = true};
    const double low = known->mean[j] - BOUNDS * known->spread[j], high = known->mean[j] + BOUNDS * known->spread[j];
    of.low = fmin(unit * exp(low), of.value / ROOM);
    of.high = fmax(unit * exp(high), of.value * ROOM);
    if (is_constant) {
        snprintf(of.id, sizeof of.id, "%s", p->ids.rate_constants[j]);
        snprintf(of.name, sizeof of.name, "%s", s->mechanism->rate_constants[j]);
        p->k[j] = of.value;
    } else {
        snprintf(of.id, sizeof of.id, "start_amount_of_%s", p->ids.species[s->additive]);
        snprintf(of.name, sizeof of.name, "[%s]0", s->mechanism->species[s->additive].name);
    }
    add_parameter(p, &of);
}

/* A factor whose ln is `value` at the best point. Returns its place; -1 where it is 1 and known to be. */
static int add_factor(petab_problem *p, const char *id, const char *name, double value, double mean, double spread) {
    if (value == 0 && spread == 0) return -1;
    petab_parameter of = {.value = exp(value), .estimated = spread > 0, .mean = mean, .spread = spread};
    of.prior = of.estimated ? PETAB_LOG_NORMAL : PETAB_NO_PRIOR;
    of.low = fmin(exp(mean - BOUNDS * spread), of.value / ROOM_OF_FACTORS);
    of.high = fmax(exp(mean + BOUNDS * spread), of.value * ROOM_OF_FACTORS);
    snprintf(of.id, sizeof of.id, "%s", id);
    snprintf(of.name, sizeof of.name, "%s", name);
    return add_parameter(p, &of);
}

static int add_shared(petab_problem *p, const char *id, const char *name, shared_error which) {
    const error_spreads *level = spreads(p);
    return add_factor(p, id, name, shared_errors(p)[which], level->mean[RUN_ERRORS + which],
                      level->spread[RUN_ERRORS + which]);
}

static int add_run_factor(petab_problem *p, const char *id, const char *name, run_error which, size_t run) {
    char own_id[PETAB_MOST_ID], own_name[PETAB_MOST_ID];
    snprintf(own_id, sizeof own_id, "%s_run%zu", id, run + 1);
    snprintf(own_name, sizeof own_name, "%s of run %zu", name, run + 1);
    return add_factor(p, own_id, own_name, run_errors(p, run)[which], spreads(p)->mean[which],
                      spreads(p)->spread[which]);
}

static int add_dead(petab_problem *p) {
    const error_spreads *level = spreads(p);
    const double unit = p->fitted->space.least_loading * concentration_unit(p);
    const double spread = level->spread[RUN_ERRORS + ERROR_DEAD] * unit, value = shared_errors(p)[ERROR_DEAD] * unit;
    if (value == 0 && spread == 0) return -1;
    petab_parameter of = {.id = "dead_catalyst",
                          .name = "catalyst that is dead from the start",
                          .value = value,
                          .estimated = spread > 0,
                          .linear = true,
                          .mean = level->mean[RUN_ERRORS + ERROR_DEAD] * unit,
                          .spread = spread};
    of.prior = of.estimated ? PETAB_NORMAL : PETAB_NO_PRIOR;
    of.low = fmin(0, value);
    of.high = fmax(of.mean + BOUNDS * spread, value);
    return add_parameter(p, &of);
}

static void add_noise(petab_problem *p) {
    const noise_level *noise = &p->fitted->noise;
    const double unit = mech_noise_deviation(noise) / noise->additive, amount = unit * concentration_unit(p);
    p->has_proportional_noise = noise->proportional > 0;
    /* Who told the noise told one that is the same for all readings. */
    const petab_parameter of = {.id = "noise",
                                .name = "standard deviation of a reading",
                                .value = amount * noise->additive,
                                .low = amount * fmin(LEAST_NOISE, noise->additive / ROOM_OF_FACTORS),
                                .high = amount * fmax(MOST_NOISE, noise->additive * ROOM_OF_FACTORS),
                                .estimated = p->has_proportional_noise};
    add_parameter(p, &of);
    if (!p->has_proportional_noise) return;
    const petab_parameter more = {.id = "proportional_noise",
                                  .name = "standard deviation of a reading as a share of it",
                                  .value = unit * noise->proportional,
                                  .low = unit * fmin(LEAST_PROPORTIONAL, noise->proportional / ROOM_OF_FACTORS),
                                  .high = unit * fmax(MOST_PROPORTIONAL, noise->proportional * ROOM_OF_FACTORS),
                                  .estimated = true};
    add_parameter(p, &more);
}

static petab_target *add_target(petab_problem *p, const char *id) {
    petab_target *target = &p->targets[p->n_targets++];
    snprintf(target->id, sizeof target->id, "%s", id);
    for (size_t r = 0; r < MECH_MOST_RUNS; r++) target->runs[r].parameter = -1;
    return target;
}

/* The same, which is a parameter of the model. */
static petab_target *add_model_parameter(petab_problem *p, const char *id, const char *name, bool is_concentration) {
    p->model_parameters[p->n_model_parameters++] =
        (sbml_parameter){.id = id, .name = name, .is_concentration = is_concentration};
    return add_target(p, id);
}

/* A start amount as it was written, and the factor on it: 1 where there is nothing. */
static void add_start(petab_problem *p, const char *amount_id, const char *amount_name, const char *factor_id,
                      const char *factor_name, run_error which, const double *amounts) {
    petab_target *amount = add_model_parameter(p, amount_id, amount_name, true);
    petab_target *factor = add_model_parameter(p, factor_id, factor_name, false);
    for (size_t r = 0; r < p->set->n_runs; r++) {
        amount->runs[r].number = concentration_unit(p) * amounts[r];
        factor->runs[r] = (petab_setting){-1, 1};
        if (amounts[r] > 0) factor->runs[r].parameter = add_run_factor(p, factor_id, factor_name, which, r);
    }
}

/* Catalyst alive is what is weighed, times its factor, less what is dead, and never less than a share of it. */
static void add_catalyst(petab_problem *p, int dead) {
    const fit_space *s = &p->fitted->space;
    double amounts[MECH_MOST_RUNS];
    for (size_t r = 0; r < p->set->n_runs; r++) amounts[r] = s->data->runs[r].cat0;
    add_start(p, "cat0", "catalyst as weighed in", "catalyst_factor", "factor on the catalyst", ERROR_CATALYST,
              amounts);
    p->starts[s->mechanism->catalyst] = (sbml_start){"cat0", "catalyst_factor", NULL};
    if (dead < 0) return;
    petab_target *target = add_model_parameter(p, "dead", "catalyst that is dead from the start", true);
    p->starts[s->mechanism->catalyst].less = "dead";
    for (size_t r = 0; r < p->set->n_runs; r++) {
        const double weighed = amounts[r] * exp(run_errors(p, r)[ERROR_CATALYST]);
        const double alive = mech_fit_living_catalyst(s, p->fitted->best, r);
        if (alive <= weighed - shared_errors(p)[ERROR_DEAD] * s->least_loading)
            target->runs[r].parameter = dead;
        else
            target->runs[r].number = concentration_unit(p) * (weighed - alive);
    }
}

/* Start amounts that are numbers or, of an additive, one unknown amount. */
static void add_species(petab_problem *p, int j, int unknown) {
    const fit_space *s = &p->fitted->space;
    const double coefficient = mech_mechanism_coefficient(s->mechanism, (size_t)j);
    bool is_told = j == s->additive;
    for (size_t r = 0; r < p->set->n_runs; r++) is_told |= !isnan(s->told[r][j]);
    if (!is_told) return;
    petab_target *target = add_target(p, p->ids.species[j]);
    for (size_t r = 0; r < p->set->n_runs; r++) {
        double amount = isnan(s->told[r][j]) ? s->mechanism->species[j].start / coefficient : s->told[r][j];
        if (j == s->additive) amount = s->additive_amount[r];
        target->runs[r].number = amount * coefficient * concentration_unit(p);
        if (j == s->additive) target->runs[r].parameter = unknown;
    }
}

static void add_starts(petab_problem *p, int dead) {
    const fit_space *s = &p->fitted->space;
    const observations *data = s->data;
    const mech_mechanism *m = s->mechanism;
    double substrate[MECH_MOST_RUNS], product[MECH_MOST_RUNS], second[MECH_MOST_RUNS];
    for (size_t r = 0; r < data->n_runs; r++) {
        substrate[r] = data->runs[r].s0;
        product[r] = data->runs[r].p0;
        second[r] =
            s->second < 0 ? data->runs[r].b0 : s->second_start[r] * mech_mechanism_coefficient(m, (size_t)s->second);
    }
    add_start(p, "s0", "[S]0 as written", "start_factor", "factor on [S]0", ERROR_START, substrate);
    p->starts[m->substrate] = (sbml_start){"s0", "start_factor", NULL};
    p->has_product = data->has_product;
    if (p->has_product) {
        add_start(p, "p0", "[P]0 as written", "product_factor", "factor on [P]0", ERROR_PRODUCT, product);
        p->starts[m->product] = (sbml_start){"p0", "product_factor", NULL};
    }
    if (s->second >= 0 || data->measured[READING_B])
        add_start(p, "b0", "[B]0 as written", "second_factor", "factor on [B]0", ERROR_SECOND, second);
    if (s->second >= 0) p->starts[s->second] = (sbml_start){"b0", "second_factor", NULL};
    add_catalyst(p, dead);
    for (int j = 0; j < m->n_species; j++)
        if (j != m->substrate && j != m->product && j != m->catalyst && j != s->second)
            add_species(p, j, s->fits_additive ? (int)s->n_k : -1);
}

/* The model as such holds what is set in the first run. */
static void fill_model(petab_problem *p) {
    const fit_space *s = &p->fitted->space;
    const double unit = concentration_unit(p);
    mech_mechanism_start(s->mechanism, s->data->runs[0].s0, s->data->runs[0].p0, s->data->runs[0].cat0, p->start);
    for (int j = 0; j < s->mechanism->n_species; j++) p->start[j] *= unit;
    for (size_t i = 0; i < p->n_targets; i++) {
        const petab_setting *first = &p->targets[i].runs[0];
        const double value = first->parameter < 0 ? first->number : p->parameters[first->parameter].value;
        for (size_t j = 0; j < p->n_model_parameters; j++)
            if (strcmp(p->model_parameters[j].id, p->targets[i].id) == 0) p->model_parameters[j].value = value;
        for (int j = 0; j < s->mechanism->n_species; j++)
            if (strcmp(p->ids.species[j], p->targets[i].id) == 0)
                p->start[j] = value / mech_mechanism_coefficient(s->mechanism, (size_t)j);
    }
}

void mech_petab_fill(const mechanism_case *fitted, const mech_run_set *set, petab_problem *p) {
    static const char *const responses[READING_KINDS] = {"response_S", "response_P", "response_B", "response_active"};
    static const char *const response_names[READING_KINDS] = {
        "factor on all readings of S", "factor on all readings of P", "factor on all readings of B",
        "factor on all readings of the active catalyst"};
    static const shared_error response_errors[READING_KINDS] = {ERROR_RESPONSE_S, ERROR_RESPONSE_P, ERROR_RESPONSE_B,
                                                                ERROR_RESPONSE_ACTIVE};
    const observations *data = fitted->space.data;
    *p = (petab_problem){.fitted = fitted, .set = set, .selectivity = -1};
    mech_sbml_name(fitted->mechanism, &p->ids);
    for (size_t j = 0; j < fitted->space.n_theta; j++) add_theta(p, j);
    for (reading_kind of = 0; of < READING_KINDS; of++)
        p->response[of] =
            data->measured[of] ? add_shared(p, responses[of], response_names[of], response_errors[of]) : -1;
    if (data->measured[READING_P])
        p->selectivity = add_shared(p, "selectivity", "share of what S becomes that is seen as P", ERROR_SELECTIVITY);
    add_starts(p, add_dead(p));
    add_noise(p);
    fill_model(p);
}

static void add_factor_of(const petab_problem *p, int parameter, text *t) {
    if (parameter >= 0) mech_text_format(t, "%s * ", p->parameters[parameter].id);
}

void mech_petab_formula(const petab_problem *p, reading_kind of, text *t) {
    const fit_space *s = &p->fitted->space;
    const mech_mechanism *m = s->mechanism;
    const char *product = p->ids.species[m->product];
    add_factor_of(p, p->response[of], t);
    if (of == READING_S) {
        mech_text_add(t, p->ids.species[m->substrate]);
    } else if (of == READING_P) {
        const char *id = p->selectivity < 0 ? NULL : p->parameters[p->selectivity].id;
        if (!id)
            mech_text_add(t, product);
        else if (!p->has_product)
            mech_text_format(t, "%s * %s", id, product);
        else
            mech_text_format(t, "(p0 * product_factor + %s * (%s - p0 * product_factor))", id, product);
    } else if (of == READING_B && s->second >= 0) {
        mech_text_add(t, p->ids.species[s->second]);
    } else if (of == READING_B) {
        /* It falls as P is made. */
        mech_text_add(t, "(b0 * second_factor - ");
        mech_text_number(t, s->data->second_coefficient);
        mech_text_format(t, p->has_product ? " * (%s - p0 * product_factor))" : " * %s)", product);
    } else {
        bool first = true;
        mech_text_add(t, "(");
        for (int j = 0; j < m->n_species; j++) {
            if (m->species[j].role != MECH_ROLE_CATALYST && m->species[j].role != MECH_ROLE_OFF_CYCLE) continue;
            if (!first) mech_text_add(t, " + ");
            first = false;
            mech_text_format(t, "%d * %s", m->species[j].catalyst_units, p->ids.species[j]);
        }
        mech_text_add(t, ")");
    }
}

void mech_petab_noise(const petab_problem *p, reading_kind of, const char *reading, text *t) {
    if (of == READING_ACTIVE) {
        mech_text_number(t, p->fitted->space.data->most_loading);
        mech_text_add(t, " * ");
    }
    if (!p->has_proportional_noise) {
        mech_text_add(t, "noise");
        return;
    }
    mech_text_add(t, "sqrt(noise^2 + (proportional_noise * ");
    mech_text_add(t, reading);
    if (of == READING_ACTIVE) {
        mech_text_add(t, " / ");
        mech_text_number(t, p->fitted->space.data->most_loading);
    }
    mech_text_add(t, ")^2)");
}
