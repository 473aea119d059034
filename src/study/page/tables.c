/* The tables of a study. */
#include "study/page/published.h"
#include "study/page/study.h"

#include "base/numbers/setting.h"
#include "base/page/page.h"

#include <stdio.h>
#include <string.h>

#define FIGURE(field) offsetof(mech_metrics, field)
#define SIZE(index) offsetof(mech_metrics, credible_95.size_share[index])

/* How a figure of the metrics is shown. Neighbours of one group share a heading. */
static const struct column {
    const char *group; /* NULL: stands alone */
    const char *head;
    size_t offset; /* of the double within mech_metrics */
    double factor;
    int decimals;
} columns[N_RESULT_COLUMNS] = {
    [COLUMN_TOP1] = {NULL, "top-1 / %", FIGURE(top1), 100, 2},
    [COLUMN_TOP3] = {NULL, "top-3 / %", FIGURE(top3), 100, 2},
    [COLUMN_CROSS_ENTROPY] = {NULL, "cross-entropy / nats", FIGURE(cross_entropy), 1, 4},
    [COLUMN_ENTROPY_MEAN] = {"entropy / nats", "mean", FIGURE(entropy_mean), 1, 3},
    [COLUMN_ENTROPY_MEDIAN] = {"entropy / nats", "median", FIGURE(entropy_median), 1, 3},
    [COLUMN_ENTROPY_SD] = {"entropy / nats", "sd", FIGURE(entropy_sd), 1, 3},
    [COLUMN_SIZE_1] = {"95 % credible sets of size / % of the samples", "1", SIZE(0), 100, 2},
    [COLUMN_SIZE_2] = {"95 % credible sets of size / % of the samples", "2", SIZE(1), 100, 2},
    [COLUMN_SIZE_3] = {"95 % credible sets of size / % of the samples", "3", SIZE(2), 100, 2},
    [COLUMN_SIZE_4] = {"95 % credible sets of size / % of the samples", "4", SIZE(3), 100, 2},
    [COLUMN_SIZE_5] = {"95 % credible sets of size / % of the samples", "5", SIZE(4), 100, 2},
    [COLUMN_SIZE_6] = {"95 % credible sets of size / % of the samples", "\xE2\x89\xA5 6", SIZE(5), 100, 2},
    [COLUMN_COVERAGE_95] = {"truth in the set / %", "95 %", FIGURE(credible_95.coverage), 100, 2},
    [COLUMN_COVERAGE_99] = {"truth in the set / %", "99 %", FIGURE(credible_99.coverage), 100, 2},
    [COLUMN_MEAN_SIZE_99] = {NULL, "mean size of the 99 % set", FIGURE(credible_99.mean_size), 1, 2},
};

static double value_of(const mech_metrics *m, const struct column *column) {
    double value;
    memcpy(&value, (const char *)m + column->offset, sizeof value);
    return column->factor * value;
}

static bool same_group(int a, int b) {
    return columns[a].group && columns[b].group && strcmp(columns[a].group, columns[b].group) == 0;
}

/* Two rows of headings: groups above their columns. */
static void write_heads(text *t) {
    mech_text_add(t, "<thead>\n<tr><th rowspan=\"2\" scope=\"col\">network</th>");
    for (int c = 0; c < N_RESULT_COLUMNS; c++) {
        int span = 1;
        while (c + span < N_RESULT_COLUMNS && same_group(c, c + span)) span++;
        if (columns[c].group)
            mech_text_format(t, "<th class=\"number\" colspan=\"%d\" scope=\"colgroup\">%s</th>", span,
                             columns[c].group);
        else
            mech_text_format(t, "<th class=\"number\" rowspan=\"2\" scope=\"col\">%s</th>", columns[c].head);
        c += span - 1;
    }
    mech_text_add(t, "</tr>\n<tr>");
    for (int c = 0; c < N_RESULT_COLUMNS; c++)
        if (columns[c].group) mech_text_format(t, "<th class=\"number\" scope=\"col\">%s</th>", columns[c].head);
    mech_text_add(t, "</tr>\n</thead>\n");
}

static void write_own_row(text *t, const study_model *m, const mech_judgement *j) {
    mech_text_add(t, "<tr class=\"own\"><th scope=\"row\">");
    mech_page_words(t, m->shipped->name);
    mech_text_add(t, "</th>");
    for (int c = 0; c < N_RESULT_COLUMNS; c++) {
        const struct column *column = &columns[c];
        mech_text_format(t, "<td class=\"number\">%.*f", column->decimals, value_of(j->metrics, column));
        if (j->lower)
            mech_text_format(t, "<small>%.*f\xE2\x80\x93%.*f</small>", column->decimals, value_of(j->lower, column),
                             column->decimals, value_of(j->upper, column));
        mech_text_add(t, "</td>");
    }
    mech_text_add(t, "</tr>\n");
}

