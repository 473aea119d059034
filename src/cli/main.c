#include "cli/options/commands.h"
#include "cli/options/completion.h"
#include "cli/options/options.h"
#include "cli/terminal/terminal.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

static const struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *summary;
} commands[] = {
#define ROW(function, name, summary) {name, command_##function, summary},
    COMMANDS(ROW)
#undef ROW
        {NULL, NULL, NULL},
};

static void print_overview(FILE *stream) {
    fprintf(stream,
            "mechanist %s: names the catalytic reaction mechanism behind kinetic data\n\n"
            "Usage: mechanist COMMAND [options]\n\nCommands:\n",
            mech_version());
    enum { SUMMARY_COLUMN = 15 };
    for (const struct command *c = commands; c->name; c++) {
        fprintf(stream, "  %-12s ", c->name);
        print_wrapped(stream, SUMMARY_COLUMN, SUMMARY_COLUMN, c->summary);
        fputc('\n', stream);
    }
    fprintf(stream, "\n'mechanist help COMMAND' explains a command; 'mechanist --version' prints the version.\n");
}

static const struct command *find_command(const char *name) {
    const struct command *c = commands;
    while (c->name && strcmp(c->name, name) != 0) c++;
    return c->name ? c : NULL;
}

/* Completes the command itself, or hands the words behind it to the command, which knows its options. */
static int complete(int argc, char **argv) {
    if (argc > 3) {
        const struct command *c = find_command(argv[2]);
        argv[1] = argv[2];
        argv[2] = COMPLETION_WORD;
        return c ? c->run(argc - 1, argv + 1) : EXIT_DONE;
    }
    const char *typed = argc > 2 ? argv[2] : "";
    for (const struct command *c = commands; c->name; c++) offer_word(typed, c->name, c->summary);
    offer_word(typed, "--help", "list the commands");
    offer_word(typed, "--version", "print the version");
    return EXIT_DONE;
}

/* What was printed is a result only if it arrived: a full disk behind standard output is an error. */
static int flush_output(int status) {
    if (fflush(stdout) == 0 && !ferror(stdout)) return status;
    fprintf(stderr, "mechanist: standard output: cannot be written\n");
    return EXIT_CANNOT;
}

static const char *command_name(const void *context, size_t index) {
    (void)context;
    return commands[index].name;
}

/* Commands whose work several processes share. The others would do all of it once in each process. */
static bool shares_work(const struct command *c) {
    static const char *const names[] = {"generate", "train", "predict", "evaluate"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i], c->name) == 0) return true;
    return false;
}

/* Runs a command, with the other processes where mpirun started several. */
static int run_command(const struct command *c, int argc, char **argv) {
    mech_error error;
    int status = EXIT_USAGE;
    if (mech_ranks_join(&error) != MECH_OK) return report_error(&error);
    if (mech_n_ranks() == 1 || shares_work(c))
        status = c->run(argc, argv);
    else
        fprintf(stderr,
                "mechanist: %s does not share its work among processes; expected it without mpirun, or with one\n",
                c->name);
    return mech_ranks_leave(flush_output(status));
}

/* Names the command that a misspelt one was meant to be. */
static int refuse_command(const char *word) {
    const char *meant = meant_word(word, command_name, NULL);
    fprintf(stderr, "mechanist: there is no command '%s'%s%s%s; see 'mechanist --help'\n", word,
            meant ? "; did you mean '" : "", meant ? meant : "", meant ? "'" : "");
    return EXIT_USAGE;
}

int main(int argc, char **argv) {
#ifdef SIGXFSZ
    /* A file that grows beyond the limit is to be an error of writing, with its message, and not the end. */
    (void)signal(SIGXFSZ, SIG_IGN);
#endif
    if (argc < 2) {
        print_overview(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "help") == 0 && argc > 2) {
        const struct command *c = find_command(argv[2]);
        if (!c) return refuse_command(argv[2]);
        char help[] = "--help", *asked[] = {argv[2], help, NULL};
        return flush_output(c->run(2, asked));
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
        print_overview(stdout);
        return flush_output(EXIT_DONE);
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("mechanist %s\n", mech_version());
        return flush_output(EXIT_DONE);
    }
    if (strcmp(argv[1], COMPLETION_WORD) == 0) return flush_output(complete(argc, argv));
    const struct command *c = find_command(argv[1]);
    if (c) return run_command(c, argc - 1, argv + 1);
    return refuse_command(argv[1]);
}
