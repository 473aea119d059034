#include "draw/fits/run_cell.h"

#include "base/memory.h"
#include "data/runs/run_set.h"
#include "draw/canvas/notation.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>

enum { N_CURVE = 121, N_BAND = 49 };

static const double GAP = 12, LEFT_HEIGHT = 48, ACTIVE_HEIGHT = 48;

double mech_curve_dash(size_t rank) {
    static const double dashes[MOST_CURVES] = {0, 5, 1.6};
    return rank < MOST_CURVES ? dashes[rank] : 0;
}

/* Curves of one mechanism at the readings of a run; substrate and product have room for them. */
static mech_status curves_at_readings(const mech_fits *fits, size_t rank, size_t run, double *substrate,
                                      double *product, mech_error *error) {
    const mech_run *r = mech_run_set_run(mech_fits_runs(fits), run);
    return mech_fits_curves(fits, rank, run, r->n_readings, r->time, substrate, product, error);
}

/* What is left of the readings of a species, in % of the standard [S]0; NaN where it was not measured. A reading at
 * t = 0 that the run's start was taken from is not fitted and leaves nothing. */
static void subtract(const mech_run *r, bool of_product, const double *curve, double standard, double *left) {
    const double *readings = of_product ? r->product : r->substrate, start = of_product ? r->p0 : r->s0;
    for (size_t i = 0; i < r->n_readings; i++) {
        const bool counts = readings && !(r->time[i] == 0 && readings[i] == start);
        left[i] = counts ? 100 * (readings[i] - curve[i]) / standard : NAN;
    }
}

/* To 1, 2 or 5 times a power of ten, where the axis has a tick. */
static double round_up(double x) {
    if (!(x > 0)) return 1;
    const double power = pow(10, floor(log10(x))), share = x / power;
    return power * (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10);
}

mech_status mech_measure_cells(fit_cells *cells, mech_error *error) {
    const mech_run_set *set = mech_fits_runs(cells->fits);
    mech_status status = MECH_OK;
    range all = EMPTY_RANGE, left = EMPTY_RANGE;
    cells->standard = mech_run_set_standard(set);
    for (size_t i = 0; i < set->n_runs && status == MECH_OK; i++) {
        const mech_run *r = &set->runs[i];
        double *room = mech_allocate_array(r->n_readings, 3 * sizeof *room);
        if (!room) return mech_fail_memory(error);
        double *substrate = room, *product = room + r->n_readings, *rest = product + r->n_readings;
        status = curves_at_readings(cells->fits, 0, i, substrate, product, error);
        for (int of_product = 0; of_product < 2 && status == MECH_OK; of_product++) {
            const double *readings = of_product ? r->product : r->substrate;
            subtract(r, of_product, of_product ? product : substrate, cells->standard, rest);
            for (size_t j = 0; j < r->n_readings; j++) {
                if (readings) mech_range_include(&all, readings[j]);
                mech_range_include(&left, fabs(rest[j]));
            }
        }
        mech_release_array(room);
    }
    cells->concentrations = mech_range_from_zero(all);
    cells->most_left = 1.1 * round_up(left.high);
    return status;
}

static void draw_band(canvas *c, const panel *p, size_t n, const double *times, const mech_estimate *band, colour ink) {
    point corners[2 * N_BAND];
    for (size_t i = 0; i < n; i++) {
        corners[i] = mech_panel_point(p, times[i], fmin(band[i].high, p->y.high));
        corners[2 * n - 1 - i] = mech_panel_point(p, times[i], fmax(band[i].low, p->y.low));
    }
    mech_draw_polygon(c, corners, 2 * n, mech_tint(ink, 0.22));
}

static void set_times(double end, size_t n, double *times) {
    for (size_t i = 0; i < n; i++) times[i] = end * (double)i / (double)(n - 1);
}

