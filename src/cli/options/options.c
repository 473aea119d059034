#include "cli/options/options.h"

#include "cli/options/completion.h"
#include "cli/terminal/terminal.h"

#include "base/files/file.h"
#include "base/files/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *command_name(const command_line *line) {
    const char *space = strchr(line->usage, ' ');
    return space ? space + 1 : line->usage;
}

static int usage_error(const command_line *line, const char *what, const char *which) {
    const char *name = command_name(line);
    size_t length = strcspn(name, " ");
    fprintf(stderr, "mechanist %.*s: %s%s%s; see 'mechanist %.*s --help'\n", (int)length, name, what, *which ? " " : "",
            which, (int)length, name);
    return EXIT_USAGE;
}

enum { HELP_COLUMN = 29 };

static const char *option_name(const void *line, size_t index) {
    const command_line *of = line;
    return index < of->n_options ? of->options[index].name : NULL;
}

/* The option that a misspelt one was meant to be; NULL: none. */
static const char *meant_option(const command_line *line, const char *word) {
    char name[64];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(word, "="), word);
    return meant_word(name, option_name, line);
}

static int unknown_option(const command_line *line, const char *word) {
    char what[160];
    const char *meant = meant_option(line, word);
    if (!meant) return usage_error(line, "unknown option", word);
    snprintf(what, sizeof what, "unknown option %.80s; did you mean", word);
    return usage_error(line, what, meant);
}

static void print_help(const command_line *line) {
    printf("Usage: %s\n\n", line->usage);
    print_wrapped(stdout, 0, 0, line->summary);
    printf("\n\nOptions:\n");
    for (size_t i = 0; i < line->n_options; i++) {
        const option *o = &line->options[i];
        char left[64];
        snprintf(left, sizeof left, "%s%s%s", o->name, o->argument ? " " : "", o->argument ? o->argument : "");
        const int printed = printf("  %-26s ", left);
        print_wrapped(stdout, (size_t)printed, HELP_COLUMN, o->help);
        putchar('\n');
    }
    printf("  %-26s %s\n", "-h, --help", "show this text");
}

/* Stores a value; false where it is not what the option takes. */
static bool store_value(const option *o, const char *value) {
    uint64_t whole = 0;
    text_list *list = NULL;
    switch (o->kind) {
    case OPTION_FLAG:
        return false;
    case OPTION_TEXT:
    case OPTION_OUTPUT:
    case OPTION_RENEWED:
        *(const char **)o->value = value;
        return true;
    case OPTION_LIST:
        list = o->value;
        if (list->n == MOST_LISTED) return false;
        list->texts[list->n++] = value;
        return true;
    case OPTION_NUMBER:
        return mech_parse_number(value, strlen(value), '.', o->value);
    case OPTION_WHOLE:
        return mech_parse_whole(value, strlen(value), o->value);
    case OPTION_COUNT:
        if (!mech_parse_whole(value, strlen(value), &whole) || whole < 1) return false;
        *(uint64_t *)o->value = whole;
        return true;
    case OPTION_THREADS:
        if (!mech_parse_whole(value, strlen(value), &whole) || whole < 1 || whole > 1024) return false;
        *(int *)o->value = (int)whole;
        return true;
    }
    return false;
}

static const char *expected_value(option_kind kind) {
    switch (kind) {
    case OPTION_NUMBER:
        return "takes a number, not";
    case OPTION_WHOLE:
        return "takes a whole number, not";
    case OPTION_COUNT:
        return "takes a whole number from 1 on, not";
    case OPTION_THREADS:
        return "takes a whole number from 1 to 1024, not";
    default:
        return "does not take";
    }
}

/* Whether one of the files in a list "FILE,..." is that one; a file may have commas in its name. */
static bool lists_file(const char *list, const char *file) {
    if (mech_same_file(list, file)) return true;
    const char *word;
    size_t length;
    while (mech_next_word(&list, &word, &length)) {
        text one = {0};
        mech_text_append(&one, word, length);
        const bool same = one.length && !one.failed && mech_same_file(one.characters, file);
        mech_text_free(&one);
        if (same) return true;
    }
    return false;
}

