/* Every table that chemists' files were sketched or copied from is read as a person would read it: which column is
 * what, the runs with their starts and loadings, with at most one thing said where the file does not say it. */
#include "mechanist.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const double four_loadings[] = {1, 3, 8, 3}, four_starts[] = {0.25, 0.25, 0.25, 0.15},
                    four_products[] = {0, 0, 0, 0.1}, four_ones[] = {1};

/* What `columns` and `runs` say: "ROLE=HEADER;..." and a line "name|points after time 0|[S]0|[P]0|[B]0|mol %|kind". */
static const struct {
    const char *file;
    mech_experiment_options options;
    const char *time_unit, *concentration_unit, *columns, *runs;
} files[] = {
    {"experiments/alkene-bromoesterification.csv",
     {.columns = "S=Alkene"},
     "hours",
     "",
     "run=run;time=t (hours);B=PhCO2H;PhCONHBr=PhCONHBr;S=Alkene;cat=Catalyst;P=Product;Amide BP=Amide BP",
     "Standard|14|80|0|80|10|standard\n"
     "DE Catalyst 1|14|80|0|92|2.5|different excess\n"
     "DE PhCO2H 1|14|80|0|48|10|different excess\n"
     "DE PhCONHBr|14|80|0|80|10|different excess\n"
     "DE Alkyne|14|40|0|80|20|different excess\n"
     "DE Catalyst 2|14|80|0|86|6.25|different excess\n"
     "DE PhCO2H 2|14|80|0|144|10|different excess\n"
     "DE PhCO2H 3|11|80|0|384|10|different excess\n"
     "DE Internal Standard|14|80|0|80|10|replicate\n"
     "Same Excess 1|14|40|0|40|20|same excess\n"
     "Same Excess 2|12|20|0|20|40|same excess\n"
     "DE Product and By-Product|12|40|39.559|40|20|product added\n"
     "DE Product|12|40|40.259|40|20|product added\n"
     "DE By-Product|14|40|0|40|20|same excess\n"},
    {"experiments/iron-cycloisomerization.tsv",
     {.size = 0},
     "",
     "",
     "time=Time;S=S;cat=catT",
     "1|25|0.6|0|-|0.375|standard\n"
     "2|25|0.6|0|-|1.5|different catalyst\n"
     "3|25|0.6|0|-|3|different catalyst\n"
     "4|25|0.3|0|-|0.75|same excess\n"},
    {"experiments/mn-silane-oxidation.csv",
     {.size = 0},
     "s",
     "",
     "run=run;time=Time / s;P=Silanol;S=Silane;B=H2O;cat=Catalyst",
     "Standard|39|100|0|300|2|standard\n"
     "DE Catalyst 1|44|100|0|300|1|different catalyst\n"
     "DE Catalyst 2|27|100|0|300|4|different catalyst\n"
     "Standard repeat|49|100|0|300|2|replicate\n"
     "DE Silane 1|35|50|0|300|4|different excess\n"
     "DE Silane 2|21|25|0|300|8|different excess\n"
     "DE Water 1|44|100|0|150|2|different excess\n"
     "DE Water 2|43|100|0|600|2|different excess\n"},
    {"experiments/pd-ch-arylation.csv",
     {.size = 0},
     "h",
     "",
     "run=run;time=time / h;S=Substrate;P=Product;cat=Catalyst;B=ArI",
     "Standard|11|0.44|0|1.32|5|standard\n"
     "DE cat 3.5mol%|5|0.44|0|1.32|3.5|different catalyst\n"
     "DE cat 5.0mol%|5|0.44|0|1.32|5|replicate\n"
     "DE cat 7.5mol%|5|0.44|0|1.32|7.5|different catalyst\n"
     "DE cat 10mol%|5|0.44|0|1.32|10|different catalyst\n"
     "DE ArI 3.0 eq.|7|0.44|0|1.32|5|replicate\n"
     "DE ArI 2.25eq|7|0.44|0|0.99|5|different excess\n"
     "DE ArI 3.75 eq|7|0.44|0|1.65|5|different excess\n"
     "DE ArI 4.5 eq.|7|0.44|0|2.02|5|different excess\n"
     "DE Substrate 0.75 eq|7|0.3297|0|1.32|6.6727|different excess\n"
     "DE Substrate1 eq.|7|0.44|0|1.32|5|replicate\n"
     "same excess|6|0.286|0|1.32|7.3077|same excess\n"},
    {"experiments/ppm-loadings-product-only.csv",
     {.size = 0},
     "min",
     "",
     "run=run;time=Time / min;P=Product;cat=Cat",
     "20ppm|930|0.01|0|-|0.002|standard\n"
     "30ppm|930|0.01|0|-|0.003|different catalyst\n"
     "50ppm|930|0.01|0|-|0.005|different catalyst\n"
     "100ppm|355|0.01|0|-|0.01|different catalyst\n"
     "200ppm|169|0.01|0|-|0.02|different catalyst\n"
     "400ppm|19|0.01|0|-|0.04|different catalyst\n"
     "600ppm|13|0.01|0|-|0.06|different catalyst\n"
     "800ppm|7|0.01|0|-|0.08|different catalyst\n"
     "1000ppm|6|0.01|0|-|0.1|different catalyst\n"},
    {"experiments/proline-run1.csv",
     {.n_s0 = 1, .s0 = four_ones},
     "min",
     "",
     "time=Time (min);cat=Cat0;S=[S];P=[P]",
     "1|1|1|0|-|15|different catalyst\n"
     "2|1|1|0|-|10|standard\n"
     "3|1|1|0|-|10|replicate\n"
     "4|1|1|0|-|15|different catalyst\n"
     "5|1|1|0|-|20|different catalyst\n"
     "6|1|1|0|-|15|different catalyst\n"
     "7|1|1|0|-|10|replicate\n"
     "8|1|1|0|-|17.5|different catalyst\n"
     "9|1|1|0|-|12.5|different catalyst\n"
     "10|1|1|0|-|10|replicate\n"},
    {"experiments/rcm-run1.csv",
     {.n_s0 = 1, .s0 = four_ones},
     "min",
     "",
     "time=Time (min);cat=Cat0;S=[S];P=[P]",
     "1|1|1|0|-|0.3|standard\n"
     "2|1|1|0|-|0.4|different catalyst\n"
     "3|1|1|0|-|0.3|replicate\n"
     "4|1|1|0|-|0.1|different catalyst\n"
     "5|1|1|0|-|0.1|different catalyst\n"
     "6|1|1|0|-|1|different catalyst\n"
     "7|1|1|0|-|0.5|different catalyst\n"
     "8|1|1|0|-|1|different catalyst\n"
     "9|1|1|0|-|0.2|different catalyst\n"
     "10|1|1|0|-|0.2|different catalyst\n"},
    {"experiments/rh-cyclopropanation-dcm.csv",
     {.size = 0},
     "s",
     "",
     "run=run;time=Time / s;S=Diazo compound;B=Styrene;cat=Catalyst",
     "Standard|59|0.1|0|0.232|2.5|standard\n"
     "DE Styrene 1|52|0.1|0|0.464|2.5|different excess\n"
     "DE Styrene 2|51|0.1|0|0.15|2.5|different excess\n"
     "Same excess|54|0.05|0|0.182|5|same excess\n"
     "DE Diazo compound|51|0.05|0|0.232|5|different excess\n"
     "DE Catalyst 1|18|0.1|0|0.232|20|different catalyst\n"
     "DE Catalyst 2|24|0.1|0|0.232|10|different catalyst\n"},
    {"experiments/sulfide-halogenation.csv",
     {.columns = "S=Xylene,cat=TripSMe"},
     "s",
     "",
     "run=run;time=Time / s;Imide=Imide;S=Xylene;B=NBS;P=Product;cat=TripSMe;AgSbF6=AgSbF6",
     "Standard|16|0.15|0|0.15|3.3333|standard\n"
     "SE Xylene 1|16|0.125|0|0.15|4|different excess\n"
     "SE Xylene 2|16|0.1|0|0.15|5|different excess\n"
     "SE NBS 1|16|0.15|0|0.125|3.3333|different excess\n"
     "SE NBS 2|17|0.15|0|0.1|3.3333|different excess\n"
     "SE TripSMe 1|16|0.15|0|0.15|5|different catalyst\n"
     "SE TripSMe 2|16|0.15|0|0.15|1.6667|different catalyst\n"
     "SE AgSbF6|16|0.15|0|0.15|3.3333|different excess\n"},
    {"tables/m00-control.csv",
     {.size = 0},
     "min",
     "M",
     "run=run;time=time / min;S=S / M;P=P / M;cat=cat / M",
     "A|6|0.25|0|-|1|different catalyst\n"
     "B|6|0.25|0|-|3|standard\n"
     "C|6|0.25|0|-|8|different catalyst\n"
     "D|6|0.15|0.1|-|5|product added\n"},
    {"tables/m01-free-catalyst.csv",
     {.size = 0},
     "min",
     "M",
     "run=run;time=time / min;S=S / M;P=P / M;cat=catalyst / M",
     "A|6|0.25|0|-|1|different catalyst\n"
     "B|6|0.25|0|-|3|standard\n"
     "C|6|0.25|0|-|8|different catalyst\n"
     "D|6|0.15|0.1|-|5|product added\n"},
    {"tables/m02-second-reactant.csv",
     {.size = 0},
     "h",
     "M",
     "run=run;time=time / h;S=ArBr / M;P=product / M;cat=cat / M",
     "standard|6|0.4|0|-|2.5|standard\n"
     "half ArBr|6|0.2|0|-|5|same excess\n"
     "half amine|6|0.4|0|-|2.5|different excess\n"
     "half catalyst|6|0.4|0|-|1.25|different catalyst\n"},
    {"tables/m04-title-line.csv",
     {.size = 0},
     "min",
     "M",
     "run=run;time=time / min;S=S / M;P=P / M;cat=cat / M",
     "A|6|0.25|0|-|1|different catalyst\n"
     "B|6|0.25|0|-|3|standard\n"
     "C|6|0.25|0|-|8|different catalyst\n"
     "D|6|0.15|0.1|-|5|product added\n"},
    {"tables/m05-units-row.csv",
     {.size = 0},
     "min",
     "M",
     "run=run;time=time;S=S;P=P;cat=cat",
     "A|6|0.25|0|-|1|different catalyst\n"
     "B|6|0.25|0|-|3|standard\n"
     "C|6|0.25|0|-|8|different catalyst\n"
     "D|6|0.15|0.1|-|5|product added\n"},
    {"tables/m06-remarks-without-header.csv",
     {.size = 0},
     "min",
     "M",
     "run=run;time=time / min;S=S / M;P=P / M;cat=cat / M",
     "A|6|0.25|0|-|1|different catalyst\n"
     "B|6|0.25|0|-|3|standard\n"
     "C|6|0.25|0|-|8|different catalyst\n"
     "D|6|0.15|0.1|-|5|product added\n"},
    {"tables/m07-two-header-rows.csv",
     {.size = 0},
     "min",
     "M",
     "time=t / min;S=S / M;cat=cat / M",
     "A|6|0.25|0|-|1|different catalyst\n"
     "B|6|0.25|0|-|3|standard\n"
     "C|6|0.25|0|-|8|different catalyst\n"
     "D|6|0.15|0|-|5|same excess\n"},
    {"tables/m08-one-time-column.csv",
     {.size = 0},
     "min",
     "",
     "S=a column each;time=time / min",
     "1 mol %|7|0.25|0|-|1|different catalyst\n"
     "3 mol %|7|0.25|0|-|3|standard\n"
     "8 mol %|7|0.25|0|-|8|different catalyst\n"
     "3 mol % (same excess)|7|0.15|0|-|5|same excess\n"},
    {"tables/m10-no-catalyst-column.csv",
     {.n_cat0 = 4, .cat0 = four_loadings, .cat0_unit = "mol %"},
     "min",
     "M",
     "run=run;time=time / min;S=S / M;P=P / M",
     "A|6|0.25|0|-|1|different catalyst\n"
     "B|6|0.25|0|-|3|standard\n"
     "C|6|0.25|0|-|8|different catalyst\n"
     "D|6|0.15|0.1|-|5|product added\n"},
    {"tables/m11-blank-run.csv",
     {.size = 0},
     "min",
     "M",
     "run=run;time=time / min;S=S / M;P=P / M;cat=cat / M",
     "A|4|0.25|0|-|1|different catalyst\n"
     "B|4|0.25|0|-|3|standard\n"
     "C|4|0.25|0|-|8|different catalyst\n"
     "D|4|0.15|0.1|-|5|product added\n"
     "no catalyst|3|0.25|0|-|0|blank\n"},
    {"tables/m12-below-lod.csv",
     {.size = 0},
     "min",
     "M",
     "run=run;time=time / min;S=S / M;P=P / M;cat=cat / M",
     "A|6|0.25|0|-|1|different catalyst\n"
     "B|6|0.25|0|-|3|standard\n"
     "C|6|0.25|0|-|8|different catalyst\n"
     "D|6|0.15|0.1|-|5|product added\n"},
    {"tables/m12b-nd.csv",
     {.size = 0},
     "min",
     "M",
     "run=run;time=time / min;S=S / M;P=P / M;cat=cat / M",
     "A|6|0.25|0|-|1|different catalyst\n"
     "B|6|0.25|0|-|3|standard\n"
     "C|6|0.25|0|-|8|different catalyst\n"
     "D|6|0.15|0.1|-|5|product added\n"},
    {"tables/m13-hhmmss.csv",
     {.size = 0},
     "min",
     "M",
     "run=run;time=time;S=S / M;P=P / M;cat=cat / M",
     "A|6|0.25|0|-|1|different catalyst\n"
     "B|6|0.25|0|-|3|standard\n"
     "C|6|0.25|0|-|8|different catalyst\n"
     "D|6|0.15|0.1|-|5|product added\n"},
    {"tables/m14-duplicate-injection.csv",
     {.size = 0},
     "min",
     "M",
     "run=run;time=time / min;S=S / M;P=P / M;cat=cat / M",
     "A|6|0.25|0|-|1|different catalyst\n"
     "B|6|0.25|0|-|3|standard\n"
     "C|6|0.25|0|-|8|different catalyst\n"
     "D|6|0.15|0.1|-|5|product added\n"},
    {"tables/m15-unsorted.csv",
     {.size = 0},
     "min",
     "M",
     "run=run;time=time / min;S=S / M;P=P / M;cat=cat / M",
     "A|6|0.25|0|-|1|different catalyst\n"
     "B|6|0.25|0|-|3|standard\n"
     "C|6|0.25|0|-|8|different catalyst\n"
     "D|6|0.15|0.1|-|5|product added\n"},
    {"tables/m16-conversion.csv",
     {.size = 0},
     "min",
     "M",
     "run=run;time=time / min;conversion=conversion / %;S0=S0 / M;cat=cat / M",
     "A|6|0.25|0|-|1|different catalyst\n"
     "B|6|0.25|0|-|3|standard\n"
     "C|6|0.25|0|-|8|different catalyst\n"
     "D|6|0.15|0|-|5|same excess\n"},
    {"tables/m16b-yield.csv",
     {.size = 0},
     "min",
     "M",
     "run=run;time=time / min;yield=yield / %;S0=S0 / M;cat=cat / M",
     "A|6|0.25|0|-|1|different catalyst\n"
     "B|6|0.25|0|-|3|standard\n"
     "C|6|0.25|0|-|8|different catalyst\n"
     "D|6|0.15|0|-|5|same excess\n"},
    {"tables/m17-percent-in-cells.csv",
     {.size = 0},
     "min",
     "%",
     "run=run;time=time;S=S;P=P;cat=cat",
     "A|6|100|0|-|1|different catalyst\n"
     "B|6|100|0|-|3|standard\n"
     "C|6|100|0|-|8|different catalyst\n"
     "D|6|60|40|-|5|product added\n"},
    {"tables/m18-catalyst-in-mM.csv",
     {.size = 0},
     "min",
     "M",
     "run=run;time=time / min;S=S / M;P=P / M;cat=cat / mM",
     "A|6|0.25|0|-|1|different catalyst\n"
     "B|6|0.25|0|-|3|standard\n"
     "C|6|0.25|0|-|8|different catalyst\n"
     "D|6|0.15|0.1|-|5|product added\n"},
    {"tables/m19-mol-percent-of-standard.csv",
     {.size = 0},
     "min",
     "M",
     "run=run;time=time / min;S=S / M;P=P / M;cat=cat / mol %",
     "A|6|0.25|0|-|1|different catalyst\n"
     "B|6|0.25|0|-|3|standard\n"
     "C|6|0.25|0|-|8|different catalyst\n"
     "D|6|0.15|0.1|-|5|product added\n"},
    {"tables/m20-no-row-at-zero.csv",
     {.n_s0 = 4, .s0 = four_starts, .n_p0 = 4, .p0 = four_products},
     "min",
     "M",
     "run=run;time=time / min;S=S / M;P=P / M;cat=cat / M",
     "A|6|0.25|0|-|1|different catalyst\n"
     "B|6|0.25|0|-|3|standard\n"
     "C|6|0.25|0|-|8|different catalyst\n"
     "D|6|0.15|0.1|-|5|product added\n"},
    {"tables/m21-five-runs.csv",
     {.size = 0},
     "min",
     "M",
     "run=run;time=time / min;S=S / M;P=P / M;cat=cat / M",
     "A|4|0.25|0|-|1|different catalyst\n"
     "B|4|0.25|0|-|3|standard\n"
     "C|4|0.25|0|-|8|different catalyst\n"
     "D|4|0.15|0.1|-|5|product added\n"
     "B2|4|0.25|0|-|3|replicate\n"},
    {"tables/m22-missing-marks.csv",
     {.size = 0},
     "min",
     "M",
     "run=run;time=time / min;S=S / M;P=P / M;cat=cat / M",
     "A|6|0.25|0|-|1|different catalyst\n"
     "B|6|0.25|0|-|3|standard\n"
     "C|6|0.25|0|-|8|different catalyst\n"
     "D|6|0.15|0.1|-|5|product added\n"},
    {"tables/m23-thousands.csv",
     {.size = 0},
     "s",
     "mM",
     "run=run;time=time / s;S=S / mM;P=P / mM;cat=cat / mM",
     "A|6|250|0|-|1|different catalyst\n"
     "B|6|250|0|-|3|standard\n"
     "C|6|250|0|-|8|different catalyst\n"
     "D|6|150|100|-|5|product added\n"},
    {"tables/m24-stacked-blocks.csv",
     {.size = 0},
     "min",
     "M",
     "time=time / min;S=S / M;cat=cat / M",
     "A|4|0.25|0|-|1|different catalyst\n"
     "B|4|0.25|0|-|3|standard\n"
     "C|4|0.25|0|-|8|different catalyst\n"
     "D|4|0.15|0|-|5|same excess\n"},
    {"tables/m25-no-header.csv",
     {.columns = "run=1,time=2,S=3,P=4,cat=5"},
     "",
     "",
     "run=column 1;time=column 2;S=column 3;P=column 4;cat=column 5",
     "A|6|0.25|0|-|1|different catalyst\n"
     "B|6|0.25|0|-|3|standard\n"
     "C|6|0.25|0|-|8|different catalyst\n"
     "D|6|0.15|0.1|-|5|product added\n"},
    {"tables/m26-one-sheet-per-run.xlsx",
     {.size = 0},
     "min",
     "M",
     "time=time / min;S=S / M;P=P / M;cat=cat / M",
     "run A|6|0.25|0|-|1|different catalyst\n"
     "run B|6|0.25|0|-|3|standard\n"
     "run C|6|0.25|0|-|8|different catalyst\n"
     "run D|6|0.15|0.1|-|5|product added\n"},
    {"tables/m27-product-only-truth-M1.csv",
     {.size = 0},
     "min",
     "M",
     "run=run;time=time / min;P=P / M;cat=cat / M;S0=S0 / M",
     "A|6|0.25|0|-|1|different catalyst\n"
     "B|6|0.25|0|-|3|standard\n"
     "C|6|0.25|0|-|8|different catalyst\n"
     "D|6|0.15|0.1|-|5|product added\n"},
    {"tables/m50-overnight-point-truth-M1.csv",
     {.size = 0},
     "min",
     "M",
     "run=run;time=time / min;S=S / M;P=P / M;cat=cat / M",
     "A|6|0.25|0|-|1|different catalyst\n"
     "B|6|0.25|0|-|3|standard\n"
     "C|6|0.25|0|-|8|different catalyst\n"
     "D|6|0.15|0.1|-|5|product added\n"},
    {"tables/m50b-same-without-last-reading.csv",
     {.size = 0},
     "min",
     "M",
     "run=run;time=time / min;S=S / M;P=P / M;cat=cat / M",
     "A|5|0.25|0|-|1|different catalyst\n"
     "B|5|0.25|0|-|3|standard\n"
     "C|5|0.25|0|-|8|different catalyst\n"
     "D|5|0.15|0.1|-|5|product added\n"},
};

