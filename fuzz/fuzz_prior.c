/* Any bytes are read as ranges of rate constants or refused with a message of one line; what is read can be drawn from.
 */
#include "chemistry/mechanism.h"
#include "data/prior/prior_ranges.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const mech_mechanism *const mechanisms[] = {mech_builtin_find("M2"), mech_builtin_find("M9")};
    prior_range ranges[2 * MAX_RATE_CONSTANTS];
    mech_error error = {0};
    for (size_t i = 0; i < 2 * MAX_RATE_CONSTANTS; i++) ranges[i] = (prior_range){1, 1};
    if (mech_parse_prior_ranges((const char *)data, size, "fuzz", mechanisms, 2, ranges, &error) != MECH_OK) {
        require(error.status == MECH_INVALID_INPUT && error.message[0]);
        require(is_one_line(error.message));
        return 0;
    }
    for (size_t i = 0; i < 2 * MAX_RATE_CONSTANTS; i++) require(ranges[i].low > 0 && ranges[i].high >= ranges[i].low);
    return 0;
}
