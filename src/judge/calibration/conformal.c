/* Adaptive prediction sets (Romano, Sesia & Candes, NeurIPS 2020), without randomisation: the score does not count the
 * true label's own probability, so that the most probable label is always in the set and the same data always give the
 * same set. Any function of a sample may be a score (Vovk, Gammerman & Shafer 2005): the guarantee stays, and sets grow
 * a little. */
#include "judge/calibration/conformal.h"

#include "base/files/text.h"
#include "base/numbers/quantiles.h"

#include <math.h>
#include <string.h>

static const double EVERYTHING = 2;

double mech_conformal_score(size_t n_labels, const double *probabilities, size_t truth, size_t *order) {
    mech_credible_set(n_labels, probabilities, EVERYTHING, order);
    double before = 0;
    for (size_t i = 0; order[i] != truth; i++) before += probabilities[order[i]];
    return before;
}

double mech_conformal_threshold(size_t n, double *scores, double level) {
    /* What is a whole number but for rounding is meant as one: 0.95 * 20 would else be 20. */
    const double rank = ceil((double)(n + 1) * level - 1e-9);
    if (!(rank <= (double)n)) return EVERYTHING;
    mech_sort_numbers(n, scores);
    /* A label is in a credible set while the sum before it is below the level; here it may be equal. */
    return nextafter(scores[rank < 1 ? 0 : (size_t)rank - 1], INFINITY);
}

bool mech_conformal_thresholds_read(const char *list, double thresholds[2]) {
    const char *comma = strchr(list, ',');
    return comma && mech_parse_number(list, (size_t)(comma - list), '.', &thresholds[0]) && thresholds[0] > 0 &&
           mech_parse_number(comma + 1, strlen(comma + 1), '.', &thresholds[1]) && thresholds[1] >= thresholds[0] &&
           thresholds[1] <= EVERYTHING;
}
