/* Vectors of reals for the engine's kernels (*_lanes.c), which are compiled once for each instruction set: LANES_BYTES
 * is the length of a vector, LANES_SUFFIX ends the names of functions, LANES_REAL (float unless set) is the type. */
#ifndef MECH_LEARN_LANES_H
#define MECH_LEARN_LANES_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__AVX512F__) || defined(__AVX2__) || defined(__SSE2__)
#include <immintrin.h>
#endif

#ifdef LANES_REAL
typedef LANES_REAL real;
typedef uint64_t real_bits;
#else
typedef float real;
typedef uint32_t real_bits;
#endif

#define LANES_JOIN(name, suffix) name##_##suffix
#define LANES_JOIN_EXPANDED(name, suffix) LANES_JOIN(name, suffix)
#define LANES_NAME(name) LANES_JOIN_EXPANDED(name, LANES_SUFFIX)
#define INLINE static inline __attribute__((always_inline))

enum { LANES = LANES_BYTES / (int)sizeof(real) };

typedef real lanes __attribute__((vector_size(LANES_BYTES)));
typedef real_bits lane_bits __attribute__((vector_size(LANES_BYTES)));

/* A vector in memory: aligned as a single real, and allowed to be one. */
typedef real lanes_in_memory __attribute__((vector_size(LANES_BYTES), aligned(sizeof(real)), may_alias));

INLINE lanes load(const real *p) { return *(const lanes_in_memory *)p; }
INLINE void store(real *p, lanes v) { *(lanes_in_memory *)p = v; }
INLINE lanes fill(real x) { return (lanes){0} + x; }

/* `x`, but at least `low` and at most `high`; NaN stays NaN. (The instructions return their second operand where one is
 * NaN.) */
INLINE lanes clamp(lanes x, real low, real high) {
#if !defined(LANES_REAL) && LANES_BYTES == 64 && defined(__AVX512F__)
    return (lanes)_mm512_min_ps((__m512)fill(high), _mm512_max_ps((__m512)fill(low), (__m512)x));
#elif !defined(LANES_REAL) && LANES_BYTES == 32 && defined(__AVX2__)
    return (lanes)_mm256_min_ps((__m256)fill(high), _mm256_max_ps((__m256)fill(low), (__m256)x));
#elif !defined(LANES_REAL) && LANES_BYTES == 16 && defined(__SSE2__)
    return (lanes)_mm_min_ps((__m128)fill(high), _mm_max_ps((__m128)fill(low), (__m128)x));
#else
    for (int l = 0; l < LANES; l++) x[l] = x[l] < low ? low : x[l] > high ? high : x[l];
    return x;
#endif
}

/* v where x > 0, else 0. */
INLINE lanes where_positive(lanes x, lanes v) { return (lanes)((lane_bits)(x > 0) & (lane_bits)v); }

/* e^x, from 2^n e^f with whole n and |f| <= ln 2 / 2: Cody & Waite's reduction, then the Taylor polynomial of degree 7
 * of e^f (its remainder is below 6e-9). Relative error about 1e-7; x is clamped to where e^x is a normal number. */
INLINE lanes exponential(lanes x) {
#ifdef LANES_REAL
    for (int l = 0; l < LANES; l++) x[l] = exp(x[l]);
    return x;
#else
    const real round_magic =
        0x1.8p23f; /* added and taken away, it rounds to a whole number; its low bits are that number */
    x = clamp(x, -87.0f, 88.0f);
    const lanes shifted = x * 0x1.715476p0f + round_magic;
    const lanes n = shifted - round_magic;
    const lanes f = (x - n * 0x1.62e4p-1f) - n * 0x1.7f7d1cp-20f;
    lanes p = f * (1.0f / 5040) + 1.0f / 720;
    p = f * p + 1.0f / 120;
    p = f * p + 1.0f / 24;
    p = f * p + 1.0f / 6;
    p = f * p + 0.5f;
    p = f * p + 1.0f;
    p = f * p + 1.0f;
    return p * (lanes)(((lane_bits)shifted << 23) + 0x3f800000u);
#endif
}

/* Absolute error of both below 3e-7 (tested against the C library). */
INLINE lanes sigmoid(lanes x) { return 1 / (1 + exponential(-x)); }
INLINE lanes hyperbolic_tangent(lanes x) { return 1 - 2 / (1 + exponential(2 * x)); }

#endif
