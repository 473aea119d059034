/* How often the right mechanism leaves a pattern of a higher score than this. */
#ifndef MECH_FIT_POSTERIOR_PATTERN_SCORES_H
#define MECH_FIT_POSTERIOR_PATTERN_SCORES_H

/* Made by bench/none_of_these from 800 experiments of the design `laboratory`. */
static const struct pattern_score {
    double score, share; /* of right mechanisms that exceed it */
} PATTERN_SCORES[] = {
    {-1.220, 0.9}, {-0.428, 0.7}, {0.171, 0.5},   {0.795, 0.3},  {1.121, 0.2},  {1.873, 0.1},
    {2.133, 0.07}, {2.361, 0.05}, {2.706, 0.035}, {3.649, 0.02}, {4.873, 0.01},
};

#endif
