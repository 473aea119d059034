/* The encoding of Protocol Buffers, byte by byte: the examples of its specification and the ends of its ranges. */
#include "base/files/protobuf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void assert_bytes(text *message, const char *expected, size_t length) {
    assert_false(message->failed);
    assert_int_equal(message->length, length);
    assert_memory_equal(message->characters, expected, length);
    mech_text_free(message);
}

static void whole_numbers_are_varints(void **state) {
    (void)state;
    static const struct {
        int64_t number;
        const char *bytes;
        size_t length;
    } cases[] = {
        {0, "\x08\x00", 2},
        {1, "\x08\x01", 2},
        {127, "\x08\x7f", 2},
        {128, "\x08\x80\x01", 3},
        {150, "\x08\x96\x01", 3}, /* the specification's example */
        {16384, "\x08\x80\x80\x01", 4},
        {INT64_MAX, "\x08\xff\xff\xff\xff\xff\xff\xff\xff\x7f", 10},
        {-1, "\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 11},
        {-2, "\x08\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01", 11}, /* likewise */
        {INT64_MIN, "\x08\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01", 11},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        text message = {0};
        mech_protobuf_whole(&message, 1, cases[i].number);
        assert_bytes(&message, cases[i].bytes, cases[i].length);
    }
}

static void field_numbers_beyond_fifteen_take_two_bytes(void **state) {
    (void)state;
    text message = {0};
    mech_protobuf_whole(&message, 15, 3);
    mech_protobuf_whole(&message, 16, 3);
    mech_protobuf_string(&message, 20, "");
    assert_bytes(&message, "\x78\x03\x80\x01\x03\xa2\x01\x00", 8);
}

static void strings_and_messages_carry_their_length(void **state) {
    (void)state;
    text message = {0}, inner = {0}, empty = {0};
    mech_protobuf_string(&message, 2, "testing"); /* the specification's example */
    mech_protobuf_whole(&inner, 1, 150);
    mech_protobuf_message(&message, 3, &inner); /* likewise */
    assert_null(inner.characters);
    mech_protobuf_bytes(&message, 4, "a\0b", 3);
    mech_protobuf_message(&message, 5, &empty);
    assert_bytes(&message,
                 "\x12\x07testing\x1a\x03\x08\x96\x01\x22\x03"
                 "a\0b\x2a\x00",
                 21);
}

static void long_strings_have_long_lengths(void **state) {
    (void)state;
    enum { LENGTH = 300 };
    char long_string[LENGTH + 1] = {0};
    memset(long_string, 'x', LENGTH);
    text message = {0};
    mech_protobuf_string(&message, 1, long_string);
    assert_int_equal(message.length, LENGTH + 3);
    assert_memory_equal(message.characters, "\x0a\xac\x02x", 4);
    mech_text_free(&message);
}

static void short_memory_in_an_inner_message_shows_in_the_outer(void **state) {
    (void)state;
    text message = {0}, inner = {.failed = true};
    mech_protobuf_message(&message, 1, &inner);
    assert_true(message.failed);
    mech_text_free(&message);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_numbers_are_varints),
        cmocka_unit_test(field_numbers_beyond_fifteen_take_two_bytes),
        cmocka_unit_test(strings_and_messages_carry_their_length),
        cmocka_unit_test(long_strings_have_long_lengths),
        cmocka_unit_test(short_memory_in_an_inner_message_shows_in_the_outer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
