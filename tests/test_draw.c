/* Figures: how diagrams are laid out, how names are set, where ticks stand, and what files hold. */
#include "base/files/file.h"
#include "base/random.h"
#include "draw/axes/axes.h"
#include "draw/canvas/notation.h"
#include "draw/judgements/judgement_figures.h"
#include "draw/learning/history_reader.h"
#include "draw/learning/learning_figures.h"
#include "draw/mechanism/layout.h"
#include "draw/samples/sample_figures.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* Networks that users write: chains, dimers, side branches, two ways between two forms, no cycle at all. */
static const char *const user_networks[] = {
    "cat + S -> cat + P : k1\n2 cat <=> cat2 : k3, k-3\n",
    ("Ru2 <=> 2 Ru : k3, k-3\nRu + A <=> RuA + L : k1, k-1\nRuA + L -> Ru + B : k2\nRu + I -> dead : k4\nA -> B : k5\n"
     "substrate: A\nproduct: B\ncat0: Ru2\nprecatalyst: Ru2 (2)\ncatalyst: Ru, RuA\ninactive: dead\nstart: L = 1, I = "
     "1\n"),
    ("substrate: ArX\nproduct: ArR\ncat0: PdL2\nPdL2 <=> PdL + L : k1, k-1\nPdL + ArX -> ArPdX : k2\n"
     "ArPdX + OH <=> ArPdOH + X : k3, k-3\nArPdOH + B -> ArPdR + BX : k4\nArPdR -> PdL + ArR : k5\n"
     "2 ArPdX <=> ArPdX2 : k6, k-6\nPdL + PdL -> Pdblack : k7\nArPdR -> dead : k8\nArPdX + B -> ArPdR + BX : k9\n"
     "PdL + X <=> PdLX : k10, k-10\nPdLX -> dead : k11\nstart: L = 0, OH = 1, B = 1.5, X = 0\n"),
    "cat + S <=> catS : k1, k-1\ncatS + S <=> catS2 : k2, k-2\ncatS2 -> cat + P : k3\ncatS -> cat + P : k4\n",
    "cat + S -> catS : k1\ncatS -> dead : k2\ncatS + S -> deader + P : k3\n",
    ("a + S <=> b : k1, k-1\nb <=> c : k2, k-2\nc <=> d : k3, k-3\nd <=> e : k4, k-4\ne <=> f : k5, k-5\n"
     "f <=> a + P : k6, k-6\na -> x : d1\nc + S -> y : d2\ncat0: a\ncatalyst: a, b, c, d, e, f\n"),
};
enum { N_USER_NETWORKS = sizeof user_networks / sizeof user_networks[0] };

static mech_mechanism *parse(const char *text) {
    mech_mechanism *mechanism = NULL;
    mech_error error;
    if (mech_mechanism_parse(text, strlen(text), "test", &mechanism, &error) != MECH_OK) fail_msg("%s", error.message);
    return mechanism;
}

/* Draws into a file. */
static mech_status draw_to(const mech_mechanism *mechanism, const char *path, mech_error *error) {
    const mech_picture_target target = mech_picture_file(path);
    return mech_draw_mechanism(mechanism, &target, error);
}

static int count(const char *text, const char *wanted) {
    int n = 0;
    for (const char *at = text; (at = strstr(at, wanted)) != NULL; at += strlen(wanted)) n++;
    return n;
}

