/* bench: how fast this machine simulates, trains and infers, beside the peers that it has. */
#include "cli/bench/bench.h"
#include "cli/evaluate/shipped_models.h"
#include "cli/options/commands.h"
#include "cli/options/options.h"

#include <string.h>

static const struct {
    const char *name;
    int (*run)(const bench_options *options);
    bool learns; /* takes the options of networks */
} kinds[] = {{"simulate", bench_simulate, false}, {"train", bench_train, true}, {"infer", bench_infer, true}};

static bool is_network(const char *name) {
    for (size_t i = 0; mech_network_name(i); i++)
        if (strcmp(mech_network_name(i), name) == 0) return true;
    return false;
}

int command_bench(int argc, char **argv) {
    bench_options chosen = {0};
    const char *kind = NULL;
    size_t n_arguments = 0;
    const option options[] = {
        {"--network", OPTION_TEXT, &chosen.network, "NAME", "of train and infer: this network only"},
        {"--quick", OPTION_FLAG, &chosen.quick, NULL,
         "of train and infer: one small batch, to try the command; no measurement"},
        {"--json", OPTION_FLAG, &chosen.json, NULL, "print one JSON object"},
    };
    const command_line line = {
        .usage = "mechanist bench KIND [options]",
        .summary =
            "Measures speed on this machine beside the peers that are installed on it. Kinds:\n"
            "  simulate   trajectories a second over the whole prior of all mechanisms: this program, CVODE from C\n"
            "             and LSODA from SciPy, on one core; and what a second thread adds\n"
            "  train      samples a second that each network learns from (forward, backward, Adam), by number of time\n"
            "             steps, on one thread and on two: this program and PyTorch; and the share of the peak\n"
            "  infer      the same for prediction, and the time that a single sample takes\n"
            "Nothing else should run meanwhile.",
        .options = options,
        .n_options = sizeof options / sizeof options[0],
        .least_arguments = 1,
        .most_arguments = 1,
    };
    const int usage = parse_command_line(&line, argc, argv, &kind, &n_arguments);
    if (usage >= 0) return usage;
    size_t i = 0;
    const size_t n = sizeof kinds / sizeof kinds[0];
    while (i < n && strcmp(kinds[i].name, kind) != 0) i++;
    if (i == n) return report_usage("bench", "there is no benchmark '%s'; expected simulate, train or infer", kind);
    if (!kinds[i].learns && (chosen.network || chosen.quick))
        return report_usage("bench", "%s belongs to train and infer", chosen.network ? "--network" : "--quick");
    char names[200];
    if (chosen.network && !is_network(chosen.network))
        return report_usage("bench", "there is no network '%s'; expected %s", chosen.network,
                            list_networks(names, sizeof names));
    return kinds[i].run(&chosen);
}
