#include "cli/options/completion.h"

#include "mechanist.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* Separates the last alternative of a help text such as "constant, cosine or one-cycle". */
static const char OR[] = " or ";
enum { MOST_WORDS = 16 };

static bool begins(const char *word, const char *beginning) { return strncmp(word, beginning, strlen(beginning)) == 0; }

/* The word that is being completed: so many characters that stay (--model=, M1,M6,) and the rest, which a candidate
 * begins with. */
typedef struct unfinished {
    const char *word;
    size_t kept;
} unfinished;

static void offer(unfinished u, const char *candidate, size_t length, const char *description) {
    const size_t n_typed = strlen(u.word + u.kept);
    if (n_typed > length || strncmp(candidate, u.word + u.kept, n_typed) != 0) return;
    printf("%.*s%.*s", (int)u.kept, u.word, (int)length, candidate);
    if (description) printf("\t%.*s", (int)strcspn(description, "\n"), description);
    putchar('\n');
}

void offer_word(const char *typed, const char *word, const char *description) {
    offer((unfinished){typed, 0}, word, strlen(word), description);
}

static void offer_mechanisms(unfinished u) {
    for (size_t i = 0; i < mech_builtin_count(); i++)
        offer(u, mech_mechanism_id(mech_builtin(i)), strlen(mech_mechanism_id(mech_builtin(i))),
              mech_mechanism_title(mech_builtin(i)));
}

/* Without a folder of models there is nothing to offer, and nobody to tell: completion is silent. */
static void offer_models(unfinished u) {
    mech_shipped_models *shipped = NULL;
    if (mech_shipped_models_read(&shipped, NULL) != MECH_OK) return;
    for (size_t i = 0; i < mech_shipped_models_n(shipped); i++) {
        const char *name = mech_shipped_models_model(shipped, i)->name;
        offer(u, name, strlen(name), NULL);
    }
    mech_shipped_models_free(shipped);
}

