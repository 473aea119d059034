/* Any bytes are read as a library, and as a part of compositions, or refused with a message of one line; what is read
 * is written as a text that says the same. */
#include "chemistry/mechanism.h"
#include "fuzz.h"

#include <string.h>

static void check_library(const char *bytes, size_t size) {
    mech_library *library = NULL, *again = NULL;
    mech_error error = {.message = ""};
    char *text = NULL;
    require(mech_library_new(&library, NULL) == MECH_OK && mech_library_new(&again, NULL) == MECH_OK);
    if (mech_library_add_text(library, bytes, size, "fuzz", &error) == MECH_OK) {
        require(mech_library_size(library) > 0);
        require(mech_library_text(library, &text, NULL) == MECH_OK);
        require(mech_library_add_text(again, text, strlen(text), "text", &error) == MECH_OK);
        require(mech_library_size(again) == mech_library_size(library));
        for (size_t i = 0; i < mech_library_size(library); i++)
            require(mech_mechanism_equal(mech_library_mechanism(library, i), mech_library_mechanism(again, i)));
    } else {
        require(strncmp(error.message, "fuzz:", 5) == 0 && is_one_line(error.message));
    }
    mech_free(text);
    mech_library_free(library);
    mech_library_free(again);
}

static void check_part(const char *bytes, size_t size) {
    static const char *const with[] = {"M1+", "B2+M6+PI+", "M3+M8+PD+"};
    mech_parts *parts = NULL;
    mech_error error = {.message = ""};
    require(mech_parts_new(&parts, NULL) == MECH_OK);
    const size_t n = mech_parts_size(parts);
    if (mech_parts_add_text(parts, bytes, size, "fuzz", &error) == MECH_OK) {
        for (size_t i = 0; i < sizeof with / sizeof with[0]; i++) {
            char name[64];
            mech_mechanism *mechanism = NULL;
            strcpy(name, with[i]);
            strcat(name, mech_parts_name(parts, n));
            if (mech_compose(parts, name, &mechanism, &error) == MECH_OK)
                require(mech_mechanism_check(mechanism, "fuzz", NULL) == MECH_OK);
            else
                require(is_one_line(error.message));
            mech_mechanism_free(mechanism);
        }
    } else {
        require(strncmp(error.message, "fuzz:", 5) == 0 && is_one_line(error.message));
    }
    mech_parts_free(parts);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    check_library((const char *)data, size);
    check_part((const char *)data, size);
    return 0;
}
