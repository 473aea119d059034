#include "fit/evidence/composed/search.h"

#include "base/error.h"
#include "fit/theta/warm.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BEAM = 10, MOST_PARTS = 3, MOST_ROUNDS = 8, N_COLD = 2, N_ALONE = 8, N_WARM = 1 };

/* Compositions that are so many nats below the best are not gone on from, and those so far below not handed on. */
static const double WORTH_EXPANDING = 8, WITHIN_REACH = 12;

/* Compositions of each thread between two reports of progress. */
enum { PIECES_A_MEMBER = 4 };

part_rows mech_part_rows(const mech_parts *parts) {
    part_rows rows = {.parts = parts, .n_parts = mech_parts_size(parts)};
    for (size_t i = 0; i < rows.n_parts; i++) {
        const char *name = mech_parts_row(parts, i);
        size_t row = 0;
        while (row < rows.n && strcmp(rows.name[row], name) != 0) row++;
        if (row == rows.n && rows.n < MOST_ROWS) rows.name[rows.n++] = name;
        if (row < MOST_ROWS) rows.size[row]++;
    }
    return rows;
}

size_t mech_part_row(const part_rows *rows, size_t number) {
    size_t row = 0;
    while (strcmp(rows->name[row], mech_parts_row(rows->parts, number)) != 0) row++;
    return row;
}

double mech_composition_odds(const part_rows *rows, const int *chosen) {
    double odds = 1;
    for (size_t row = 1; row < rows->n; row++)
        if (chosen[row] >= 0) odds /= (double)rows->size[row];
    return odds;
}

static size_t n_chosen(const part_rows *rows, const int *chosen) {
    size_t n = 0;
    for (size_t row = 1; row < rows->n; row++) n += chosen[row] >= 0;
    return n;
}

static double score(const composition *c) { return c->n_theta ? c->log_evidence + log(c->odds) : -INFINITY; }

static int by_score(const void *a, const void *b) {
    const composition *p = a, *q = b;
    const double x = score(p), y = score(q);
    if (x != y) return x < y ? 1 : -1;
    return strcmp(mech_mechanism_id(p->mechanism), mech_mechanism_id(q->mechanism));
}

void mech_composition_list_free(composition_list *list) {
    for (size_t i = 0; i < list->n; i++) {
        mech_theta_draws_free(&list->all[i].draws);
        mech_mechanism_free(list->all[i].mechanism);
    }
    free(list->all);
    *list = (composition_list){.n = 0};
}

/* Adds the composition of a chosen that is not there yet, where its parts go together. `from`: whose optimum is where
 * its fit begins. */
static mech_status add(composition_list *list, const int *chosen, size_t from, size_t **parents, mech_error *error) {
    const part_rows *rows = &list->rows;
    char name[256] = "";
    size_t at = 0;
    for (size_t row = 0; row < rows->n && at < sizeof name; row++)
        if (chosen[row] >= 0)
            at += (size_t)snprintf(name + at, sizeof name - at, "%s%s", at ? "+" : "",
                                   mech_parts_name(rows->parts, (size_t)chosen[row]));
    mech_mechanism *m = NULL;
    mech_status status = mech_compose(rows->parts, name, &m, error);
    if (status == MECH_INVALID_ARGUMENT) return MECH_OK; /* they do not go together */
    for (size_t i = 0; i < list->n && status == MECH_OK; i++)
        if (strcmp(mech_mechanism_id(list->all[i].mechanism), mech_mechanism_id(m)) == 0) {
            mech_mechanism_free(m);
            return MECH_OK;
        }
    if (status == MECH_OK && list->n == list->room) {
        const size_t room = list->room ? 2 * list->room : 64;
        composition *all = realloc(list->all, room * sizeof *all);
        if (all) list->all = all;
        size_t *more = all ? realloc(*parents, room * sizeof *more) : NULL;
        if (more) {
            *parents = more;
            list->room = room;
        } else {
            status = mech_fail_memory(error);
        }
    }
    if (status != MECH_OK) {
        mech_mechanism_free(m);
        return status;
    }
    (*parents)[list->n] = from;
    composition *c = &list->all[list->n++];
    *c = (composition){.mechanism = m, .odds = mech_composition_odds(rows, chosen)};
    memcpy(c->choice, chosen, sizeof c->choice);
    return MECH_OK;
}

