#include "draw/axes/axes.h"

#include "draw/canvas/notation.h"

#include <math.h>
#include <stdio.h>

enum { MOST_TICKS = 12 };

static const lettering NUMBERS = {8, {0.42, 0.44, 0.47}, ALIGN_CENTRE, false, false};
static const lettering TITLES = {9, {0.13, 0.13, 0.15}, ALIGN_CENTRE, false, false};

void mech_range_include(range *r, double number) {
    if (!isfinite(number)) return;
    r->low = fmin(r->low, number);
    r->high = fmax(r->high, number);
}

range mech_range_padded(range r, double share) {
    double width = r.high - r.low;
    return (range){r.low - share * width, r.high + share * width};
}

range mech_range_from_zero(range r) {
    if (!(r.low <= r.high)) return (range){0, 1};
    r.low = fmin(r.low, 0);
    r.high = fmax(r.high, 0);
    if (r.low == r.high) return (range){0, 1};
    double width = r.high - r.low;
    if (r.low < 0) r.low -= 0.05 * width;
    r.high += 0.05 * width;
    return r;
}

point mech_panel_point(const panel *p, double x, double y) {
    return (point){p->frame.left + (x - p->x.low) / (p->x.high - p->x.low) * (p->frame.right - p->frame.left),
                   p->frame.bottom - (y - p->y.low) / (p->y.high - p->y.low) * (p->frame.bottom - p->frame.top)};
}

size_t mech_nice_ticks(range r, size_t most, double *ticks, double *spacing) {
    static const double factors[] = {1, 2, 5, 10};
    double width = r.high - r.low, slack = 1e-9 * width;
    *spacing = 0;
    if (!(width > 0) || !isfinite(width) || most < 2) return 0;
    double power = pow(10, floor(log10(width / (double)most)));
    for (size_t i = 0; i < sizeof factors / sizeof factors[0]; i++) {
        *spacing = factors[i] * power;
        if (floor((r.high + slack) / *spacing) - ceil((r.low - slack) / *spacing) + 1 <= (double)most) break;
    }
    double first = ceil((r.low - slack) / *spacing), last = floor((r.high + slack) / *spacing);
    size_t n = 0;
    for (double i = first; i <= last && n < most; i++) ticks[n++] = i * *spacing;
    return n;
}

size_t mech_log_ticks(range r, size_t most, double *ticks) {
    static const double digits[] = {1, 2, 5};
    const double width = r.high - r.low, slack = 1e-9 * width;
    if (!(width > 0) || !isfinite(width) || most < 2) return 0;
    double step = 1;
    while (floor((r.high + slack) / step) - ceil((r.low - slack) / step) + 1 > (double)most) step++;
    /* A power of ten has room for its 2 and 5 where there are at most a third as many powers as ticks, or hardly one.
     */
    const size_t n_digits = 3 * (width + 1) <= (double)most || width < 1 ? 3 : 1;
    size_t n = 0;
    for (double power = floor(r.low / step) * step; power <= r.high + slack; power += step)
        for (size_t i = 0; i < n_digits && n < most; i++) {
            const double tick = power + log10(digits[i]);
            if (tick >= r.low - slack && tick <= r.high + slack) ticks[n++] = tick;
        }
    return n;
}

/* "0.02", "5", or "10^-4" with the power set high. */
static void log_tick_words(double tick, char *words, size_t room) {
    const double power = floor(tick + 1e-9), digit = round(pow(10, tick - power));
    if (fabs(power) > 3 && digit == 1)
        snprintf(words, room, "10^{%s%.0f}", power < 0 ? "\xE2\x88\x92" : "", fabs(power));
    else
        snprintf(words, room, "%s", mech_set_number(digit * pow(10, power), 1).words);
}

/* The numbers of an axis, all with as many decimals as their spacing has. */
static void tick_words(double tick, double spacing, char *words, size_t room) {
    double most = fmax(fabs(tick), spacing);
    if (most >= 1e5 || spacing < 1e-4) {
        snprintf(words, room, "%s", mech_set_number(tick, 3).words);
        return;
    }
    int decimals = spacing < 1 ? (int)ceil(-log10(spacing) - 1e-9) : 0;
    double unit = pow(10, decimals);
    long long scaled = llround(fabs(tick) * unit), whole = llround(unit);
    const char *sign = tick < 0 && scaled ? "\xE2\x88\x92" : "";
    if (decimals)
        snprintf(words, room, "%s%lld.%0*lld", sign, scaled / whole, decimals, scaled % whole);
    else
        snprintf(words, room, "%s%lld", sign, scaled);
}

