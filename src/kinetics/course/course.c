#include "kinetics/course/course.h"

#include <math.h>
#include <string.h>

enum { INTERVALS = 48, LOCAL = COURSE_MOST_TERMS + COURSE_MOST_SHAPES + 1 };

/* The share of the limit beyond which a run is not followed: d(extent)/dt is next to nothing there. */
static const double LEAST_LEFT = 1e-4;

/* Rates are kept within e^-80 and e^80, so that a trial step far off gives finite numbers. */
static const double MOST_LOG = 80;

course_layout mech_course_layout(const course_problem *problem, size_t n_shapes) {
    course_layout l = {.n_terms = problem->n_terms, .n_shapes = n_shapes, .n_runs = problem->n_runs};
    l.first_shape = l.n_terms;
    l.first_offset = l.first_shape + n_shapes;
    l.first_factor = l.first_offset + l.n_runs;
    l.n_parameters = l.first_factor + l.n_runs;
    return l;
}

/* The functions of which g is made, in the order in which they are taken in: 1, x, x^2, sqrt x (a start unlike the
 * rest: an induction period, a burst), x^3, x^4. Beyond the readings g stays what it is at their end. */
static void shape_functions(double x, double shapes[COURSE_MOST_SHAPES]) {
    const double u = fmin(fmax(x, 0), 1);
    shapes[0] = 1;
    shapes[1] = u;
    shapes[2] = u * u;
    shapes[3] = sqrt(u);
    shapes[4] = u * u * u;
    shapes[5] = u * u * u * u;
}

static double tabulated(const course_term *t, double extent) {
    size_t low = 0, high = t->n_table - 1;
    if (extent <= t->table_extent[0]) return t->table_log[0];
    if (extent >= t->table_extent[high]) return t->table_log[high];
    while (high - low > 1) {
        const size_t middle = (low + high) / 2;
        if (t->table_extent[middle] <= extent)
            low = middle;
        else
            high = middle;
    }
    const double width = t->table_extent[high] - t->table_extent[low];
    const double share = width > 0 ? (extent - t->table_extent[low]) / width : 0;
    return t->table_log[low] + share * (t->table_log[high] - t->table_log[low]);
}

/* ln of the rate at an extent and its derivatives by the orders, the shapes and the run's offset, local[LOCAL]. */
static double log_rate(const course_problem *problem, const course_layout *l, const double *parameters, size_t run,
                       double extent, double *local) {
    const course_run *r = &problem->runs[run];
    const double offset = parameters[l->first_offset + run];
    double shapes[COURSE_MOST_SHAPES], sum = 0, by_offset = 0;
    for (size_t k = 0; k < l->n_terms; k++) {
        const course_term *t = &r->terms[k];
        double log_c = 0;
        if (t->n_table) {
            log_c = tabulated(t, extent);
        } else {
            const double c = t->start + t->slope * (extent + (t->followed ? offset : 0));
            log_c = log(fmax(c, t->least));
            if (t->followed && c > t->least) by_offset += parameters[k] * t->slope / c;
        }
        local[k] = log_c;
        sum += parameters[k] * log_c;
    }
    shape_functions(r->start + extent, shapes);
    for (size_t j = 0; j < l->n_shapes; j++) {
        local[l->n_terms + j] = shapes[j];
        sum += parameters[l->first_shape + j] * shapes[j];
    }
    local[l->n_terms + l->n_shapes] = by_offset;
    return fmin(fmax(sum, -MOST_LOG), MOST_LOG);
}

/* One run as the table of times at which extents are reached. */
typedef struct course_table {
    size_t n_local;
    double extent[INTERVALS + 1], time[INTERVALS + 1], rate[INTERVALS + 1];
    double by[INTERVALS + 1][LOCAL]; /* derivatives of the time by the local parameters */
    double by_end[LOCAL];            /* those of ln rate at the last node */
    double limit;
} course_table;

