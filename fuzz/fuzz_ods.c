/* Any content of an OpenDocument spreadsheet, and any archive, are read or refused. */
#include "archive.h"
#include "soundness.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const char *bytes = (const char *)data;
    if (size > 4 && memcmp(bytes, "PK\3\4", 4) == 0) {
        mech_experiment_free(read_soundly(bytes, size));
        return 0;
    }
    const archive_part part = {"content.xml", bytes, size};
    size_t length = 0;
    char *archive = make_archive(&part, 1, &length);
    require(archive != NULL);
    mech_experiment_free(read_soundly(archive, length));
    free(archive);
    return 0;
}
