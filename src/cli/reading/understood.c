#include "cli/reading/understood.h"

#include "base/page/json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { NAME_WIDTH = 18 };

typedef struct short_text {
    char words[24];
} short_text;

static short_text shorten_number(double number) {
    short_text s;
    if (isnan(number))
        snprintf(s.words, sizeof s.words, "-");
    else
        snprintf(s.words, sizeof s.words, "%.4g", number);
    for (char *c = s.words; *c; c++)
        if (*c == ',') *c = '.';
    return s;
}

size_t count_points(const mech_run *run) {
    size_t n = 0;
    for (size_t i = 0; i < run->n_readings; i++) n += run->time[i] > 0 ? 1 : 0;
    return n;
}

static const mech_reactant *find_second(const mech_run *run) {
    for (size_t i = 0; i < run->n_reactants; i++)
        if (strcmp(run->reactants[i].species, "B") == 0) return &run->reactants[i];
    return NULL;
}

static void name_species(const mech_run *run, char *names, size_t room) {
    size_t n = (size_t)snprintf(names, room, "%s%s%s", run->substrate ? "S" : "",
                                run->substrate && run->product ? " " : "", run->product ? "P" : "");
    for (size_t i = 0; i < run->n_reactants && n < room; i++)
        if (run->reactants[i].concentration)
            n += (size_t)snprintf(names + n, room - n, " %.20s", run->reactants[i].species);
    if (run->active && n < room) snprintf(names + n, room - n, " active");
}

/* Pads or cuts a name to the width of its column, counted in characters, not bytes. */
static void write_name(text *t, const char *name, size_t width) {
    size_t shown = 0, bytes = 0, all = 0;
    for (const char *c = name; *c; c++) all += ((unsigned char)*c & 0xC0) != 0x80;
    const size_t most = all > width ? width - 1 : all;
    while (name[bytes] && shown < most) {
        bytes++;
        while (((unsigned char)name[bytes] & 0xC0) == 0x80) bytes++;
        shown++;
    }
    for (size_t i = 0; i < bytes; i++) {
        const char c = (unsigned char)name[i] < ' ' ? ' ' : name[i];
        mech_text_append(t, &c, 1);
    }
    if (all > width) {
        mech_text_add(t, "\xE2\x80\xA6");
        shown++;
    }
    for (; shown < width; shown++) mech_text_add(t, " ");
}

void write_run_table(text *t, const mech_experiment *e) {
    const char *unit = mech_experiment_concentration_unit(e), *time = mech_experiment_time_unit(e);
    bool second = false;
    for (size_t i = 0; i < mech_experiment_n_runs(e); i++) second |= find_second(mech_experiment_run(e, i)) != NULL;
    mech_text_format(t, "Runs as read%s%s%s%s\n", *unit ? "; concentrations in " : "", unit, *time ? "; time in " : "",
                     time);
    mech_text_format(t, "  %-*s %6s %9s %9s %9s%s %9s %8s %6s %8s  %-18s %s\n", NAME_WIDTH, "run", "points", "length",
                     "[S]0", "[P]0", second ? "      [B]0" : "", "catalyst", "mol %", "conv.", "noise", "kind",
                     "measured");
    for (size_t i = 0; i < mech_experiment_n_runs(e); i++) {
        const mech_run *run = mech_experiment_run(e, i);
        const mech_run_account *account = mech_experiment_account(e, i);
        const mech_reactant *b = find_second(run);
        char measured[96];
        name_species(run, measured, sizeof measured);
        mech_text_add(t, "  ");
        write_name(t, run->name, NAME_WIDTH);
        mech_text_format(t, " %6zu %9s %9s %9s", count_points(run),
                         shorten_number(run->time[run->n_readings - 1]).words, shorten_number(run->s0).words,
                         shorten_number(run->p0).words);
        if (second) mech_text_format(t, " %9s", shorten_number(b ? b->start : NAN).words);
        char conversion[16];
        snprintf(conversion, sizeof conversion, isnan(account->conversion) ? "-" : "%.0f %%",
                 100 * account->conversion);
        mech_text_format(t, " %9s %8s %6s %8s  %-18s %s%s%s%s\n", shorten_number(run->cat0).words,
                         shorten_number(100 * run->cat0 / run->s0).words, conversion,
                         shorten_number(account->noise).words, account->kind, measured,
                         account->left_out ? "; left out: " : "", account->left_out ? account->left_out : "", "");
    }
}

