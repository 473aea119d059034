/* Allocation with overflow checks, and an arena for things with one lifetime. */
#ifndef MECH_BASE_MEMORY_H
#define MECH_BASE_MEMORY_H

#include <stddef.h>

/* count * size zeroed bytes, aligned to 64 bytes (a cache line and an AVX-512 vector); NULL where the product overflows
 * or memory is short. Freed with mech_release_array(). */
void *mech_allocate_array(size_t count, size_t size);
void mech_release_array(void *array);

/* Tells the system that large pages suit this memory, which is about to be filled: a page fault for each 2 MB instead
 * of each 4 kB. Does nothing where the memory is small or the system has no such pages. */
void mech_prefer_large_pages(void *memory, size_t bytes);

/* Memory that is given back all at once. */
typedef struct arena arena;
arena *mech_arena_new(void); /* NULL where memory is short */
void mech_arena_free(arena *memory);

/* Zeroed bytes, aligned to 16, that live as long as the arena; NULL where memory is short. */
void *mech_arena_allocate(arena *memory, size_t count, size_t size);

/* A copy of the first `length` characters of text, closed by a NUL. */
char *mech_arena_text(arena *memory, const char *text, size_t length);

#endif
