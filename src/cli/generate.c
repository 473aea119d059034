/* generate: a data set from the prior, with the table of what was drawn. */
#include "cli/commands.h"
#include "cli/options.h"

#include "base/file.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the command line says, as it says it. */
typedef struct arguments {
    const char *protocol, *prior, *mechanisms, *mechanism_files, *output;
    uint64_t train, validation, test, seed, thetas;
    int threads;
    bool fresh, resume, json;
} arguments;

/* The mechanisms that the data set is about; labels are bytes. */
enum { MOST_MECHANISMS = 256 };
typedef struct mechanism_set {
    size_t n;
    const mech_network *mechanisms[MOST_MECHANISMS]; /* [n] */
    mech_network *read[MOST_MECHANISMS];             /* [n]: those that came from files, else NULL */
} mechanism_set;

static void free_set(mechanism_set *set) {
    for (size_t i = 0; i < set->n; i++) mech_network_free(set->read[i]);
}

static size_t count_names(const char *list) {
    size_t n = list != NULL;
    for (; list && *list; list++) n += *list == ',';
    return n;
}

static int report_memory(void) {
    const mech_error error = {.status = MECH_OUT_OF_MEMORY, .message = "out of memory"};
    return report_error(&error);
}

/* Adds the mechanisms that a list names, by ids of the library or by files; returns -1 to go on, or the exit status. */
static int add_mechanisms(const char *list, bool files, mechanism_set *set) {
    for (const char *from = list; from;) {
        const size_t length = strcspn(from, ",");
        mech_error error;
        char *name = strndup(from, length);
        if (!name) return report_memory();
        int status = -1;
        if (!files)
            set->mechanisms[set->n] = find_mechanism("generate", name);
        else if (mech_network_read(name, &set->read[set->n], &error) == MECH_OK)
            set->mechanisms[set->n] = set->read[set->n];
        else
            status = report_error(&error);
        free(name);
        if (status >= 0) return status;
        if (!set->mechanisms[set->n]) return EXIT_USAGE;
        set->n++;
        from = from[length] ? from + length + 1 : NULL;
    }
    return -1;
}

/* The set that --mechanisms and --mechanism-file name; all of the library where they name none. */
static int collect_mechanisms(const arguments *a, mechanism_set *set) {
    if (count_names(a->mechanisms) + count_names(a->mechanism_files) > MOST_MECHANISMS)
        return report_usage("generate", "expected at most %d mechanisms", MOST_MECHANISMS);
    int status = add_mechanisms(a->mechanisms, false, set);
    return status >= 0 ? status : add_mechanisms(a->mechanism_files, true, set);
}

static int check_arguments(const arguments *a, mech_generate_options *options) {
    if (!a->output) return report_usage("generate", "-o is missing");
    if (!output_is_file(a->output))
        return report_usage("generate", "-o takes a file, not '%s': HDF5 needs one", a->output);
    if (strcmp(a->protocol, "seed") != 0 && strcmp(a->protocol, "nature") != 0)
        return report_usage("generate", "--protocol takes seed or nature, not '%s'", a->protocol);
    if (a->train + a->validation + a->test == 0)
        return report_usage("generate", "expected a number of samples: --train, --validation or --test");
    if (a->fresh && a->thetas) return report_usage("generate", "--fresh and --thetas exclude each other");
    *options = (mech_generate_options){
        .protocol = strcmp(a->protocol, "nature") == 0 ? MECH_PROTOCOL_NATURE : MECH_PROTOCOL_SEED,
        .n_train = (size_t)a->train,
        .n_validation = (size_t)a->validation,
        .n_test = (size_t)a->test,
        .seed = a->seed,
        .threads = a->threads,
        .prior = a->prior,
        .n_thetas = (size_t)(a->fresh ? a->train : a->thetas),
        .resume = a->resume,
    };
    return -1;
}

static void print_table(const mech_draw_counts *counts, size_t n) {
    mech_draw_counts sum = {.mechanism = "all"};
    printf("mechanism  candidates     no yield      no rule   duplicates     failures     accepted      samples\n");
    for (size_t i = 0; i <= n; i++) {
        const mech_draw_counts *c = i < n ? &counts[i] : &sum;
        printf("%-9s %11llu  %11llu  %11llu  %11llu  %11llu  %11llu  %11llu\n", c->mechanism,
               (unsigned long long)c->candidates, (unsigned long long)c->refused_by_yield,
               (unsigned long long)c->refused_by_rule, (unsigned long long)c->duplicates,
               (unsigned long long)c->solver_failures, (unsigned long long)c->accepted, (unsigned long long)c->samples);
        sum.candidates += c->candidates;
        sum.refused_by_yield += c->refused_by_yield;
        sum.refused_by_rule += c->refused_by_rule;
        sum.duplicates += c->duplicates;
        sum.solver_failures += c->solver_failures;
        sum.accepted += c->accepted;
        sum.samples += c->samples;
    }
}

