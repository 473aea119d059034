/* How far samples are from others: from each test sample to the nearest training sample. */
#include "judge/distances/nearest.h"

#include "base/error.h"

#include <math.h>
#include <stdlib.h>

enum { A_PIECE = 32 }; /* samples that a thread takes at a time */

/* Concentrations beyond this have squares that float does not hold. */
static const float LARGEST = 1e15F;

typedef struct comparison {
    const curve_set *of;
    const nearest_tree *tree;
    unsigned columns; /* samples that have just these are compared */
    double *distances;
    size_t *nearest; /* NULL: not wanted */
} comparison;

/* Over fewer columns a distance grows as if the others differed as much, so that all distances can be compared. */
static void compare_piece(void *context, size_t piece, int member) {
    (void)member;
    const comparison *c = context;
    const size_t first = piece * A_PIECE, end = c->of->n - first < A_PIECE ? c->of->n : first + A_PIECE;
    unsigned n_columns = 0;
    for (unsigned column = 0; column < CURVE_COLUMNS; column++) n_columns += c->columns >> column & 1;
    for (size_t i = first; i < end; i++) {
        size_t nearest;
        if (c->of->measured[i] != c->columns) continue;
        const double square = mech_nearest_tree_find(c->tree, c->of->curves + i * CURVE_LENGTH, &nearest);
        c->distances[i] = isfinite(square) ? sqrt(square * CURVE_COLUMNS / n_columns) : NAN;
        if (c->nearest) c->nearest[i] = nearest;
    }
}

static mech_status check_curves(const curve_set *set, const char *role, mech_error *error) {
    for (size_t i = 0; i < set->n * CURVE_LENGTH; i++)
        if (!(fabsf(set->curves[i]) <= LARGEST))
            return mech_fail(error, MECH_INVALID_ARGUMENT, "%s %zu has a concentration that is not finite or beyond %g",
                             role, i / CURVE_LENGTH, (double)LARGEST);
    return MECH_OK;
}

mech_status mech_nearest_distances(const mech_samples *of, const mech_samples *among, int threads, double *distances,
                                   size_t *nearest, mech_error *error) {
    curve_set wanted = {0}, known = {0};
    team *t = mech_team_new(threads);
    mech_status status = t ? mech_curve_set_new(of, t, &wanted, error) : mech_fail_memory(error);
    if (status == MECH_OK) status = mech_curve_set_new(among, t, &known, error);
    if (status == MECH_OK) status = check_curves(&wanted, "sample", error);
    if (status == MECH_OK) status = check_curves(&known, "training sample", error);
    for (size_t i = 0; i < of->n && status == MECH_OK; i++) {
        distances[i] = NAN;
        if (nearest) nearest[i] = among->n;
    }
    /* A tree for each set of columns that samples have; as a rule there is one. */
    for (unsigned columns = 1; columns <= ALL_COLUMNS && status == MECH_OK; columns++) {
        bool occurs = false;
        for (size_t i = 0; i < wanted.n && !occurs; i++) occurs = wanted.measured[i] == columns;
        if (!occurs) continue;
        nearest_tree *tree = NULL;
        status = mech_nearest_tree_new(&known, columns, t, &tree, error);
        const comparison c = {&wanted, tree, columns, distances, nearest};
        if (status == MECH_OK) mech_team_share(t, (of->n + A_PIECE - 1) / A_PIECE, compare_piece, (void *)&c);
        mech_nearest_tree_free(tree);
    }
    mech_curve_set_free(&wanted);
    mech_curve_set_free(&known);
    mech_team_free(t);
    return status;
}