/* Every catalyst form once, every step's arrow, every rate constant's name, and nothing on top of anything. */
static void check_layout(const mech_mechanism *mechanism) {
    canvas *c = NULL;
    mech_error error;
    mechanism_layout *layout = calloc(1, sizeof *layout);
    assert_non_null(layout);
    assert_int_equal(mech_canvas_open_measure(&c, &error), MECH_OK);
    mech_lay_out_mechanism(mechanism, c, layout);
    int forms = 0, irreversible = 0, reversible = 0, drawn_irreversible = 0, drawn_reversible = 0;
    for (int i = 0; i < mechanism->n_species; i++) forms += mechanism->species[i].catalyst_units > 0;
    assert_int_equal(layout->n_nodes, forms);
    for (int i = 0; i < mechanism->n_reactions; i++) {
        bool catalysed = false;
        for (int j = 0; j < MAX_MOLECULES && mechanism->reactions[i].reactants[j] >= 0; j++)
            catalysed |= mechanism->species[mechanism->reactions[i].reactants[j]].catalyst_units > 0;
        if (!catalysed || mechanism->reactions[i].reverse) continue;
        if (i + 1 < mechanism->n_reactions && mechanism->reactions[i + 1].reverse)
            reversible++;
        else
            irreversible++;
    }
    for (int i = 0; i < layout->n_arrows; i++) {
        drawn_reversible += layout->arrows[i].kind == ARROW_REVERSIBLE;
        drawn_irreversible += layout->arrows[i].kind == ARROW_ONE_WAY;
    }
    assert_int_equal(drawn_reversible, reversible);
    assert_int_equal(drawn_irreversible, irreversible);
    for (int k = 0; k < mechanism->n_rate_constants; k++) {
        int named = 0;
        for (int i = 0; i < layout->n_labels; i++)
            named +=
                strstr(layout->labels[i].words, mech_set_rate_constant(mechanism->rate_constants[k]).words) != NULL;
        assert_true(named >= 1);
    }
    if (mech_layout_overlap(layout) != 0) fail_msg("%s: parts of the diagram overlap", mechanism->id);
    mech_canvas_discard(c);
    free(layout);
}

static void diagrams_of_the_library_have_no_overlaps(void **state) {
    (void)state;
    for (size_t i = 0; i < mech_builtin_count(); i++) check_layout(mech_builtin(i));
}

static void diagrams_of_users_networks_have_no_overlaps(void **state) {
    (void)state;
    for (size_t i = 0; i < N_USER_NETWORKS; i++) {
        mech_mechanism *mechanism = parse(user_networks[i]);
        check_layout(mechanism);
        mech_mechanism_free(mechanism);
    }
}

/* Networks at random: whatever reacts with whatever, all of it is drawn, and somewhere. */
static void any_network_is_laid_out(void **state) {
    (void)state;
    enum { NETWORKS = 40, FORMS = 7 };
    static const char *const others[] = {"", " + S", " + P", " + X", " + S + X"};
    random_stream r = mech_random_open(1, RANDOM_TEST, 77, 0);
    canvas *c = NULL;
    mechanism_layout *layout = calloc(1, sizeof *layout);
    assert_non_null(layout);
    assert_int_equal(mech_canvas_open_measure(&c, NULL), MECH_OK);
    int laid_out = 0;
    for (int i = 0; i < NETWORKS; i++) {
        char text[2048] = "start: X = 1\ncat + S -> c1 + X : k100\n";
        int n_reactions = 2 + (int)mech_random_below(&r, 10);
        for (int j = 0; j < n_reactions; j++) {
            char line[128], names[2][8];
            for (int side = 0; side < 2; side++) {
                unsigned form = mech_random_below(&r, FORMS);
                snprintf(names[side], sizeof names[side], form ? "c%u" : "cat", form);
            }
            bool reversible = mech_random_below(&r, 2);
            snprintf(line, sizeof line, "%s%s %s %s%s : k%d", names[0], others[mech_random_below(&r, 5)],
                     reversible ? "<=>" : "->", names[1], others[mech_random_below(&r, 5)], j);
            size_t length = strlen(text);
            snprintf(text + length, sizeof text - length, reversible ? "%s, b%d\n" : "%s\n", line, j);
        }
        mech_mechanism *mechanism = NULL;
        if (mech_mechanism_parse(text, strlen(text), "random", &mechanism, NULL) != MECH_OK) continue;
        mech_lay_out_mechanism(mechanism, c, layout);
        laid_out++;
        int forms = 0, steps = 0, arrows = 0;
        for (int j = 0; j < mechanism->n_species; j++) forms += mechanism->species[j].catalyst_units > 0;
        for (int j = 0; j < mechanism->n_reactions; j++) steps += !mechanism->reactions[j].reverse;
        for (int j = 0; j < layout->n_arrows; j++)
            arrows += layout->arrows[j].kind == ARROW_ONE_WAY || layout->arrows[j].kind == ARROW_REVERSIBLE;
        assert_int_equal(layout->n_nodes, forms);
        assert_int_equal(arrows, steps);
        box b = layout->bounds;
        assert_true(isfinite(b.left + b.right + b.top + b.bottom) && b.right - b.left < 2000 &&
                    b.bottom - b.top < 2000);
        for (int j = 0; j < layout->n_labels; j++) {
            box place = layout->labels[j].place;
            assert_true(place.left >= b.left && place.right <= b.right && place.top >= b.top &&
                        place.bottom <= b.bottom);
        }
        mech_mechanism_free(mechanism);
    }
    assert_true(laid_out > NETWORKS / 4);
    mech_canvas_discard(c);
    free(layout);
}

