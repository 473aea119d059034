#include "base/memory.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { ARRAY_ALIGNMENT = 64, ARENA_ALIGNMENT = 16, FIRST_BLOCK = 1 << 14, LARGEST_BLOCK = 1 << 23 };

void *mech_allocate_array(size_t count, size_t size) {
    if (size && count > (SIZE_MAX - 2 * ARRAY_ALIGNMENT) / size) return NULL;
    const size_t bytes = (count * size + ARRAY_ALIGNMENT - 1) / ARRAY_ALIGNMENT * ARRAY_ALIGNMENT;
    /* Of calloc, as the system's fresh pages are zero and those that stay unused then cost nothing. What it gave stands
     * before the array. */
    unsigned char *whole = calloc(1, bytes + 2 * ARRAY_ALIGNMENT);
    if (!whole) return NULL;
    unsigned char *array = whole + 2 * ARRAY_ALIGNMENT - (uintptr_t)whole % ARRAY_ALIGNMENT;
    memcpy(array - sizeof whole, &whole, sizeof whole);
    return array;
}

void mech_release_array(void *array) {
    if (!array) return;
    void *whole;
    memcpy(&whole, (unsigned char *)array - sizeof whole, sizeof whole);
    free(whole);
}

void mech_prefer_large_pages(void *memory, size_t bytes) {
#ifdef MADV_HUGEPAGE
    static const uintptr_t LARGE = (uintptr_t)2 << 20;
    const uintptr_t from = ((uintptr_t)memory + LARGE - 1) / LARGE * LARGE, end = (uintptr_t)memory + bytes;
    if (end > from && end - from >= LARGE)
        (void)madvise((char *)memory + (from - (uintptr_t)memory), end - from, MADV_HUGEPAGE);
#else
    (void)memory, (void)bytes;
#endif
}

typedef struct block {
    struct block *previous;
    size_t used, size;
    alignas(ARENA_ALIGNMENT) unsigned char bytes[];
} block;

struct arena {
    block *last;
};

arena *mech_arena_new(void) { return calloc(1, sizeof(arena)); }

void mech_arena_free(arena *memory) {
    if (!memory) return;
    for (block *b = memory->last; b;) {
        block *previous = b->previous;
        free(b);
        b = previous;
    }
    free(memory);
}

void *mech_arena_allocate(arena *memory, size_t count, size_t size) {
    if (size && count > (SIZE_MAX / 2) / size) return NULL;
    size_t bytes = (count * size + ARENA_ALIGNMENT - 1) / ARENA_ALIGNMENT * ARENA_ALIGNMENT;
    block *b = memory->last;
    if (!b || b->size - b->used < bytes) {
        size_t room = b ? 2 * b->size : FIRST_BLOCK;
        if (room > LARGEST_BLOCK) room = LARGEST_BLOCK;
        if (room < bytes) room = bytes;
        b = calloc(1, sizeof(block) + room);
        if (!b) return NULL;
        mech_prefer_large_pages(b, room);
        b->previous = memory->last;
        b->size = room;
        memory->last = b;
    }
    void *place = b->bytes + b->used;
    b->used += bytes;
    return place;
}

char *mech_arena_text(arena *memory, const char *text, size_t length) {
    char *copy = mech_arena_allocate(memory, length + 1, 1);
    if (copy && length) memcpy(copy, text, length);
    return copy;
}
