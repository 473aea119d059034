/* Time that only goes forward, for rates and intervals; no result depends on it. */
#ifndef MECH_BASE_MACHINE_CLOCK_H
#define MECH_BASE_MACHINE_CLOCK_H

/* Seconds since some moment in the past. */
double mech_clock_s(void);

/* Seconds of processor time that the calling thread has had, which other work on the machine disturbs less. */
double mech_thread_time_s(void);

#endif