/* What else the command line uses an output's file for: the name of an option, "an argument", or NULL. */
static const char *other_use(const command_line *line, const option *out, const char **arguments, size_t n_arguments) {
    const char *path = text_of_option(out);
    for (const option *o = line->options; o < line->options + line->n_options; o++) {
        const char *value = o == out || o->kind == OPTION_RENEWED ? NULL : text_of_option(o);
        const text_list *list = o->kind == OPTION_LIST ? o->value : NULL;
        for (size_t i = 0; list && i < list->n; i++)
            if (lists_file(list->texts[i], path)) return o->name;
        if (!value) continue;
        if (lists_file(value, path) || (o->kind == OPTION_OUTPUT && mech_same_output(value, path))) return o->name;
    }
    for (size_t i = 0; i < n_arguments; i++)
        if (mech_same_file(arguments[i], path)) return "an argument";
    return NULL;
}

/* Refuses an output that would replace what the command reads, or another of its outputs: -1, or the exit status. */
static int check_outputs(const command_line *line, const char **arguments, size_t n_arguments) {
    for (const option *o = line->options; o < line->options + line->n_options; o++) {
        const char *path = o->kind == OPTION_OUTPUT ? text_of_option(o) : NULL;
        if (!path || !mech_output_is_file(path)) continue;
        const char *other = other_use(line, o, arguments, n_arguments);
        char what[128];
        if (!other) continue;
        snprintf(what, sizeof what, "%s and %s are one file; expected another one than", o->name, other);
        return usage_error(line, what, path);
    }
    return -1;
}

int parse_command_line(const command_line *line, int argc, char **argv, const char **arguments, size_t *n_arguments) {
    bool options_over = false;
    size_t n = 0;
    if (argc > 1 && strcmp(argv[1], COMPLETION_WORD) == 0) {
        complete_command_line(line, argc - 2, argv + 2);
        return EXIT_DONE;
    }
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i];
        if (options_over || word[0] != '-' || word[1] == '\0') {
            if (n >= line->most_arguments) return usage_error(line, "unexpected argument", word);
            arguments[n++] = word;
            continue;
        }
        if (strcmp(word, "--") == 0) {
            options_over = true;
            continue;
        }
        if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
            print_help(line);
            return EXIT_DONE;
        }
        const char *equals = strncmp(word, "--", 2) == 0 ? strchr(word, '=') : NULL;
        const option *o = find_option(line, word, equals ? (size_t)(equals - word) : strlen(word));
        if (!o) return unknown_option(line, word);
        if (o->kind == OPTION_FLAG) {
            if (equals) return usage_error(line, "this option takes no value:", word);
            *(bool *)o->value = true;
            continue;
        }
        if (!equals && i + 1 >= argc) return usage_error(line, "a value is missing after", word);
        const char *value = equals ? equals + 1 : argv[++i];
        if (!store_value(o, value)) {
            char what[128];
            snprintf(what, sizeof what, "%s %s", o->name, expected_value(o->kind));
            return usage_error(line, what, *value ? value : "nothing");
        }
    }
    if (n < line->least_arguments) return usage_error(line, "an argument is missing; expected", line->usage);
    *n_arguments = n;
    return check_outputs(line, arguments, n);
}

int report_error(const mech_error *error) {
    fprintf(stderr, "mechanist: %s\n", error->message);
    return EXIT_CANNOT;
}

int report_memory(void) {
    const mech_error error = {.status = MECH_OUT_OF_MEMORY, .message = "out of memory"};
    return report_error(&error);
}

int report_usage(const char *command, const char *format, ...) {
    va_list arguments;
    fprintf(stderr, "mechanist %s: ", command);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fprintf(stderr, "; see 'mechanist %s --help'\n", command);
    return EXIT_USAGE;
}

size_t parse_numbers(const char *list, double *numbers, size_t most) {
    const char *word;
    size_t n = 0, length;
    while (mech_next_word(&list, &word, &length))
        if (n >= most || !mech_parse_number(word, length, '.', &numbers[n++])) return 0;
    return n;
}

bool parse_share(const char *words, double *share) {
    size_t length = strlen(words);
    const bool percent = length && words[length - 1] == '%';
    length -= percent;
    while (length && words[length - 1] == ' ') length--;
    if (!mech_parse_number(words, length, '.', share)) return false;
    if (percent) *share /= 100;
    return *share >= 0 && *share <= 1;
}

int read_share(const char *command, const char *name, const char *words, double *share) {
    if (!words || parse_share(words, share)) return -1;
    return report_usage(command, "%s takes a share of at most 100 %%, like 5%% or 0.05, not '%s'", name, words);
}
