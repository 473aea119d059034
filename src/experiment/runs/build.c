#include "base/files/text.h"
#include "base/memory.h"
#include "experiment/reading/roles.h"
#include "experiment/runs/builder.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool measures(const builder *b, column_role role) { return b->variables[role] != SIZE_MAX; }

/* Equal times keep the order of the table. */
static int compare_times(const void *a, const void *b) {
    const place_in_block *x = a, *y = b;
    if (x->time != y->time) return x->time < y->time ? -1 : 1;
    if (x->block != y->block) return x->block < y->block ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

/* The unit of concentrations: that of S, else of the first other species that has one. */
static void settle_units(builder *b) {
    static const column_role order[] = {COLUMN_SUBSTRATE, COLUMN_S0, COLUMN_PRODUCT, COLUMN_SECOND, COLUMN_CATALYST};
    b->concentration = mech_read_unit("", 0);
    const bool known_start = measures(b, COLUMN_S0) || b->options->n_s0 || b->l->blocks[0].start.value > 0;
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        const size_t v = b->variables[order[i]];
        if (v == SIZE_MAX) continue;
        for (size_t k = 0; k < b->l->n_blocks; k++) {
            if (!b->n->series[k][v].values) continue;
            const table_unit *u = mech_unit_at(b, k, v);
            if (!*u->name) continue;
            /* Shares of a substrate that is known otherwise are turned into concentrations; those of catalyst always.
             */
            if (u->kind == UNIT_AREA && (known_start || order[i] != COLUMN_SUBSTRATE)) continue;
            if (u->kind == UNIT_SHARE && (known_start || order[i] == COLUMN_CATALYST || order[i] == COLUMN_PRODUCT))
                continue;
            b->concentration = *u;
            return;
        }
    }
    if (b->l->blocks[0].start.value > 0) b->concentration = b->l->blocks[0].start.unit;
}

void mech_note_assumptions(mech_experiment *e, const assumptions *assumed) {
    char which[64] = "";
    size_t balanced = assumed->n_product_balanced + assumed->n_substrate_balanced;
    if (balanced && balanced < e->n_runs) snprintf(which, sizeof which, " in %zu of %zu runs", balanced, e->n_runs);
    const char *start = !assumed->n_p0_assumed              ? "[P]0 as given"
                        : assumed->n_p0_assumed < e->n_runs ? "[P]0 = 0 assumed where it is not given"
                                                            : "[P]0 = 0 assumed";
    if (assumed->n_product_balanced)
        mech_note(&e->warnings,
                  "the product was not measured%s: [P] = [P]0 + [S]0 - [S] from the mass balance, with %s", which,
                  start);
    if (assumed->n_substrate_balanced)
        mech_note(&e->warnings,
                  "the substrate was not measured%s: [S] = [S]0 + [P]0 - [P] from the mass balance, with %s", which,
                  start);
    if (assumed->n_p0_balanced)
        mech_note(
            &e->warnings,
            "%zu run%s with more product than its substrate can give: [P]0 = [S] + [P] - [S]0 from the mass balance "
            "(--p0 says it otherwise)",
            assumed->n_p0_balanced, assumed->n_p0_balanced == 1 ? " begins" : "s begin");
    if (assumed->n_s0_by_loading)
        mech_note(&e->warnings,
                  "[S]0 follows from the catalyst and from what share of the substrate the runs' names say");
    if (!balanced && assumed->n_p0_assumed)
        mech_note(&e->warnings, "the product at time 0 was not measured%s: [P]0 = 0 assumed",
                  assumed->n_p0_assumed < e->n_runs ? " in some runs" : "");
}

static mech_status list_columns(builder *b, mech_error *error) {
    mech_experiment *e = b->experiment;
    e->columns = mech_arena_allocate(e->memory, b->l->n_variables + 1, sizeof *e->columns);
    if (!e->columns) return mech_fail_memory(error);
    for (size_t v = 0; v < b->l->n_variables; v++) {
        const table_variable *at = &b->l->variables[v];
        if (at->role == N_COLUMN_ROLES && !at->as_reactant) continue;
        if (at->role == COLUMN_VALUE || at->role == COLUMN_SPECIES) continue;
        char *header = mech_arena_text(e->memory, at->label, strlen(at->label));
        if (header) mech_drop_broken_characters(header);
        const char *role = at->as_reactant ? header : mech_column_role_name(at->role);
        if (!header) return mech_fail_memory(error);
        e->columns[e->n_columns++] = (known_column){role, header};
    }
    return MECH_OK;
}

