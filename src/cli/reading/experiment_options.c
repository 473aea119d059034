#include "cli/reading/experiment_options.h"

#include "base/files/text.h"

#include <stdio.h>
#include <string.h>

/* Reads "0.5 M,250 mM", "1 mol %,3 mol %" or "2.5,5,10 mM": a unit may stand behind each number, or behind the last for
 * all. `units` receives the unit of all, or one for each with commas between them; "" where there is none. */
static bool read_amounts(const char *words, double *numbers, size_t *n_numbers, char *units, size_t room) {
    size_t n = 0, used = 0, n_units = 0, last_used = 0;
    bool last = false;
    units[0] = '\0';
    for (const char *at = words; *at;) {
        at += strspn(at, " ");
        const size_t whole = strcspn(at, ","), digits = strspn(at, "0123456789.+-eE");
        /* An e may begin "equiv". */
        size_t length = digits < whole ? digits : whole;
        while (length && strchr("eE+-", at[length - 1])) length--;
        if (n >= MOST_START_VALUES || !mech_parse_number(at, length, '.', &numbers[n])) return false;
        const char *from = at + length + strspn(at + length, " ");
        size_t rest = (size_t)(at + whole - from);
        while (rest && from[rest - 1] == ' ') rest--;
        if (used + rest + 2 > room) return false;
        last_used = used;
        const int more = snprintf(units + used, room - used, "%s%.*s", n ? "," : "", (int)rest, from);
        used += more > 0 ? (size_t)more : 0;
        last = rest > 0;
        n_units += last;
        n++;
        at += whole;
        at += *at == ',';
    }
    *n_numbers = n;
    if (n_units == 1 && n > 1 && last) memmove(units, units + last_used + 1, strlen(units + last_used + 1) + 1);
    if (!n_units) units[0] = '\0';
    return n > 0 && (n_units == 0 || n_units == n || (n_units == 1 && last));
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
    const struct {
        const char *option, *words;
        double *numbers;
        size_t *n;
        const double **to;
        const char **unit;
    } amounts[] = {{"--s0", words->s0, reading->s0, &o->n_s0, &o->s0, &o->s0_unit},
                   {"--p0", words->p0, reading->p0, &o->n_p0, &o->p0, &o->p0_unit},
                   {"--b0", words->b0, reading->b0, &o->n_b0, &o->b0, &o->b0_unit},
                   {"--cat0", words->cat0, reading->cat0, &o->n_cat0, &o->cat0, &o->cat0_unit}};
    for (size_t i = 0; i < sizeof amounts / sizeof *amounts; i++) {
        if (!amounts[i].words) continue;
        if (!read_amounts(amounts[i].words, amounts[i].numbers, amounts[i].n, reading->units[i],
                          sizeof reading->units[i]))
            return report_usage(command,
                                "%s takes numbers with commas between them, with a unit behind each or behind the "
                                "last, as '%s', not '%s'",
                                amounts[i].option, i == 3 ? "1 mol %,3 mol %" : "0.5,0.25 M", amounts[i].words);
        *amounts[i].to = amounts[i].numbers;
        *amounts[i].unit = *reading->units[i] ? reading->units[i] : NULL;
    }
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
        alone.ignore_saved = true; /* what was kept of one file is not said of all */
        if (strcmp(paths[i], "-") == 0) return false;
        const bool single =
            mech_experiment_read(paths[i], &alone, &e, NULL) == MECH_OK && mech_experiment_n_runs(e) == 1;
        mech_experiment_free(e);
        if (!single) return false;
    }
    return true;
}
