/* How fast text tables are read: 50 MB of a long table and of a wide one, from bytes in memory to runs. Beside them
 * what the C library takes to find the lines of the same bytes and to read their numbers, without understanding
 * anything of them. Usage: reading */
#include "mechanist.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BYTES = 50 * 1000 * 1000, LONGEST_LINE = 1024, REPEATS = 5, RUNS = 15 };

/* Processor time, which others on the machine add little to. */
static double seconds(void) { return (double)clock() / CLOCKS_PER_SEC; }

static double left(size_t run, double time) { return 0.5 * exp(-1e-4 * (double)(run + 1) * time); }

/* A row for each reading, a run after the other. */
static size_t write_long(char *to) {
    size_t n = (size_t)sprintf(to, "run,time / min,S / M,P / M,cat / M\n");
    const size_t share = BYTES / RUNS;
    for (size_t run = 0; run < RUNS; run++)
        for (double time = 0; n < (run + 1) * share; time += 0.02)
            n += (size_t)sprintf(to + n, "r%zu,%.4f,%.6f,%.6f,%.4f\n", run, time, left(run, time),
                                 0.5 - left(run, time), 1e-3 * (double)(run + 1));
    return n;
}

/* A row for each time, a column for each run. */
static size_t write_wide(char *to) {
    size_t n = (size_t)sprintf(to, "time / min");
    for (size_t run = 0; run < RUNS; run++) n += (size_t)sprintf(to + n, ",%zu mM", run + 1);
    for (double time = 0; n < BYTES; time += 0.02) {
        n += (size_t)sprintf(to + n, "\n%.4f", time);
        for (size_t run = 0; run < RUNS; run++) n += (size_t)sprintf(to + n, ",%.6f", left(run, time));
    }
    return n;
}

static void read_table(const char *text, size_t n) {
    mech_error error;
    mech_experiment *experiment = NULL;
    mech_experiment_options options = mech_experiment_options_default();
    options.unit = "S=M";
    if (mech_experiment_parse(text, n, "table", &options, &experiment, &error) != MECH_OK) {
        fprintf(stderr, "reading: %s\n", error.message);
        exit(1);
    }
    mech_experiment_free(experiment);
}

static volatile double found; /* so that the peers' work is not left out */

static void find_lines(const char *text, size_t n) {
    size_t lines = 0;
    for (const char *at = text, *end = text + n; (at = memchr(at, '\n', (size_t)(end - at))); at++) lines++;
    found = (double)lines;
}

static void read_numbers(const char *text, size_t n) {
    double sum = 0;
    for (const char *at = text; at < text + n;) {
        char *behind;
        sum += strtod(at, &behind);
        at = behind + strcspn(behind, ",\n") + 1;
    }
    found = sum;
}

static double best_of(void (*work)(const char *, size_t), const char *text, size_t n) {
    double best = INFINITY;
    for (int i = 0; i < REPEATS; i++) {
        const double from = seconds();
        work(text, n);
        best = fmin(best, seconds() - from);
    }
    return best;
}

int main(void) {
    static const struct {
        const char *name;
        size_t (*write)(char *);
    } shapes[] = {{"long", write_long}, {"wide", write_wide}};
    char *text = malloc(BYTES + LONGEST_LINE);
    if (!text) return 1;
    printf("%-6s %6s %18s %18s %18s\n", "table", "MB", "read, s (MB/s)", "strtod, s (MB/s)", "lines, s (MB/s)");
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        const size_t n = shapes[i].write(text);
        const double mb = 1e-6 * (double)n, own = best_of(read_table, text, n),
                     numbers = best_of(read_numbers, text, n), lines = best_of(find_lines, text, n);
        printf("%-6s %6.1f %11.3f (%4.0f) %11.3f (%4.0f) %10.3f (%5.0f)\n", shapes[i].name, mb, own, mb / own, numbers,
               mb / numbers, lines, mb / lines);
    }
    free(text);
    return 0;
}
