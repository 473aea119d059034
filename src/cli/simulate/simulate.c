/* simulate: one trajectory with all its species, or a table of trajectories. */
#include "cli/options/commands.h"
#include "cli/options/mechanism_options.h"
#include "cli/options/options.h"
#include "cli/simulate/trajectories.h"

#include "base/files/file.h"
#include "base/files/text.h"
#include "base/memory.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

/* What the command line says, as it says it. */
typedef struct arguments {
    const char *id, *mechanism_file, *table, *k, *start, *solver, *output, *sbml;
    double s0, p0, cat0, t_end, rtol, atol;
    uint64_t points;
    int threads;
    bool json;
} arguments;

static const double NOT_GIVEN = -HUGE_VAL;
static const uint64_t POINTS_NOT_GIVEN = UINT64_MAX;

static double or_default(double value, double otherwise) { return value == NOT_GIVEN ? otherwise : value; }

/* Reads --start into *amounts; false where it is malformed. */
static bool parse_start(const char *list, start_amounts *amounts) {
    amounts->n = 0;
    for (const char *from = list; from;) {
        const size_t length = strcspn(from, ","), name = strcspn(from, "=,");
        if (amounts->n == MOST_AMOUNTS || !name || name >= length || name >= sizeof amounts->amounts[0].species)
            return false;
        memcpy(amounts->amounts[amounts->n].species, from, name);
        double *amount = &amounts->amounts[amounts->n].amount;
        if (!mech_parse_number(from + name + 1, length - name - 1, '.', amount) || *amount < 0) return false;
        amounts->n++;
        from = from[length] ? from + length + 1 : NULL;
    }
    return true;
}

/* Wrong usage of what holds for both kinds; returns -1 to go on. */
static int check_arguments(const arguments *a, simulate_request *request) {
    if (!a->table && !a->id && !a->mechanism_file)
        return report_usage("simulate", "expected an ID, --mechanism-file FILE or --table FILE");
    if (a->table && a->id) return report_usage("simulate", "an ID and --table exclude each other");
    if (a->id && a->mechanism_file) return report_usage("simulate", "an ID and --mechanism-file exclude each other");
    if (strcmp(a->solver, "batch") != 0 && strcmp(a->solver, "cvode") != 0)
        return report_usage("simulate", "--solver takes batch or cvode, not '%s'", a->solver);
    if (!(a->rtol > 0)) return report_usage("simulate", "--rtol takes a number above 0");
    if (!(a->atol > 0)) return report_usage("simulate", "--atol takes a number above 0");
    if (a->start && !parse_start(a->start, &request->start))
        return report_usage("simulate", "--start takes amounts such as X=0,I=0.005, not '%s'", a->start);
    request->solver = mech_solver_options_default();
    request->solver.solver = strcmp(a->solver, "cvode") == 0 ? MECH_SOLVER_CVODE : MECH_SOLVER_BATCH;
    request->solver.rtol = a->rtol;
    request->solver.atol = a->atol;
    request->solver.threads = a->threads;
    request->output = a->output;
    request->json = a->json;
    return -1;
}

/* Wrong usage of a single run; returns -1 to go on. */
static int check_single(const arguments *a) {
    if (!a->k) return report_usage("simulate", "--k is missing");
    if (a->cat0 == NOT_GIVEN) return report_usage("simulate", "--cat0 is missing");
    if (!(or_default(a->s0, 1) >= 0)) return report_usage("simulate", "--s0 takes a number from 0 on");
    if (!(or_default(a->p0, 0) >= 0)) return report_usage("simulate", "--p0 takes a number from 0 on");
    if (!(a->cat0 >= 0)) return report_usage("simulate", "--cat0 takes a number from 0 on");
    if (!(or_default(a->t_end, 100) > 0)) return report_usage("simulate", "--t-end takes a number above 0");
    if (a->points != POINTS_NOT_GIVEN && (a->points < 2 || a->points > MOST_POINTS))
        return report_usage("simulate", "--points takes a whole number from 2 to %d", MOST_POINTS);
    return -1;
}

/* Wrong usage of a table: what its columns say cannot be said by options. */
static int check_table(const arguments *a) {
    if (a->sbml) return report_usage("simulate", "--sbml goes with one run, not with a table");
    if (a->k || a->points != POINTS_NOT_GIVEN || a->s0 != NOT_GIVEN || a->p0 != NOT_GIVEN || a->cat0 != NOT_GIVEN ||
        a->t_end != NOT_GIVEN)
        return report_usage("simulate", "--k, --s0, --p0, --cat0, --t-end and --points are columns of the table");
    return -1;
}

