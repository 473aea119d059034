/* The base layer: numbers in text, files that are whole or not there, arenas, teams. */
#define _DEFAULT_SOURCE /* mkdtemp */
#include "base/files/file.h"
#include "base/files/text.h"
#include "base/machine/team.h"
#include "base/memory.h"
#include "base/numbers/gamma.h"

#include <dirent.h>
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h> /* its macro `mech_fail` hides the function of that name: (mech_fail) below */

static void numbers_are_read_strictly(void **state) {
    (void)state;
    static const struct {
        const char *text;
        char decimal;
        bool good;
        double number;
    } cases[] = {
        {"1.5", '.', true, 1.5},  {"-2e-3", '.', true, -0.002}, {"+.5", '.', true, 0.5},  {"5.", '.', true, 5},
        {"1,5", ',', true, 1.5},  {"1.5", ',', false, 0},       {"", '.', false, 0},      {".", '.', false, 0},
        {"0x10", '.', false, 0},  {"inf", '.', false, 0},       {"nan", '.', false, 0},   {"1e", '.', false, 0},
        {"1e999", '.', false, 0}, {"1 ", '.', false, 0},        {"--1", '.', false, 0},   {"1e+5", '.', true, 1e5},
        {"1e-999", '.', true, 0}, {"1.2.3", '.', false, 0},     {"1e5.0", '.', false, 0}, {"- 1", '.', false, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double number = 0;
        assert_int_equal(mech_parse_number(cases[i].text, strlen(cases[i].text), cases[i].decimal, &number),
                         cases[i].good);
        assert_true(number == cases[i].number);
    }
    uint64_t whole = 0;
    assert_true(mech_parse_whole("18446744073709551615", 20, &whole) && whole == UINT64_MAX);
    assert_false(mech_parse_whole("18446744073709551616", 20, &whole));
    assert_false(mech_parse_whole("-1", 2, &whole));
    assert_false(mech_parse_whole("", 0, &whole));
}

static void written_numbers_read_back_as_the_same_double(void **state) {
    (void)state;
    static const double numbers[] = {0,   0.1, 1.0 / 3, 1e-300, DBL_MAX, DBL_MIN, DBL_TRUE_MIN, -123456789.123456789,
                                     5e22};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        text t = {0};
        double back = NAN;
        mech_text_number(&t, numbers[i]);
        assert_true(mech_parse_number(t.characters, t.length, '.', &back));
        assert_true(back == numbers[i]);
        mech_text_free(&t);
    }
    text t = {0};
    mech_text_number(&t, 0.1);
    assert_string_equal(t.characters, "0.1");
    mech_text_free(&t);
}

static void messages_are_one_line_and_say_when_they_were_cut(void **state) {
    (void)state;
    mech_error error;
    assert_int_equal((mech_fail)(&error, MECH_INVALID_INPUT, "a\nb\tc%s", "\r"), MECH_INVALID_INPUT);
    assert_string_equal(error.message, "a?b?c?");
    char huge[2000];
    memset(huge, 'x', sizeof huge);
    huge[sizeof huge - 1] = '\0';
    (mech_fail)(&error, MECH_FILE_ERROR, "%s", huge);
    assert_int_equal(strlen(error.message), sizeof error.message - 1);
    assert_string_equal(error.message + sizeof error.message - 4, "...");
    assert_int_equal((mech_fail)(NULL, MECH_FILE_ERROR, "nobody listens"), MECH_FILE_ERROR);
}

static char folder[64];

