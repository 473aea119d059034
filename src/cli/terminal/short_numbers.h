/* Numbers as people read them. */
#ifndef MECH_CLI_TERMINAL_SHORT_NUMBERS_H
#define MECH_CLI_TERMINAL_SHORT_NUMBERS_H

/* A number in four significant digits. */
typedef struct short_number {
    char text[24];
} short_number;
short_number shorten(double number);

#endif
