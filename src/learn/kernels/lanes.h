/* Vectors of reals for the engine's kernels (*_lanes.c), which are compiled once for each instruction set: LANES_BYTES
 * is the length of a vector, LANES_SUFFIX ends the names of functions, LANES_REAL (float unless set) is the type. */
#ifndef MECH_LEARN_KERNELS_LANES_H
#define MECH_LEARN_KERNELS_LANES_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__AVX512F__) || defined(__AVX2__) || defined(__SSE2__)
#include <immintrin.h>
#endif

#ifdef LANES_REAL
typedef LANES_REAL real;
typedef uint64_t real_bits;
typedef int64_t real_whole;
#else
typedef float real;
typedef uint32_t real_bits;
typedef int32_t real_whole;
#endif

#define LANES_JOIN(name, suffix) mech_##name##_##suffix
#define LANES_JOIN_EXPANDED(name, suffix) LANES_JOIN(name, suffix)
#define LANES_NAME(name) LANES_JOIN_EXPANDED(name, LANES_SUFFIX)
#define INLINE static inline __attribute__((always_inline))

#define PRAGMA(text) _Pragma(#text)
#if defined(__clang__)
#define UNROLL(n) PRAGMA(clang loop unroll(full))
#else
#define UNROLL(n) PRAGMA(GCC unroll n)
#endif

enum { LANES = LANES_BYTES / (int)sizeof(real) };

typedef real lanes __attribute__((vector_size(LANES_BYTES)));
typedef real_bits lane_bits __attribute__((vector_size(LANES_BYTES)));
typedef real_whole lane_whole __attribute__((vector_size(LANES_BYTES)));

/* A vector in memory: aligned as a single real, and allowed to be one. */
typedef real lanes_in_memory __attribute__((vector_size(LANES_BYTES), aligned(sizeof(real)), may_alias));

INLINE lanes load(const real *p) { return *(const lanes_in_memory *)p; }
INLINE void store(real *p, lanes v) { *(lanes_in_memory *)p = v; }
/* x - 0 is x for every x, which x + 0 is not, so that this costs no arithmetic. */
INLINE lanes fill(real x) { return x - (lanes){0}; }

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
    const lane_bits below = (lane_bits)(x < low), above = (lane_bits)(x > high);
    return (lanes)((below & (lane_bits)fill(low)) | (above & (lane_bits)fill(high)) |
                   (~(below | above) & (lane_bits)x));
#endif
}

INLINE lanes at_least(lanes x, real low) { return clamp(x, low, (real)1e30); }

INLINE lanes choose(lane_bits mask, lanes yes, lanes no) {
    return (lanes)((mask & (lane_bits)yes) | (~mask & (lane_bits)no));
}

/* v where x > 0, else 0. */
INLINE lanes where_positive(lanes x, lanes v) { return (lanes)((lane_bits)(x > 0) & (lane_bits)v); }

/* What the exponential and the logarithm need of a type. */
#ifdef LANES_REAL
enum { FRACTION_BITS = 52, EXPONENT_BIAS = 1023, EXPONENTIAL_DEGREE = 13, LOGARITHM_TERMS = 11 };
static const real_bits SQRT_HALF_BITS = 0x3fe6a09e667f3bcd;
static const real ROUNDER = 0x1.8p52, LEAST_EXPONENT = -708, GREATEST_EXPONENT = 709;
static const real LN2_HIGH = 0x1.62e42feep-1, LN2_LOW = 0x1.a39ef35793c76p-33;
#else
enum { FRACTION_BITS = 23, EXPONENT_BIAS = 127, EXPONENTIAL_DEGREE = 7, LOGARITHM_TERMS = 5 };
static const real_bits SQRT_HALF_BITS = 0x3f3504f3;
static const real ROUNDER = 0x1.8p23f, LEAST_EXPONENT = -87, GREATEST_EXPONENT = 88;
static const real LN2_HIGH = 0x1.62e4p-1f, LN2_LOW = 0x1.7f7d1cp-20f;
#endif

/* e^x = scale (1 + rest), from 2^n e^f with whole n and |f| <= ln 2 / 2: Cody & Waite's reduction, then the Taylor
 * polynomial of e^f - 1 (its remainder is below a tenth of the last place). x is clamped to where e^x is a normal
 * number. */
INLINE lanes reduced_exponential(lanes x, lanes *scale) {
    static const real inverse_factorials[14] = {
        1,
        1,
        (real)(1.0 / 2),
        (real)(1.0 / 6),
        (real)(1.0 / 24),
        (real)(1.0 / 120),
        (real)(1.0 / 720),
        (real)(1.0 / 5040),
        (real)(1.0 / 40320),
        (real)(1.0 / 362880),
        (real)(1.0 / 3628800),
        (real)(1.0 / 39916800),
        (real)(1.0 / 479001600),
        (real)(1.0 / 6227020800),
    };
    x = clamp(x, LEAST_EXPONENT, GREATEST_EXPONENT);
    /* With ROUNDER added, the low bits of the number are n. */
    const lanes shifted = x * (real)1.4426950408889634 + ROUNDER, n = shifted - ROUNDER;
    const lanes f = (x - n * LN2_HIGH) - n * LN2_LOW;
    lanes p = fill(inverse_factorials[EXPONENTIAL_DEGREE]);
    UNROLL(11)
    for (int k = EXPONENTIAL_DEGREE - 1; k >= 2; k--) p = f * p + inverse_factorials[k];
    *scale = (lanes)(((lane_bits)shifted << FRACTION_BITS) + ((real_bits)EXPONENT_BIAS << FRACTION_BITS));
    return (f * f) * p + f;
}

INLINE lanes exponential(lanes x) {
    lanes scale, rest = reduced_exponential(x, &scale);
    return scale * rest + scale;
}

/* ln x of a positive normal number, from x = 2^n m with m between sqrt(1/2) and sqrt(2) and
 * ln m = 2 artanh((m - 1) / (m + 1)), whose series ends where a term falls below the last place. */
INLINE lanes logarithm(lanes x) {
    const lane_bits bits = (lane_bits)x;
    const lane_whole n = (lane_whole)(bits - SQRT_HALF_BITS) >> FRACTION_BITS;
    const lanes f = (lanes)(bits - ((lane_bits)n << FRACTION_BITS)) - 1, exponent = __builtin_convertvector(n, lanes);
    const lanes s = f / (2 + f), z = s * s;
    lanes p = fill((real)1 / (real)(2 * LOGARITHM_TERMS - 1));
    UNROLL(10)
    for (int k = LOGARITHM_TERMS - 2; k >= 1; k--) p = z * p + (real)1 / (real)(2 * k + 1);
    return exponent * LN2_HIGH + (2 * s + (2 * s * z * p + exponent * LN2_LOW));
}

/* ln(1 + |x|) with the sign of x: linear near 0, logarithmic far away. */
INLINE lanes signed_logarithm(lanes x) {
    const lane_bits sign = (lane_bits)x & (lane_bits)fill((real)-0.0);
    return (lanes)((lane_bits)logarithm(1 + (lanes)((lane_bits)x ^ sign)) | sign);
}

/* Absolute error of both below 3e-7 in float32, 1e-15 in float64 (tested against the C library). */
INLINE lanes sigmoid(lanes x) { return 1 / (1 + exponential(-x)); }

/* By way of e^2x - 1, which stays exact where it is small. */
INLINE lanes hyperbolic_tangent(lanes x) {
    lanes scale, rest = reduced_exponential(2 * x, &scale);
    const lanes minus_one = scale * rest + (scale - 1);
    return minus_one / (minus_one + 2);
}

#endif
