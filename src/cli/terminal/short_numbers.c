#include "cli/terminal/short_numbers.h"

#include <stdio.h>

short_number shorten(double number) {
    short_number s;
    snprintf(s.text, sizeof s.text, "%.4g", number);
    for (char *c = s.text; *c; c++)
        if (*c == ',') *c = '.';
    return s;
}
