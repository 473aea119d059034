/* The sub-commands, one file each. A row here is all that a new one needs besides its file. */
#ifndef MECH_CLI_OPTIONS_COMMANDS_H
#define MECH_CLI_OPTIONS_COMMANDS_H

/* In a page there are no data sets, and nobody trains networks: it is spared what it would have to load. */
#ifdef __EMSCRIPTEN__
#define NOT_IN_PAGES(row)
#else
#define NOT_IN_PAGES(row) row
#endif

/* COMMAND(function suffix, name, what it does) in the order of `mechanist --help`. */
#define COMMANDS(COMMAND)                                                                                              \
    COMMAND(mechanisms, "mechanisms", "lists the mechanisms, or shows one with its equations")                         \
    COMMAND(simulate, "simulate", "integrates the rate equations of one run or of a table of runs")                    \
    NOT_IN_PAGES(COMMAND(generate, "generate", "draws and simulates a data set to train and test networks on"))        \
    NOT_IN_PAGES(COMMAND(train, "train", "trains a network on a data set"))                                            \
    NOT_IN_PAGES(COMMAND(predict, "predict", "writes the class probabilities of a data set's samples"))                \
    NOT_IN_PAGES(COMMAND(evaluate, "evaluate", "judges a network on a data set"))                                      \
    NOT_IN_PAGES(COMMAND(calibrate, "calibrate", "makes the probabilities of a network mean what they say"))           \
    COMMAND(models, "models", "lists the networks that come with the program")                                         \
    NOT_IN_PAGES(COMMAND(export, "export", "writes a network as ONNX, for other programs to run"))                     \
    COMMAND(read, "read", "shows what is understood of measured runs")                                                 \
    COMMAND(classify, "classify", "ranks the mechanisms behind measured runs")                                         \
    COMMAND(fit, "fit", "fits mechanisms to measured runs and weighs them by their evidence")                          \
    COMMAND(kinetics, "kinetics", "finds orders, rates and turnovers of measured runs, without a mechanism")           \
    NOT_IN_PAGES(COMMAND(plot, "plot", "draws the figures"))                                                           \
    NOT_IN_PAGES(COMMAND(open, "open", "shows the page in the browser, with measured runs"))                           \
    NOT_IN_PAGES(COMMAND(study, "study", "makes every table and figure of the published study"))                       \
    NOT_IN_PAGES(COMMAND(bench, "bench", "measures speed on this machine beside its peers"))

#define DECLARE(function, name, summary) int command_##function(int argc, char **argv);
COMMANDS(DECLARE)
#undef DECLARE

#endif