static bool is_there(const char *file) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", SHARED_DIR, file);
    FILE *f = fopen(path, "rb");
    if (f) fclose(f);
    return f != NULL;
}

static mech_experiment *read_file(const char *file, mech_experiment_options options) {
    char path[512];
    mech_experiment *e = NULL;
    mech_error error = {0};
    options.size = sizeof options;
    snprintf(path, sizeof path, "%s/%s", SHARED_DIR, file);
    if (mech_experiment_read(path, &options, &e, &error) != MECH_OK) fail_msg("%s", error.message);
    return e;
}

/* The runs as the table above has them. */
static void write_runs(const mech_experiment *e, char *to, size_t room) {
    size_t n = 0;
    to[0] = '\0';
    for (size_t i = 0; i < mech_experiment_n_runs(e) && n < room; i++) {
        const mech_run *run = mech_experiment_run(e, i);
        size_t points = 0;
        char b0[32] = "-";
        for (size_t j = 0; j < run->n_readings; j++) points += run->time[j] > 0 ? 1 : 0;
        for (size_t j = 0; j < run->n_reactants; j++)
            if (strcmp(run->reactants[j].species, "B") == 0) snprintf(b0, sizeof b0, "%.5g", run->reactants[j].start);
        n += (size_t)snprintf(to + n, room - n, "%s|%zu|%.5g|%.5g|%s|%.5g|%s\n", run->name, points, run->s0, run->p0,
                              b0, 100 * run->cat0 / run->s0, mech_experiment_account(e, i)->kind);
    }
}

