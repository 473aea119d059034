#include "cli/terminal/terminal.h"

#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { USUAL_WIDTH = 80, LEAST_WIDTH = 20, LONGEST_WORD = 256 };

size_t terminal_width(int descriptor) {
    struct winsize size;
    if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col < LEAST_WIDTH) return USUAL_WIDTH;
    return size.ws_col;
}

/* Columns of UTF-8 text: its bytes but those that continue a character. */
static size_t columns_of(const char *words, size_t length) {
    size_t n = 0;
    for (size_t i = 0; i < length; i++) n += ((unsigned char)words[i] & 0xC0) != 0x80;
    return n;
}

void print_wrapped(FILE *stream, size_t used, size_t indent, const char *words) {
    const int descriptor = fileno(stream);
    if (!isatty(descriptor)) {
        fputs(words, stream);
        return;
    }
    const size_t width = terminal_width(descriptor) - 1;
    for (const char *at = words; *at;) {
        const size_t blanks = strspn(at, " "), letters = strcspn(at + blanks, " \n");
        const size_t columns = columns_of(at + blanks, letters);
        if (blanks && used > indent && used + blanks + columns > width) {
            fprintf(stream, "\n%*s", (int)indent, "");
            used = indent;
        } else {
            fprintf(stream, "%*s", (int)blanks, "");
            used += blanks;
        }
        fwrite(at + blanks, 1, letters, stream);
        used += columns;
        at += blanks + letters;
        if (*at != '\n') continue;
        fputc('\n', stream);
        used = 0;
        at++;
    }
}

/* How many letters are to be changed, added, left out or exchanged with their neighbour to make one word of another
 * (Damerau, Commun. ACM 7 (1964) 171); words of up to 255 letters. */
static size_t letters_apart(const char *a, const char *b) {
    size_t rows[3][LONGEST_WORD];
    const size_t n = strlen(a), m = strlen(b);
    if (n >= LONGEST_WORD || m >= LONGEST_WORD) return LONGEST_WORD;
    for (size_t j = 0; j <= m; j++) rows[0][j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t *row = rows[i % 3], *before = rows[(i + 2) % 3], *earlier = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= m; j++) {
            size_t least = before[j - 1] + (a[i - 1] != b[j - 1]);
            if (before[j] + 1 < least) least = before[j] + 1;
            if (row[j - 1] + 1 < least) least = row[j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && earlier[j - 2] + 1 < least)
                least = earlier[j - 2] + 1;
            row[j] = least;
        }
    }
    return rows[n % 3][m];
}

const char *meant_word(const char *word, const char *(*name_at)(const void *context, size_t index),
                       const void *context) {
    const char *meant = NULL, *name;
    size_t nearest = strlen(word) / 3 + 1;
    for (size_t i = 0; (name = name_at(context, i)); i++) {
        const size_t apart = letters_apart(word, name);
        if (apart >= nearest) continue;
        nearest = apart;
        meant = name;
    }
    return meant;
}