/* Whether times without a unit are days since 1899-12-30, of the years 1982 to 2091, over two months at most. */
static bool are_serial_dates(const builder *b) {
    static const double LEAST = 30000, MOST = 70000, LONGEST = 60;
    for (size_t r = 0; r < b->n->n_runs; r++) {
        const course *c = mech_course(b->n, r, b->n->time);
        if (!(c->least >= LEAST && c->most <= MOST && c->most - c->least <= LONGEST)) return false;
    }
    return true;
}

/* Times: their unit, and what the table's numbers are multiplied with. */
static void settle_times(builder *b) {
    const size_t t = b->n->time;
    const table_series *s = &b->n->series[0][t];
    const table_unit *u = mech_unit_at(b, 0, t);
    mech_experiment *e = b->experiment;
    for (size_t k = 0; k < b->l->n_blocks; k++) b->moments |= b->n->series[k][t].n_moments > 0;
    if (b->moments || u->kind == UNIT_CLOCK) {
        snprintf(e->time_unit, sizeof e->time_unit, "min");
        if (!b->moments && s->n_numbers)
            mech_note(&e->warnings, "times under '%.40s' are numbers: they were taken for fractions of days",
                      b->l->variables[t].label);
        return;
    }
    memcpy(e->time_unit, u->name, sizeof e->time_unit);
    if (*u->name || !are_serial_dates(b)) return;
    b->serial = true;
    snprintf(e->time_unit, sizeof e->time_unit, "min");
    mech_note(
        &e->warnings,
        "times under '%.40s' are days as spreadsheets count dates: they were taken for minutes since the first of "
        "each run; --unit 'time=...' says it otherwise",
        b->l->variables[t].label);
}

/* What a block's times are multiplied with and divided by to be in the unit of the results. */
typedef struct time_scale {
    double times, by;
} time_scale;

static time_scale time_scale_of(const builder *b, size_t k) {
    const size_t t = b->n->time;
    const table_unit *u = mech_unit_at(b, k, t), *first = mech_unit_at(b, 0, t);
    if (b->moments) return (time_scale){1, 60};
    if (b->serial || u->kind == UNIT_CLOCK) return (time_scale){1440, 1};
    if (u->kind == UNIT_TIME && first->kind == UNIT_TIME && !mech_same_unit(u, first))
        return (time_scale){u->scale, first->scale};
    return (time_scale){1, 1};
}

/* Appends the rows of a block to those of their runs, next[n_runs]. */
static void gather_block(builder *b, size_t k, size_t *next) {
    const time_scale scale = time_scale_of(b, k);
    const double *time = b->n->series[k][b->n->time].values;
    const uint16_t *run_of = b->n->run_of[k];
    const size_t n_rows = b->l->blocks[k].end - b->l->blocks[k].first;
    for (size_t i = 0; i < n_rows;) {
        const uint16_t run = run_of[i];
        if (run == UINT16_MAX) {
            i++;
            continue;
        }
        place_in_block *to = b->rows + next[run];
        for (; i < n_rows && run_of[i] == run; i++)
            *to++ = (place_in_block){(uint32_t)k, (uint32_t)i, time[i] * scale.times / scale.by};
        next[run] = (size_t)(to - b->rows);
    }
}

/* A time of day that falls back by more than half a day is one of the next day. */
static void pass_midnight(const builder *b, place_in_block *rows, size_t n_rows) {
    static const double DAY = 1440;
    double days = 0, last = NAN;
    for (size_t i = 0; b->moments && i < n_rows; i++) {
        const double of_day = rows[i].time;
        if (!(of_day < DAY)) return;
        if (of_day < last - DAY / 2) days += DAY;
        last = of_day;
        rows[i].time += days;
    }
}

