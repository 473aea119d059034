#include "cli/reading/experiment_options.h"

#include "base/files/text.h"

#include <stdio.h>
#include <string.h>

/* Reads "0.25,0.5" and takes over how many. */
static bool take_numbers(const char *words, double *numbers, size_t *n, const double **to) {
    if (!words) return true;
    *n = parse_numbers(words, numbers, MOST_START_VALUES);
    *to = numbers;
    return *n > 0;
}

/* Reads "1 mol %,3 mol %" or "2.5,5,10 mM": numbers of one unit, which may stand behind each or behind the last. */
static bool take_catalyst(const char *words, experiment_reading *reading) {
    size_t n = 0;
    char unit[24] = "";
    for (const char *at = words; *at;) {
        at += strspn(at, " ");
        const size_t whole = strcspn(at, ","), digits = strspn(at, "0123456789.+-eE");
        /* An e may begin "equiv". */
        size_t length = digits < whole ? digits : whole;
        while (length && strchr("eE+-", at[length - 1])) length--;
        if (n >= MOST_START_VALUES || !mech_parse_number(at, length, '.', &reading->cat0[n])) return false;
        const char *from = at + length + strspn(at + length, " ");
        size_t rest = (size_t)(at + whole - from);
        while (rest && from[rest - 1] == ' ') rest--;
        if (rest) {
            if (rest >= sizeof unit || (*unit && (strlen(unit) != rest || strncmp(unit, from, rest) != 0)))
                return false;
            snprintf(unit, sizeof unit, "%.*s", (int)rest, from);
        }
        n++;
        at += whole;
        at += *at == ',';
    }
    reading->options.n_cat0 = n;
    reading->options.cat0 = reading->cat0;
    snprintf(reading->cat0_unit, sizeof reading->cat0_unit, "%s", unit);
    reading->options.cat0_unit = *unit ? reading->cat0_unit : NULL;
    return n > 0;
}

int understand_experiment_words(const char *command, const experiment_words *words, experiment_reading *reading) {
    *reading = (experiment_reading){.options = mech_experiment_options_default()};
    mech_experiment_options *o = &reading->options;
    reading->together = words->together;
    reading->apart = words->apart;
    o->columns = words->columns;
    o->runs = words->runs;
    o->unit = words->unit;
    o->loading_basis = words->basis;
    o->response = words->response;
    if (words->together && words->apart) return report_usage(command, "--together and --apart contradict each other");
    if (words->basis && strcmp(words->basis, "own") != 0 && strcmp(words->basis, "standard") != 0)
        return report_usage(command, "--loading-basis takes standard or own, not '%s'", words->basis);
    if (!take_numbers(words->s0, reading->s0, &o->n_s0, &o->s0))
        return report_usage(command, "--s0 takes numbers with commas between them, not '%s'", words->s0);
    if (!take_numbers(words->p0, reading->p0, &o->n_p0, &o->p0))
        return report_usage(command, "--p0 takes numbers with commas between them, not '%s'", words->p0);
    if (!take_numbers(words->b0, reading->b0, &o->n_b0, &o->b0))
        return report_usage(command, "--b0 takes numbers with commas between them, not '%s'", words->b0);
    if (words->cat0 && !take_catalyst(words->cat0, reading))
        return report_usage(
            command, "--cat0 takes numbers of one unit with commas between them, as '1 mol %%,3 mol %%', not '%s'",
            words->cat0);
    return -1;
}

bool are_one_experiment(const experiment_reading *reading, const char *const *paths, size_t n) {
    if (n < 2 || reading->apart) return false;
    if (reading->together) return true;
    /* PEtab's measurements and conditions. */
    for (size_t i = 0; n == 2 && i < 2; i++)
        if (strstr(paths[i], "easurement") && strstr(paths[1 - i], "ondition")) return true;
    for (size_t i = 0; i < n; i++) {
        mech_experiment *e = NULL;
        /* What cannot be read is said when it is read for its answer. Starts of one run may be told for all. */
        mech_experiment_options alone = reading->options;
        if (alone.n_s0 == n) alone.n_s0 = 1;
        if (alone.n_p0 == n) alone.n_p0 = 1;
        if (alone.n_b0 == n) alone.n_b0 = 1;
        if (alone.n_cat0 == n) alone.n_cat0 = 1;
        alone.runs = NULL;
        if (strcmp(paths[i], "-") == 0) return false;
        const bool single =
            mech_experiment_read(paths[i], &alone, &e, NULL) == MECH_OK && mech_experiment_n_runs(e) == 1;
        mech_experiment_free(e);
        if (!single) return false;
    }
    return true;
}
