/* generate: a data set from the prior, with the table of what was drawn. */
#include "cli/options/commands.h"
#include "cli/options/mechanism_options.h"
#include "cli/options/options.h"
#include "cli/training/draw_counts.h"

#include "base/files/file.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the command line says, as it says it. */
typedef struct arguments {
    const char *design, *protocol, *prior, *mechanisms, *output;
    text_list mechanism_files;
    uint64_t train, validation, test, seed, thetas;
    int threads;
    bool fresh, resume, json;
} arguments;

static const char *design_of(const arguments *a) {
    return a->design ? a->design : a->protocol ? a->protocol : "nature";
}

static int check_arguments(const arguments *a, mech_generate_options *options) {
    if (!a->output) return report_usage("generate", "-o is missing");
    if (!mech_output_is_file(a->output))
        return report_usage("generate", "-o takes a file, not '%s': HDF5 needs one", a->output);
    mech_protocol protocol;
    if (a->protocol && a->design) return report_usage("generate", "--design and --protocol say the same; give one");
    if (a->protocol && !mech_find_protocol(a->protocol, &protocol))
        return report_usage("generate", "--protocol takes seed or nature, not '%s'; other designs are for --design",
                            a->protocol);
    if (a->train + a->validation + a->test == 0)
        return report_usage("generate", "expected a number of samples: --train, --validation or --test");
    if (a->fresh && a->thetas) return report_usage("generate", "--fresh and --thetas exclude each other");
    *options = (mech_generate_options){
        .size = sizeof *options,
        .design = design_of(a),
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

static int print_json(const arguments *a, const mech_draw_counts *counts, size_t n) {
    mech_protocol protocol = MECH_PROTOCOL_NATURE;
    const bool old = mech_find_protocol_of_design(design_of(a), &protocol);
    json_t *object = json_pack("{s:s, s:s, s:s?, s:I, s:I, s:I, s:I, s:o}", "file", a->output, "design", design_of(a),
                               "protocol", old ? mech_protocol_name(protocol) : NULL, "train", (json_int_t)a->train,
                               "validation", (json_int_t)a->validation, "test", (json_int_t)a->test, "seed",
                               (json_int_t)a->seed, "mechanisms", draw_counts_json(counts, n));
    char *dump = json_dumps(object, JSON_INDENT(2));
    json_decref(object);
    if (!dump) return report_memory();
    puts(dump);
    free(dump);
    return EXIT_DONE;
}

int command_generate(int argc, char **argv) {
    arguments a = {.prior = "wide", .seed = 1};
    const option options[] = {
        {"--design", OPTION_TEXT, &a.design, "NAME|FILE",
         "fixed-window, nature, laboratory or a file (default: nature; docs/designs.md)"},
        {"--protocol", OPTION_TEXT, &a.protocol, "PROTOCOL", "older name of --design: seed or nature"},
        {"--train", OPTION_WHOLE, &a.train, "N", "training samples (default: 0)"},
        {"--validation", OPTION_WHOLE, &a.validation, "N", "validation samples (default: 0)"},
        {"--test", OPTION_WHOLE, &a.test, "N", "test samples (default: 0)"},
        {"--seed", OPTION_WHOLE, &a.seed, "N", "fixes every random choice (default: 1)"},
        {"--thetas", OPTION_WHOLE, &a.thetas, "N", "thetas of the training samples (default: one for 45.7 samples)"},
        {"--fresh", OPTION_FLAG, &a.fresh, NULL, "a theta of its own for each training sample"},
        {"--prior", OPTION_TEXT, &a.prior, "wide|FILE", "ranges of the rate constants (docs/data.md)"},
        {"--mechanisms", OPTION_TEXT, &a.mechanisms, "M1,M6,...", "mechanisms, in the order of the labels"},
        {"--mechanism-file", OPTION_LIST, &a.mechanism_files, "FILE",
         "mechanisms of one's own, behind those: a file or folder; may be given again"},
        {"--threads", OPTION_THREADS, &a.threads, "N", "threads (default: all cores)"},
        {"--resume", OPTION_FLAG, &a.resume, NULL, "go on from what an interruption left, to the same result"},
        {"--json", OPTION_FLAG, &a.json, NULL, "write the table of draws as JSON"},
        {"-o", OPTION_OUTPUT, &a.output, "DATA.h5", "where to write the data set"},
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
    mech_library *library = NULL;
    mech_error error;
    int result = parse_command_line(&line, argc, argv, NULL, &n_arguments);
    if (result < 0) result = check_arguments(&a, &request);
    if (result < 0) result = collect_mechanisms("generate", a.mechanisms, NULL, &a.mechanism_files, &library);
    if (result >= 0) {
        mech_library_free(library);
        return result;
    }
    const size_t n_own = mech_library_size(library), n = n_own ? n_own : mech_builtin_count();
    mech_draw_counts *counts = calloc(n, sizeof *counts);
    request.mechanisms = n_own ? mech_library_mechanisms(library) : NULL;
    request.n_mechanisms = n_own;
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
        print_draw_counts(counts, n);
        result = EXIT_DONE;
    }
    free(counts);
    mech_library_free(library);
    return result;
}
