/* Messages in the encoding of Protocol Buffers (https://protobuf.dev/programming-guides/encoding), of which files of
 * other programs are made: as much of it as writing takes. A message is a text to which its fields are appended, in
 * ascending order; memory that runs short shows in the text's `failed`. Field numbers are from 1 on. */
#ifndef MECH_BASE_FILES_PROTOBUF_H
#define MECH_BASE_FILES_PROTOBUF_H

#include "base/files/text.h"

/* A whole number or enumerator (types int32, int64, enum; varint on the wire). */
void mech_protobuf_whole(text *message, unsigned field, int64_t number);

/* A text or bytes. */
void mech_protobuf_bytes(text *message, unsigned field, const char *bytes, size_t length);
void mech_protobuf_string(text *message, unsigned field, const char *string);

/* A message within the message. The inner one is freed and is {0} again. */
void mech_protobuf_message(text *message, unsigned field, text *inner);

#endif
