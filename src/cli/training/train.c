/* train: from a data set to a model file. */
#include "cli/evaluate/shipped_models.h"
#include "cli/options/commands.h"
#include "cli/options/mechanism_options.h"
#include "cli/options/options.h"
#include "cli/training/draw_counts.h"

#include "base/error.h"
#include "base/files/file.h"
#include "base/files/text.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MOST_LIST = 64 };
static const uint64_t NOT_GIVEN = UINT64_MAX;
static const double RENEW_NOT_GIVEN = -INFINITY, RATE_NOT_GIVEN = -INFINITY;

/* The learning rate that suits Muon where none is given. */
static const double MUON_RATE = 0.01;

/* What the command line says, before it is checked. */
typedef struct arguments {
    const char *network, *data, *output, *start, *optimiser, *schedule, *batch, *points, *noise;
    uint64_t seed, epochs, steps, validation_interval, patience, hidden;
    double learning_rate, warm_up, weight_decay, clip, average, label_smoothing, missing, checkpoint_minutes;
    int threads;
    bool resume, json, each_sample;
    bool stream;
    /* Of the stream; NULL or NOT_GIVEN: the library's default. */
    const char *protocol, *design, *prior, *mechanisms;
    text_list mechanism_files;
    uint64_t train, validation, thetas, reuse;
    double renew;
} arguments;

/* The lists that the options point to. */
typedef struct lists {
    size_t points[MOST_LIST];
    double noise[MOST_LIST];
} lists;

static const struct {
    const char *name;
    mech_schedule schedule;
} schedules[] = {
    {"constant", MECH_SCHEDULE_CONSTANT}, {"cosine", MECH_SCHEDULE_COSINE}, {"one-cycle", MECH_SCHEDULE_ONE_CYCLE}};

/* Reads "N" or "FIRST:LAST"; false where it is neither. */
static bool parse_batch(const char *sizes, mech_train_options *options) {
    const size_t length = strcspn(sizes, ":");
    uint64_t first = 0, last = 0;
    if (!mech_parse_whole(sizes, length, &first)) return false;
    if (sizes[length] && !mech_parse_whole(sizes + length + 1, strlen(sizes + length + 1), &last)) return false;
    if (sizes[length] && !last) return false;
    options->batch = (size_t)first;
    options->largest_batch = (size_t)last;
    return true;
}

/* Wrong usage that only the command line can see; what the values may be is the library's to say. Returns -1 to go on.
 */
static int check_arguments(const arguments *a, mech_train_options *options, lists *chosen) {
    double numbers[MOST_LIST];
    if (!a->data && !a->stream) return report_usage("train", "--data is missing, or --stream");
    if (!a->output) return report_usage("train", "-o is missing");
    if (!(a->missing >= 0 && a->missing <= 100))
        return report_usage("train", "--missing takes a percentage from 0 to 100");
    if (!mech_output_is_file(a->output))
        return report_usage("train", "-o takes a file, not '%s': the model's history stands beside it", a->output);
    if (a->epochs != NOT_GIVEN && a->steps != NOT_GIVEN)
        return report_usage("train", "--epochs and --steps exclude each other");
    size_t s = 0;
    const size_t n_schedules = sizeof schedules / sizeof schedules[0];
    while (s < n_schedules && strcmp(schedules[s].name, a->schedule) != 0) s++;
    if (s == n_schedules)
        return report_usage("train", "--schedule takes constant, cosine or one-cycle, not '%s'", a->schedule);
    options->schedule = schedules[s].schedule;
    if (strcmp(a->optimiser, "muon") == 0) {
        options->optimiser = MECH_OPTIMISER_MUON;
        if (a->learning_rate == RATE_NOT_GIVEN) options->learning_rate = MUON_RATE;
    } else if (strcmp(a->optimiser, "adam") != 0) {
        return report_usage("train", "--optimiser takes adam or muon, not '%s'", a->optimiser);
    }
    if (a->batch && !parse_batch(a->batch, options))
        return report_usage("train", "--batch takes a whole number or two, FIRST:LAST, not '%s'", a->batch);
    if (a->points) {
        options->n_points = parse_numbers(a->points, numbers, MOST_LIST);
        for (size_t i = 0; i < options->n_points; i++) {
            if (!(numbers[i] >= 1 && numbers[i] <= 1e6) || numbers[i] != floor(numbers[i]))
                return report_usage("train", "--points takes whole numbers from 1 on, not '%s'", a->points);
            chosen->points[i] = (size_t)numbers[i];
        }
        if (!options->n_points) return report_usage("train", "--points takes numbers, N1,N2,..., not '%s'", a->points);
        options->points = chosen->points;
    }
    if (a->noise) {
        options->n_noise = parse_numbers(a->noise, numbers, MOST_LIST);
        if (!options->n_noise) return report_usage("train", "--noise takes numbers, P1,P2,..., not '%s'", a->noise);
        for (size_t i = 0; i < options->n_noise; i++) {
            if (!(numbers[i] >= 0 && numbers[i] <= 100))
                return report_usage("train", "--noise takes percentages from 0 to 100, not '%s'", a->noise);
            chosen->noise[i] = numbers[i] / 100;
        }
        options->noise = chosen->noise;
    }
    return -1;
}