static void overlap_is_seen(void **state) {
    (void)state;
    mechanism_layout *layout = calloc(1, sizeof *layout);
    assert_non_null(layout);
    layout->n_nodes = 2;
    layout->nodes[0].place = (box){0, 0, 10, 10};
    layout->nodes[1].place = (box){11, 0, 21, 10};
    assert_true(mech_layout_overlap(layout) == 0);
    layout->nodes[1].place = (box){8, 0, 18, 10};
    assert_true(mech_layout_overlap(layout) == 20);
    free(layout);
}

static void cycles_are_found_as_a_chemist_sees_them(void **state) {
    (void)state;
    static const struct {
        const char *id;
        int n;
        const char *forms[3];
    } cases[] = {
        {"M1", 2, {"cat", "catS"}},   {"M3", 2, {"cat2", "cat2S"}},       {"M4", 2, {"cat", "catS"}},
        {"M6", 2, {"cat*", "cat*S"}}, {"M5", 3, {"cat", "catS", "catP"}}, {"M7", 2, {"catS", "catS2"}},
        {"M20", 2, {"cat", "catS"}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const mech_mechanism *mechanism = mech_builtin_find(cases[i].id);
        mechanism_steps s;
        mech_find_steps(mechanism, &s);
        assert_int_equal(s.n_cycle, cases[i].n);
        for (int j = 0; j < s.n_cycle; j++) assert_string_equal(mechanism->species[s.cycle[j]].name, cases[i].forms[j]);
    }
    /* Of two ways through the cycle the one along the reactions as written; one form that turns over as it is. */
    mech_mechanism *mechanism = parse(user_networks[0]);
    mechanism_steps s;
    mech_find_steps(mechanism, &s);
    assert_int_equal(s.n_cycle, 1);
    assert_string_equal(mechanism->species[s.cycle[0]].name, "cat");
    mech_mechanism_free(mechanism);
    mechanism = parse(user_networks[4]);
    mech_find_steps(mechanism, &s);
    assert_int_equal(s.n_cycle, 0);
    mech_mechanism_free(mechanism);
}

static void names_and_numbers_are_set_as_chemists_write_them(void **state) {
    (void)state;
    assert_string_equal(mech_set_species("cat2S").words, "cat_{2}S");
    assert_string_equal(mech_set_species("catS2").words, "catS_{2}");
    assert_string_equal(mech_set_species("C12H22").words, "C_{12}H_{22}");
    assert_string_equal(mech_set_species("2x").words, "2x");
    assert_string_equal(mech_set_species("cat*").words, "cat*");
    assert_string_equal(mech_set_rate_constant("k-1").words, "k_{\xE2\x88\x92"
                                                             "1}");
    assert_string_equal(mech_set_rate_constant("k12").words, "k_{12}");
    assert_string_equal(mech_set_rate_constant("kcat").words, "k_{cat}");
    assert_string_equal(mech_set_rate_constant("d1").words, "d1");
    static const struct {
        double number;
        int digits;
        const char *words;
    } cases[] = {{0.375, 3, "0.375"},
                 {1620, 3, "1620"},
                 {0, 3, "0"},
                 {99.96, 3, "100"},
                 {0.0012345, 2, "0.0012"},
                 {2.5e-5, 3,
                  "2.5\xC2\xB7"
                  "10^{\xE2\x88\x92"
                  "5}"},
                 {-0.5, 3,
                  "\xE2\x88\x92"
                  "0.5"},
                 {9.999e5, 2,
                  "1\xC2\xB7"
                  "10^{6}"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_string_equal(mech_set_number(cases[i].number, cases[i].digits).words, cases[i].words);
}

static void ticks_are_round_few_and_inside(void **state) {
    (void)state;
    static const range ranges[] = {{0, 1},       {0, 8.39}, {-0.02, 0.63}, {0, 3e-7},
                                   {1e6, 1.2e6}, {-5, 5},   {0, 97000},    {0.1, 0.1001}};
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
        for (size_t most = 3; most <= 12; most++) {
            double ticks[12], spacing = 0;
            size_t n = mech_nice_ticks(ranges[i], most, ticks, &spacing);
            double width = ranges[i].high - ranges[i].low, slack = 1e-6 * width;
            assert_true(n >= 1 && n <= most);
            for (size_t j = 0; j < n; j++) {
                assert_true(ticks[j] >= ranges[i].low - slack && ticks[j] <= ranges[i].high + slack);
                if (j) assert_true(fabs(ticks[j] - ticks[j - 1] - spacing) < slack);
            }
            double lead = spacing / pow(10, floor(log10(spacing * (1 + 1e-9))));
            assert_true(fabs(lead - 1) < 1e-6 || fabs(lead - 2) < 1e-6 || fabs(lead - 5) < 1e-6);
        }
    double ticks[4], spacing;
    assert_int_equal(mech_nice_ticks((range){1, 1}, 4, ticks, &spacing), 0);
}

static void lines_are_broken_at_blanks_and_fit(void **state) {
    (void)state;
    const lettering letters = {10, INK, ALIGN_LEFT, false, false};
    const char *words = "the precatalyst loses a ligand reversibly, then the core cycle";
    canvas *c = NULL;
    assert_int_equal(mech_canvas_open_measure(&c, NULL), MECH_OK);
    double whole = mech_words_width(c, words, letters);
    assert_int_equal(mech_write_paragraph(c, (point){0, 0}, words, letters, whole + 1, 5, true), 1);
    size_t halves = mech_write_paragraph(c, (point){0, 0}, words, letters, 0.6 * whole, 5, true);
    assert_int_equal(halves, 2);
    assert_int_equal(mech_write_paragraph(c, (point){0, 0}, words, letters, 1, 5, true), 5);
    assert_int_equal(mech_write_paragraph(c, (point){0, 0}, "", letters, whole, 5, true), 0);
    /* Low and high letters are smaller; a brace that stays open is no markup. */
    assert_true(mech_words_width(c, "k_{1}", letters) < mech_words_width(c, "k1", letters));
    assert_true(mech_words_width(c, "k_{1", letters) > mech_words_width(c, "k1", letters));
    mech_canvas_discard(c);
}

static char *svg_of_network(const mech_mechanism *mechanism) {
    char *svg = NULL;
    mech_error error;
    if (mech_draw_mechanism(mechanism, &(mech_picture_target){.size = sizeof(mech_picture_target), .bytes = &svg},
                            &error) != MECH_OK)
        fail_msg("%s", error.message);
    return svg;
}

static void drawings_say_what_they_show_and_come_out_the_same(void **state) {
    (void)state;
    for (size_t i = 0; i < mech_builtin_count(); i++) {
        const mech_mechanism *mechanism = mech_builtin(i);
        char *first = svg_of_network(mechanism), *second = svg_of_network(mechanism);
        assert_string_equal(first, second);
        assert_non_null(strstr(first, "role=\"img\""));
        assert_non_null(strstr(first, mechanism->title[0] ? mech_mechanism_id(mechanism) : ""));
        assert_true(count(first, "<title>") == 1 && count(first, "<desc>") == 1);
        mech_free(first);
        mech_free(second);
    }
}

static void text_that_is_not_utf8_is_drawn_with_replacements(void **state) {
    (void)state;
    mech_mechanism mechanism = *mech_builtin(0);
    snprintf(mechanism.title, sizeof mechanism.title, "a < b & \xED\xA0\x80 \xC0\xAF \xFF\x01 \xE2\x82");
    snprintf(mechanism.species[2].name, sizeof mechanism.species[2].name, "c\xFE");
    char *svg = svg_of_network(&mechanism);
    assert_non_null(strstr(svg, "\na &lt; b &amp; \xEF\xBF\xBD"));
    assert_non_null(strstr(svg, "\nc\xEF\xBF\xBD\n"));
    for (const char *c = svg; *c; c++) assert_true((unsigned char)*c >= 0x20 || *c == '\n');
    mech_free(svg);
}

static void formats_follow_the_ending(void **state) {
    (void)state;
    static const struct {
        const char *path, *magic;
    } cases[] = {{"diagram.svg", "<?xml"}, {"diagram.pdf", "%PDF-"}, {"diagram.PNG", "\x89PNG"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *content[2] = {NULL, NULL};
        size_t length[2];
        for (int j = 0; j < 2; j++) {
            mech_error error;
            if (draw_to(mech_builtin(7), cases[i].path, &error) != MECH_OK) fail_msg("%s", error.message);
            assert_int_equal(mech_file_read(cases[i].path, 1 << 24, &content[j], &length[j], NULL), MECH_OK);
        }
        assert_memory_equal(content[0], cases[i].magic, strlen(cases[i].magic));
        assert_int_equal(length[0], length[1]);
        assert_memory_equal(content[0], content[1], length[0]);
        mech_free(content[0]);
        mech_free(content[1]);
        unlink(cases[i].path);
    }
    mech_error error;
    assert_int_equal(draw_to(mech_builtin(0), "diagram.jpg", &error), MECH_INVALID_ARGUMENT);
    assert_string_equal(error.message, "diagram.jpg: the ending names no picture format; expected .svg, .pdf or .png");
    assert_int_equal(draw_to(mech_builtin(0), ".svg", &error), MECH_INVALID_ARGUMENT);
    assert_int_equal(draw_to(mech_builtin(0), "none/diagram.svg", &error), MECH_FILE_ERROR);
}

static void histories_are_read_in_any_order_and_refused_by_line(void **state) {
    (void)state;
    static const char headers[] = "epoch,step,samples,learning_rate,training_loss,training_accuracy,validation_loss,"
                                  "validation_accuracy\n";
    static const struct {
        const char *rows, *message;
    } cases[] = {
        {"", "history.csv:1: nothing follows the headers; expected a row a validation"},
        {"1,10,100,0.1,2,0.1,2,0.1\n1,20,200,0.1,2,0.1,2,0.1\n",
         "history.csv:3: epoch 1 does not follow the one before it; expected epochs to ascend"},
        {"1,10,100,0.1,2,0.1,2,0.1\n2,20,200,0.1,two,0.1,2,0.1\n",
         "history.csv:3: column 5 ('training_loss'): 'two' is no number; expected one, or nan"},
    };
    char content[512];
    history h;
    mech_error error;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        snprintf(content, sizeof content, "%s%s", headers, cases[i].rows);
        assert_int_equal(mech_file_write("history.csv", content, strlen(content), NULL), MECH_OK);
        assert_int_equal(mech_history_read("history.csv", &h, &error), MECH_INVALID_INPUT);
        assert_string_equal(error.message, cases[i].message);
    }
    static const char turned[] =
        "validation_accuracy,epoch,step,samples,learning_rate,training_loss,extra,"
        "training_accuracy,validation_loss\n0.25,0.5,10,100,0.1,2,x,0.5,nan\n,1,20,200,,1,,0.6,1\n";
    assert_int_equal(mech_file_write("history.csv", turned, strlen(turned), NULL), MECH_OK);
    assert_int_equal(mech_history_read("history.csv", &h, &error), MECH_OK);
    assert_int_equal(h.n, 2);
    assert_true(h.rows[0].validation_accuracy == 0.25 && h.rows[0].epoch == 0.5 && h.rows[1].step == 20);
    assert_true(isnan(h.rows[0].validation_loss) && isnan(h.rows[1].validation_accuracy));
    char *svg = NULL;
    assert_int_equal(
        mech_draw_history(&h, &(mech_picture_target){.size = sizeof(mech_picture_target), .bytes = &svg}, &error),
        MECH_OK);
    assert_non_null(strstr(svg, "best validation accuracy 25.00 %"));
    mech_free(svg);
    mech_history_free(&h);
    static const char cut[] = "epoch,step\n1,2\n";
    assert_int_equal(mech_file_write("history.csv", cut, strlen(cut), NULL), MECH_OK);
    assert_int_equal(mech_history_read("history.csv", &h, &error), MECH_INVALID_INPUT);
    assert_string_equal(error.message,
                        "history.csv:1: there is no column 'samples'; expected a history that training wrote");
    unlink("history.csv");
}

static void profiles_show_the_sample_that_is_asked_for(void **state) {
    (void)state;
    float x1[8] = {0.01F, 0.05F, 0.1F, 0.01F, 0.02F, 0.05F, 0.1F, 0.02F}, x2[2 * 3 * 12];
    uint8_t y[2] = {0, 9};
    double theta[12] = {1, 2, 3, 4, NAN, NAN, 10, 20, 30, 40, 0.5, NAN}, additive[2] = {0, 0.005};
    for (size_t i = 0; i < sizeof x2 / sizeof x2[0]; i++)
        x2[i] = i % 3 == 2 ? NAN : i % 3 ? (float)(i % 7) / 7 : (float)(i / 12 % 3);
    const mech_samples samples = {2, 3, 6, 20, x1, x2, y, theta, additive, MECH_DESIGN_NATURE};
    char *svg = NULL;
    mech_error error;
    const mech_picture_target target = mech_picture_memory(MECH_PICTURE_SVG, &svg, NULL);
    assert_int_equal(mech_draw_profiles(&samples, 1, mech_builtin(samples.y[1]), &target, &error), MECH_OK);
    assert_non_null(strstr(svg, "M10: core cycle"));
    assert_non_null(strstr(svg, "k3 = 0.5"));
    assert_non_null(strstr(svg, "[I]0 = 0.005"));
    assert_non_null(strstr(svg, "[P] (not measured)"));
    assert_non_null(strstr(svg, "cat 2 mol %"));
    assert_non_null(strstr(svg, "3 readings of each run"));
    mech_free(svg);
    assert_int_equal(mech_draw_profiles(&samples, 2, NULL, &target, &error), MECH_INVALID_ARGUMENT);
    assert_string_equal(error.message, "there is no sample 2; expected 0 to 1");
}

static void confusion_matrices_show_counts_and_recall(void **state) {
    (void)state;
    double recall[3] = {0.75, 1, NAN};
    uint64_t confusion[9] = {1234, 411, 0, 0, 77, 0, 0, 0, 0};
    const mech_metrics metrics = {.n = 1722, .n_labels = 3, .top1 = 0.76, .recall = recall, .confusion = confusion};
    const char *names[] = {"M1", "M2", "Ours"};
    char *svg = NULL;
    assert_int_equal(mech_draw_confusion(&metrics, names, "Test",
                                         &(mech_picture_target){.size = sizeof(mech_picture_target), .bytes = &svg},
                                         NULL),
                     MECH_OK);
    const char *words[] = {"1234\n", "411\n", "77\n", "75.0 %\n", "100.0 %\n", "Ours\n", "1722 samples"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) assert_non_null(strstr(svg, words[i]));
    assert_null(strstr(svg, "nan"));
    mech_free(svg);
}

/* Four runs, of which one measures S and P, and a ranking of which two are credible. */
static void experiments_are_drawn_with_their_ranking(void **state) {
    (void)state;
    static const char table[] =
        "run,time / min,S / mM,P / mM,cat / mM\nA,0,100,0,1\nA,5,50,50,1\nB,0,100,,2.5\nB,5,30,,2.5\n"
        "C,0,100,,5\nC,5,20,,5\nD,0,60,40,1\nD,5,30,70,1\n";
    mech_experiment *experiment = NULL;
    mech_error error;
    assert_int_equal(mech_file_write("runs.csv", table, strlen(table), NULL), MECH_OK);
    if (mech_experiment_read("runs.csv", NULL, &experiment, &error) != MECH_OK) fail_msg("%s", error.message);
    mech_ranked ranked[] = {{mech_builtin(5), "M6", 0.61}, {mech_builtin(7), "M8", 0.38}, {NULL, "label 2", 0.01}};
    char *warnings[] = {"[P]0 = 0 assumed"};
    const mech_answer answer = {.n_ranked = 3,
                                .ranked = ranked,
                                .credible_level = 0.95,
                                .credible_size = 2,
                                .n_warnings = 1,
                                .warnings = warnings,
                                .model = "hadamard network, design nature"};
    char *svg = NULL;
    assert_int_equal(mech_draw_experiment(experiment, &answer,
                                          &(mech_picture_target){.size = sizeof(mech_picture_target), .bytes = &svg},
                                          &error),
                     MECH_OK);
    const char *words[] = {"cat 2.5 mol %",
                           "[S]0 = 100 mM",
                           "[P]0 = 40 mM",
                           "61.0 %",
                           "time / min",
                           "precatalyst activates by itself",
                           "label 2",
                           "95 % credible set (2 mechanisms)",
                           "answered by: hadamard network, design nature",
                           "[P]0 = 0 assumed",
                           "from the mass balance"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (!strstr(svg, words[i])) fail_msg("the figure does not say '%s'", words[i]);
    mech_free(svg);
    assert_int_equal(mech_draw_experiment(experiment, NULL,
                                          &(mech_picture_target){.size = sizeof(mech_picture_target), .bytes = &svg},
                                          &error),
                     MECH_OK);
    assert_null(strstr(svg, "Ranked"));
    mech_free(svg);
    mech_experiment_free(experiment);
    unlink("runs.csv");
}

static void the_overview_shows_every_mechanism(void **state) {
    (void)state;
    char *svg = NULL;
    assert_int_equal(
        mech_draw_mechanisms(&(mech_picture_target){.size = sizeof(mech_picture_target), .bytes = &svg}, NULL),
        MECH_OK);
    for (size_t i = 0; i < mech_builtin_count(); i++) {
        char line[16];
        snprintf(line, sizeof line, "%s\n", mech_mechanism_id(mech_builtin(i)));
        assert_non_null(strstr(svg, line));
    }
    static const char *const classes[] = {"core\n", "bicatalytic\n", "activation\n", "deactivation\n"};
    for (size_t i = 0; i < 4; i++) assert_non_null(strstr(svg, classes[i]));
    mech_free(svg);
}

static void the_solver_figure_is_drawn(void **state) {
    (void)state;
    char *svg = NULL;
    mech_error error;
    if (mech_draw_solver(&(mech_picture_target){.size = sizeof(mech_picture_target), .bytes = &svg}, &error) != MECH_OK)
        fail_msg("%s", error.message);
    assert_non_null(strstr(svg, "Michaelis"));
    mech_free(svg);
}

/* Four kinds of forms have a key that is wider than the narrowest figure. */
static void a_diagram_is_as_wide_as_its_key(void **state) {
    (void)state;
    static const char *const names[] = {"M1", "M6+PD+PI+M12"};
    double widths[2] = {0};
    for (size_t i = 0; i < 2; i++) {
        mech_mechanism *mechanism = NULL;
        char *svg = NULL;
        mech_error error;
        assert_int_equal(mech_compose(NULL, names[i], &mechanism, &error), MECH_OK);
        const mech_picture_target target = mech_picture_memory(MECH_PICTURE_SVG, &svg, NULL);
        assert_int_equal(mech_draw_mechanism(mechanism, &target, &error), MECH_OK);
        const char *width = strstr(svg, "width=\"");
        assert_non_null(width);
        widths[i] = strtod(width + strlen("width=\""), NULL);
        mech_free(svg);
        mech_mechanism_free(mechanism);
    }
    assert_true(widths[0] == 340 && widths[1] > 355);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_diagram_is_as_wide_as_its_key),
        cmocka_unit_test(diagrams_of_the_library_have_no_overlaps),
        cmocka_unit_test(diagrams_of_users_networks_have_no_overlaps),
        cmocka_unit_test(any_network_is_laid_out),
        cmocka_unit_test(overlap_is_seen),
        cmocka_unit_test(cycles_are_found_as_a_chemist_sees_them),
        cmocka_unit_test(names_and_numbers_are_set_as_chemists_write_them),
        cmocka_unit_test(ticks_are_round_few_and_inside),
        cmocka_unit_test(lines_are_broken_at_blanks_and_fit),
        cmocka_unit_test(drawings_say_what_they_show_and_come_out_the_same),
        cmocka_unit_test(text_that_is_not_utf8_is_drawn_with_replacements),
        cmocka_unit_test(formats_follow_the_ending),
        cmocka_unit_test(histories_are_read_in_any_order_and_refused_by_line),
        cmocka_unit_test(profiles_show_the_sample_that_is_asked_for),
        cmocka_unit_test(confusion_matrices_show_counts_and_recall),
        cmocka_unit_test(experiments_are_drawn_with_their_ranking),
        cmocka_unit_test(the_overview_shows_every_mechanism),
        cmocka_unit_test(the_solver_figure_is_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
