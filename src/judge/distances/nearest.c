#include "judge/distances/nearest.h"

#include "base/error.h"
#include "base/memory.h"
#include "judge/distances/principal_axes.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A curve is known to the tree by its coordinates along N_AXES axes and, as one more, the length of what these leave of
 * it. The distance between two such points is never above that between the curves. */
enum { N_AXES = 31, N_COORDINATES = N_AXES + 1, BOX_COORDINATES = 12, A_LEAF = 16, CHECK_INTERVAL = 4 };

/* The axes are those of so many curves at most; any others would give the same answers, later. */
enum { MOST_FOR_AXES = 4096 };

enum { A_PIECE = 1024, DEEPEST = 64 };

/* Coordinates in float carry rounding errors of up to 2^-24 of the length of a curve each, the length of what is left
 * one of up to 2e-7 of it (a difference of squares); sums of N_COORDINATES squares 2e-6 of themselves. A bound is
 * believed only beyond these. */
static const double ABSOLUTE_SLACK = 1e-6, RELATIVE_SLACK = 1e-5;

typedef struct node {
    float low[BOX_COORDINATES], high[BOX_COORDINATES];
    uint32_t first, count; /* members */
    uint32_t child;        /* the first of two that stand together; 0: a leaf */
} node;

struct nearest_tree {
    const curve_set *set;
    unsigned columns;
    double mean[CURVE_LENGTH], axes[CURVE_LENGTH * N_AXES];
    double longest; /* of the members, from the mean */
    size_t n;
    uint32_t *members;  /* [n]: numbers in the set, as the leaves have them */
    float *coordinates; /* [n][N_COORDINATES] while the tree grows, then [leaves][N_COORDINATES][A_LEAF] */
    node *nodes;
    uint32_t n_nodes;
};

/* The point of a curve; returns the curve's distance from the mean. */
static double find_coordinates(const nearest_tree *tree, const float *curve, float *point) {
    double along[N_AXES] = {0}, whole = 0, rest = 0;
    for (unsigned column = 0; column < CURVE_COLUMNS; column++) {
        if (!(tree->columns >> column & 1)) continue;
        for (size_t i = column * CURVE_POINTS; i < (column + 1) * CURVE_POINTS; i++) {
            const double off = (double)curve[i] - tree->mean[i];
            whole += off * off;
            for (size_t c = 0; c < N_AXES; c++) along[c] += off * tree->axes[i * N_AXES + c];
        }
    }
    rest = whole;
    for (size_t c = 0; c < N_AXES; c++) {
        rest -= along[c] * along[c];
        point[c] = (float)along[c];
    }
    point[N_AXES] = (float)sqrt(rest > 0 ? rest : 0);
    return sqrt(whole);
}

static void find_piece(void *context, size_t piece, int member) {
    (void)member;
    nearest_tree *tree = context;
    const size_t first = piece * A_PIECE, end = tree->n - first < A_PIECE ? tree->n : first + A_PIECE;
    for (size_t i = first; i < end; i++)
        find_coordinates(tree, tree->set->curves + (size_t)tree->members[i] * CURVE_LENGTH,
                         tree->coordinates + i * N_COORDINATES);
}

static bool find_axes(nearest_tree *tree) {
    const size_t n = tree->n < MOST_FOR_AXES ? tree->n : MOST_FOR_AXES;
    double *points = mech_allocate_array(n, CURVE_LENGTH * sizeof *points);
    for (size_t i = 0; points && i < n; i++) {
        const float *curve = tree->set->curves + (size_t)tree->members[i * tree->n / n] * CURVE_LENGTH;
        for (size_t j = 0; j < CURVE_LENGTH; j++)
            if (tree->columns >> j / CURVE_POINTS & 1) points[i * CURVE_LENGTH + j] = curve[j];
    }
    const bool found = points && mech_principal_axes(n, CURVE_LENGTH, points, N_AXES, tree->mean, tree->axes);
    mech_release_array(points);
    return found;
}

/* The order of points while the tree grows. */
typedef struct growth {
    nearest_tree *tree;
    uint32_t *order; /* [n]: rows of coordinates */
} growth;

static float coordinate_of(const growth *g, uint32_t place, size_t c) {
    return g->tree->coordinates[(size_t)g->order[place] * N_COORDINATES + c];
}

/* Reorders places first, ..., first + count - 1 so that those before `middle` are not above those from it on in
 * coordinate c (Hoare's selection). */