/* Takes what the command line says of the stream. Returns -1 to go on. */
static int check_stream(const arguments *a, mech_stream_options *stream) {
    const struct {
        const char *name;
        uint64_t given;
        size_t *value;
    } sizes[] = {{"--train", a->train, &stream->n_train},
                 {"--validation", a->validation, &stream->n_validation},
                 {"--thetas", a->thetas, &stream->n_thetas},
                 {"--reuse", a->reuse, &stream->reuse}};
    mech_sample_design of_samples;
    const char *alone = a->protocol                   ? "--protocol"
                        : a->design                   ? "--design"
                        : a->prior                    ? "--prior"
                        : a->mechanisms               ? "--mechanisms"
                        : a->mechanism_files.n        ? "--mechanism-file"
                        : a->renew != RENEW_NOT_GIVEN ? "--renew"
                                                      : NULL;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        if (sizes[i].given == NOT_GIVEN) continue;
        *sizes[i].value = (size_t)sizes[i].given;
        alone = sizes[i].name;
    }
    if (a->stream && a->data) return report_usage("train", "--stream and --data exclude each other");
    if (!a->stream && alone) return report_usage("train", "%s belongs to --stream", alone);
    if (a->protocol && a->design) return report_usage("train", "--design and --protocol say the same; give one");
    if (a->protocol && !mech_find_sample_design(a->protocol, &of_samples))
        return report_usage("train", "--protocol takes seed or nature, not '%s'", a->protocol);
    if (a->design || a->protocol) stream->design = a->design ? a->design : a->protocol;
    if (a->prior) stream->prior = a->prior;
    if (a->renew != RENEW_NOT_GIVEN) stream->renew = a->renew;
    return -1;
}

static void take_arguments(const arguments *a, mech_train_options *options) {
    options->network = a->network;
    options->hidden = (size_t)a->hidden;
    options->seed = a->seed;
    options->threads = a->threads;
    if (a->epochs != NOT_GIVEN) options->epochs = (size_t)a->epochs;
    if (a->steps != NOT_GIVEN) options->steps = (size_t)a->steps;
    options->validation_interval = (size_t)a->validation_interval;
    options->patience = (size_t)a->patience;
    if (a->learning_rate != RATE_NOT_GIVEN) options->learning_rate = a->learning_rate;
    options->warm_up = a->warm_up;
    options->weight_decay = a->weight_decay;
    options->clip = a->clip;
    options->average = a->average;
    options->label_smoothing = a->label_smoothing;
    options->each_sample = a->each_sample;
    options->missing = a->missing / 100;
    options->checkpoint_minutes = a->checkpoint_minutes;
    options->resume = a->resume;
}