/* t(extent) = integral from 0 to extent of dx / rate(x), over z = -ln(1 - x / limit). */
static void tabulate(const course_problem *problem, const course_layout *l, const double *parameters, size_t run,
                     course_table *table) {
    static const double NODES[2] = {0.21132486540518712, 0.78867513459481288}; /* (1 -+ 1/sqrt 3) / 2 */
    const course_run *r = &problem->runs[run];
    const double offset = parameters[l->first_offset + run], slowing = exp(-parameters[l->first_factor + run]);
    double local[LOCAL], top = 0;
    for (size_t i = 0; i < r->n; i++) top = fmax(top, r->extent[i]);
    table->n_local = l->n_terms + l->n_shapes + 1;
    table->limit = fmax(r->limit - (r->limit_followed ? offset : 0), 1e-3 * r->limit);
    top = fmin((1.25 * top + 0.02) / table->limit, 1 - LEAST_LEFT);
    const double step = -log1p(-top) / INTERVALS;
    table->extent[0] = table->time[0] = 0;
    table->rate[0] = exp(log_rate(problem, l, parameters, run, 0, local)) / slowing;
    memset(table->by[0], 0, sizeof table->by[0]);
    for (size_t m = 0; m < INTERVALS; m++) {
        table->time[m + 1] = table->time[m];
        memcpy(table->by[m + 1], table->by[m], sizeof table->by[m]);
        for (size_t g = 0; g < 2; g++) {
            const double left = exp(-((double)m + NODES[g]) * step);
            const double rate_log = log_rate(problem, l, parameters, run, table->limit * (1 - left), local);
            const double weight = slowing * step / 2 * table->limit * left * exp(-rate_log);
            table->time[m + 1] += weight;
            for (size_t p = 0; p < table->n_local; p++) table->by[m + 1][p] -= weight * local[p];
        }
        table->extent[m + 1] = -table->limit * expm1(-(double)(m + 1) * step);
        table->rate[m + 1] = exp(log_rate(problem, l, parameters, run, table->extent[m + 1], local)) / slowing;
    }
    memcpy(table->by_end, local, sizeof local);
}

/* The extent at a time, its derivatives by the local parameters and, last, by ln of the run's factor, by[LOCAL + 1];
 * *node is where the last search ended. */
static double look_up(const course_table *t, double time, size_t *node, double *by) {
    while (*node < INTERVALS && t->time[*node + 1] <= time) ++*node;
    const size_t m = *node;
    if (m == INTERVALS) { /* beyond the table: what is left to the limit falls exponentially */
        const double left = t->limit - t->extent[m], pace = t->rate[m] / left, later = time - t->time[m];
        const double remaining = left * exp(-pace * later);
        for (size_t p = 0; by && p < t->n_local; p++) by[p] = remaining * pace * (later * t->by_end[p] - t->by[m][p]);
        if (by) by[t->n_local] = remaining * pace * time;
        return t->limit - remaining;
    }
    const double width = t->time[m + 1] - t->time[m], rise = t->extent[m + 1] - t->extent[m];
    const double s = (time - t->time[m]) / width;
    /* Slopes of at most three times the secant keep the cubic monotone (Fritsch & Carlson, SIAM J. Numer. Anal. 17
     * (1980) 238). */
    const double a = fmin(t->rate[m] * width, 3 * rise), b = fmin(t->rate[m + 1] * width, 3 * rise);
    const double extent = t->extent[m] + rise * s * s * (3 - 2 * s) + a * s * (1 - s) * (1 - s) - b * s * s * (1 - s);
    if (by) {
        const double rate = (rise * 6 * s * (1 - s) + a * (1 - s) * (1 - 3 * s) - b * s * (2 - 3 * s)) / width;
        for (size_t p = 0; p < t->n_local; p++) by[p] = -rate * (t->by[m][p] + s * (t->by[m + 1][p] - t->by[m][p]));
        by[t->n_local] = rate * time;
    }
    return extent;
}

void mech_course_predict(const course_problem *problem, size_t n_shapes, const double *parameters, double *predicted,
                         double *jacobian) {
    const course_layout l = mech_course_layout(problem, n_shapes);
    course_table table;
    double by[LOCAL + 1];
    size_t row = 0;
    for (size_t run = 0; run < problem->n_runs; run++) {
        const course_run *r = &problem->runs[run];
        size_t node = 0;
        tabulate(problem, &l, parameters, run, &table);
        for (size_t i = 0; i < r->n; i++, row++) {
            predicted[row] =
                parameters[l.first_offset + run] + look_up(&table, r->time[i], &node, jacobian ? by : NULL);
            if (!jacobian) continue;
            double *d = jacobian + row * l.n_parameters;
            memset(d, 0, l.n_parameters * sizeof *d);
            memcpy(d, by, (l.n_terms + l.n_shapes) * sizeof *d);
            d[l.first_offset + run] = 1 + by[l.n_terms + l.n_shapes];
            d[l.first_factor + run] = by[table.n_local];
        }
    }
}

double mech_course_log_rate(const course_problem *problem, size_t n_shapes, const double *parameters, size_t run,
                            double extent) {
    const course_layout l = mech_course_layout(problem, n_shapes);
    double local[LOCAL];
    return log_rate(problem, &l, parameters, run, extent, local);
}

double mech_course_extent(const course_problem *problem, size_t n_shapes, const double *parameters, size_t run,
                          double time) {
    const course_layout l = mech_course_layout(problem, n_shapes);
    course_table table;
    size_t node = 0;
    tabulate(problem, &l, parameters, run, &table);
    return look_up(&table, time, &node, NULL);
}