/* Sorts all rows into runs, in the order of the table within each. */
static mech_status gather_rows(builder *b, size_t *from, mech_error *error) {
    const table_numbers *n = b->n;
    size_t all = 0;
    for (size_t r = 0; r < n->n_runs; r++) {
        from[r] = all;
        all += n->runs[r].n_rows;
    }
    from[n->n_runs] = all;
    b->rows = malloc((all + 1) * sizeof *b->rows);
    size_t *next = malloc((n->n_runs + 1) * sizeof *next);
    if (!b->rows || !next) {
        free(next);
        return mech_fail_memory(error);
    }
    mech_prefer_large_pages(b->rows, all * sizeof *b->rows);
    memcpy(next, from, n->n_runs * sizeof *next);
    for (size_t k = 0; k < b->l->n_blocks; k++) gather_block(b, k, next);
    free(next);
    for (size_t r = 0; r < n->n_runs; r++) {
        place_in_block *rows = b->rows + from[r];
        const size_t n_rows = from[r + 1] - from[r];
        pass_midnight(b, rows, n_rows);
        const double first = rows[0].time, last = rows[n_rows - 1].time;
        /* Dates, and times of day, count from the run's first. */
        const bool of_day = (b->moments && n_rows > 1 && first > 60 && last - first < first) || b->serial;
        for (size_t i = 0; of_day && i < n_rows; i++) rows[i].time -= first;
        b->n_of_day += of_day && b->moments;
        bool sorted = true;
        for (size_t i = 1; i < n_rows; i++) sorted &= rows[i].time >= rows[i - 1].time;
        if (!sorted) {
            bool within = false; /* rather than from one table to the next */
            for (size_t i = 1; i < n_rows; i++)
                within |= rows[i].time < rows[i - 1].time && rows[i].block == rows[i - 1].block;
            if (within && !b->n_sorted) {
                char number[24];
                size_t i = 1;
                while (rows[i].time >= rows[i - 1].time || rows[i].block != rows[i - 1].block) i++;
                b->first_sorted = mech_place_of_row(b, &rows[i], n->time);
                snprintf(b->first_sorted_run, sizeof b->first_sorted_run, "%s",
                         mech_name_of_run(b, r, number, sizeof number));
            }
            qsort(rows, n_rows, sizeof *rows, compare_times);
            b->n_sorted += within;
        }
        if (rows[0].time < 0)
            return mech_fail(error, MECH_INVALID_INPUT, "%s: %s: the time %g is negative; expected 0 or later",
                             mech_place_of_row(b, &rows[0], n->time).text,
                             mech_label_variable(b->l, &b->l->blocks[rows[0].block], n->time).text, rows[0].time);
    }
    return MECH_OK;
}

/* What lies below what can be measured is left out: as 0 it would say more than was seen. */
static void note_censored(const builder *b) {
    char told[200] = "";
    size_t below = 0;
    for (size_t v = 0; v < b->l->n_variables; v++) {
        size_t own = 0;
        double limit = NAN;
        if ((b->l->variables[v].role == N_COLUMN_ROLES && !b->l->variables[v].as_reactant) || v == b->n->run) continue;
        for (size_t k = 0; k < b->l->n_blocks; k++) {
            const table_series *s = &b->n->series[k][v];
            own += s->n_below;
            if (!isnan(s->below) && !(limit >= s->below)) limit = s->below;
        }
        if (!own) continue;
        below += own;
        const size_t n = strlen(told);
        if (isnan(limit))
            snprintf(told + n, sizeof told - n, "%s%zu of '%.30s'", n ? ", " : "", own, b->l->variables[v].label);
        else
            snprintf(told + n, sizeof told - n, "%s%zu of '%.30s' (limit %g)", n ? ", " : "", own,
                     b->l->variables[v].label, limit);
    }
    if (below)
        mech_note(&b->experiment->warnings,
                  "%zu reading%s below what can be measured and %s left out, not read as 0: %s", below,
                  below == 1 ? " lies" : "s lie", below == 1 ? "was" : "were", told);
}

