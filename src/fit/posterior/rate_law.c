#include "fit/posterior/rate_law.h"

#include <stdio.h>

/* What is so many times something else leaves it out. */
static const double FAR = 10;

/* From this equilibrium constant on the way back does not show before nine tenths are converted. */
static const double ONE_WAY = 100;

void mech_rate_law(const cycle_estimates *e, rate_law *law) {
    const bool saturated = FAR * e->michaelis.high < e->most_substrate;
    const bool unsaturated = e->michaelis.low > FAR * e->most_substrate;
    const bool two_ways = !(e->equilibrium.low > ONE_WAY);
    const bool binds_product =
        !(FAR * e->competition.high < 1) && !(unsaturated && e->product.low > FAR * e->most_substrate);
    const char *above = two_ways ? " ([S] - [P] / Keq)" : " [S]", *below = "";
    const char *above_latex =
                   two_ways ? "\\left([\\mathrm{S}] - \\frac{[\\mathrm{P}]}{K_\\mathrm{eq}}\\right)" : "[\\mathrm{S}]",
               *below_latex = NULL;
    if (unsaturated && binds_product) {
        below = " / (1 + [P] / KP)";
        below_latex = "1 + [\\mathrm{P}]/K_\\mathrm{P}";
    } else if (saturated && binds_product) {
        below = " / ([S] + (KM/KP) [P])";
        below_latex = "[\\mathrm{S}] + \\frac{K_\\mathrm{M}}{K_\\mathrm{P}}[\\mathrm{P}]";
    } else if (saturated && two_ways) {
        below = " / [S]";
        below_latex = "[\\mathrm{S}]";
    } else if (saturated) {
        above = above_latex = "";
    } else if (!unsaturated) {
        below = binds_product ? " / (KM + [S] + (KM/KP) [P])" : " / (KM + [S])";
        below_latex = binds_product
                          ? "K_\\mathrm{M} + [\\mathrm{S}] + \\frac{K_\\mathrm{M}}{K_\\mathrm{P}}[\\mathrm{P}]"
                          : "K_\\mathrm{M} + [\\mathrm{S}]";
    }
    const char *constant = unsaturated ? "(kcat/KM)" : "kcat";
    const char *constant_latex = unsaturated ? "\\frac{k_\\mathrm{cat}}{K_\\mathrm{M}}" : "k_\\mathrm{cat}";
    snprintf(law->plain, sizeof law->plain, "rate = %s [cat]%s%s", constant, above, below);
    if (below_latex)
        snprintf(law->latex, sizeof law->latex, "v = %s[\\mathrm{cat}]\\frac{%s}{%s}", constant_latex, above_latex,
                 below_latex);
    else
        snprintf(law->latex, sizeof law->latex, "v = %s[\\mathrm{cat}]%s", constant_latex, above_latex);
}