static void write_columns(const mech_experiment *e, char *to, size_t room) {
    size_t n = 0;
    to[0] = '\0';
    for (size_t i = 0; i < mech_experiment_n_columns(e) && n < room; i++)
        n += (size_t)snprintf(to + n, room - n, "%s%s=%s", i ? ";" : "", mech_experiment_column_role(e, i),
                              mech_experiment_column_header(e, i));
}

static void tables_are_read_as_a_person_would(void **state) {
    (void)state;
    size_t n = 0;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        if (!is_there(files[i].file)) continue;
        char runs[4096], columns[1024];
        mech_experiment *e = read_file(files[i].file, files[i].options);
        write_runs(e, runs, sizeof runs);
        write_columns(e, columns, sizeof columns);
        if (strcmp(runs, files[i].runs) != 0) fail_msg("%s:\n%sinstead of\n%s", files[i].file, runs, files[i].runs);
        if (strcmp(columns, files[i].columns) != 0)
            fail_msg("%s: %s instead of %s", files[i].file, columns, files[i].columns);
        assert_string_equal(mech_experiment_time_unit(e), files[i].time_unit);
        assert_string_equal(mech_experiment_concentration_unit(e), files[i].concentration_unit);
        mech_experiment_free(e);
        n++;
    }
    if (!n) skip();
}