static void note_marks(const builder *b) {
    size_t missing = 0;
    for (size_t k = 0; k < b->l->n_blocks; k++)
        for (size_t v = 0; v < b->l->n_variables; v++) {
            if (b->l->variables[v].role == N_COLUMN_ROLES && !b->l->variables[v].as_reactant) continue;
            if (v != b->n->run) missing += b->n->series[k][v].n_missing;
        }
    notes *list = &b->experiment->warnings;
    if (missing) mech_note(list, "%zu cell%s marked as missing", missing, missing == 1 ? " is" : "s are");
    note_censored(b);
    if (b->n_sorted && b->n->species == SIZE_MAX)
        mech_note(list, "time runs back in %zu run%s (first in %.40s at %.120s): rows were sorted by time%s",
                  b->n_sorted, b->n_sorted == 1 ? "" : "s", b->first_sorted_run, b->first_sorted.text,
                  b->n_sorted == 1 ? "; is one of the times wrong?" : "");
    if (b->n_of_day) mech_note(list, "times of day count from the first of each run, which is time 0");
    if (b->n_gaps)
        mech_note(list, "%zu reading%s after time 0 lack%s one of the measured species", b->n_gaps,
                  b->n_gaps == 1 ? "" : "s", b->n_gaps == 1 ? "s" : "");
}

static void note_conversions(builder *b) {
    notes *list = &b->experiment->warnings;
    char told[200] = "";
    for (size_t v = 0; v < b->l->n_variables; v++) {
        size_t n_cells = 0;
        const table_series *first = NULL;
        for (size_t k = 0; k < b->l->n_blocks; k++) {
            const table_series *s = &b->n->series[k][v];
            if (!first && s->n_converted) first = s;
            n_cells += s->n_converted;
        }
        if (first && b->l->variables[v].role != N_COLUMN_ROLES)
            mech_note(list, "'%.40s' has two units: %zu cell%s in %s %s converted to %s", b->l->variables[v].label,
                      n_cells, n_cells == 1 ? "" : "s", first->other_unit, n_cells == 1 ? "was" : "were",
                      first->unit.name);
    }
    for (size_t v = 0; v < b->l->n_variables; v++) {
        const column_role role = b->l->variables[v].role;
        if ((role == N_COLUMN_ROLES && !b->l->variables[v].as_reactant) || role == COLUMN_RUN || role == COLUMN_TIME)
            continue;
        for (size_t k = 0; k < b->l->n_blocks; k++) {
            if (!b->n->series[k][v].values) continue;
            const table_unit *u = mech_unit_at(b, k, v);
            if (u->kind == UNIT_CONCENTRATION && mech_factor_of(b, u) != 1) {
                const size_t n = strlen(told);
                snprintf(told + n, sizeof told - n, "%s'%.30s' from %s", n ? ", " : "", b->l->variables[v].label,
                         u->name);
                break;
            }
        }
    }
    if (*told) mech_note(list, "converted to %s: %s", b->concentration.name, told);
}

/* Says which columns are in a unit that is not known, beside another. */
static void note_unknown_units(builder *b) {
    for (size_t v = 0; v < b->l->n_variables; v++) {
        const column_role role = b->l->variables[v].role;
        if (!mech_is_measured(b, v) && role != COLUMN_CATALYST && role != COLUMN_S0 && role != COLUMN_P0 &&
            role != COLUMN_B0)
            continue;
        for (size_t k = 0; k < b->l->n_blocks; k++) {
            if (!b->n->series[k][v].values) continue;
            const table_unit *u = mech_unit_at(b, k, v);
            /* Neither of them is known, or one. */
            const bool unknown = u->kind == UNIT_NONE && *u->name,
                       beside = u->kind == UNIT_CONCENTRATION && b->concentration.kind == UNIT_NONE;
            if ((!unknown && !beside) || !*b->concentration.name || strcmp(u->name, b->concentration.name) == 0)
                continue;
            mech_note(&b->experiment->warnings,
                      "'%.40s' is in %s, others in %s, and %s is not known: the numbers were taken as they are",
                      b->l->variables[v].label, u->name, b->concentration.name,
                      unknown ? u->name : b->concentration.name);
            break;
        }
    }
}

