/* plot: figures. */
#include "cli/commands.h"
#include "cli/options.h"

#include "draw/network_diagram.h"

#include <stdio.h>
#include <string.h>

int command_plot(int argc, char **argv) {
    mech_error error;
    picture_target t = {.path = argv[argc - 1]};
    mech_status s;
    if (strcmp(argv[1], "mechanisms") == 0)
        s = draw_mechanisms(t, &error);
    else if (strcmp(argv[1], "experiment") == 0) {
        mech_experiment *e = NULL;
        s = mech_experiment_read(argv[2], NULL, &e, &error);
        mech_ranked r[20];
        for (size_t i = 0; i < 20; i++)
            r[i] = (mech_ranked){mech_builtin(i), mech_network_id(mech_builtin(i)), i == 0 ? 0.5 : 0.5 / (1 << i)};
        char *w[] = {"the loadings of 0.4 to 3 mol % leave the 1 to 10 mol % that the model was trained on and here is "
                     "more text so that it wraps around at the end of the line"};
        mech_answer a = {.n_ranked = 20,
                         .ranked = r,
                         .credible_level = 0.95,
                         .credible_size = 4,
                         .n_warnings = 1,
                         .warnings = w,
                         .model = "hadamard network, protocol nature"};
        if (s == MECH_OK) s = mech_draw_experiment(e, argc > 4 ? &a : NULL, argv[argc - 1], &error);
    } else {
        mech_network *n = NULL;
        const mech_network *b = mech_builtin_find(argv[2]);
        s = MECH_OK;
        if (!b) s = mech_network_read(argv[2], &n, &error);
        if (s == MECH_OK) s = draw_network(b ? b : n, t, &error);
    }
    return s == MECH_OK ? EXIT_DONE : report_error(&error);
}