static int make_folder(void **state) {
    (void)state;
    strcpy(folder, "/tmp/mechanist-test-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state) {
    (void)state;
    return rmdir(folder);
}

static size_t entries_in_folder(void) {
    size_t n = 0;
    DIR *listing = opendir(folder);
    assert_non_null(listing);
    while (readdir(listing)) n++;
    closedir(listing);
    return n - 2; /* "." and ".." */
}

static void a_file_appears_whole_or_not_at_all(void **state) {
    (void)state;
    char path[128], *content = NULL;
    size_t length = 0;
    snprintf(path, sizeof path, "%s/result.txt", folder);
    mech_error error;
    assert_int_equal(mech_file_write(path, "old", 3, &error), MECH_OK);
    output *out = NULL;
    FILE *stream = NULL;
    assert_int_equal(mech_output_open(path, &out, &stream, &error), MECH_OK);
    fputs("half of the new", stream);
    fflush(stream);
    assert_int_equal(mech_file_read(path, 100, &content, &length, &error), MECH_OK);
    assert_string_equal(content, "old");
    mech_free(content);
    mech_output_discard(out);
    assert_int_equal(entries_in_folder(), 1);
    assert_int_equal(mech_file_write(path, "new", 3, &error), MECH_OK);
    assert_int_equal(mech_file_read(path, 100, &content, &length, &error), MECH_OK);
    assert_string_equal(content, "new");
    mech_free(content);
    assert_int_equal(entries_in_folder(), 1);
    unlink(path);
}

static void a_full_disk_is_an_error_and_leaves_nothing_behind(void **state) {
    (void)state;
    char path[128];
    snprintf(path, sizeof path, "%s/result.txt", folder);
    struct rlimit before, tight;
    getrlimit(RLIMIT_FSIZE, &before);
    tight = before;
    tight.rlim_cur = 1000;
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &tight);
    static char big[100000];
    mech_error error;
    mech_status status = mech_file_write(path, big, sizeof big, &error);
    setrlimit(RLIMIT_FSIZE, &before);
    signal(SIGXFSZ, SIG_DFL);
    assert_int_equal(status, MECH_FILE_ERROR);
    assert_non_null(strstr(error.message, "cannot be written"));
    assert_int_equal(entries_in_folder(), 0);
}

static void files_that_cannot_be_used_are_refused(void **state) {
    (void)state;
    char path[128], *content = NULL;
    size_t length = 0;
    mech_error error;
    snprintf(path, sizeof path, "%s/none/result.txt", folder);
    assert_int_equal(mech_file_write(path, "x", 1, &error), MECH_FILE_ERROR);
    assert_int_equal(mech_file_write(folder, "x", 1, &error), MECH_FILE_ERROR);
    assert_int_equal(mech_file_read(path, 100, &content, &length, &error), MECH_FILE_ERROR);
    assert_int_equal(mech_file_read(folder, 100, &content, &length, &error), MECH_FILE_ERROR);
    snprintf(path, sizeof path, "%s/large.txt", folder);
    assert_int_equal(mech_file_write(path, "0123456789", 10, &error), MECH_OK);
    assert_int_equal(mech_file_read(path, 9, &content, &length, &error), MECH_INVALID_INPUT);
    assert_int_equal(mech_file_read(path, 10, &content, &length, &error), MECH_OK);
    assert_int_equal(length, 10);
    mech_free(content);
    unlink(path);
}

static void arena_memory_is_zeroed_aligned_and_bounded(void **state) {
    (void)state;
    arena *memory = mech_arena_new();
    for (size_t size = 1; size < 100000; size = size * 3 + 1) {
        unsigned char *bytes = mech_arena_allocate(memory, size, 1);
        assert_non_null(bytes);
        assert_int_equal((uintptr_t)bytes % 16, 0);
        for (size_t i = 0; i < size; i++) assert_int_equal(bytes[i], 0);
        memset(bytes, 0xff, size);
    }
    assert_null(mech_arena_allocate(memory, SIZE_MAX / 4, 16));
    assert_string_equal(mech_arena_text(memory, "abcdef", 3), "abc");
    mech_arena_free(memory);
    mech_arena_free(NULL);
    assert_null(mech_allocate_array(SIZE_MAX / 4, 16));
    double *array = mech_allocate_array(3, sizeof *array);
    assert_int_equal((uintptr_t)array % 64, 0);
    mech_release_array(array);
}

