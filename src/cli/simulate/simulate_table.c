/* A table of trajectories: rows with the same mechanism and number of points are integrated together. */
#include "cli/simulate/trajectories.h"

#include "base/files/file.h"
#include "base/files/text.h"
#include "base/memory.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Numbers of one batch's solution: 32 MiB. */
static const size_t MOST_VALUES = (size_t)4 << 20;

size_t fill_start(const mech_mechanism *mechanism, start_amounts *amounts, double s0, double p0, double cat0,
                  double *start) {
    size_t n = 0;
    mech_mechanism_start(mechanism, s0, p0, cat0, start);
    for (size_t i = 0; i < amounts->n; i++) {
        const int s = mech_mechanism_find_species(mechanism, amounts->amounts[i].species);
        if (s < 0) continue;
        start[s] = amounts->amounts[i].amount / mech_mechanism_coefficient(mechanism, (size_t)s);
        amounts->amounts[i].used = true;
        n++;
    }
    return n;
}

void fill_times(double t_end, size_t points, double *times) {
    for (size_t i = 0; i < points; i++) times[i] = t_end * (double)i / (double)(points - 1);
    times[points - 1] = t_end;
}

/* A row where it stands in the order of work. */
typedef struct place_in_order {
    const trajectory *row;
} place_in_order;

/* Rows of one mechanism and number of points. */
typedef struct batch {
    const trajectory_table *table;
    const place_in_order *rows; /* [n] */
    size_t n;
} batch;

/* The substrate or the product: every network has one. */
static size_t species_of_role(const mech_mechanism *mechanism, mech_role role) {
    size_t s = 0;
    while (s + 1 < mech_mechanism_n_species(mechanism) && mech_mechanism_role(mechanism, s) != role) s++;
    return s;
}

/* Integrates a batch and keeps S and P: curves[row] is [points][2]. */
static mech_status run_batch(const batch *b, simulate_request *request, double **curves, mech_error *error) {
    const trajectory *first = b->rows[0].row;
    const mech_mechanism *mechanism = first->mechanism;
    const size_t points = first->points, n_k = mech_mechanism_n_rate_constants(mechanism);
    const size_t n_species = mech_mechanism_n_species(mechanism);
    const size_t substrate = species_of_role(mechanism, MECH_ROLE_SUBSTRATE);
    const size_t product = species_of_role(mechanism, MECH_ROLE_PRODUCT);
    double *k = mech_allocate_array(b->n, n_k * sizeof *k),
           *start = mech_allocate_array(b->n, n_species * sizeof *start);
    double *times = mech_allocate_array(b->n * points, sizeof *times);
    double *y = mech_allocate_array(b->n * points, n_species * sizeof *y);
    mech_status status = MECH_OK;
    if (!k || !start || !times || !y) {
        status = mech_fail_memory(error);
        goto cleanup;
    }
    for (size_t i = 0; i < b->n; i++) {
        const trajectory *row = b->rows[i].row;
        memcpy(k + i * n_k, row->k, n_k * sizeof *k);
        fill_start(mechanism, &request->start, row->s0, row->p0, row->cat0, start + i * n_species);
        fill_times(row->t_end, points, times + i * points);
    }
    const mech_problems problems = {.n_problems = b->n, .k = k, .start = start, .times = times, .n_times = points};
    status = mech_simulate(mechanism, &request->solver, &problems, y, NULL, error);
    if (status != MECH_OK) goto cleanup;
    for (size_t i = 0; i < b->n; i++) {
        const trajectory *row = b->rows[i].row;
        const double *solution = y + i * points * n_species;
        double *curve = curves[row - b->table->rows] = mech_allocate_array(points, 2 * sizeof *curve);
        if (!curve) {
            status = mech_fail_memory(error);
            goto cleanup;
        }
        if (isnan(solution[(points - 1) * n_species])) {
            status = mech_fail(
                error, MECH_NUMERICAL_FAILURE,
                "%s:%zu: id '%.60s': the solver failed before t = %g; expected rate constants and amounts that keep "
                "all concentrations finite",
                b->table->name, row->line, row->id, row->t_end);
            goto cleanup;
        }
        for (size_t j = 0; j < points; j++) {
            curve[2 * j] = solution[j * n_species + substrate];
            curve[2 * j + 1] = solution[j * n_species + product];
        }
    }
cleanup:
    mech_release_array(k);
    mech_release_array(start);
    mech_release_array(times);
    mech_release_array(y);
    return status;
}

/* Rows that can be integrated together stand together: by mechanism and number of points, else as in the table. */
static int compare_rows(const void *a, const void *b) {
    const trajectory *x = ((const place_in_order *)a)->row, *y = ((const place_in_order *)b)->row;
    const int by_mechanism = strcmp(mech_mechanism_id(x->mechanism), mech_mechanism_id(y->mechanism));
    if (by_mechanism) return by_mechanism;
    if (x->points != y->points) return x->points < y->points ? -1 : 1;
    return x < y ? -1 : x > y;
}

