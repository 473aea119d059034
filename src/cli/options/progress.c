/* Progress on the terminal. The one place with process-wide state: a signal has nowhere else to go. */
#include "base/machine/clock.h"
#include "cli/options/options.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t interrupted;

static void on_interrupt(int signal_number) {
    (void)signal_number;
    interrupted = 1;
}

static struct {
    char phase[64];
    double begin, last; /* mech_clock_s() */
    double begin_done;  /* work that goes on begins with some done, which says nothing of its speed */
    bool bar_shown;
} shown;

static void print_duration(double seconds) {
    unsigned whole = seconds < 0 ? 0 : seconds > 3.6e6 ? 3600000u : (unsigned)(seconds + 0.5);
    if (whole >= 3600)
        fprintf(stderr, "%uh%02um", whole / 3600, whole / 60 % 60);
    else
        fprintf(stderr, "%u:%02u", whole / 60, whole % 60);
}

static void report(void *context, const char *phase, double done, double total, const char *detail) {
    (void)context;
    bool terminal = isatty(STDERR_FILENO);
    const double now = mech_clock_s();
    bool first = strcmp(phase, shown.phase) != 0;
    if (first) {
        terminal_progress_end();
        snprintf(shown.phase, sizeof shown.phase, "%s", phase);
        shown.begin = shown.last = now;
        shown.begin_done = done;
    }
    bool finished = total > 0 && done >= total;
    if (!first && !finished && now - shown.last < (terminal ? 0.2 : 10.0)) return;
    shown.last = now;
    double elapsed = now - shown.begin, rate = elapsed > 0 ? (done - shown.begin_done) / elapsed : 0;
    if (terminal) fputs("\r\033[K", stderr);
    fprintf(stderr, "%s ", phase);
    if (terminal && total > 0) {
        enum { WIDTH = 28 };
        int filled = (int)(WIDTH * done / total);
        fputc('[', stderr);
        for (int i = 0; i < WIDTH; i++) fputc(i < filled ? '#' : '.', stderr);
        fputs("] ", stderr);
    }
    if (total > 0) fprintf(stderr, "%.0f/%.0f", done, total);
    if (rate > 0) fprintf(stderr, ", %.3g/s", rate);
    if (rate > 0 && total > 0 && !finished) {
        fputs(", ", stderr);
        print_duration((total - done) / rate);
        fputs(" left", stderr);
    }
    if (detail && *detail) fprintf(stderr, ", %s", detail);
    if (!terminal) fputc('\n', stderr);
    shown.bar_shown = terminal;
    fflush(stderr);
}

static bool should_stop(void *context) {
    (void)context;
    return interrupted != 0;
}

mech_progress terminal_progress(void) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_interrupt;
    action.sa_flags = (int)SA_RESETHAND; /* a second Ctrl-C ends the process at once */
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    return (mech_progress){.report = report, .should_stop = should_stop};
}

void terminal_progress_end(void) {
    if (shown.bar_shown) fputc('\n', stderr);
    shown.bar_shown = false;
    shown.phase[0] = '\0';
}
