#include "data/conditions/split.h"

const char *mech_split_name(dataset_split s) {
    static const char *const names[N_SPLITS] = {"train", "validation", "test"};
    return names[s];
}
