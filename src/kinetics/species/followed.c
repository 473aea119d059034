#include "kinetics/species/followed.h"

#include "base/error.h"
#include "base/numbers/quantiles.h"
#include "data/runs/run_set.h"

#include <math.h>
#include <string.h>

/* Amounts that differ by no more than this are the same to a chemist. */
static const double ALIKE = 0.02;

/* A run whose extent stays below this share of [S]0 is a blank: nothing reacted. */
static const double LEAST_CONVERSION = 0.01;

/* Fewer readings after the start do not make a curve. */
enum { FEWEST_READINGS = 3 };

bool mech_same_amount(double a, double b, double scale) { return fabs(a - b) <= ALIKE * fmax(fmax(a, b), scale); }

static size_t count_measured(const double *values, size_t n) {
    size_t count = 0;
    for (size_t i = 0; values && i < n; i++) count += isnan(values[i]) ? 0 : 1;
    return count;
}

/* From what the extents are read: of all runs the product where all have it, else in each run what it has. */
static bool choose_followed(const mech_run_set *set, char follow, size_t run) {
    const mech_run *r = &set->runs[run];
    const size_t n_p = count_measured(r->product, r->n_readings), n_s = count_measured(r->substrate, r->n_readings);
    if (follow == 'P' || follow == 'S') return follow == 'P';
    bool all = true;
    for (size_t i = 0; i < set->n_runs; i++)
        all = all && count_measured(set->runs[i].product, set->runs[i].n_readings) > FEWEST_READINGS;
    return all || n_s < FEWEST_READINGS ? n_p > 0 : false;
}

/* Puts blocks of neighbours in the place of more readings than MOST_FOLLOWED: mean time, median extent. */
static void thin(followed_run *f) {
    if (f->n <= MOST_FOLLOWED) return;
    const size_t later = f->n - 1, blocks = MOST_FOLLOWED - 1;
    for (size_t b = 0; b < blocks; b++) {
        const size_t from = 1 + b * later / blocks, to = 1 + (b + 1) * later / blocks;
        double time = 0;
        for (size_t i = from; i < to; i++) time += f->time[i];
        mech_sort_numbers(to - from, f->extent + from);
        const double median = mech_quantile(to - from, f->extent + from, 0.5);
        f->time[b + 1] = time / (double)(to - from);
        f->extent[b + 1] = median;
    }
    f->n = blocks + 1;
}

static mech_status follow_run(followed_set *f, size_t index, char follow, arena *memory, mech_error *error) {
    followed_run *to = &f->runs[index];
    const mech_run *run = &f->set->runs[index];
    to->run = run;
    to->product = choose_followed(f->set, follow, index);
    const double *values = to->product ? run->product : run->substrate;
    to->time = mech_arena_allocate(memory, run->n_readings + 1, sizeof *to->time);
    to->extent = mech_arena_allocate(memory, run->n_readings + 1, sizeof *to->extent);
    to->scaled_time = mech_arena_allocate(memory, run->n_readings + 1, sizeof *to->scaled_time);
    to->scaled_extent = mech_arena_allocate(memory, run->n_readings + 1, sizeof *to->scaled_extent);
    if (!to->time || !to->extent || !to->scaled_time || !to->scaled_extent) return mech_fail_memory(error);
    for (size_t i = 0; values && i < run->n_readings; i++) {
        if (isnan(values[i])) continue;
        if (!to->n && run->time[i] > 0) to->n = 1; /* the start, as it was meant to be: extent 0 at time 0 */
        to->time[to->n] = run->time[i];
        to->extent[to->n++] = to->product ? values[i] - run->p0 : run->s0 - values[i];
    }
    thin(to);
    return MECH_OK;
}

/* The median of the last third of a run's extents. */
static double reached(const followed_run *f) {
    double last[MOST_FOLLOWED + 1];
    const size_t from = f->n - (f->n + 2) / 3;
    memcpy(last, f->extent + from, (f->n - from) * sizeof *last);
    mech_sort_numbers(f->n - from, last);
    return mech_quantile(f->n - from, last, 0.5);
}