/* Integrates all rows, batch by batch. */
static mech_status run_all(const trajectory_table *table, simulate_request *request, double **curves,
                           mech_error *error) {
    place_in_order *rows = mech_allocate_array(table->n, sizeof *rows);
    mech_status status = MECH_OK;
    if (table->n && !rows) return mech_fail_memory(error);
    for (size_t i = 0; i < table->n; i++) rows[i].row = &table->rows[i];
    if (table->n) qsort(rows, table->n, sizeof *rows, compare_rows);
    for (size_t i = 0, n; i < table->n && status == MECH_OK; i += n) {
        const trajectory *first = rows[i].row;
        const size_t values = first->points * mech_mechanism_n_species(first->mechanism);
        const size_t room = values < MOST_VALUES ? MOST_VALUES / values : 1;
        for (n = 1; n < room && i + n < table->n; n++)
            if (rows[i + n].row->mechanism != first->mechanism || rows[i + n].row->points != first->points) break;
        const batch b = {.table = table, .rows = rows + i, .n = n};
        status = run_batch(&b, request, curves, error);
    }
    mech_release_array(rows);
    return status;
}

/* An id as a field of a comma-separated table. */
static void write_id(text *t, const char *id) {
    if (!strpbrk(id, ",\"\n\r")) {
        mech_text_add(t, id);
        return;
    }
    mech_text_add(t, "\"");
    for (; *id; id++) {
        if (*id == '"') mech_text_add(t, "\"");
        mech_text_append(t, id, 1);
    }
    mech_text_add(t, "\"");
}

static void write_rows(text *t, const trajectory *row, const double *times, const double *curve) {
    for (size_t j = 0; j < row->points; j++) {
        write_id(t, row->id);
        for (int c = 0; c < 3; c++) {
            mech_text_add(t, ",");
            mech_text_number(t, c ? curve[2 * j + (size_t)c - 1] : times[j]);
        }
        mech_text_add(t, "\n");
    }
}

/* One object a line. */
static void write_object(text *t, const trajectory *row, const double *times, const double *curve) {
    json_t *columns[3] = {json_array(), json_array(), json_array()};
    for (size_t j = 0; j < row->points; j++) {
        json_array_append_new(columns[0], json_real(times[j]));
        json_array_append_new(columns[1], json_real(curve[2 * j]));
        json_array_append_new(columns[2], json_real(curve[2 * j + 1]));
    }
    json_t *object = json_pack("{s:s, s:s, s:o, s:o, s:o}", "id", row->id, "mechanism",
                               mech_mechanism_id(row->mechanism), "t", columns[0], "S", columns[1], "P", columns[2]);
    char *dump = json_dumps(object, JSON_REAL_PRECISION(17));
    json_decref(object);
    if (dump) mech_text_format(t, "%s\n", dump);
    t->failed |= !dump;
    mech_free(dump);
}

static mech_status write_table(const trajectory_table *table, const simulate_request *request, double *const *curves,
                               mech_error *error) {
    output *out = NULL;
    FILE *stream = NULL;
    mech_status status = mech_output_open(request->output, &out, &stream, error);
    if (status != MECH_OK) return status;
    if (!request->json) fputs("id,t,S,P\n", stream);
    for (size_t i = 0; i < table->n; i++) {
        const trajectory *row = &table->rows[i];
        text t = {0};
        double *times = mech_allocate_array(row->points, sizeof *times);
        if (times) {
            fill_times(row->t_end, row->points, times);
            (request->json ? write_object : write_rows)(&t, row, times, curves[i]);
        }
        const bool failed = !times || t.failed;
        if (!failed) fwrite(t.characters, 1, t.length, stream);
        mech_release_array(times);
        mech_text_free(&t);
        if (failed) {
            mech_output_discard(out);
            return mech_fail_memory(error);
        }
    }
    return mech_output_commit(out, error);
}

mech_status simulate_table(const trajectory_table *table, simulate_request *request, mech_error *error) {
    double **curves = mech_allocate_array(table->n, sizeof *curves);
    mech_status status = MECH_OK;
    if (table->n && !curves) {
        status = mech_fail_memory(error);
        goto cleanup;
    }
    status = run_all(table, request, curves, error);
    for (size_t i = 0; i < request->start.n && status == MECH_OK; i++)
        if (!request->start.amounts[i].used)
            status = mech_fail(error, MECH_INVALID_INPUT, "--start: no mechanism of the table has a species '%s'",
                               request->start.amounts[i].species);
    if (status == MECH_OK) status = write_table(table, request, curves, error);
cleanup:
    for (size_t i = 0; curves && i < table->n; i++) mech_release_array(curves[i]);
    mech_release_array(curves);
    return status;
}