static void write_columns(text *t, const mech_mechanism *mechanism, size_t points, const double *times,
                          const double *y) {
    const size_t n = mech_mechanism_n_species(mechanism);
    mech_text_add(t, "t");
    for (size_t s = 0; s < n; s++) mech_text_format(t, ",%s", mech_mechanism_species(mechanism, s));
    mech_text_add(t, "\n");
    for (size_t i = 0; i < points; i++) {
        mech_text_number(t, times[i]);
        for (size_t s = 0; s < n; s++) {
            mech_text_add(t, ",");
            mech_text_number(t, y[i * n + s]);
        }
        mech_text_add(t, "\n");
    }
}

static void write_object(text *t, const mech_mechanism *mechanism, size_t points, const double *times, const double *y,
                         const mech_solver_statistics *statistics) {
    const size_t n = mech_mechanism_n_species(mechanism);
    json_t *time = json_array(), *species = json_object();
    for (size_t i = 0; i < points; i++) json_array_append_new(time, json_real(times[i]));
    for (size_t s = 0; s < n; s++) {
        json_t *column = json_array();
        for (size_t i = 0; i < points; i++) json_array_append_new(column, json_real(y[i * n + s]));
        json_object_set_new(species, mech_mechanism_species(mechanism, s), column);
    }
    json_t *object = json_pack("{s:s, s:o, s:o, s:{s:I, s:I}}", "mechanism", mech_mechanism_id(mechanism), "t", time,
                               "species", species, "statistics", "steps", (json_int_t)statistics->steps,
                               "rejected_steps", (json_int_t)statistics->rejected_steps);
    char *dump = json_dumps(object, JSON_REAL_PRECISION(17));
    json_decref(object);
    if (dump) mech_text_format(t, "%s\n", dump);
    t->failed |= !dump;
    mech_free(dump);
}

/* Integrates one run and writes it. */
static mech_status run_single(const mech_mechanism *mechanism, const double *k, const double *start, double t_end,
                              size_t points, const simulate_request *request, mech_error *error) {
    const size_t n = mech_mechanism_n_species(mechanism);
    mech_solver_statistics statistics = {.size = sizeof statistics};
    text t = {0};
    char *content = NULL;
    double *times = mech_allocate_array(points, sizeof *times), *y = mech_allocate_array(points, n * sizeof *y);
    mech_status status = MECH_OK;
    if (!times || !y) {
        status = mech_fail_memory(error);
        goto cleanup;
    }
    fill_times(t_end, points, times);
    const mech_problems problems = {.n_problems = 1, .k = k, .start = start, .times = times, .n_times = points};
    status = mech_simulate(mechanism, &request->solver, &problems, y, &statistics, error);
    if (status == MECH_OK && isnan(y[(points - 1) * n]))
        status = mech_fail(error, MECH_NUMERICAL_FAILURE, "%s: the solver failed before t = %g; try other tolerances",
                           mech_mechanism_id(mechanism), t_end);
    if (status != MECH_OK) goto cleanup;
    for (size_t i = 0; i < points * n; i++) y[i] *= mech_mechanism_coefficient(mechanism, i % n);
    if (request->json)
        write_object(&t, mechanism, points, times, y, &statistics);
    else
        write_columns(&t, mechanism, points, times, y);
    const size_t length = t.length;
    status = mech_text_take(&t, &content, error);
    if (status == MECH_OK) status = mech_file_write(request->output, content, length, error);
cleanup:
    mech_free(content);
    mech_release_array(times);
    mech_release_array(y);
    return status;
}

/* The run as a model that other programs simulate. */
static mech_status write_model(const mech_mechanism *mechanism, const double *k, const double *start, const char *path,
                               mech_error *error) {
    mech_sbml_options options = mech_sbml_options_default();
    char *model = NULL;
    options.k = k;
    options.start = start;
    mech_status status = mech_mechanism_sbml(mechanism, &options, &model, error);
    if (status == MECH_OK) status = mech_file_write(path, model, strlen(model), error);
    mech_free(model);
    return status;
}

static int simulate_single(const arguments *a, const mech_mechanism *mechanism, simulate_request *request) {
    double k[MOST_THETA], start[MOST_AMOUNTS];
    mech_error error;
    const size_t n_k = mech_mechanism_n_rate_constants(mechanism);
    bool negative = false;
    const size_t n = parse_numbers(a->k, k, MOST_THETA);
    for (size_t i = 0; i < n; i++) negative |= k[i] < 0;
    if (n != n_k || negative)
        return report_usage("simulate", "--k takes %zu numbers from 0 on for %s, not '%s'", n_k,
                            mech_mechanism_id(mechanism), a->k);
    if (fill_start(mechanism, &request->start, or_default(a->s0, 1), or_default(a->p0, 0), a->cat0, start) !=
        request->start.n)
        for (size_t i = 0; i < request->start.n; i++)
            if (!request->start.amounts[i].used)
                return report_usage("simulate", "--start: %s has no species '%s'", mech_mechanism_id(mechanism),
                                    request->start.amounts[i].species);
    const size_t points = a->points != POINTS_NOT_GIVEN ? (size_t)a->points : 101;
    mech_status status = a->sbml ? write_model(mechanism, k, start, a->sbml, &error) : MECH_OK;
    if (status == MECH_OK) status = run_single(mechanism, k, start, or_default(a->t_end, 100), points, request, &error);
    return status == MECH_OK ? EXIT_DONE : report_error(&error);
}