static void no_parts(int *chosen) {
    for (size_t row = 0; row < MOST_ROWS; row++) chosen[row] = -1;
}

/* All cycles alone. */
static mech_status add_cycles(composition_list *list, size_t **parents, mech_error *error) {
    int chosen[MOST_ROWS];
    mech_status status = MECH_OK;
    no_parts(chosen);
    for (size_t i = 0; i < list->rows.n_parts && status == MECH_OK; i++) {
        if (mech_part_row(&list->rows, i) != 0) continue;
        chosen[0] = (int)i;
        status = add(list, chosen, SIZE_MAX, parents, error);
    }
    return status;
}

/* All that is one part more, one less or another one than composition number `of`. */
static mech_status add_neighbours(composition_list *list, size_t of, size_t **parents, mech_error *error) {
    int chosen[MOST_ROWS];
    memcpy(chosen, list->all[of].choice, sizeof chosen);
    const size_t n = n_chosen(&list->rows, chosen);
    mech_status status = MECH_OK;
    for (size_t row = 1; row < list->rows.n && status == MECH_OK; row++) {
        const int had = chosen[row];
        if (had < 0) continue;
        chosen[row] = -1;
        status = add(list, chosen, of, parents, error);
        chosen[row] = had;
    }
    for (size_t i = 0; i < list->rows.n_parts && status == MECH_OK; i++) {
        const size_t row = mech_part_row(&list->rows, i);
        const int had = chosen[row];
        if (had < 0 && n >= MOST_PARTS) continue;
        chosen[row] = (int)i;
        status = add(list, chosen, of, parents, error);
        chosen[row] = had;
    }
    return status;
}

typedef struct search_work {
    composition_list *list;
    const observations *data;
    const optima_request *request;
    const error_levels *levels;
    const size_t *parents;
    size_t first; /* of the pieces; those before it are done */
    mech_status *status;
    mech_error *errors;
} search_work;

/* The draws of composition `c` without its last part, NULL where they are not at hand. */
static const theta_draws *base_draws(const search_work *w, const composition *c) {
    int less[MOST_ROWS];
    memcpy(less, c->choice, sizeof less);
    size_t last = w->list->rows.n - 1;
    while (last > 0 && less[last] < 0) last--;
    less[last] = -1;
    for (size_t i = 0; i < w->first; i++)
        if (memcmp(w->list->all[i].choice, less, sizeof less) == 0)
            return w->list->all[i].draws.n ? &w->list->all[i].draws : NULL;
    return NULL;
}

/* Fits one composition, beginning near its parent's optimum and at what is known beforehand. */
static mech_status weigh(const search_work *w, size_t number, mech_error *error) {
    composition *c = &w->list->all[number];
    const size_t from = w->parents[number];
    const composition *parent = from == SIZE_MAX ? NULL : &w->list->all[from];
    const fit_space space = mech_fit_space(c->mechanism, w->data);
    theta_prior known = {0};
    fit_evidence evidence = {0};
    double warm[N_WARM * FIT_MOST_THETA];
    optima_request q = *w->request;
    mech_status status = mech_theta_draws_new(c->mechanism, NULL, 0, mech_n_base_thetas(c->mechanism), base_draws(w, c),
                                              &c->draws, error);
    if (status == MECH_OK) status = mech_theta_prior_new(&c->draws, &space, &known, error);
    q.space = &space;
    q.prior = &known;
    q.n_starts = parent && parent->n_theta ? N_COLD : N_ALONE;
    q.quick = true;
    if (status == MECH_OK && parent && parent->n_theta) {
        const warm_start start = {parent->mechanism, parent->n_theta, parent->theta};
        status = mech_warm_starts(&space, &known, &start, N_WARM, warm, error);
        q.warm = warm;
        q.n_warm = N_WARM;
    }
    if (status == MECH_OK) status = mech_fit_evidence_new(&q, w->levels, &evidence, error);
    if (status == MECH_OK && evidence.found) {
        size_t best = 0;
        for (size_t i = 1; i < evidence.n_optima; i++)
            if (evidence.modes[i].at.log_posterior > evidence.modes[best].at.log_posterior) best = i;
        c->log_evidence = evidence.log_evidence;
        c->n_theta = space.n_theta;
        memcpy(c->theta, evidence.modes[best].at.x, space.n_theta * sizeof *c->theta);
    }
    mech_fit_evidence_free(&evidence);
    mech_theta_prior_free(&known);
    return status;
}