void write_understood_text(text *t, const char *path, const mech_experiment *e) {
    mech_text_format(t, "%s\n\nColumns\n", path);
    for (size_t i = 0; i < mech_experiment_n_columns(e); i++) {
        const char *role = mech_experiment_column_role(e, i), *header = mech_experiment_column_header(e, i);
        mech_text_format(t, "  %-12.40s %s\n", role, header);
    }
    mech_text_add(t, "\n");
    write_run_table(t, e);
    const size_t n = mech_experiment_n_warnings(e);
    if (n) mech_text_add(t, "\nMind that\n");
    for (size_t i = 0; i < n; i++) mech_text_format(t, "  - %s\n", mech_experiment_warning(e, i));
}

static json_t *number_or_null(double number) { return isfinite(number) ? json_real(number) : json_null(); }

static json_t *describe_run(const mech_experiment *e, size_t i) {
    const mech_run *run = mech_experiment_run(e, i);
    const mech_run_account *account = mech_experiment_account(e, i);
    const mech_reactant *b = find_second(run);
    json_t *species = json_array(), *others = json_object();
    if (run->substrate) json_array_append_new(species, json_string("S"));
    if (run->product) json_array_append_new(species, json_string("P"));
    for (size_t k = 0; k < run->n_reactants; k++) {
        const mech_reactant *r = &run->reactants[k];
        if (r->concentration) json_array_append_new(species, json_string(r->species));
        if (r != b) json_object_set_new(others, r->species, number_or_null(r->start));
    }
    if (run->active) json_array_append_new(species, json_string("active"));
    json_t *one = json_pack("{s:s, s:I, s:f, s:f, s:f, s:o, s:f, s:o, s:o, s:s, s:b, s:o, s:o, s:o}", "name", run->name,
                            "points", (json_int_t)count_points(run), "length", run->time[run->n_readings - 1], "s0",
                            run->s0, "p0", run->p0, "b0", b ? number_or_null(b->start) : json_null(), "cat0", run->cat0,
                            "loading_percent", number_or_null(100 * run->cat0 / run->s0), "species", species, "kind",
                            account->kind, "used", (int)account->used, "noise", number_or_null(account->noise),
                            "conversion", number_or_null(account->conversion), "others", others);
    if (one && account->left_out) json_object_set_new(one, "left_out", json_string(account->left_out));
    return one;
}

static mech_status name_file(const char *path, json_t **file, mech_error *error) {
    *file = json_string(path);
    if (*file) return MECH_OK;
    return mech_fail(error, MECH_INVALID_ARGUMENT, "%s: JSON cannot name it; expected a name in UTF-8", path);
}

mech_status write_headers_json(text *t, const char *path, size_t n, char *const *headers, mech_error *error) {
    json_t *file = NULL;
    const mech_status status = name_file(path, &file, error);
    if (status != MECH_OK) return status;
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++) json_array_append_new(list, json_string(headers[i]));
    return mech_text_json(t, json_pack("{s:o, s:o}", "file", file, "headers", list), 17, error);
}

