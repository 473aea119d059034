#include "draw/canvas/colour_scale.h"

void mech_draw_colour_scale(canvas *c, box b, double low, double high) {
    enum { STEPS = 48 };
    for (int i = 0; i < STEPS; i++) {
        const double height = (b.bottom - b.top) / STEPS, top = b.top + i * height;
        const colour fill = mech_tint(BLUE, high - (high - low) * (i + 0.5) / STEPS);
        /* Each step reaches below the next: no seams show between them. */
        mech_draw_rectangle(c, (box){b.left, top, b.right, i + 1 < STEPS ? top + 2 * height : b.bottom}, 0, &fill,
                            NULL);
    }
}