/* One measurement in many clothes is one measurement: S of all runs as in the control. */
static void clothes_change_nothing(void **state) {
    (void)state;
    static const char *const same[] = {"m01-free-catalyst.csv",
                                       "m04-title-line.csv",
                                       "m05-units-row.csv",
                                       "m06-remarks-without-header.csv",
                                       "m07-two-header-rows.csv",
                                       "m13-hhmmss.csv",
                                       "m15-unsorted.csv",
                                       "m18-catalyst-in-mM.csv",
                                       "m19-mol-percent-of-standard.csv",
                                       "m26-one-sheet-per-run.xlsx"};
    if (!is_there("tables/m00-control.csv")) skip();
    mech_experiment *control = read_file("tables/m00-control.csv", (mech_experiment_options){.n_s0 = 0});
    for (size_t k = 0; k < sizeof same / sizeof *same; k++) {
        char path[128];
        snprintf(path, sizeof path, "tables/%s", same[k]);
        mech_experiment *e = read_file(path, (mech_experiment_options){.n_s0 = 0});
        assert_int_equal(mech_experiment_n_runs(e), 4);
        for (size_t i = 0; i < 4; i++) {
            const mech_run *a = mech_experiment_run(control, i), *b = mech_experiment_run(e, i);
            assert_int_equal(a->n_readings, b->n_readings);
            assert_true(fabs(a->cat0 - b->cat0) < 1e-12);
            for (size_t j = 0; j < a->n_readings; j++) {
                assert_true(a->substrate[j] == b->substrate[j]);
                assert_true(fabs(a->time[j] - b->time[j]) < 0.006); /* seconds are whole in clocks */
            }
        }
        mech_experiment_free(e);
    }
    mech_experiment_free(control);
}