/* Says which columns of concentrations name no unit where another names that of the results. */
static void note_unnamed_units(builder *b) {
    char told[160] = "";
    size_t by = SIZE_MAX, n_unnamed = 0;
    if (b->concentration.kind != UNIT_CONCENTRATION) return;
    for (size_t v = 0; v < b->l->n_variables; v++) {
        const column_role role = b->l->variables[v].role;
        const bool start = role == COLUMN_S0 || role == COLUMN_P0 || role == COLUMN_B0;
        if ((!mech_is_measured(b, v) && role != COLUMN_CATALYST && !start) || role == COLUMN_CONVERSION ||
            role == COLUMN_YIELD || (role == COLUMN_PRODUCT && b->product_in_percent))
            continue;
        bool named = false, values = false;
        for (size_t k = 0; k < b->l->n_blocks; k++) {
            const table_unit *u = mech_unit_at(b, k, v);
            values |= b->n->series[k][v].values != NULL;
            named |= b->n->series[k][v].values && *u->name;
            if (by == SIZE_MAX && b->n->series[k][v].values && u->kind == UNIT_CONCENTRATION) by = v;
        }
        if (!values || named) continue;
        const size_t n = strlen(told);
        snprintf(told + n, sizeof told - n, "%s'%.30s'", n_unnamed++ ? ", " : "", b->l->variables[v].label);
    }
    if (by != SIZE_MAX && n_unnamed)
        mech_note(&b->experiment->warnings, "%s name%s no unit: %s was taken, as '%.40s' has", told,
                  n_unnamed == 1 ? "s" : "", b->concentration.name, b->l->variables[by].label);
}

/* The units that the user says. One that is no unit of such a column is refused; one that the table contradicts is
 * told. */
static mech_status take_units(const table_layout *l, const table_numbers *n, const column_choice *chosen,
                              table_unit *units, notes *list, mech_error *error) {
    for (column_role role = 0; role < N_COLUMN_ROLES; role++) {
        if (!chosen->header[role]) continue;
        const table_unit u = mech_read_unit(chosen->header[role], chosen->length[role]);
        const bool of_time = u.kind == UNIT_TIME || u.kind == UNIT_CLOCK;
        const bool fits = role == COLUMN_TIME ? of_time : !of_time && u.kind != UNIT_NONE && u.kind != UNIT_OTHER;
        if (!fits)
            return mech_fail(error, MECH_INVALID_ARGUMENT, "--unit: '%.*s' is no unit of %s; expected one such as %s",
                             chosen->length[role] < 40 ? (int)chosen->length[role] : 40, chosen->header[role],
                             mech_column_role_name(role), role == COLUMN_TIME ? "s, min or h" : "M, mM or %");
    }
    for (size_t v = 0; v < l->n_variables; v++) {
        const column_role role = l->variables[v].role;
        units[v] = mech_read_unit("", 0);
        if (role >= N_COLUMN_ROLES || !chosen->header[role]) continue;
        units[v] = mech_read_unit(chosen->header[role], chosen->length[role]);
        for (size_t k = 0; k < l->n_blocks; k++) {
            const table_unit *own = &n->series[k][v].unit;
            if (own->kind == UNIT_NONE || own->kind == UNIT_CLOCK || mech_same_unit(own, &units[v])) continue;
            mech_note(list, "--unit says %s for '%.40s', where the table says %s", units[v].name, l->variables[v].label,
                      own->name);
            break;
        }
    }
    return MECH_OK;
}

/* Runs whose starts are this far apart are not in one unit. */
static mech_status check_starts(const mech_experiment *e, mech_error *error) {
    static const double FAR_APART = 1e4;
    size_t least = 0, most = 0;
    for (size_t r = 1; r < e->n_runs; r++) {
        if (e->runs[r].s0 < e->runs[least].s0) least = r;
        if (e->runs[r].s0 > e->runs[most].s0) most = r;
    }
    if (e->runs[most].s0 <= FAR_APART * e->runs[least].s0) return MECH_OK;
    return mech_fail(error, MECH_INVALID_INPUT,
                     "%s: run %.40s starts at [S]0 = %g and run %.40s at %g; expected runs in one unit", e->source,
                     e->runs[most].name, e->runs[most].s0, e->runs[least].name, e->runs[least].s0);
}

/* More catalyst than substrate in all runs is a unit that was taken amiss: where the table names none it has to be
 * told. */
static mech_status check_much_catalyst(const builder *b, mech_error *error) {
    const size_t v = b->variables[COLUMN_CATALYST];
    const mech_experiment *e = b->experiment;
    size_t first = SIZE_MAX;
    if (v == SIZE_MAX || b->options->n_cat0 || mech_unit_at(b, b->n->runs[0].block, v)->kind != UNIT_NONE)
        return MECH_OK;
    for (size_t r = 0; r < e->n_runs; r++) {
        if (e->runs[r].cat0 == 0) continue;
        if (e->runs[r].cat0 <= e->runs[r].s0) return MECH_OK;
        if (first == SIZE_MAX) first = r;
    }
    if (first == SIZE_MAX) return MECH_OK;
    const table_block *in = &b->l->blocks[b->n->runs[first].block];
    return mech_fail(error, MECH_INVALID_INPUT,
                     "%s: %s names no unit, and its %.3g is more than [S]0, %.3g: expected to be told: --unit 'cat=mol "
                     "%%' or --unit 'cat=mM'",
                     mech_place_of(in->cells, in->first + b->n->runs[first].first_row, in->column[v]).text,
                     mech_label_variable(b->l, in, v).text, e->runs[first].cat0, e->runs[first].s0);
}

