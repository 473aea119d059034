/* The nearest of many curves, found exactly. Curves vary in few directions: a tree is grown over their coordinates
 * along the principal axes, and what cannot be nearer by these is not looked at (bounding boxes as in Roussopoulos,
 * Kelley & Vincent, "Nearest neighbor queries", SIGMOD 1995, in a tree of Friedman, Bentley & Finkel, ACM Trans. Math.
 * Softw. 3 (1977) 209). */
#ifndef MECH_JUDGE_DISTANCES_NEAREST_H
#define MECH_JUDGE_DISTANCES_NEAREST_H

#include "judge/distances/curves.h"

typedef struct nearest_tree nearest_tree;

/* A tree of those curves of the set (which outlives it) that have all the given columns; distances are over these
 * alone. The caller frees *tree. */
mech_status mech_nearest_tree_new(const curve_set *set, unsigned columns, team *t, nearest_tree **tree,
                                  mech_error *error);
void mech_nearest_tree_free(nearest_tree *tree);

/* The mech_squared_distance() to the nearest curve and its number in the set, the lowest of several that are as near;
 * INFINITY and set->n where the tree is empty. The same as comparing with every curve, to the bit. Runs on the calling
 * thread; a tree may be asked by many. */
double mech_nearest_tree_find(const nearest_tree *tree, const float *curve, size_t *nearest);

#endif