static void choose_runs(followed_set *f, remark_list *remarks) {
    for (size_t i = 0; i < f->n_runs; i++) {
        followed_run *r = &f->runs[i];
        size_t later = 0;
        for (size_t k = 0; k < r->n; k++) later += r->time[k] > 0;
        if (later < FEWEST_READINGS)
            mech_remark(remarks, "Run %.60s is left out: %zu readings of %s after the start, at least %d are needed.",
                        r->run->name, later, r->product ? "P" : "S", FEWEST_READINGS);
        else if (!(r->run->cat0 > 0))
            mech_remark(remarks, "Run %.60s is left out: it has no catalyst.", r->run->name);
        else if (reached(r) < LEAST_CONVERSION * r->run->s0)
            mech_remark(remarks, "Run %.60s is left out: less than %g %% of S reacted.", r->run->name,
                        100 * LEAST_CONVERSION);
        else
            r->used = true;
        if (!r->used) continue;
        for (size_t k = 0; k < r->n; k++) f->axis = fmax(f->axis, r->extent[k]);
        f->time = fmax(f->time, r->time[r->n - 1]);
        double most = 0;
        for (size_t k = 0; k < r->n; k++) most = fmax(most, r->extent[k]);
        if (most > 1.05 * r->run->s0)
            mech_remark(remarks, "Run %.60s: the product comes to %.3g times [S]0; are both in one unit?", r->run->name,
                        most / r->run->s0);
    }
    for (size_t i = 0; i < f->n_runs; i++)
        for (size_t k = 0; f->runs[i].used && k < f->runs[i].n; k++) {
            f->runs[i].scaled_time[k] = f->runs[i].time[k] / f->time;
            f->runs[i].scaled_extent[k] = f->runs[i].extent[k] / f->axis;
        }
}

/* How much of a reactant goes with one unit of extent: the median over readings in the second half of each run's
 * extents of what is gone over the extent; NaN where it was not measured. */
static double measured_consumption(const followed_set *f, const char *species, arena *memory) {
    size_t n = 0, room = 0;
    for (size_t i = 0; i < f->n_runs; i++) room += f->set->runs[i].n_readings;
    double *ratios = mech_arena_allocate(memory, room, sizeof *ratios);
    for (size_t i = 0; ratios && i < f->n_runs; i++) {
        const mech_run *run = f->runs[i].run;
        const double *values = f->runs[i].product ? run->product : run->substrate;
        if (!f->runs[i].used) continue;
        const double half = reached(&f->runs[i]) / 2;
        for (size_t k = 0; k < run->n_reactants; k++) {
            const mech_reactant *b = &run->reactants[k];
            if (strcmp(b->species, species) != 0 || !b->concentration || isnan(b->start)) continue;
            for (size_t j = 0; j < run->n_readings; j++) {
                const double extent = f->runs[i].product ? values[j] - run->p0 : run->s0 - values[j];
                if (extent >= half && extent > 0 && !isnan(b->concentration[j]))
                    ratios[n++] = (b->start - b->concentration[j]) / extent;
            }
        }
    }
    if (!ratios || !n) return NAN;
    mech_sort_numbers(n, ratios);
    return mech_quantile(n, ratios, 0.5);
}

/* Whether there was enough of it in all runs to go with S one for one. */
static bool suffices(const followed_set *f, const kinetic_species *s) {
    for (size_t i = 0; i < f->n_runs; i++)
        if (f->runs[i].used && s->start[i] < 0.95 * reached(&f->runs[i])) return false;
    return true;
}

static void find_consumption(followed_set *f, kinetic_species *s, arena *memory, remark_list *remarks) {
    const double measured = measured_consumption(f, s->name, memory);
    if (!isnan(measured)) {
        s->consumed = fabs(measured) < 0.05 ? 0 : measured;
    } else {
        s->consumed = suffices(f, s) ? 1 : 0;
        mech_remark(remarks, "%.40s was not measured over time; it is taken to %s.", s->name,
                    s->consumed > 0 ? "be consumed one for one with S"
                                    : "stay what it was, as there is less of it than reacts");
    }
}