static void weigh_piece(void *context, size_t piece, int member) {
    (void)member;
    const search_work *w = context;
    w->status[piece] = weigh(w, w->first + piece, &w->errors[piece]);
}

static mech_status report(const mech_progress *progress, size_t done, size_t total, mech_error *error) {
    if (!progress) return MECH_OK;
    if (progress->report) progress->report(progress->context, "searching", (double)done, (double)total, "");
    if (progress->should_stop && progress->should_stop(progress->context))
        return mech_fail(error, MECH_STOPPED, "stopped while searching");
    return MECH_OK;
}

/* Weighs all compositions from number `first` on. */
static mech_status weigh_all(search_work *w, size_t first, team *t, const mech_progress *progress, mech_error *error) {
    const size_t together = PIECES_A_MEMBER * (size_t)mech_team_size(t), n = w->list->n;
    mech_status status = MECH_OK;
    w->status = calloc(together, sizeof *w->status);
    w->errors = calloc(together, sizeof *w->errors);
    if (!w->status || !w->errors) status = mech_fail_memory(error);
    for (w->first = first; w->first < n && status == MECH_OK; w->first += together) {
        const size_t count = n - w->first < together ? n - w->first : together;
        mech_team_share(t, count, weigh_piece, w);
        for (size_t i = 0; i < count && status == MECH_OK; i++)
            if (w->status[i] == MECH_OUT_OF_MEMORY) {
                status = w->status[i];
                if (error) *error = w->errors[i];
            }
        if (status == MECH_OK) status = report(progress, w->first + count, n, error);
    }
    free(w->status);
    free(w->errors);
    return status;
}

/* Adds the neighbours of those in the beam that were not gone on from. */
static mech_status expand(composition_list *list, size_t **parents, mech_error *error) {
    size_t beam[BEAM], n_beam = 0;
    const size_t n = list->n;
    double best = -INFINITY;
    for (size_t i = 0; i < n; i++) best = fmax(best, score(&list->all[i]));
    while (n_beam < BEAM) {
        size_t next = SIZE_MAX;
        for (size_t i = 0; i < n; i++) {
            bool taken = false;
            for (size_t j = 0; j < n_beam; j++) taken |= beam[j] == i;
            if (!taken && score(&list->all[i]) > best - WORTH_EXPANDING &&
                (next == SIZE_MAX || by_score(&list->all[i], &list->all[next]) < 0))
                next = i;
        }
        if (next == SIZE_MAX) break;
        beam[n_beam++] = next;
    }
    mech_status status = MECH_OK;
    for (size_t j = 0; j < n_beam && status == MECH_OK; j++) {
        if (list->all[beam[j]].expanded) continue;
        list->all[beam[j]].expanded = true;
        status = add_neighbours(list, beam[j], parents, error);
    }
    return status;
}

/* Leaves the best ones, in order. */
static void keep_best(composition_list *list, size_t most) {
    list->n_searched = list->n;
    qsort(list->all, list->n, sizeof *list->all, by_score);
    size_t keep = 0;
    while (keep < list->n && keep < most && score(&list->all[keep]) > score(&list->all[0]) - WITHIN_REACH) keep++;
    for (size_t i = 0; i < list->n; i++) {
        mech_theta_draws_free(&list->all[i].draws);
        if (i >= keep) mech_mechanism_free(list->all[i].mechanism);
    }
    list->n = keep;
}