/* The panel with the readings; `end` is the run's last time. */
static mech_status draw_readings(canvas *c, const fit_cells *cells, size_t run, const panel *p, double end,
                                 mech_error *error) {
    const mech_run *r = mech_run_set_run(mech_fits_runs(cells->fits), run);
    double times[N_CURVE], curves[2][N_CURVE];
    mech_estimate bands[2][N_BAND];
    const double *readings[2] = {r->substrate, r->product};
    const colour inks[2] = {SUBSTRATE_INK, PRODUCT_INK};
    mech_status status = MECH_OK;
    if (cells->fits->mechanisms[0].n_runs) {
        set_times(end, N_BAND, times);
        status = mech_fits_bands(cells->fits, 0, run, N_BAND, times, bands[0], bands[1], error);
        for (size_t s = 0; s < 2 && status == MECH_OK; s++)
            if (readings[s]) draw_band(c, p, N_BAND, times, bands[s], inks[s]);
    }
    set_times(end, N_CURVE, times);
    for (size_t rank = cells->n_curves; rank-- > 0 && status == MECH_OK;) {
        status = mech_fits_curves(cells->fits, rank, run, N_CURVE, times, curves[0], curves[1], error);
        for (size_t s = 0; s < 2 && status == MECH_OK; s++)
            if (readings[s])
                mech_draw_series_line(c, p, N_CURVE, times, curves[s], (stroke){inks[s], 1.1, mech_curve_dash(rank)});
    }
    for (size_t s = 0; s < 2 && status == MECH_OK; s++)
        if (readings[s])
            mech_draw_series_markers(c, p, r->n_readings, r->time, readings[s], s ? MARKER_SQUARE : MARKER_CIRCLE,
                                     mech_marker_radius(r->n_readings), inks[s], true);
    return status;
}

static mech_status draw_left(canvas *c, const fit_cells *cells, size_t run, const panel *p, mech_error *error) {
    const mech_run *r = mech_run_set_run(mech_fits_runs(cells->fits), run);
    const double noise = 200 * cells->fits->mechanisms[0].noise;
    const point low = mech_panel_point(p, p->x.low, fmax(-noise, p->y.low)),
                high = mech_panel_point(p, p->x.high, fmin(noise, p->y.high));
    const colour shade = mech_tint(GREY, 0.14);
    double *room = mech_allocate_array(r->n_readings, 3 * sizeof *room);
    if (!room) return mech_fail_memory(error);
    double *substrate = room, *product = room + r->n_readings, *rest = product + r->n_readings;
    const mech_status status = curves_at_readings(cells->fits, 0, run, substrate, product, error);
    mech_draw_rectangle(c, (box){low.x, high.y, high.x, low.y}, 0, &shade, NULL);
    mech_draw_line(c, mech_panel_point(p, p->x.low, 0), mech_panel_point(p, p->x.high, 0), (stroke){GREY, 0.6, 0});
    for (int of_product = 0; of_product < 2 && status == MECH_OK; of_product++) {
        subtract(r, of_product, of_product ? product : substrate, cells->standard, rest);
        mech_draw_series_markers(c, p, r->n_readings, r->time, rest, of_product ? MARKER_SQUARE : MARKER_CIRCLE,
                                 0.75 * mech_marker_radius(r->n_readings), of_product ? PRODUCT_INK : SUBSTRATE_INK,
                                 false);
    }
    mech_release_array(room);
    return status;
}

