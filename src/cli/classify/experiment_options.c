#include "cli/classify/experiment_options.h"

int understand_experiment_words(const char *command, const experiment_words *words, experiment_reading *reading) {
    *reading = (experiment_reading){.options = mech_experiment_options_default()};
    reading->options.columns = words->columns;
    if (words->s0) {
        reading->options.n_s0 = parse_numbers(words->s0, reading->s0, MOST_START_VALUES);
        reading->options.s0 = reading->s0;
        if (!reading->options.n_s0)
            return report_usage(command, "--s0 takes numbers with commas between them, not '%s'", words->s0);
    }
    if (words->p0) {
        reading->options.n_p0 = parse_numbers(words->p0, reading->p0, MOST_START_VALUES);
        reading->options.p0 = reading->p0;
        if (!reading->options.n_p0)
            return report_usage(command, "--p0 takes numbers with commas between them, not '%s'", words->p0);
    }
    return -1;
}