static void write_published_row(text *t, const published_result *r) {
    mech_text_add(t, "<tr class=\"published\"><th scope=\"row\">");
    mech_page_words(t, r->who);
    mech_text_add(t, "<small>published, other data</small></th>");
    for (int c = 0; c < N_RESULT_COLUMNS; c++)
        if (r->known & 1u << c)
            mech_text_format(t, "<td class=\"number\">%.*f</td>", columns[c].decimals, r->values[c]);
        else
            mech_text_add(t, "<td class=\"number\">\xE2\x80\x93</td>");
    mech_text_add(t, "</tr>\n");
}

void mech_study_results_table(text *t, const study *s, const study_protocol *p) {
    mech_text_format(t,
                     "<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"Results, %s\"><table "
                     "class=\"results\">\n<caption>%s test samples",
                     p->called, mech_set_count(p->n).words);
    if (s->resamples)
        mech_text_format(t, "; small: 95 %% intervals from %s resamples", mech_set_count(s->resamples).words);
    mech_text_add(t, ".</caption>\n");
    write_heads(t);
    for (size_t i = 0; i < p->n_cells; i++) {
        const size_t points = p->cells[i].points ? p->cells[i].points : p->n_points;
        mech_text_format(t, "<tbody>\n<tr class=\"cell\"><th colspan=\"%d\" scope=\"rowgroup\">", N_RESULT_COLUMNS + 1);
        if (p->is_design)
            mech_text_add(t, "experiments as they are");
        else
            mech_text_format(t, "%zu points, %g %% noise", points, p->cells[i].noise);
        mech_text_add(t, "</th></tr>\n");
        for (size_t k = 0; k < s->n_models; k++)
            if (s->models[k].protocol == p) write_own_row(t, &s->models[k], s->models[k].cells[i]);
        for (size_t k = 0; k < N_PUBLISHED_RESULTS && !p->is_design; k++) {
            const published_result *r = &mech_published_results[k];
            if (r->protocol == p->protocol && r->points == points && r->noise == p->cells[i].noise)
                write_published_row(t, r);
        }
        mech_text_add(t, "</tbody>\n");
    }
    mech_text_add(t, "</table></div>\n");
}

static void write_validation(text *t, const mech_model *model) {
    const char *accuracy = mech_model_metadata(model, "validation_accuracy");
    double share = 0;
    if (accuracy && mech_parse_number(accuracy, strlen(accuracy), '.', &share))
        mech_text_format(t, "<td class=\"number\">%.2f</td>", 100 * share);
    else
        mech_text_add(t, "<td class=\"number\">\xE2\x80\x93</td>");
}

void mech_study_networks_table(text *t, const study *s) {
    mech_text_add(
        t, "<div class=\"wide\"><table>\n<caption>The shipped networks, and those of the published study.</caption>\n"
           "<thead><tr><th scope=\"col\">name</th><th scope=\"col\">network</th><th scope=\"col\">trained on</th>"
           "<th class=\"number\" scope=\"col\">parameters</th>"
           "<th class=\"number\" scope=\"col\">best validation top-1 / %</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < s->n_models; i++) {
        const study_model *m = &s->models[i];
        mech_text_add(t, "<tr class=\"own\"><th scope=\"row\">");
        mech_page_words(t, m->shipped->name);
        mech_text_add(t, "</th><td>");
        mech_page_words(t, mech_model_network(m->shipped->model));
        mech_text_format(t, "</td><td>%s</td><td class=\"number\">%s</td>", m->protocol->name,
                         mech_set_count(mech_model_n_parameters(m->shipped->model)).words);
        write_validation(t, m->shipped->model);
        mech_text_add(t, "</tr>\n");
    }
    for (size_t i = 0; i < N_PUBLISHED_NETWORKS; i++) {
        const published_network *n = &mech_published_networks[i];
        mech_text_add(t, "<tr class=\"published\"><th scope=\"row\">");
        mech_page_words(t, n->who);
        mech_text_format(
            t,
            "<small>published, other data</small></th><td>%.*s</td><td>fixed-window</td><td class=\"number\">%s</td>"
            "<td class=\"number\">%.2f</td></tr>\n",
            (int)strcspn(n->who, " "), n->who, mech_set_count(n->parameters).words, n->best_validation);
    }
    mech_text_add(t, "</tbody>\n</table></div>\n");
}