/* What the training came to, as the model file says it, and what was drawn for it from a stream. */
static mech_status print_result(const char *path, bool json, const mech_draw_report *report, mech_error *error) {
    static const char *const keys[] = {"protocol", "epoch", "step", "validation_accuracy", "validation_loss"};
    mech_model *model = NULL;
    mech_status status = mech_model_read(path, &model, error);
    if (status != MECH_OK) return status;
    const char *accuracy = mech_model_metadata(model, "validation_accuracy");
    const char *loss = mech_model_metadata(model, "validation_loss"), *epoch = mech_model_metadata(model, "epoch");
    if (json) {
        json_t *object = json_pack("{s:s, s:s, s:I}", "model", path, "network", mech_model_network(model), "parameters",
                                   (json_int_t)mech_model_n_parameters(model));
        for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
            const char *value = mech_model_metadata(model, keys[i]);
            /* Numbers stand as text in the metadata; as JSON reads them, they become numbers again. */
            json_t *read = value ? json_loads(value, JSON_DECODE_ANY, NULL) : NULL;
            json_object_set_new(object, keys[i], read ? read : json_string(value ? value : ""));
        }
        if (report) json_object_set_new(object, "draws", draw_counts_json(report));
        json_dumpf(object, stdout, JSON_REAL_PRECISION(17));
        putchar('\n');
        json_decref(object);
    } else {
        double share = 0, nats = 0, when = 0;
        if (accuracy) (void)mech_parse_number(accuracy, strlen(accuracy), '.', &share);
        if (loss) (void)mech_parse_number(loss, strlen(loss), '.', &nats);
        if (epoch) (void)mech_parse_number(epoch, strlen(epoch), '.', &when);
        printf("%s: %s, %zu parameters; best at epoch %.2f: validation accuracy %.2f %%, cross-entropy %.4f nats\n",
               path, mech_model_network(model), mech_model_n_parameters(model), when, 100 * share, nats);
        if (report) print_draw_counts(report);
    }
    mech_model_free(model);
    return MECH_OK;
}

/* Paths of the models to start from; the second is there where the network has two experts. */
typedef struct starts {
    char *first, *second;
} starts;

static void free_starts(starts *s) {
    mech_free(s->first);
    mech_free(s->second);
}

/* `given` is NULL, "MODEL" or "MODEL,MODEL"; a file may have a comma in its name. */
static mech_status find_starts(const char *given, starts *s, mech_error *error) {
    if (!given) return MECH_OK;
    const char *comma = mech_file_exists(given) ? NULL : strchr(given, ',');
    if (!comma) return find_model(given, &s->first, error);
    text name = {0};
    char *first = NULL;
    mech_text_append(&name, given, (size_t)(comma - given));
    mech_status status = mech_text_take(&name, &first, error);
    if (status == MECH_OK) status = find_model(first, &s->first, error);
    if (status == MECH_OK) status = find_model(comma + 1, &s->second, error);
    mech_free(first);
    return status;
}

static int run(const arguments *a, const mech_train_options *chosen, const mech_stream_options *stream) {
    mech_error error;
    mech_train_options options = *chosen;
    starts from = {0};
    if (find_starts(a->start, &from, &error) != MECH_OK) {
        free_starts(&from);
        return report_error(&error);
    }
    options.start = from.first;
    options.second_start = from.second;
    bool checked = true;
    if (!a->stream && mech_data_is_checked(a->data, &checked, NULL) == MECH_OK && !checked)
        fprintf(stderr, "mechanist: mind that %s has no digests of its samples: damage to them would not be noticed\n",
                a->data);
    mech_draw_report *report = NULL;
    const mech_progress progress = terminal_progress();
    mech_status status = a->stream ? mech_train_stream(&options, stream, a->output, &progress, &report, &error)
                                   : mech_train(&options, a->data, a->output, &progress, &error);
    terminal_progress_end();
    free_starts(&from);
    if (status == MECH_OK && mech_rank() == 0) status = print_result(a->output, a->json, report, &error);
    mech_draw_report_free(report);
    if (status == MECH_OK) return EXIT_DONE;
    if (status == MECH_INVALID_ARGUMENT) return report_usage("train", "%s", error.message);
    /* Who stopped before training began left nothing to go on with; else the message names the checkpoint. */
    if (status != MECH_STOPPED || !strstr(error.message, ".checkpoint")) return report_error(&error);
    fprintf(stderr, "mechanist: %s; the same command with --resume goes on\n", error.message);
    return EXIT_CANNOT;
}

