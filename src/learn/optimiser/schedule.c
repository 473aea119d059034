#include "learn/optimiser/schedule.h"

#include <math.h>

static const double PI = 3.14159265358979323846;
static const double COSINE_END = 0.01, CYCLE_BEGIN = 1.0 / 25, CYCLE_END = 1.0 / 250000, CYCLE_RISE = 0.3;

/* From `from` at 0 to `to` at 1 along a half cosine. */
static double half_cosine(double from, double to, double at) { return to + (from - to) * (1 + cos(PI * at)) / 2; }

double mech_scheduled_rate(const schedule *s, uint64_t step) {
    const bool cycle = s->shape == MECH_SCHEDULE_ONE_CYCLE;
    const double share = cycle && s->warm_up <= 0 ? CYCLE_RISE : s->warm_up;
    const double rise = floor(share * (double)s->steps), now = (double)step, last = (double)s->steps - 1;
    if (now < rise) {
        const double at = (now + 1) / rise;
        return s->peak * (cycle ? half_cosine(CYCLE_BEGIN, 1, at) : at);
    }
    if (s->shape == MECH_SCHEDULE_CONSTANT) return s->peak;
    /* The peak belongs to the last step of the warm-up, or, where there is none, to the first step of all. */
    const double top = rise > 0 ? rise - 1 : 0;
    const double at = last > top ? (now - top) / (last - top) : 0;
    return s->peak * half_cosine(1, cycle ? CYCLE_END : COSINE_END, at);
}
