#include "base/machine/clock.h"

#include <time.h>

static double seconds_of(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

double mech_clock_s(void) { return seconds_of(CLOCK_MONOTONIC); }

double mech_thread_time_s(void) { return seconds_of(CLOCK_THREAD_CPUTIME_ID); }