/* The first value of a catalyst that changes is its loading, the later ones are active catalyst. */
static void free_catalyst_is_kept(void **state) {
    (void)state;
    if (!is_there("tables/m01-free-catalyst.csv")) skip();
    mech_experiment *e = read_file("tables/m01-free-catalyst.csv", (mech_experiment_options){.n_s0 = 0});
    const mech_run *run = mech_experiment_run(e, 0);
    assert_true(run->cat0 == 0.0025 && run->active && run->active[1] == 0.00198 && run->active[6] == 0.00246);
    mech_experiment_free(e);
}

static void files_of_one_run_are_one_experiment(void **state) {
    (void)state;
    if (!is_there("tables/m09-one-run-per-file-A.csv")) skip();
    char paths[4][512];
    const char *list[4];
    for (int i = 0; i < 4; i++) {
        snprintf(paths[i], sizeof paths[i], "%s/tables/m09-one-run-per-file-%c.csv", SHARED_DIR, 'A' + i);
        list[i] = paths[i];
    }
    mech_experiment *e = NULL;
    mech_error error = {0};
    if (mech_experiment_read_files(4, list, NULL, &e, &error) != MECH_OK) fail_msg("%s", error.message);
    char runs[1024];
    write_runs(e, runs, sizeof runs);
    assert_string_equal(runs, "A|6|0.25|0|-|1|different catalyst\nB|6|0.25|0|-|3|standard\n"
                              "C|6|0.25|0|-|8|different catalyst\nD|6|0.15|0.1|-|5|product added\n");
    mech_experiment_free(e);
}