static void add_species(followed_set *f, const char *name, mech_order_of of, double consumed) {
    kinetic_species *s = &f->species[f->n_species++];
    *s = (kinetic_species){.name = name, .of = of, .consumed = consumed};
    for (size_t i = 0; i < f->n_runs; i++) {
        const mech_run *run = &f->set->runs[i];
        s->start[i] = of == MECH_ORDER_OF_CATALYST    ? run->cat0
                      : of == MECH_ORDER_OF_SUBSTRATE ? run->s0
                      : of == MECH_ORDER_OF_PRODUCT   ? run->p0
                                                      : NAN;
        for (size_t k = 0; of == MECH_ORDER_OF_REACTANT && k < run->n_reactants; k++)
            if (strcmp(run->reactants[k].species, name) == 0) s->start[i] = run->reactants[k].start;
    }
}

static void list_species(followed_set *f, arena *memory, remark_list *remarks) {
    add_species(f, "cat", MECH_ORDER_OF_CATALYST, 0);
    add_species(f, "S", MECH_ORDER_OF_SUBSTRATE, 1);
    add_species(f, "P", MECH_ORDER_OF_PRODUCT, -1);
    for (size_t i = 0; i < f->n_runs; i++)
        for (size_t k = 0; k < f->set->runs[i].n_reactants; k++) {
            const char *name = f->set->runs[i].reactants[k].species;
            bool listed = false;
            for (size_t j = 0; j < f->n_species; j++) listed = listed || strcmp(f->species[j].name, name) == 0;
            if (listed) continue;
            if (f->n_species + 1 >= MOST_SPECIES) { /* one term is kept for what runs out first */
                mech_remark(remarks, "%.40s is passed over: more than %d species.", name, MOST_SPECIES - 1);
                return;
            }
            add_species(f, name, MECH_ORDER_OF_REACTANT, 0);
            find_consumption(f, &f->species[f->n_species - 1], memory, remarks);
        }
}

/* A species of which some runs have nothing at the start and none forms cannot be a factor of a power law in all of
 * them: of runs with it and runs without it the fewer are left out. */
static void leave_out_zeros(followed_set *f, const kinetic_species *s, remark_list *remarks) {
    size_t with = 0, without = 0;
    if (s->consumed < 0) return;
    for (size_t i = 0; i < f->n_runs; i++) {
        if (!f->runs[i].used || isnan(s->start[i])) continue;
        with += s->start[i] > 0;
        without += !(s->start[i] > 0);
    }
    if (!with || !without) return;
    for (size_t i = 0; i < f->n_runs; i++) {
        if (!f->runs[i].used || isnan(s->start[i]) || (s->start[i] > 0) == (with >= without)) continue;
        f->runs[i].used = false;
        mech_remark(remarks, "Run %.60s is left out: it has %s %.40s, and the others have %s.", f->runs[i].run->name,
                    with >= without ? "no" : "some", s->name, with >= without ? "some" : "none");
    }
}

static void compare_starts(followed_set *f, kinetic_species *s) {
    double low = INFINITY, high = 0;
    s->known = true;
    for (size_t i = 0; i < f->n_runs; i++) {
        if (!f->runs[i].used) continue;
        if (isnan(s->start[i])) s->known = false;
        low = fmin(low, s->start[i]);
        high = fmax(high, s->start[i]);
    }
    s->known = s->known && (high > 0 || s->consumed < 0);
    s->varies = s->known && !mech_same_amount(low, high, s->consumed < 0 ? f->axis : 0);
    s->reference = fmax(high, s->consumed < 0 ? f->axis : high);
    /* What forms has none at the start of most runs, where a power of it has no value: a hundredth of the largest
     * extent stands for less than that. */
    s->least = s->consumed < 0 ? 0.01 * f->axis : 1e-6 * fmax(high, f->axis);
}