int command_train(int argc, char **argv) {
    const mech_train_options standard = mech_train_options_default();
    arguments a = {.network = standard.network,
                   .optimiser = "adam",
                   .schedule = "cosine",
                   .seed = standard.seed,
                   .epochs = NOT_GIVEN,
                   .steps = NOT_GIVEN,
                   .learning_rate = RATE_NOT_GIVEN,
                   .warm_up = standard.warm_up,
                   .clip = standard.clip,
                   .average = standard.average,
                   .checkpoint_minutes = standard.checkpoint_minutes,
                   .train = NOT_GIVEN,
                   .validation = NOT_GIVEN,
                   .thetas = NOT_GIVEN,
                   .reuse = NOT_GIVEN,
                   .renew = RENEW_NOT_GIVEN};
    char names[200], networks[240];
    snprintf(networks, sizeof networks, "%s (default: hadamard)", list_networks(names, sizeof names));
    const option options[] = {
        {"--network", OPTION_TEXT, &a.network, "NAME", networks},
        {"--data", OPTION_TEXT, &a.data, "DATA.h5", "a data set with the splits train and validation"},
        {"--stream", OPTION_FLAG, &a.stream, NULL, "samples simulated on the way instead (docs/training.md)"},
        {"--protocol", OPTION_TEXT, &a.protocol, "NAME", "older name of --design: seed (fixed-window) or nature"},
        {"--design", OPTION_TEXT, &a.design, "NAME|FILE",
         "of the stream: what experiments look like (of network set laboratory, else nature)"},
        {"--prior", OPTION_TEXT, &a.prior, "wide|FILE", "of the stream: ranges of the rate constants"},
        {"--mechanisms", OPTION_TEXT, &a.mechanisms, "M1,M6,...",
         "of the stream: mechanisms, in the order of the labels"},
        {"--mechanism-file", OPTION_LIST, &a.mechanism_files, "FILE",
         "of the stream: mechanisms of one's own, behind those: a file or folder; may be given again"},
        {"--train", OPTION_WHOLE, &a.train, "N", "of the stream: samples of an epoch (default: 1000000)"},
        {"--validation", OPTION_WHOLE, &a.validation, "N", "of the stream: validation samples (default: 20000)"},
        {"--thetas", OPTION_WHOLE, &a.thetas, "N", "of the stream: thetas in use at a time (default: 108208)"},
        {"--renew", OPTION_NUMBER, &a.renew, "SHARE", "of the stream: new thetas for a sample (default: 0.02)"},
        {"--reuse", OPTION_WHOLE, &a.reuse, "N", "of the stream: how often a sample is used (default: 8)"},
        {"-o", OPTION_OUTPUT, &a.output, "MODEL.safetensors", "where the model goes"},
        {"--hidden", OPTION_COUNT, &a.hidden, "UNITS", "width of the first layer (default: 64, of nature 200)"},
        {"--batch", OPTION_TEXT, &a.batch, "N|FIRST:LAST",
         "samples a step, or grown by doubling from first to last (default: 2048)"},
        {"--epochs", OPTION_WHOLE, &a.epochs, "N", "passes through the data (default: 100)"},
        {"--steps", OPTION_COUNT, &a.steps, "N", "the length of training as a number of steps instead"},
        {"--start", OPTION_TEXT, &a.start, "MODEL",
         "begin with the weights of this model, a file or a shipped one; of network experts: FIRST,SECOND"},
        {"--optimiser", OPTION_TEXT, &a.optimiser, "NAME", "adam or muon (default: adam)"},
        {"--schedule", OPTION_TEXT, &a.schedule, "NAME", "constant, cosine or one-cycle (default: cosine)"},
        {"--learning-rate", OPTION_NUMBER, &a.learning_rate, "RATE",
         "the largest learning rate (default: 0.001, of muon 0.01)"},
        {"--warm-up", OPTION_NUMBER, &a.warm_up, "SHARE", "share of the steps in which it is reached (default: 0.02)"},
        {"--clip", OPTION_NUMBER, &a.clip, "NORM", "largest norm of a gradient; 0: any (default: 1)"},
        {"--average", OPTION_NUMBER, &a.average, "DECAY", "of the average of the weights; 0: none (default: 0.999)"},
        {"--weight-decay", OPTION_NUMBER, &a.weight_decay, "SHARE", "of the kernels, as in AdamW (default: 0)"},
        {"--label-smoothing", OPTION_NUMBER, &a.label_smoothing, "SHARE", "spread over all labels (default: 0)"},
        {"--points", OPTION_TEXT, &a.points, "N1,N2,...", "points after t = 0 that batches keep (default: design's)"},
        {"--noise", OPTION_TEXT, &a.noise, "P1,P2,...", "noise of batches in % of [S]0 (default: design's)"},
        {"--each-sample", OPTION_FLAG, &a.each_sample, NULL, "draw points and noise for every sample, not for a batch"},
        {"--missing", OPTION_NUMBER, &a.missing, "PERCENT",
         "samples whose S or P is hidden, for networks of kinetics (default: 0)"},
        {"--validation-interval", OPTION_WHOLE, &a.validation_interval, "N",
         "steps between validations (default: an epoch)"},
        {"--patience", OPTION_WHOLE, &a.patience, "N", "stop after so many validations without a better one"},
        {"--checkpoint-minutes", OPTION_NUMBER, &a.checkpoint_minutes, "M",
         "from one checkpoint to the next (default: 5)"},
        {"--resume", OPTION_FLAG, &a.resume, NULL, "go on from MODEL.checkpoint, to the same result"},
        {"--seed", OPTION_WHOLE, &a.seed, "N", "of weights, order, points and noise (default: 1)"},
        {"--threads", OPTION_THREADS, &a.threads, "N", "threads (default: all cores)"},
        {"--json", OPTION_FLAG, &a.json, NULL, "say as JSON what came out"},
    };
    const command_line line = {
        .usage = "mechanist train --data DATA.h5|--stream -o MODEL.safetensors [options]",
        .summary = "Trains a network on a data set or a stream. The weights of the best validation go to "
                   "MODEL.safetensors, the\n"
                   "learning curve to MODEL.history.csv. Ctrl-C stops cleanly: --resume goes on from MODEL.checkpoint.",
        .options = options,
        .n_options = sizeof options / sizeof options[0],
    };
    size_t n_arguments = 0;
    mech_train_options chosen = standard;
    lists chosen_lists;
    int usage = parse_command_line(&line, argc, argv, NULL, &n_arguments);
    if (usage >= 0) return usage;
    take_arguments(&a, &chosen);
    usage = check_arguments(&a, &chosen, &chosen_lists);
    mech_stream_options stream = mech_stream_options_default();
    mech_library *library = NULL;
    if (usage < 0) usage = check_stream(&a, &stream);
    if (usage < 0) usage = collect_mechanisms("train", a.mechanisms, NULL, &a.mechanism_files, &library);
    if (usage < 0 && mech_library_size(library)) {
        stream.mechanisms = mech_library_mechanisms(library);
        stream.n_mechanisms = mech_library_size(library);
    }
    if (usage < 0) usage = run(&a, &chosen, &stream);
    mech_library_free(library);
    return usage;
}
