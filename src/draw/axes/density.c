#include "draw/axes/density.h"

#include "base/numbers/quantiles.h"

#include <math.h>

int mech_bin_of(range r, size_t n_bins, double number) {
    if (!(number >= r.low && number <= r.high)) return -1;
    const int bin = (int)floor((number - r.low) / (r.high - r.low) * (double)n_bins);
    return bin < (int)n_bins ? bin : (int)n_bins - 1;
}

void mech_count_in_bins(range r, size_t n, const double *numbers, size_t n_bins, double *counts) {
    for (size_t i = 0; i < n; i++) {
        const int bin = mech_bin_of(r, n_bins, numbers[i]);
        if (bin >= 0) counts[bin]++;
    }
}

void mech_outline_steps(const panel *p, range r, size_t n_bins, const double *heights, point *steps) {
    const double width = (r.high - r.low) / (double)n_bins;
    size_t n = 0;
    steps[n++] = mech_panel_point(p, r.low, 0);
    for (size_t bin = 0; bin < n_bins; bin++)
        for (size_t end = 0; end < 2; end++)
            steps[n++] = mech_panel_point(p, r.low + (double)(bin + end) * width, heights[bin]);
    steps[n++] = mech_panel_point(p, r.high, 0);
}

bool mech_kernel_density(size_t n, const double *sorted, range r, size_t n_at, double *density) {
    static const double REACH = 5; /* standard deviations beyond which a curve counts for nothing */
    double mean = 0, square = 0;
    for (size_t i = 0; i < n; i++) mean += sorted[i] / (double)n;
    for (size_t i = 0; i < n; i++) square += (sorted[i] - mean) * (sorted[i] - mean);
    const double deviation = sqrt(square / (double)(n - 1));
    const double quartiles = (mech_quantile(n, sorted, 0.75) - mech_quantile(n, sorted, 0.25)) / 1.34;
    const double width = 0.9 * (quartiles > 0 ? fmin(deviation, quartiles) : deviation) * pow((double)n, -0.2);
    if (sorted[0] == sorted[n - 1] || !(width > 0)) return false;
    size_t first = 0;
    for (size_t j = 0; j < n_at; j++) {
        const double at = r.low + (r.high - r.low) * (double)j / (double)(n_at - 1);
        density[j] = 0;
        while (first < n && sorted[first] < at - REACH * width) first++;
        for (size_t i = first; i < n && sorted[i] <= at + REACH * width; i++) {
            const double off = (sorted[i] - at) / width;
            density[j] += exp(-0.5 * off * off);
        }
        density[j] /= (double)n * width * sqrt(2 * 3.14159265358979323846);
    }
    return true;
}
