#include "data/laboratory/times.h"

#include <math.h>
#include <string.h>

/* Puts `value` into ascending numbers[n], which has room for it; false where it is there already. */
static bool insert(double *numbers, size_t n, double value) {
    size_t low = 0, high = n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (numbers[middle] < value)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < n && numbers[low] == value) return false;
    memmove(numbers + low + 1, numbers + low, (n - low) * sizeof *numbers);
    numbers[low] = value;
    return true;
}

static void draw_grid(double points, size_t n, random_stream *r, double *shares) {
    for (size_t i = 0; i < n;) i += insert(shares, i, 1 + mech_random_below(r, (uint32_t)points - 1));
    for (size_t i = 0; i < n; i++) shares[i] /= points - 1;
}

/* shares[n]: the times in units of the length, without the one at 0. */
static void draw_shares(const choice *how, size_t n, random_stream *r, double *shares) {
    switch (how->kind) {
    case CHOICE_GRID:
        draw_grid(how->low, n, r, shares);
        return;
    case CHOICE_RANDOM:
        for (size_t i = 0; i + 1 < n;) i += insert(shares, i, mech_random_uniform(r));
        break;
    case CHOICE_GEOMETRIC:
        for (size_t i = 0; i < n; i++) shares[i] = n > 1 ? pow(how->low, (double)(n - 1 - i) / (double)(n - 1)) : 1;
        break;
    default: /* even, dense */
        for (size_t i = 0; i < n; i++)
            shares[i] = pow((double)(i + 1) / (double)n, how->kind == CHOICE_DENSE ? how->low : 1);
    }
    shares[n - 1] = 1;
}

void mech_draw_times(const choice *how, bool at_0, double length, size_t n, random_stream *r, double *times) {
    times[0] = 0;
    draw_shares(how, at_0 ? n - 1 : n, r, at_0 ? times + 1 : times);
    for (size_t i = 0; i < n; i++) times[i] *= length;
}
