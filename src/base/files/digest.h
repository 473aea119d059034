/* A short mech_digest that tells one content from another; it guards against accidents, not against intent. */
#ifndef MECH_BASE_FILES_DIGEST_H
#define MECH_BASE_FILES_DIGEST_H

#include <stddef.h>
#include <stdint.h>

enum { DIGEST_START = 1 };

/* Goes on from a mech_digest (at first DIGEST_START) with length bytes. Where a content is cut into pieces matters. */
uint64_t mech_digest(uint64_t before, const void *bytes, size_t length);

#endif