/* What a file leaves open is asked for by the option that says it. */
static void what_is_missing_is_asked_for(void **state) {
    (void)state;
    static const struct {
        const char *file, *words;
    } cases[] = {
        {"experiments/alkene-bromoesterification.csv", "--columns 'S=PhCO2H' or 'S=Alkene'"},
        {"experiments/sulfide-halogenation.csv", "--columns 'S=Xylene,cat=TripSMe'"},
        {"experiments/rcm-run1.csv", "--s0"},
        {"tables/m10-no-catalyst-column.csv", "--cat0 '1 mol %,...'"},
        {"tables/m20-no-row-at-zero.csv", "--s0"},
        {"tables/m25-no-header.csv", "--columns 'run=1,time=2,S=3,P=4,cat=5'"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char path[512];
        mech_experiment *e = NULL;
        mech_error error = {0};
        if (!is_there(cases[i].file)) skip();
        snprintf(path, sizeof path, "%s/%s", SHARED_DIR, cases[i].file);
        assert_int_equal(mech_experiment_read(path, NULL, &e, &error), MECH_INVALID_INPUT);
        if (!strstr(error.message, cases[i].words)) fail_msg("'%s' does not ask for %s", error.message, cases[i].words);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_are_read_as_a_person_would),
        cmocka_unit_test(clothes_change_nothing),
        cmocka_unit_test(free_catalyst_is_kept),
        cmocka_unit_test(files_of_one_run_are_one_experiment),
        cmocka_unit_test(what_is_missing_is_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