static size_t plain_length(const char *text) { return strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-"); }

/* How many fixed words the help text lists up to its end or its default, "A, B or C (default: A)"; 0 where it says
 * anything else. words[] and lengths[] receive them. */
static size_t list_of_words(const char *help, const char **words, size_t *lengths) {
    const char *colon = strstr(help, ": "), *bracket = strstr(help, " (");
    if (colon && (!bracket || colon < bracket)) help = colon + 2;
    for (size_t n = 0; n < MOST_WORDS; n++) {
        words[n] = help;
        lengths[n] = plain_length(help);
        if (!lengths[n]) return 0;
        help += lengths[n];
        if (!*help || begins(help, " (")) return n ? n + 1 : 0;
        if (begins(help, ", "))
            help += 2;
        else if (begins(help, OR))
            help += sizeof OR - 1;
        else
            return 0;
    }
    return 0;
}

/* "FILE", "DATA.h5": what --help calls the value names a file or its ending. */
static bool is_file(const char *argument) {
    const char *point = strchr(argument, '.');
    return strstr(argument, "FILE") || (point && isalpha((unsigned char)point[1]));
}

/* The alternatives of "wide|FILE" that are words. */
static void offer_alternatives(unfinished u, const char *argument) {
    while (*argument) {
        const size_t length = strcspn(argument, "|");
        if (plain_length(argument) == length) offer(u, argument, length, NULL);
        argument += length + (argument[length] == '|');
    }
}

static void offer_ids_of_list(unfinished u) {
    const char *comma = strrchr(u.word + u.kept, ',');
    if (comma) u.kept = (size_t)(comma + 1 - u.word);
    offer_mechanisms(u);
}

static void offer_values(unfinished u, const option *o) {
    if (!is_text_option(o)) return;
    if (strcmp(o->argument, "MODEL") == 0) {
        offer_models(u);
        puts("FILE");
        return;
    }
    if (begins(o->argument, "M1,")) {
        offer_ids_of_list(u);
        return;
    }
    const char *words[MOST_WORDS];
    size_t lengths[MOST_WORDS];
    const size_t n_words = list_of_words(o->help, words, lengths);
    for (size_t i = 0; i < n_words; i++) offer(u, words[i], lengths[i], NULL);
    offer_alternatives(u, o->argument);
    if (is_file(o->argument)) puts("FILE");
}

/* The next line of the command's summary that describes a kind, from `at` on; NULL at the end. Such lines stand behind
 * "Kinds:" and are "  KIND [ARGUMENT]   what it is"; those that begin with more spaces go on with the one before. */
static const char *next_kind(const char *at) {
    for (at = strchr(at, '\n'); at; at = strchr(at + 1, '\n'))
        if (begins(at, "\n  ") && at[3] != ' ') return at + 3;
    return NULL;
}

static const char *first_kind(const command_line *line) {
    const char *kinds = strstr(line->summary, "Kinds:\n");
    return kinds ? next_kind(kinds) : NULL;
}

static void offer_kinds(const command_line *line, const char *typed) {
    for (const char *kind = first_kind(line); kind; kind = next_kind(kind)) {
        const char *gap = strstr(kind, "  ");
        offer((unfinished){typed, 0}, kind, plain_length(kind), gap ? gap + strspn(gap, " ") : NULL);
    }
}

/* What stands behind the name of that kind, "ID" or "FILE"; NULL where there is no such kind. */
static const char *argument_of_kind(const command_line *line, const char *name) {
    const char *kind = first_kind(line);
    while (kind && !(plain_length(kind) == strlen(name) && begins(kind, name))) kind = next_kind(kind);
    return kind ? kind + strlen(name) + strspn(kind + strlen(name), " ") : NULL;
}

/* What the usage says stands behind the command's name, behind n other words that are no options; `first` of these,
 * NULL where n is 0. */
static void offer_arguments(const command_line *line, const char *typed, const char *first, size_t n) {
    const char *name = strchr(line->usage, ' ');
    const char *argument = name ? strchr(name + 1, ' ') : NULL;
    if (!argument || n >= line->most_arguments) return;
    argument += strspn(argument, " [");
    const bool is_kind = begins(argument, "KIND");
    if (is_kind && !first) {
        offer_kinds(line, typed);
        return;
    }
    if (is_kind) argument = argument_of_kind(line, first);
    const size_t length = argument ? strcspn(argument, " ]\n") : 0;
    if (length == 2 && begins(argument, "ID"))
        offer_mechanisms((unfinished){typed, 0});
    else if (length && (begins(argument, "FILE") || memchr(argument, '.', length)))
        puts("FILE");
}

void complete_command_line(const command_line *line, int n, char **words) {
    const char *first = NULL, *typed = n ? words[n - 1] : "";
    const option *waiting = NULL; /* the option whose value comes next */
    size_t n_arguments = 0;
    bool options_over = false;
    for (int i = 0; i + 1 < n; i++) {
        const char *word = words[i];
        if (waiting) {
            waiting = NULL;
        } else if (!options_over && strcmp(word, "--") == 0) {
            options_over = true;
        } else if (!options_over && word[0] == '-' && word[1]) {
            waiting = find_option(line, word, strlen(word));
            if (waiting && waiting->kind == OPTION_FLAG) waiting = NULL;
        } else {
            if (!n_arguments++) first = word;
        }
    }
    const char *equals = strchr(typed, '=');
    if (waiting) {
        offer_values((unfinished){typed, 0}, waiting);
    } else if (!options_over && begins(typed, "--") && equals) {
        const option *o = find_option(line, typed, (size_t)(equals - typed));
        if (o) offer_values((unfinished){typed, (size_t)(equals + 1 - typed)}, o);
    } else if (!options_over && typed[0] == '-') {
        for (size_t i = 0; i < line->n_options; i++) offer_word(typed, line->options[i].name, line->options[i].help);
        offer_word(typed, "--help", "show this text");
    } else {
        offer_arguments(line, typed, first, n_arguments);
    }
}