static void part_at(const growth *g, uint32_t first, uint32_t count, uint32_t middle, size_t c) {
    int64_t low = first, high = (int64_t)first + count - 1;
    while (low < high) {
        const float pivot = coordinate_of(g, (uint32_t)(low + (high - low) / 2), c);
        int64_t i = low, j = high;
        while (i <= j) {
            while (coordinate_of(g, (uint32_t)i, c) < pivot) i++;
            while (coordinate_of(g, (uint32_t)j, c) > pivot) j--;
            if (i > j) break;
            const uint32_t row = g->order[i];
            g->order[i++] = g->order[j];
            g->order[j--] = row;
        }
        if (middle <= j)
            high = j;
        else if (middle >= i)
            low = i;
        else
            return;
    }
}

/* Makes node `number` of the points at places first, ..., first + count - 1. Its depth is log2(n / A_LEAF). */
static void grow(const growth *g, uint32_t number, uint32_t first, uint32_t count) {
    nearest_tree *tree = g->tree;
    node *n = &tree->nodes[number];
    size_t widest = 0;
    n->first = first;
    n->count = count;
    for (size_t c = 0; c < BOX_COORDINATES; c++) {
        n->low[c] = n->high[c] = coordinate_of(g, first, c);
        for (uint32_t i = first + 1; i < first + count; i++) {
            const float at = coordinate_of(g, i, c);
            n->low[c] = at < n->low[c] ? at : n->low[c];
            n->high[c] = at > n->high[c] ? at : n->high[c];
        }
        if (n->high[c] - n->low[c] > n->high[widest] - n->low[widest]) widest = c;
    }
    if (count <= A_LEAF) return;
    /* All leaves but the last are full, so that leaf l begins at place l * A_LEAF. */
    const uint32_t half = (count / 2 + A_LEAF - 1) / A_LEAF * A_LEAF;
    part_at(g, first, count, first + half, widest);
    n->child = tree->n_nodes;
    tree->n_nodes += 2;
    grow(g, n->child, first, half);
    grow(g, n->child + 1, first + half, count - half);
}

/* Brings the coordinates into the order of the leaves; places without a point lie infinitely far away. */
static bool settle(const growth *g) {
    nearest_tree *tree = g->tree;
    const size_t n_leaves = (tree->n + A_LEAF - 1) / A_LEAF;
    float *settled = mech_allocate_array(n_leaves, sizeof *settled * N_COORDINATES * A_LEAF);
    uint32_t *members = mech_allocate_array(tree->n, sizeof *members);
    if (!settled || !members) {
        mech_release_array(settled);
        mech_release_array(members);
        return false;
    }
    for (size_t place = 0; place < n_leaves * A_LEAF; place++)
        for (size_t c = 0; c < N_COORDINATES; c++)
            settled[(place / A_LEAF * N_COORDINATES + c) * A_LEAF + place % A_LEAF] =
                place < tree->n ? coordinate_of(g, (uint32_t)place, c) : INFINITY;
    for (size_t place = 0; place < tree->n; place++) members[place] = tree->members[g->order[place]];
    mech_release_array(tree->coordinates);
    mech_release_array(tree->members);
    tree->coordinates = settled;
    tree->members = members;
    return true;
}

/* Fills the tree, which has its members. */
static bool fill_tree(nearest_tree *tree, team *t) {
    growth g = {.tree = tree, .order = mech_allocate_array(tree->n, sizeof *g.order)};
    tree->coordinates = mech_allocate_array(tree->n, N_COORDINATES * sizeof *tree->coordinates);
    tree->nodes = mech_allocate_array(2 * ((tree->n + A_LEAF - 1) / A_LEAF), sizeof *tree->nodes);
    bool filled = g.order && tree->coordinates && tree->nodes && find_axes(tree);
    if (filled) {
        mech_team_share(t, (tree->n + A_PIECE - 1) / A_PIECE, find_piece, tree);
        for (size_t i = 0; i < tree->n; i++) {
            double square = 0;
            for (size_t c = 0; c < N_COORDINATES; c++)
                square += (double)tree->coordinates[i * N_COORDINATES + c] * tree->coordinates[i * N_COORDINATES + c];
            tree->longest = fmax(tree->longest, sqrt(square));
            g.order[i] = (uint32_t)i;
        }
        tree->n_nodes = 1;
        grow(&g, 0, 0, (uint32_t)tree->n);
        filled = settle(&g);
    }
    mech_release_array(g.order);
    return filled;
}