mech_status mech_search_compositions(const observations *data, const optima_request *q, const error_levels *levels,
                                     const mech_parts *parts, team *t, const mech_progress *progress, size_t most,
                                     composition_list *list, mech_error *error) {
    *list = (composition_list){.rows = mech_part_rows(parts)};
    size_t *parents = NULL;
    search_work work = {.list = list, .data = data, .request = q, .levels = levels};
    mech_status status = add_cycles(list, &parents, error);
    size_t first = 0;
    for (int round = 0; round <= MOST_ROUNDS && first < list->n && status == MECH_OK; round++) {
        work.parents = parents;
        status = weigh_all(&work, first, t, progress, error);
        first = list->n;
        if (status == MECH_OK && round < MOST_ROUNDS) status = expand(list, &parents, error);
    }
    free(parents);
    if (status == MECH_OK) keep_best(list, most);
    if (status == MECH_OK && !list->n)
        status = mech_fail(error, MECH_NUMERICAL_FAILURE, "no mechanism could be simulated for these runs");
    return status;
}

static bool in_library(const mech_mechanism *mechanism) {
    for (size_t i = 0; i < mech_builtin_count(); i++)
        if (mech_mechanism_equal(mechanism, mech_builtin(i))) return true;
    return false;
}

/* The parts that an id names: "M9" is the cycle M1 with the loss M9. False where one is not among the rows. */
static bool choice_of(const part_rows *rows, const char *id, int *chosen) {
    static const int CORE = 0; /* the first cycle: the one that a name may leave out */
    no_parts(chosen);
    while (*id) {
        const size_t length = strcspn(id, "+");
        size_t i = 0;
        while (i < rows->n_parts && !(strlen(mech_parts_name(rows->parts, i)) == length &&
                                      strncmp(mech_parts_name(rows->parts, i), id, length) == 0))
            i++;
        if (i == rows->n_parts) return false;
        chosen[mech_part_row(rows, i)] = (int)i;
        id += length + (id[length] == '+');
    }
    if (chosen[0] < 0) chosen[0] = CORE;
    return true;
}

static mech_status add_named(composition_list *list, const char *id, size_t **parents, mech_error *error) {
    int chosen[MOST_ROWS];
    return choice_of(&list->rows, id, chosen) ? add(list, chosen, SIZE_MAX, parents, error) : MECH_OK;
}

/* Takes those that the library has from the list, from number `first` on. */
static void leave_out_library(composition_list *list, size_t first, size_t *parents) {
    size_t kept = first;
    for (size_t i = first; i < list->n; i++)
        if (in_library(list->all[i].mechanism)) {
            mech_mechanism_free(list->all[i].mechanism);
        } else {
            list->all[kept] = list->all[i];
            parents[kept++] = parents[i];
        }
    list->n = kept;
}

mech_status mech_search_beyond(const observations *data, const optima_request *q, const error_levels *levels,
                               size_t n_from, const search_start *from, team *t, const mech_progress *progress,
                               composition_list *list, mech_error *error) {
    *list = (composition_list){.rows = mech_part_rows(NULL)};
    size_t *parents = NULL;
    search_work work = {.list = list, .data = data, .request = q, .levels = levels};
    mech_status status = MECH_OK;
    for (size_t i = 0; i < n_from && status == MECH_OK; i++) {
        const size_t at = list->n;
        status = add_named(list, mech_mechanism_id(from[i].mechanism), &parents, error);
        if (status != MECH_OK || list->n == at) continue;
        list->all[at].log_evidence = from[i].log_evidence;
        list->all[at].n_theta = from[i].n_theta;
        memcpy(list->all[at].theta, from[i].theta, from[i].n_theta * sizeof *from[i].theta);
    }
    const size_t first = list->n;
    for (size_t i = 0; i < first && status == MECH_OK; i++) status = add_neighbours(list, i, &parents, error);
    for (size_t i = 0; i < mech_recorded_compositions_size() && status == MECH_OK; i++)
        status = add_named(list, mech_recorded_compositions[i], &parents, error);
    leave_out_library(list, first, parents);
    work.parents = parents;
    if (status == MECH_OK) status = weigh_all(&work, first, t, progress, error);
    free(parents);
    for (size_t i = 0; i < first; i++) list->all[i].n_theta = 0; /* what they are worth is known */
    if (status == MECH_OK) keep_best(list, 1);
    return status;
}