/* The ticks of an axis, at most MOST_TICKS, for which there is room. */
static size_t find_ticks(axis_kind kind, range r, double room, double *ticks, double *spacing) {
    const size_t most = (size_t)fmin(MOST_TICKS, fmax(3, room));
    *spacing = 0;
    if (kind == AXIS_BARE) return 0;
    return kind == AXIS_LINEAR ? mech_nice_ticks(r, most, ticks, spacing) : mech_log_ticks(r, most, ticks);
}

static void name_tick(axis_kind kind, double tick, double spacing, char *words, size_t room) {
    if (kind == AXIS_LINEAR)
        tick_words(tick, spacing, words, room);
    else
        log_tick_words(tick, words, room);
}

static double draw_y_ticks(canvas *c, const panel *p) {
    double ticks[MOST_TICKS], spacing = 0, widest = 0;
    lettering numbers = NUMBERS;
    numbers.align = ALIGN_RIGHT;
    size_t n = find_ticks(p->y_kind, p->y, (p->frame.bottom - p->frame.top) / 26, ticks, &spacing);
    for (size_t i = 0; i < n; i++) {
        char words[MAX_SETTING];
        point at = mech_panel_point(p, p->x.low, ticks[i]);
        mech_draw_line(c, at, (point){p->frame.right, at.y}, (stroke){PALE, 0.6, 0});
        name_tick(p->y_kind, ticks[i], spacing, words, sizeof words);
        mech_write_words(c, (point){at.x - 6, at.y + 0.36 * numbers.size}, words, numbers);
        widest = fmax(widest, mech_words_width(c, words, numbers));
    }
    for (size_t i = 0; i < n; i++) {
        point at = mech_panel_point(p, p->x.low, ticks[i]);
        mech_draw_line(c, at, (point){at.x - 3, at.y}, (stroke){GREY, 0.7, 0});
    }
    return widest;
}

static void draw_x_ticks(canvas *c, const panel *p) {
    double ticks[MOST_TICKS], spacing = 0;
    size_t n = find_ticks(p->x_kind, p->x, (p->frame.right - p->frame.left) / 38, ticks, &spacing);
    for (size_t i = 0; i < n; i++) {
        char words[MAX_SETTING];
        point at = mech_panel_point(p, ticks[i], p->y.low);
        mech_draw_line(c, at, (point){at.x, p->frame.top}, (stroke){PALE, 0.6, 0});
        mech_draw_line(c, at, (point){at.x, at.y + 3}, (stroke){GREY, 0.7, 0});
        name_tick(p->x_kind, ticks[i], spacing, words, sizeof words);
        if (!p->hide_x_numbers) mech_write_words(c, (point){at.x, at.y + 6 + NUMBERS.size}, words, NUMBERS);
    }
}

void mech_draw_panel(canvas *c, const panel *p) {
    const stroke frame = {GREY, 0.8, 0};
    draw_x_ticks(c, p);
    double widest = draw_y_ticks(c, p);
    mech_draw_line(c, (point){p->frame.left, p->frame.top}, (point){p->frame.left, p->frame.bottom}, frame);
    mech_draw_line(c, (point){p->frame.left, p->frame.bottom}, (point){p->frame.right, p->frame.bottom}, frame);
    double middle_x = (p->frame.left + p->frame.right) / 2, middle_y = (p->frame.top + p->frame.bottom) / 2;
    if (p->x_title) mech_write_words(c, (point){middle_x, p->frame.bottom + 30}, p->x_title, TITLES);
    if (p->y_title) mech_write_upwards(c, (point){p->frame.left - widest - 13, middle_y}, p->y_title, TITLES);
}

void mech_draw_series_line(canvas *c, const panel *p, size_t n, const double *x, const double *y, stroke s) {
    enum { STRETCH = 256 };
    point stretch[STRETCH];
    size_t in = 0;
    for (size_t i = 0; i < n; i++) {
        bool gap = !isfinite(x[i]) || !isfinite(y[i]);
        if (!gap) stretch[in++] = mech_panel_point(p, x[i], y[i]);
        if (!gap && in < STRETCH) continue;
        mech_draw_polyline(c, stretch, in, s);
        if (!gap) stretch[0] = stretch[in - 1];
        in = gap ? 0 : 1;
    }
    mech_draw_polyline(c, stretch, in, s);
}

void mech_draw_series_markers(canvas *c, const panel *p, size_t n, const double *x, const double *y, marker shape,
                              double radius, colour ink, bool hollow) {
    for (size_t i = 0; i < n; i++)
        if (isfinite(x[i]) && isfinite(y[i]))
            mech_draw_marker(c, shape, mech_panel_point(p, x[i], y[i]), radius, ink, hollow);
}

double mech_marker_radius(size_t n) { return n <= 40 ? 2.4 : n <= 120 ? 1.8 : 1.1; }

void mech_axis_title(const char *quantity, const char *unit, char *title, size_t room) {
    snprintf(title, room, "%s%s%s", quantity, *unit ? " / " : "", unit);
}