static int print_json(const arguments *a, const mech_draw_counts *counts, size_t n) {
    json_t *rows = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(
            rows,
            json_pack("{s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "mechanism", counts[i].mechanism, "candidates",
                      (json_int_t)counts[i].candidates, "refused_by_yield", (json_int_t)counts[i].refused_by_yield,
                      "refused_by_rule", (json_int_t)counts[i].refused_by_rule, "duplicates",
                      (json_int_t)counts[i].duplicates, "solver_failures", (json_int_t)counts[i].solver_failures,
                      "accepted", (json_int_t)counts[i].accepted, "samples", (json_int_t)counts[i].samples));
    json_t *object = json_pack("{s:s, s:s, s:I, s:I, s:I, s:I, s:o}", "file", a->output, "protocol", a->protocol,
                               "train", (json_int_t)a->train, "validation", (json_int_t)a->validation, "test",
                               (json_int_t)a->test, "seed", (json_int_t)a->seed, "mechanisms", rows);
    char *dump = json_dumps(object, JSON_INDENT(2));
    json_decref(object);
    if (!dump) return report_memory();
    puts(dump);
    free(dump);
    return EXIT_DONE;
}

int command_generate(int argc, char **argv) {
    arguments a = {.protocol = "nature", .prior = "wide", .seed = 1};
    const option options[] = {
        {"--protocol", OPTION_TEXT, &a.protocol, "PROTOCOL", "seed or nature (default: nature)"},
        {"--train", OPTION_WHOLE, &a.train, "N", "training samples (default: 0)"},
        {"--validation", OPTION_WHOLE, &a.validation, "N", "validation samples (default: 0)"},
        {"--test", OPTION_WHOLE, &a.test, "N", "test samples (default: 0)"},
        {"--seed", OPTION_WHOLE, &a.seed, "N", "fixes every random choice (default: 1)"},
        {"--thetas", OPTION_WHOLE, &a.thetas, "N", "thetas of the training samples (default: one for 45.7 samples)"},
        {"--fresh", OPTION_FLAG, &a.fresh, NULL, "a theta of its own for each training sample"},
        {"--prior", OPTION_TEXT, &a.prior, "wide|FILE", "ranges of the rate constants (docs/data.md)"},
        {"--mechanisms", OPTION_TEXT, &a.mechanisms, "M1,M6,...", "mechanisms, in the order of the labels"},
        {"--mechanism-file", OPTION_TEXT, &a.mechanism_files, "FILE,...", "mechanisms of one's own, behind those"},
        {"--threads", OPTION_THREADS, &a.threads, "N", "threads (default: all cores)"},
        {"--resume", OPTION_FLAG, &a.resume, NULL, "go on from what an interruption left, to the same result"},
        {"--json", OPTION_FLAG, &a.json, NULL, "write the table of draws as JSON"},
        {"-o", OPTION_TEXT, &a.output, "DATA.h5", "where to write the data set"},
    };
    const command_line line = {
        .usage = "mechanist generate --train N --validation N --test N -o DATA.h5 [options]",
        .summary =
            "Draws rate constants from the prior, keeps those whose mechanism shows itself, simulates four runs\n"
            "for each sample and writes a data set. Without --mechanisms and --mechanism-file it is about all\n"
            "mechanisms of the library. Ctrl-C stops cleanly: --resume goes on from DATA.h5.partial and\n"
            "DATA.h5.journal.",
        .options = options,
        .n_options = sizeof options / sizeof options[0],
    };
    size_t n_arguments = 0;
    mech_generate_options request;
    mechanism_set set = {0};
    mech_error error;
    int result = parse_command_line(&line, argc, argv, NULL, &n_arguments);
    if (result < 0) result = check_arguments(&a, &request);
    if (result < 0) result = collect_mechanisms(&a, &set);
    if (result >= 0) {
        free_set(&set);
        return result;
    }
    const size_t n = set.n ? set.n : mech_builtin_count();
    mech_draw_counts *counts = calloc(n, sizeof *counts);
    request.mechanisms = set.n ? set.mechanisms : NULL;
    request.n_mechanisms = set.n;
    const mech_progress progress = terminal_progress();
    const mech_status status = mech_generate(&request, a.output, &progress, counts, &error);
    terminal_progress_end();
    if (status == MECH_STOPPED) {
        fprintf(stderr, "mechanist: %s; the same command with --resume goes on\n", error.message);
        result = EXIT_CANNOT;
    } else if (status != MECH_OK)
        result = report_error(&error);
    else if (a.json)
        result = print_json(&a, counts, n);
    else {
        print_table(counts, n);
        result = EXIT_DONE;
    }
    free(counts);
    free_set(&set);
    return result;
}