mech_status mech_follow_runs(const mech_run_set *set, char follow, arena *memory, remark_list *remarks, followed_set *f,
                             mech_error *error) {
    *f = (followed_set){.set = set, .n_runs = set->n_runs};
    for (size_t i = 0; i < set->n_runs; i++) {
        const mech_status status = follow_run(f, i, follow, memory, error);
        if (status != MECH_OK) return status;
    }
    choose_runs(f, remarks);
    size_t used = 0;
    if (f->axis > 0) list_species(f, memory, remarks);
    for (size_t k = 0; k < f->n_species; k++) leave_out_zeros(f, &f->species[k], remarks);
    for (size_t i = 0; i < f->n_runs; i++) used += f->runs[i].used;
    if (!used)
        return mech_fail(error, MECH_INVALID_INPUT, "no run can be used%s%s", remarks->n ? ": " : "",
                         remarks->n ? remarks->sentences[0] : "; expected runs with readings of S or P");
    for (size_t k = 0; k < f->n_species; k++) compare_starts(f, &f->species[k]);
    return MECH_OK;
}

static bool is_listed(size_t n, const size_t *list, size_t number) {
    for (size_t i = 0; i < n; i++)
        if (list[i] == number) return true;
    return false;
}

/* The species that is used up first in a run, and the extent at which it is. */
static size_t first_to_end(const followed_set *f, size_t run, double *limit) {
    size_t first = 1; /* S */
    *limit = f->species[1].start[run];
    for (size_t k = 0; k < f->n_species; k++) {
        const kinetic_species *s = &f->species[k];
        if (!s->known || s->consumed <= 0 || !(s->start[run] / s->consumed < *limit * (1 - 1e-9))) continue;
        first = k;
        *limit = s->start[run] / s->consumed;
    }
    return first;
}

static course_term make_term(const followed_set *f, const kinetic_species *s, size_t run) {
    const followed_run *r = &f->runs[run];
    const bool followed =
        (s->of == MECH_ORDER_OF_SUBSTRATE && !r->product) || (s->of == MECH_ORDER_OF_PRODUCT && r->product);
    course_term t = {.start = s->start[run] / s->reference,
                     .slope = -s->consumed * f->axis / s->reference,
                     .followed = followed,
                     .least = s->least / s->reference};
    if (s->of == MECH_ORDER_OF_CATALYST && r->n_active) {
        t.n_table = r->n_active;
        t.table_extent = r->active_extent;
        t.table_log = r->active_log;
    }
    return t;
}

void mech_followed_problem(const followed_set *f, size_t n_runs, const size_t *runs, size_t n_species,
                           const size_t *species, bool on_substrate, course_problem *problem) {
    size_t terms[COURSE_MOST_TERMS], n_terms = n_species;
    double highest = 0, limit = 0;
    memcpy(terms, species, n_species * sizeof *terms);
    for (size_t i = 0; i < n_runs; i++) {
        const size_t first = first_to_end(f, runs[i], &limit);
        if (!is_listed(n_terms, terms, first) && n_terms < COURSE_MOST_TERMS) terms[n_terms++] = first;
        highest = fmax(highest, f->runs[runs[i]].run->s0);
    }
    *problem = (course_problem){.n_runs = n_runs, .n_terms = n_terms, .axis = f->axis, .time = f->time};
    for (size_t k = 0; k < n_terms; k++)
        problem->orders[k] = f->species[terms[k]].of == MECH_ORDER_OF_CATALYST || k >= n_species ||
                                     f->species[terms[k]].of == MECH_ORDER_OF_SUBSTRATE
                                 ? 1
                                 : 0;
    for (size_t i = 0; i < n_runs; i++) {
        const followed_run *r = &f->runs[runs[i]];
        course_run *to = &problem->runs[i];
        const size_t first = first_to_end(f, runs[i], &limit);
        *to = (course_run){.n = r->n,
                           .time = r->scaled_time,
                           .extent = r->scaled_extent,
                           .start = on_substrate ? (highest - r->run->s0) / f->axis : 0,
                           .limit = limit / f->axis,
                           .limit_followed = f->species[first].of == MECH_ORDER_OF_SUBSTRATE && !r->product};
        for (size_t k = 0; k < n_terms; k++) to->terms[k] = make_term(f, &f->species[terms[k]], runs[i]);
        problem->n_readings += r->n;
    }
}
