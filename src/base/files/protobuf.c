#include "base/files/protobuf.h"

#include <string.h>

/* What stands behind a field's number. */
enum { WIRE_VARINT = 0, WIRE_LENGTH_DELIMITED = 2 };

/* Seven bits a byte, the lowest first; the eighth says that more follow. */
static void append_varint(text *t, uint64_t number) {
    char bytes[10];
    size_t n = 0;
    do {
        const unsigned low = (unsigned)(number & 0x7f);
        number >>= 7;
        bytes[n++] = (char)(number ? low | 0x80 : low);
    } while (number);
    mech_text_append(t, bytes, n);
}

static void append_tag(text *message, unsigned field, unsigned wire) {
    append_varint(message, (uint64_t)field << 3 | wire);
}

void mech_protobuf_whole(text *message, unsigned field, int64_t number) {
    append_tag(message, field, WIRE_VARINT);
    append_varint(message, (uint64_t)number);
}

void mech_protobuf_bytes(text *message, unsigned field, const char *bytes, size_t length) {
    append_tag(message, field, WIRE_LENGTH_DELIMITED);
    append_varint(message, length);
    mech_text_append(message, bytes, length);
}

void mech_protobuf_string(text *message, unsigned field, const char *string) {
    mech_protobuf_bytes(message, field, string, strlen(string));
}

void mech_protobuf_message(text *message, unsigned field, text *inner) {
    mech_protobuf_bytes(message, field, inner->characters, inner->length);
    message->failed |= inner->failed;
    mech_text_free(inner);
}
