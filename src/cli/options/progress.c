/* Progress on the terminal. The one place with process-wide state: a signal has nowhere else to go. */
#include "base/files/text.h"
#include "base/machine/clock.h"
#include "cli/options/options.h"
#include "cli/terminal/terminal.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Seconds between lines where nobody sees a bar; a page makes a bar of them. */
#ifdef __EMSCRIPTEN__
static const double SILENCE_S = 0.3;
#else
static const double SILENCE_S = 10;
#endif

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

static void write_duration(text *t, double seconds) {
    unsigned whole = seconds < 0 ? 0 : seconds > 3.6e6 ? 3600000u : (unsigned)(seconds + 0.5);
    if (whole >= 3600)
        mech_text_format(t, "%uh%02um", whole / 3600, whole / 60 % 60);
    else
        mech_text_format(t, "%u:%02u", whole / 60, whole % 60);
}

/* Three digits, or more where they stand before the point: 0.0126, 12.6, 1264. */
static void write_rate(text *t, double rate) { mech_text_format(t, rate < 100 ? ", %.3g/s" : ", %.0f/s", rate); }

static void write_bar(text *t, int width, double share) {
    const int filled = (int)(width * share);
    mech_text_add(t, "[");
    for (int i = 0; i < width; i++) mech_text_add(t, i < filled ? "#" : ".");
    mech_text_add(t, "] ");
}

/* One line on a terminal, in its width as it is now: the bar gives way first, then the end of the words. */
static void show_on_terminal(const char *phase, double share, const text *rest) {
    enum { BAR = 28, LEAST_BAR = 8, AROUND_BAR = 3 };
    text line = {0};
    const int width = (int)terminal_width(STDERR_FILENO) - 1; /* some terminals wrap behind the last column */
    const int room = width - (int)strlen(phase) - 1 - (int)rest->length - AROUND_BAR;
    mech_text_format(&line, "%s ", phase);
    if (share >= 0 && room >= LEAST_BAR) write_bar(&line, room < BAR ? room : BAR, share);
    if (rest->length) mech_text_add(&line, rest->characters);
    if (!line.failed) fprintf(stderr, "\r\033[K%.*s", width, line.characters);
    mech_text_free(&line);
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
    if (!first && !finished && now - shown.last < (terminal ? 0.2 : SILENCE_S)) return;
    shown.last = now;
    double elapsed = now - shown.begin, rate = elapsed > 0 ? (done - shown.begin_done) / elapsed : 0;
    text rest = {0};
    if (total > 0) mech_text_format(&rest, "%.0f/%.0f", done, total);
    if (rate > 0) write_rate(&rest, rate);
    if (rate > 0 && total > 0 && !finished) {
        mech_text_add(&rest, ", ");
        write_duration(&rest, (total - done) / rate);
        mech_text_add(&rest, " left");
    }
    if (detail && *detail) mech_text_format(&rest, ", %s", detail);
    if (terminal)
        show_on_terminal(phase, total > 0 ? done / total : -1, &rest);
    else
        fprintf(stderr, "%s %s\n", phase, rest.length && !rest.failed ? rest.characters : "");
    mech_text_free(&rest);
    shown.bar_shown = terminal;
    fflush(stderr);
}

static bool should_stop(void *context) {
    (void)context;
    return mech_ranks_any(interrupted != 0);
}

mech_progress terminal_progress(void) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_interrupt;
    action.sa_flags = (int)SA_RESETHAND; /* a second Ctrl-C ends the process at once */
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    /* A terminal that is closed stops the work as Ctrl-C does, unless whoever started it wants it to go on (nohup). */
    struct sigaction hangup;
    if (sigaction(SIGHUP, NULL, &hangup) == 0 && hangup.sa_handler != SIG_IGN) sigaction(SIGHUP, &action, NULL);
    return (mech_progress){.report = report, .should_stop = should_stop};
}

void terminal_progress_end(void) {
    if (shown.bar_shown) fputc('\n', stderr);
    shown.bar_shown = false;
    shown.phase[0] = '\0';
}