static void draw_active(canvas *c, const fit_cells *cells, size_t run, const panel *p) {
    const mech_active_catalyst *a = &cells->fits->active[run];
    const mech_run *r = mech_run_set_run(mech_fits_runs(cells->fits), run);
    const size_t n = a->n_times < N_BAND ? a->n_times : N_BAND;
    mech_estimate band[N_BAND];
    double middle[N_BAND];
    if (!(r->cat0 > 0)) {
        mech_write_words(c, mech_panel_point(p, (p->x.low + p->x.high) / 2, 45), "no catalyst",
                         (lettering){8, GREY, ALIGN_CENTRE, false, true});
        return;
    }
    for (size_t i = 0; i < n; i++) {
        band[i] = (mech_estimate){100 * a->share[i].value, 100 * a->share[i].low, 100 * a->share[i].high};
        middle[i] = band[i].value;
    }
    draw_band(c, p, n, a->time, band, ACTIVE_INK);
    mech_draw_series_line(c, p, n, a->time, middle, (stroke){ACTIVE_INK, 1.2, 0});
    for (size_t i = 0; r->active && i < r->n_readings; i++) {
        const double share = 100 * r->active[i] / r->cat0;
        mech_draw_series_markers(c, p, 1, &r->time[i], &share, MARKER_DIAMOND, 2.2, INK, true);
    }
}

/* "run 2" and "cat 3.1 mol %,  [S]0 = 0.9 M" */
static void write_head(canvas *c, const fit_cells *cells, size_t run, point corner) {
    const mech_run_set *set = mech_fits_runs(cells->fits);
    const mech_run *r = mech_run_set_run(set, run);
    const char *unit = mech_run_set_concentration_unit(set);
    char words[320];
    snprintf(words, sizeof words, "%s%.40s", isdigit((unsigned char)r->name[0]) ? "run " : "", r->name);
    mech_write_paragraph(c, (point){corner.x, corner.y + 10}, words, (lettering){9, INK, ALIGN_LEFT, true, false},
                         cells->width, 1, false);
    int n =
        snprintf(words, sizeof words, "cat %s mol %%,  [S]_{0} %s%s%s", mech_set_number(100 * r->cat0 / r->s0, 3).words,
                 mech_set_number(r->s0, 3).words, *unit ? " " : "", unit);
    if (r->p0 > 0 && n > 0 && n < (int)sizeof words)
        snprintf(words + n, sizeof words - (size_t)n, ",  [P]_{0} %s", mech_set_number(r->p0, 3).words);
    mech_write_paragraph(c, (point){corner.x, corner.y + 22}, words, (lettering){8, GREY, ALIGN_LEFT, false, false},
                         cells->width, 1, false);
}

mech_status mech_draw_run_cell(canvas *c, const fit_cells *cells, size_t run, point corner, bool first_column,
                               bool last_row, mech_error *error) {
    const mech_run_set *set = mech_fits_runs(cells->fits);
    const mech_run *r = mech_run_set_run(set, run);
    const double end = r->time[r->n_readings - 1], right = corner.x + cells->width;
    char concentration[64], time[64];
    mech_axis_title("concentration", mech_run_set_concentration_unit(set), concentration, sizeof concentration);
    mech_axis_title("time", mech_run_set_time_unit(set), time, sizeof time);
    const range times = {0, end > 0 ? 1.03 * end : 1};
    double top = corner.y + CELL_HEAD;
    const panel readings = {.frame = {corner.x, top, right, top + cells->height},
                            .x = times,
                            .y = cells->concentrations,
                            .y_title = first_column ? concentration : NULL,
                            .hide_x_numbers = true};
    top += cells->height + GAP;
    const panel left = {.frame = {corner.x, top, right, top + LEFT_HEIGHT},
                        .x = times,
                        .y = {-cells->most_left, cells->most_left},
                        .y_title = first_column ? "residual / %" : NULL,
                        .hide_x_numbers = true};
    top += LEFT_HEIGHT + GAP;
    const panel active = {.frame = {corner.x, top, right, top + ACTIVE_HEIGHT},
                          .x = times,
                          .y = {0, 108},
                          .x_title = last_row ? time : NULL,
                          .y_title = first_column ? "active / %" : NULL};
    write_head(c, cells, run, corner);
    mech_draw_panel(c, &readings);
    mech_draw_panel(c, &left);
    mech_draw_panel(c, &active);
    mech_status status = draw_readings(c, cells, run, &readings, end, error);
    if (status == MECH_OK) status = draw_left(c, cells, run, &left, error);
    draw_active(c, cells, run, &active);
    return status;
}
