#include "mechanist.h"

size_t mech_credible_set(size_t n_labels, const double *probabilities, double level, size_t *order) {
    /* Insertion sort: stable, so that equal probabilities keep the lower label first, and quick for tens of labels. */
    for (size_t i = 0; i < n_labels; i++) {
        size_t place = i;
        while (place > 0 && probabilities[order[place - 1]] < probabilities[i]) {
            order[place] = order[place - 1];
            place--;
        }
        order[place] = i;
    }
    double sum = 0;
    for (size_t size = 0; size < n_labels; size++) {
        sum += probabilities[order[size]];
        if (sum >= level) return size + 1;
    }
    return n_labels;
}