typedef struct shared_work {
    unsigned char done[1000];
    int members[1000];
} shared_work;

static void mark_piece(void *context, size_t piece, int member) {
    shared_work *work = context;
    work->done[piece]++;
    work->members[piece] = member;
}

static void a_team_does_every_piece_once(void **state) {
    (void)state;
    for (int threads = 1; threads <= 4; threads++) {
        team *t = mech_team_new(threads);
        assert_non_null(t);
        assert_int_equal(mech_team_size(t), threads);
        for (size_t n = 0; n <= 1000; n += n < 10 ? 1 : 330) {
            shared_work work = {0};
            mech_team_share(t, n, mark_piece, &work);
            for (size_t i = 0; i < 1000; i++) {
                assert_int_equal(work.done[i], i < n);
                assert_in_range(work.members[i], 0, threads - 1);
            }
        }
        mech_team_free(t);
    }
    assert_true(mech_available_cores() >= 1);
}

/* Paths that are spelt otherwise lead to one file, also where it is not there yet. */
static void outputs_are_one_by_place_and_not_by_spelling(void **state) {
    (void)state;
    assert_true(mech_same_output("none.svg", "none.svg") && mech_same_output("none.svg", "./none.svg"));
    assert_true(mech_same_output("/tmp/none.svg", "/tmp/../tmp/./none.svg"));
    assert_false(mech_same_output("none.svg", "other.svg") || mech_same_output("none.svg", "/tmp/none.svg"));
}

/* What a killed process left of an output goes, and nothing else. */
static void remains_of_outputs_are_removed(void **state) {
    (void)state;
    static const char *const files[] = {"a.part-abc123", "a.backup", "a.part-abc1234", "ab.part-abc123", "a"};
    for (size_t i = 0; i < 5; i++) assert_int_equal(mech_file_write(files[i], "x", 1, NULL), MECH_OK);
    mech_output_remove_remains("a");
    for (size_t i = 0; i < 5; i++) assert_true(mech_file_exists(files[i]) == (i > 0));
}

/* Results are as readable as the umask says, and no thread sees it change. */
static void outputs_are_as_readable_as_the_umask_says(void **state) {
    (void)state;
    static const mode_t masks[] = {0, 022, 077};
    const mode_t before = umask(0);
    for (size_t i = 0; i < 3; i++) {
        struct stat there;
        umask(masks[i]);
        assert_int_equal(mech_file_write("masked", "x", 1, NULL), MECH_OK);
        assert_int_equal(stat("masked", &there), 0);
        assert_int_equal(there.st_mode & 0777, 0666 & ~masks[i]);
        unlink("masked");
    }
    umask(before);
}

static void log_gamma_of_halves_is_that_of_the_library(void **state) {
    (void)state;
    for (int n = 1; n < 200; n++) assert_true(fabs(mech_log_gamma_of_half(n) - lgamma(0.5 * n)) <= 1e-13 * (10 + n));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(log_gamma_of_halves_is_that_of_the_library),
        cmocka_unit_test(numbers_are_read_strictly),
        cmocka_unit_test(written_numbers_read_back_as_the_same_double),
        cmocka_unit_test(outputs_are_one_by_place_and_not_by_spelling),
        cmocka_unit_test_setup_teardown(remains_of_outputs_are_removed, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(outputs_are_as_readable_as_the_umask_says, make_folder, remove_folder),
        cmocka_unit_test(messages_are_one_line_and_say_when_they_were_cut),
        cmocka_unit_test_setup_teardown(a_file_appears_whole_or_not_at_all, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(a_full_disk_is_an_error_and_leaves_nothing_behind, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(files_that_cannot_be_used_are_refused, make_folder, remove_folder),
        cmocka_unit_test(arena_memory_is_zeroed_aligned_and_bounded),
        cmocka_unit_test(a_team_does_every_piece_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
