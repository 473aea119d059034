/* bench: how fast this machine simulates, trains and infers, beside the peers that it has. */
#include "cli/bench.h"
#include "cli/commands.h"
#include "cli/options.h"

#include <string.h>

static const struct {
    const char *name;
    int (*run)(bool as_json);
} kinds[] = {{"simulate", bench_simulate}};

int command_bench(int argc, char **argv) {
    bool as_json = false;
    const char *kind = NULL;
    size_t n_arguments = 0;
    const option options[] = {{"--json", OPTION_FLAG, &as_json, NULL, "print one JSON object"}};
    const command_line line = {
        .usage = "mechanist bench KIND [--json]",
        .summary =
            "Measures speed on this machine beside the peers that are installed on it. Kinds:\n"
            "  simulate   trajectories a second over the whole prior of all mechanisms: this program, CVODE from C\n"
            "             and LSODA from SciPy, on one core; and what a second thread adds",
        .options = options,
        .n_options = sizeof options / sizeof options[0],
        .least_arguments = 1,
        .most_arguments = 1,
    };
    const int usage = parse_command_line(&line, argc, argv, &kind, &n_arguments);
    if (usage >= 0) return usage;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(kinds[i].name, kind) == 0) return kinds[i].run(as_json);
    return report_usage("bench", "there is no benchmark '%s'; expected simulate", kind);
}