static int simulate_from_table(const arguments *a, simulate_request *request) {
    mech_error error;
    trajectory_table table;
    mech_status status = trajectory_table_read(a->table, request->user, &table, &error);
    if (status == MECH_OK) status = simulate_table(&table, request, &error);
    trajectory_table_free(&table);
    return status == MECH_OK ? EXIT_DONE : report_error(&error);
}

int command_simulate(int argc, char **argv) {
    const mech_solver_options standard = mech_solver_options_default();
    arguments a = {.solver = "batch",
                   .output = "-",
                   .s0 = NOT_GIVEN,
                   .p0 = NOT_GIVEN,
                   .cat0 = NOT_GIVEN,
                   .t_end = NOT_GIVEN,
                   .points = POINTS_NOT_GIVEN,
                   .rtol = standard.rtol,
                   .atol = standard.atol};
    const option options[] = {
        {"--k", OPTION_TEXT, &a.k, "K1,K2,...", "rate constants, in the order of 'mechanist mechanisms ID'"},
        {"--cat0", OPTION_NUMBER, &a.cat0, "AMOUNT", "catalyst weighed in"},
        {"--s0", OPTION_NUMBER, &a.s0, "AMOUNT", "substrate at the start (default: 1)"},
        {"--p0", OPTION_NUMBER, &a.p0, "AMOUNT", "product at the start (default: 0)"},
        {"--start", OPTION_TEXT, &a.start, "X=0,I=0.005", "start amounts of other species"},
        {"--t-end", OPTION_NUMBER, &a.t_end, "TIME", "end of the run (default: 100)"},
        {"--points", OPTION_WHOLE, &a.points, "N", "uniform times, both ends included (default: 101)"},
        {"--table", OPTION_TEXT, &a.table, "FILE.csv", "many runs: id,mechanism,theta1,...,s0,p0,cat0,t_end,points"},
        {"--mechanism-file", OPTION_TEXT, &a.mechanism_file, "FILE", "a mechanism of one's own"},
        {"--solver", OPTION_TEXT, &a.solver, "SOLVER", "batch or cvode (default: batch)"},
        {"--rtol", OPTION_NUMBER, &a.rtol, "TOLERANCE", "relative tolerance (default: 1e-6)"},
        {"--atol", OPTION_NUMBER, &a.atol, "TOLERANCE", "absolute tolerance (default: 1e-9)"},
        {"--threads", OPTION_THREADS, &a.threads, "N", "threads (default: all cores)"},
        {"--json", OPTION_FLAG, &a.json, NULL, "write JSON, of a table one object a line"},
        {"--sbml", OPTION_OUTPUT, &a.sbml, "FILE.xml", "write the model of the run, too (docs/interchange.md)"},
        {"-o", OPTION_OUTPUT, &a.output, "FILE.csv", "where to write (default: -, standard output)"},
    };
    const command_line line = {
        .usage = "mechanist simulate [ID | --mechanism-file FILE | --table FILE] [options]",
        .summary = "Integrates the rate equations of a mechanism. A single run gives the columns t and all species by\n"
                   "name; a table gives id, t, S and P. Concentrations are in units of the standard substrate\n"
                   "concentration.",
        .options = options,
        .n_options = sizeof options / sizeof options[0],
        .most_arguments = 1,
    };
    size_t n_arguments = 0;
    simulate_request request = {0};
    int usage = parse_command_line(&line, argc, argv, &a.id, &n_arguments);
    if (usage < 0) usage = check_arguments(&a, &request);
    if (usage < 0) usage = a.table ? check_table(&a) : check_single(&a);
    if (usage >= 0) return usage;

    mech_error error;
    mech_mechanism *user = NULL;
    if (a.mechanism_file && mech_mechanism_read(a.mechanism_file, &user, &error) != MECH_OK)
        return report_error(&error);
    request.user = user;
    int result = EXIT_USAGE;
    if (a.table) {
        result = simulate_from_table(&a, &request);
    } else {
        mech_mechanism *composed = NULL;
        const mech_mechanism *mechanism = user ? user : find_mechanism("simulate", a.id, NULL, &composed);
        if (mechanism) result = simulate_single(&a, mechanism, &request);
        mech_mechanism_free(composed);
    }
    mech_mechanism_free(user);
    return result;
}
