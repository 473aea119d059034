/* evaluate: how good a model is on a data set. */
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/predictions.h"

#include "base/error.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { SIZES = sizeof((mech_credible_metrics){0}.size_share) / sizeof(double) };

static json_t *describe_credible_set(const mech_credible_metrics *credible) {
    json_t *shares = json_array();
    for (size_t i = 0; i < SIZES; i++) json_array_append_new(shares, json_real(credible->size_share[i]));
    return json_pack("{s:f, s:f, s:f, s:o}", "level", credible->level, "coverage", credible->coverage, "mean_size",
                     credible->mean_size, "size_share", shares);
}

static mech_status print_json(const predictions *p, const prediction_request *request, const mech_metrics *m,
                              mech_error *error) {
    json_t *recall = json_array(), *confusion = json_array();
    for (size_t c = 0; c < m->n_classes; c++) {
        /* A class without samples has no recall. */
        json_array_append_new(recall, isnan(m->recall[c]) ? json_null() : json_real(m->recall[c]));
        json_t *row = json_array();
        for (size_t d = 0; d < m->n_classes; d++)
            json_array_append_new(row, json_integer((json_int_t)m->confusion[c * m->n_classes + d]));
        json_array_append_new(confusion, row);
    }
    json_t *object = json_pack(
        "{s:s, s:s, s:I, s:f, s:I, s:f, s:f, s:f, s:{s:f, s:f, s:f}, s:o, s:o, s:f, s:o, s:o}", "model", p->model_path,
        "split", request->split, "points", (json_int_t)(p->samples->n_times - 1), "noise", 100 * request->noise, "n",
        (json_int_t)m->n, "top1", m->top1, "top3", m->top3, "cross_entropy", m->cross_entropy, "entropy", "mean",
        m->entropy_mean, "median", m->entropy_median, "sd", m->entropy_sd, "credible_set",
        describe_credible_set(&m->credible_95), "credible_set_99", describe_credible_set(&m->credible_99), "ece",
        m->expected_calibration_error, "recall", recall, "confusion", confusion);
    char *dump = json_dumps(object, JSON_REAL_PRECISION(17));
    json_decref(object);
    if (!dump) return fail_memory(error);
    puts(dump);
    mech_free(dump);
    return MECH_OK;
}

static void print_credible_set(const mech_credible_metrics *credible) {
    printf("%.0f %% credible set  holds the truth in %.2f %%, mean size %.2f; size 1 to 5 and larger:",
           100 * credible->level, 100 * credible->coverage, credible->mean_size);
    for (size_t i = 0; i < SIZES; i++) printf("%s %.2f", i ? "," : "", 100 * credible->size_share[i]);
    printf(" %%\n");
}

/* The id of a class among the model's "M1,M2,...", or its number. */
static void print_class(const char **ids, size_t number) {
    const char *at = *ids ? *ids : "";
    int length = 0;
    while (at[length] && at[length] != ',') length++;
    if (length)
        printf("%-10.*s", length, at);
    else
        printf("class %-4zu", number + 1);
    if (*ids) *ids = at[length] ? at + length + 1 : at + length;
}

/* Each class with what it is most often taken for. */
static void print_classes(const mech_metrics *m, const char *ids) {
    const char *names = ids;
    const size_t n = m->n_classes;
    printf("\nclass     recall %%   most often taken for\n");
    for (size_t c = 0; c < n; c++) {
        print_class(&names, c);
        size_t other = n;
        for (size_t d = 0; d < n; d++)
            if (d != c && m->confusion[c * n + d] &&
                (other == n || m->confusion[c * n + d] > m->confusion[c * n + other]))
                other = d;
        if (isnan(m->recall[c]))
            printf("       -");
        else
            printf("%8.2f", 100 * m->recall[c]);
        if (other < n) {
            const char *skipped = ids;
            printf("   ");
            for (size_t d = 0; d < other && skipped; d++) {
                while (*skipped && *skipped != ',') skipped++;
                skipped += *skipped == ',';
            }
            print_class(&skipped, other);
            printf(" %llu", (unsigned long long)m->confusion[c * n + other]);
        }
        putchar('\n');
    }
}

static void print_text(const predictions *p, const prediction_request *request, const mech_metrics *m) {
    printf("model                %s (%s)\n", p->model_path, mech_model_network(p->model));
    printf("samples              %zu, %zu points after t = 0, %g %% noise added\n", m->n, p->samples->n_times - 1,
           100 * request->noise);
    printf("top-1                %.2f %%\n", 100 * m->top1);
    printf("top-3                %.2f %%\n", 100 * m->top3);
    printf("cross-entropy        %.4f nats\n", m->cross_entropy);
    printf("entropy              mean %.4f, median %.4f, sd %.4f nats\n", m->entropy_mean, m->entropy_median,
           m->entropy_sd);
    print_credible_set(&m->credible_95);
    print_credible_set(&m->credible_99);
    printf("calibration error    %.2f %%\n", 100 * m->expected_calibration_error);
    print_classes(m, mech_model_metadata(p->model, "mechanisms"));
}

int command_evaluate(int argc, char **argv) {
    uint64_t points = 0;
    double noise = 0;
    bool json = false;
    prediction_request request = {.split = "test", .seed = 1};
    const option options[] = {
        {"--model", OPTION_TEXT, &request.model, "MODEL", "a file or a shipped model (default: the best of nature)"},
        {"--data", OPTION_TEXT, &request.data, "DATA.h5", "the data set"},
        {"--split", OPTION_TEXT, &request.split, "SPLIT", "train, validation or test (default: test)"},
        {"--points", OPTION_WHOLE, &points, "N", "random points after t = 0 that are kept (default: all)"},
        {"--noise", OPTION_NUMBER, &noise, "PERCENT", "noise that is added to S and P, in % of [S]0 (default: 0)"},
        {"--seed", OPTION_WHOLE, &request.seed, "N", "of points and noise (default: 1)"},
        {"--threads", OPTION_THREADS, &request.threads, "N", "threads (default: all cores)"},
        {"--json", OPTION_FLAG, &json, NULL, "write JSON, with the confusion matrix"},
    };
    const command_line line = {
        .usage = "mechanist evaluate --data DATA.h5 [options]",
        .summary =
            "Judges a network's probabilities on a data set: accuracy, cross-entropy, entropy, credible sets and\n"
            "calibration, all as docs/metrics.md defines them.",
        .options = options,
        .n_options = sizeof options / sizeof options[0],
    };
    size_t n_arguments = 0;
    int usage = parse_command_line(&line, argc, argv, NULL, &n_arguments);
    if (usage >= 0) return usage;
    if (!request.data) return report_usage("evaluate", "--data is missing");
    request.thins = points > 0 || noise > 0;
    if (!(noise >= 0 && noise <= 100)) return report_usage("evaluate", "--noise takes a percentage from 0 to 100");
    request.points = (size_t)points;
    request.noise = noise / 100;

    mech_error error;
    predictions p;
    mech_metrics *metrics = NULL;
    mech_status status = predictions_make(&request, &p, &error);
    if (status == MECH_OK)
        status = mech_evaluate(p.samples->n, p.samples->n_classes, p.probabilities, p.samples->y, &metrics, &error);
    if (status == MECH_OK && json) status = print_json(&p, &request, metrics, &error);
    if (status == MECH_OK && !json) print_text(&p, &request, metrics);
    mech_metrics_free(metrics);
    predictions_free(&p);
    return status == MECH_OK ? EXIT_DONE : report_error(&error);
}
