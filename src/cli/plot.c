/* plot: figures. */
#include "cli/commands.h"
#include "cli/options.h"

#include "draw/network_diagram.h"

#include <stdio.h>
#include <string.h>

int command_plot(int argc, char **argv) {
    mech_error error;
    picture_target t = {.path = argv[argc-1]};
    mech_status s;
    if (strcmp(argv[1], "mechanisms") == 0) s = draw_mechanisms(t, &error);
    else { mech_network *n = NULL; const mech_network *b = mech_builtin_find(argv[2]);
      s = MECH_OK;
      if (!b) s = mech_network_read(argv[2], &n, &error);
      if (s == MECH_OK) s = draw_network(b ? b : n, t, &error); }
    return s == MECH_OK ? EXIT_DONE : report_error(&error);
}