/* More catalyst than substrate in some runs may be meant. */
void mech_note_much_catalyst(mech_experiment *e) {
    size_t n_much = 0, first = 0;
    for (size_t r = e->n_runs; r-- > 0;)
        if (e->runs[r].cat0 > e->runs[r].s0) n_much++, first = r;
    if (n_much)
        mech_note(&e->warnings,
                  "%zu run%s more catalyst than substrate (%.40s: %.3g to %.3g); is the catalyst's unit right? --unit "
                  "'cat=mol %%' or --cat0 says it",
                  n_much, n_much == 1 ? " has" : "s have", e->runs[first].name, e->runs[first].cat0, e->runs[first].s0);
}

mech_status mech_build_runs(const table_layout *l, const table_numbers *n, const mech_experiment_options *options,
                            mech_experiment *experiment, mech_error *error) {
    builder b = {.l = l, .n = n, .options = options, .experiment = experiment};
    table_unit units[MOST_VARIABLES];
    column_choice chosen_units;
    size_t *from = calloc(n->n_runs + 1, sizeof *from);
    double *loadings = calloc(n->n_runs + 1, sizeof *loadings);
    bool *shares = calloc(n->n_runs + 1, sizeof *shares);
    assumptions assumed = {0};
    mech_status status = from && loadings && shares ? MECH_OK : mech_fail_memory(error);
    if (status == MECH_OK) status = mech_read_choice(options->unit, "unit", &chosen_units, error);
    if (status != MECH_OK) goto cleanup;
    status = take_units(l, n, &chosen_units, units, &experiment->warnings, error);
    if (status != MECH_OK) goto cleanup;
    b.units = units;
    for (column_role role = 0; role < N_COLUMN_ROLES; role++) b.variables[role] = mech_variable_of(l, role);
    status = mech_refuse_long_rows(l, error);
    if (status == MECH_OK) status = mech_refuse_texts(&b, error);
    if (status == MECH_OK)
        status = mech_check_option("[S]0", "--s0", options->n_s0, n->n_runs, experiment->source, error);
    if (status == MECH_OK)
        status = mech_check_option("[P]0", "--p0", options->n_p0, n->n_runs, experiment->source, error);
    if (status == MECH_OK)
        status = mech_check_option("[B]0", "--b0", options->n_b0, n->n_runs, experiment->source, error);
    if (status == MECH_OK)
        status = mech_check_option("the catalyst", "--cat0", options->n_cat0, n->n_runs, experiment->source, error);
    if (status != MECH_OK) goto cleanup;
    settle_units(&b);
    status = mech_check_given_units(&b, error);
    if (status != MECH_OK) goto cleanup;
    settle_times(&b);
    memcpy(experiment->concentration_unit, b.concentration.name, sizeof experiment->concentration_unit);
    status = gather_rows(&b, from, error);
    if (status == MECH_OK) status = mech_settle_signals(&b, from, error);
    experiment->runs = mech_arena_allocate(experiment->memory, n->n_runs, sizeof *experiment->runs);
    if (status == MECH_OK && !experiment->runs) status = mech_fail_memory(error);
    /* A product in percent beside a substrate whose start is known but not in percent. */
    double standard = 0;
    if (b.variables[COLUMN_PRODUCT] != SIZE_MAX && status == MECH_OK && b.variables[COLUMN_SUBSTRATE] == SIZE_MAX &&
        mech_unit_at(&b, 0, b.variables[COLUMN_PRODUCT])->kind == UNIT_NONE) {
        double most = 0, largest_start = 0;
        size_t n_hundred = 0;
        for (size_t r = 0; r < n->n_runs && status == MECH_OK; r++) {
            double s0 = 0;
            const course *c = mech_course(n, r, b.variables[COLUMN_PRODUCT]);
            if (mech_find_substrate_start(&b, r, b.rows + from[r], from[r + 1] - from[r], &s0, NULL, NULL) != MECH_OK)
                s0 = INFINITY;
            if (c->n) most = fmax(most, c->most);
            n_hundred += c->n && c->most > 95 && c->most < 105;
            largest_start = fmax(largest_start, s0);
        }
        /* A hundred of what starts with more than that may be percent or not. */
        if (status == MECH_OK && 2 * n_hundred >= n->n_runs && isfinite(largest_start) && largest_start > 1.2 * most) {
            const char *unit = *b.concentration.name ? b.concentration.name : "mM";
            status = mech_fail(
                error, MECH_INVALID_INPUT,
                "%s: %s comes to %.4g, where [S]0 is %.4g, and names no unit; expected to be told: --unit "
                "'P=%%' or --unit 'P=%s'",
                mech_place_of_row(&b, &b.rows[0], b.variables[COLUMN_PRODUCT]).text,
                mech_label_variable(l, &l->blocks[0], b.variables[COLUMN_PRODUCT]).text, most, largest_start, unit);
        }
        b.product_in_percent = status == MECH_OK && most > 5 * largest_start && most > 5 && most < 130;
        if (b.product_in_percent)
            mech_note(&experiment->warnings,
                      "the product rises to %.4g where [S]0 is %.4g: it was taken for percent of [S]0", most,
                      largest_start);
    }
    for (size_t r = 0; r < n->n_runs && status == MECH_OK; r++) {
        if (b.concentration.kind != UNIT_SHARE && measures(&b, COLUMN_SUBSTRATE)) {
            double s0;
            /* What is missing is said where the run is built. */
            if (mech_find_substrate_start(&b, r, b.rows + from[r], from[r + 1] - from[r], &s0, NULL, NULL) == MECH_OK)
                standard = fmax(standard, s0);
        }
    }
    const double of_whole = mech_whole_of_shares(&b, standard);
    for (size_t r = 0; r < n->n_runs && status == MECH_OK; r++) {
        status = mech_build_run(&b, r, b.rows + from[r], from[r + 1] - from[r], of_whole, &experiment->runs[r],
                                &assumed, error);
        if (status == MECH_OK)
            status =
                mech_find_catalyst(&b, r, b.rows + from[r], from[r + 1] - from[r], &loadings[r], &shares[r], error);
        experiment->n_runs = r + 1;
    }
    if (status == MECH_OK) status = check_starts(experiment, error);
    if (status == MECH_OK) status = mech_settle_loadings(&b, loadings, shares, error);
    if (status == MECH_OK) status = check_much_catalyst(&b, error);
    for (size_t r = 0; r < n->n_runs && status == MECH_OK; r++)
        if (!isfinite(experiment->runs[r].cat0) || (loadings[r] > 0 && !(experiment->runs[r].cat0 > 0)))
            status = mech_fail(error, MECH_INVALID_INPUT, "%s: the catalyst of run %s is too small or too large",
                               mech_place_of_row(&b, &b.rows[from[r]], SIZE_MAX).text, experiment->runs[r].name);
    experiment->accounts = mech_arena_allocate(experiment->memory, n->n_runs, sizeof *experiment->accounts);
    if (status == MECH_OK && !experiment->accounts) status = mech_fail_memory(error);
    if (status == MECH_OK) status = mech_choose_runs(options->runs, experiment, error);
    if (status == MECH_OK) status = list_columns(&b, error);
    if (status != MECH_OK) goto cleanup;
    mech_note_assumptions(experiment, &assumed);
    mech_note_much_catalyst(experiment);
    note_marks(&b);
    note_conversions(&b);
    note_unknown_units(&b);
    note_unnamed_units(&b);
    for (size_t r = 0; r < n->n_runs; r++)
        if (experiment->runs[r].active) {
            mech_note(
                &experiment->warnings,
                "the catalyst changes within runs: its first value is what was weighed in, the later ones are free or "
                "active catalyst as measured");
            break;
        }
    if (n->scattered) mech_note(&experiment->warnings, "each row is a run of its own: a point at one time and loading");
cleanup:
    free(from);
    free(loadings);
    free(shares);
    free(b.rows);
    return status;
}