mech_status mech_nearest_tree_new(const curve_set *set, unsigned columns, team *t, nearest_tree **tree,
                                  mech_error *error) {
    *tree = NULL;
    if (set->n > UINT32_MAX / 2)
        return mech_fail(error, MECH_INVALID_ARGUMENT, "%zu samples to search among; expected at most %u", set->n,
                         UINT32_MAX / 2);
    nearest_tree *made = calloc(1, sizeof *made);
    if (!made) return mech_fail_memory(error);
    made->set = set;
    made->columns = columns;
    made->members = mech_allocate_array(set->n, sizeof *made->members);
    for (size_t i = 0; made->members && i < set->n; i++)
        if ((set->measured[i] & columns) == columns) made->members[made->n++] = (uint32_t)i;
    if (!made->members || (made->n && !fill_tree(made, t))) {
        mech_nearest_tree_free(made);
        return mech_fail_memory(error);
    }
    *tree = made;
    return MECH_OK;
}

void mech_nearest_tree_free(nearest_tree *tree) {
    if (!tree) return;
    mech_release_array(tree->members);
    mech_release_array(tree->coordinates);
    mech_release_array(tree->nodes);
    free(tree);
}

/* A search under way. */
typedef struct search {
    const nearest_tree *tree;
    const float *curve;
    float point[N_COORDINATES];
    double slack;
    double best; /* squared */
    float limit; /* nothing whose squared distance by coordinates is above is as near as the best */
    size_t nearest;
} search;

/* The squared distance of a point from the box of a node. */
static float box_distance(const node *n, const float *point) {
    enum { LANES = 4 };
    float sums[LANES] = {0};
    for (size_t c = 0; c < BOX_COORDINATES; c += LANES)
        for (size_t l = 0; l < LANES; l++) {
            const float below = n->low[c + l] - point[c + l], above = point[c + l] - n->high[c + l];
            const float outside = below > above ? below : above, off = outside > 0 ? outside : 0;
            sums[l] += off * off;
        }
    return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

static void take_candidate(search *s, uint32_t number) {
    const double square =
        mech_squared_distance(s->curve, s->tree->set->curves + (size_t)number * CURVE_LENGTH, s->tree->columns);
    if (square > s->best || (square == s->best && number > s->nearest)) return;
    const double reach = sqrt(square) + s->slack;
    s->best = square;
    s->nearest = number;
    s->limit = (float)(reach * reach * (1 + RELATIVE_SLACK));
}

/* Sums the squares of all the leaf's points side by side, until all of them lie too far. */
static void search_leaf(search *s, const node *n) {
    const float *leaf = s->tree->coordinates + (size_t)n->first * N_COORDINATES;
    float sums[A_LEAF] = {0};
    for (size_t c = 0; c < N_COORDINATES; c += CHECK_INTERVAL) {
        for (size_t k = c; k < c + CHECK_INTERVAL; k++)
            for (size_t i = 0; i < A_LEAF; i++) {
                const float off = leaf[k * A_LEAF + i] - s->point[k];
                sums[i] += off * off;
            }
        float lowest = sums[0];
        for (size_t i = 1; i < A_LEAF; i++) lowest = sums[i] < lowest ? sums[i] : lowest;
        if (lowest > s->limit) return;
    }
    for (uint32_t i = 0; i < n->count; i++)
        if (sums[i] <= s->limit) take_candidate(s, s->tree->members[n->first + i]);
}

double mech_nearest_tree_find(const nearest_tree *tree, const float *curve, size_t *nearest) {
    struct {
        uint32_t node;
        float bound;
    } waiting[DEEPEST];
    search s = {.tree = tree, .curve = curve, .best = INFINITY, .limit = INFINITY, .nearest = tree->set->n};
    size_t n_waiting = 0;
    if (tree->n) {
        s.slack = ABSOLUTE_SLACK * (find_coordinates(tree, curve, s.point) + tree->longest);
        waiting[n_waiting].node = 0;
        waiting[n_waiting++].bound = 0;
    }
    while (n_waiting) {
        const node *n = &tree->nodes[waiting[--n_waiting].node];
        if (waiting[n_waiting].bound > s.limit) continue;
        if (!n->child) {
            search_leaf(&s, n);
            continue;
        }
        /* The nearer of the two is looked at first. */
        const float bounds[2] = {box_distance(&tree->nodes[n->child], s.point),
                                 box_distance(&tree->nodes[n->child + 1], s.point)};
        const uint32_t nearer = bounds[1] < bounds[0];
        for (uint32_t i = 0; i < 2; i++) {
            const uint32_t which = i ? nearer : !nearer;
            waiting[n_waiting].node = n->child + which;
            waiting[n_waiting++].bound = bounds[which];
        }
    }
    *nearest = s.nearest;
    return s.best;
}
