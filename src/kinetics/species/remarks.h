/* Sentences that an analysis collects. */
#ifndef MECH_KINETICS_SPECIES_REMARKS_H
#define MECH_KINETICS_SPECIES_REMARKS_H

#include "base/error.h"
#include "base/memory.h"

enum { MOST_REMARKS = 64 };

typedef struct remark_list {
    arena *memory;
    size_t n;
    const char *sentences[MOST_REMARKS];
    bool failed; /* memory was short */
} remark_list;

/* Adds a sentence; beyond MOST_REMARKS nothing is added. */
PRINTF_LIKE(2, 3) void mech_remark(remark_list *r, const char *format, ...);

/* A sentence of its own in the same memory; "" where memory is short, which `failed` says. */
PRINTF_LIKE(2, 3) const char *mech_sentence(remark_list *r, const char *format, ...);

#endif