mech_status write_understood_json(text *t, const char *path, const mech_experiment *e, mech_error *error) {
    json_t *file = NULL;
    const mech_status status = name_file(path, &file, error);
    if (status != MECH_OK) return status;
    json_t *columns = json_object(), *runs = json_array(), *said = json_array();
    for (size_t i = 0; i < mech_experiment_n_columns(e); i++)
        json_object_set_new(columns, mech_experiment_column_role(e, i),
                            json_string(mech_experiment_column_header(e, i)));
    for (size_t i = 0; i < mech_experiment_n_runs(e); i++) json_array_append_new(runs, describe_run(e, i));
    for (size_t i = 0; i < mech_experiment_n_warnings(e); i++)
        json_array_append_new(said, json_string(mech_experiment_warning(e, i)));
    json_t *object = json_pack("{s:o, s:s, s:s, s:o, s:o, s:o}", "file", file, "time_unit",
                               mech_experiment_time_unit(e), "concentration_unit",
                               mech_experiment_concentration_unit(e), "columns", columns, "runs", runs, "notes", said);
    return mech_text_json(t, object, 17, error);
}

/* A cell in quotes where it needs them. */
static void write_cell(text *t, const char *words) {
    const bool quoted = strpbrk(words, ",;\"\n\r\t") != NULL;
    if (quoted) mech_text_add(t, "\"");
    for (const char *c = words; *c; c++) {
        if (*c == '"') mech_text_add(t, "\"");
        mech_text_append(t, c, 1);
    }
    if (quoted) mech_text_add(t, "\"");
}

static void write_value(text *t, double value) {
    mech_text_add(t, ",");
    if (!isnan(value)) mech_text_number(t, value);
}

static void write_header(text *t, const char *name, const char *unit) {
    char header[128];
    snprintf(header, sizeof header, *unit ? ",%.60s / %.20s" : ",%.60s%.20s", name, unit);
    mech_text_add(t, header);
}

/* The further species of all runs, in order of appearance. */
static size_t list_species(const mech_experiment *e, const char **species, size_t most) {
    size_t n = 0;
    for (size_t i = 0; i < mech_experiment_n_runs(e); i++) {
        const mech_run *run = mech_experiment_run(e, i);
        for (size_t k = 0; k < run->n_reactants; k++) {
            size_t j = 0;
            while (j < n && strcmp(species[j], run->reactants[k].species) != 0) j++;
            if (j == n && n < most) species[n++] = run->reactants[k].species;
        }
    }
    return n;
}

void write_tidy(text *t, const mech_experiment *e) {
    enum { MOST_SPECIES = 40 };
    const char *unit = mech_experiment_concentration_unit(e), *species[MOST_SPECIES];
    const size_t n_species = list_species(e, species, MOST_SPECIES);
    bool active = false;
    for (size_t i = 0; i < mech_experiment_n_runs(e); i++) active |= mech_experiment_run(e, i)->active != NULL;
    mech_text_add(t, "run");
    write_header(t, "time", mech_experiment_time_unit(e));
    write_header(t, "S", unit);
    write_header(t, "P", unit);
    for (size_t k = 0; k < n_species; k++) {
        mech_text_add(t, ",");
        write_cell(t, species[k]);
    }
    write_header(t, "cat", unit);
    if (active) write_header(t, "active", unit);
    write_header(t, "S0", unit);
    write_header(t, "P0", unit);
    mech_text_add(t, "\n");
    for (size_t i = 0; i < mech_experiment_n_runs(e); i++) {
        const mech_run *run = mech_experiment_run(e, i);
        /* Blanks are kept: whoever reads the table leaves them out again. */
        if (!mech_experiment_account(e, i)->used && run->cat0 > 0) continue;
        for (size_t j = 0; j < run->n_readings; j++) {
            write_cell(t, run->name);
            write_value(t, run->time[j]);
            write_value(t, run->substrate ? run->substrate[j] : NAN);
            write_value(t, run->product ? run->product[j] : NAN);
            for (size_t k = 0; k < n_species; k++) {
                double value = NAN;
                for (size_t r = 0; r < run->n_reactants; r++)
                    if (strcmp(run->reactants[r].species, species[k]) == 0)
                        value = run->reactants[r].concentration ? run->reactants[r].concentration[j]
                                                                : run->reactants[r].start;
                write_value(t, value);
            }
            write_value(t, run->cat0);
            if (active) write_value(t, run->active ? run->active[j] : NAN);
            write_value(t, run->s0);
            write_value(t, run->p0);
            mech_text_add(t, "\n");
        }
    }
}
