/* Split conformal prediction: sets that hold the truth as often as promised, however good the probabilities are. */
#ifndef MECH_JUDGE_CALIBRATION_CONFORMAL_H
#define MECH_JUDGE_CALIBRATION_CONFORMAL_H

#include "base/error.h"

/* The score of a sample: the probability of all labels that come before the true one in order of probability (ties:
 * the lower label first); 0 where the most probable label is the true one. order[n_labels] is working memory. */
double mech_conformal_score(size_t n_labels, const double *probabilities, size_t truth, size_t *order);

/* The threshold for sets of that level from the scores of n samples, which are sorted: mech_credible_set() with it in
 * place of the level holds every label whose score is at most the ceil((n + 1) level)-th smallest; where n is too small
 * for the level that is 2, beyond any probability, and all labels are in each set. */
double mech_conformal_threshold(size_t n, double *scores, double level);

/* Reads what the metadata hold, "THRESHOLD,THRESHOLD" for 95 and 99 %; false where these are no two numbers above 0. */
bool mech_conformal_thresholds_read(const char *list, double thresholds[2]);

#endif
