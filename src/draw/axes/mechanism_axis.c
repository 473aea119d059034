#include "draw/axes/mechanism_axis.h"

#include "draw/mechanism/diagram.h"

#include <math.h>

size_t mech_mechanisms_of_class(const mech_mechanism *const *mechanisms, size_t n, size_t first) {
    size_t end = first + 1;
    while (end < n && mech_mechanism_class(mechanisms[end]) == mech_mechanism_class(mechanisms[first])) end++;
    return end - first;
}

void mech_draw_mechanism_axis(canvas *c, box frame, const mech_mechanism *const *mechanisms, size_t n) {
    const lettering letters = {8.5, INK, ALIGN_CENTRE, false, false};
    const double share = (frame.right - frame.left) / (double)n;
    double widest = 1;
    for (size_t i = 0; i < n; i++)
        widest = fmax(widest, mech_words_width(c, mech_mechanism_id(mechanisms[i]), letters));
    /* Where names would run into each other only every second, third, ... one stands there. */
    const size_t stride = (size_t)fmax(1, ceil((widest + 3) / share));
    for (size_t i = 0; i < n; i += stride)
        mech_write_words(c, (point){frame.left + ((double)i + 0.5) * share, frame.bottom + 13},
                         mech_mechanism_id(mechanisms[i]), letters);
    for (size_t i = 0, of_class; i < n; i += of_class) {
        of_class = mech_mechanisms_of_class(mechanisms, n, i);
        const mech_class own = mech_mechanism_class(mechanisms[i]);
        const colour ink = mech_class_colour(own);
        const double left = frame.left + (double)i * share, right = left + (double)of_class * share;
        const lettering name = {8, ink, ALIGN_CENTRE, true, false};
        mech_draw_rectangle(c, (box){left + 1.5, frame.bottom + 20, right - 1.5, frame.bottom + 22.5}, 0, &ink, NULL);
        if (mech_words_width(c, mech_class_name(own), name) < right - left + 8)
            mech_write_words(c, (point){(left + right) / 2, frame.bottom + 33}, mech_class_name(own), name);
    }
}
