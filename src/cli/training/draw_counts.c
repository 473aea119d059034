#include "cli/training/draw_counts.h"

#include <stdio.h>

void print_draw_counts(const mech_draw_report *report) {
    const size_t n = mech_draw_report_n(report);
    mech_draw_counts sum = {.mechanism = "all"};
    printf("mechanism  candidates     no yield      no rule   duplicates     failures     accepted      samples\n");
    for (size_t i = 0; i <= n; i++) {
        const mech_draw_counts *c = i < n ? mech_draw_report_counts(report, i) : &sum;
        printf("%-9s %11llu  %11llu  %11llu  %11llu  %11llu  %11llu  %11llu\n", c->mechanism,
               (unsigned long long)c->candidates, (unsigned long long)c->refused_by_yield,
               (unsigned long long)c->refused_by_rule, (unsigned long long)c->duplicates,
               (unsigned long long)c->solver_failures, (unsigned long long)c->accepted, (unsigned long long)c->samples);
        sum.candidates += c->candidates;
        sum.refused_by_yield += c->refused_by_yield;
        sum.refused_by_rule += c->refused_by_rule;
        sum.duplicates += c->duplicates;
        sum.solver_failures += c->solver_failures;
        sum.accepted += c->accepted;
        sum.samples += c->samples;
    }
}

json_t *draw_counts_json(const mech_draw_report *report) {
    json_t *rows = json_array();
    for (size_t i = 0; i < mech_draw_report_n(report); i++) {
        const mech_draw_counts *c = mech_draw_report_counts(report, i);
        json_array_append_new(rows, json_pack("{s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "mechanism", c->mechanism,
                                              "candidates", (json_int_t)c->candidates, "refused_by_yield",
                                              (json_int_t)c->refused_by_yield, "refused_by_rule",
                                              (json_int_t)c->refused_by_rule, "duplicates", (json_int_t)c->duplicates,
                                              "solver_failures", (json_int_t)c->solver_failures, "accepted",
                                              (json_int_t)c->accepted, "samples", (json_int_t)c->samples));
    }
    return rows;
}
