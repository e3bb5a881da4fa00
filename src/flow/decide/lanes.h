// Small sums and functions over a few hundred numbers side by side: in sixteen lanes, so that every compiler and
// machine adds in the same order, and without a library's exp and log, which differ from machine to machine. What a
// price was taken from can so be taken again elsewhere bit for bit. Relative error of exp_of 3e-7, of log_of 2e-7.
// Pure; any thread. Covered by flow/decide/price_law_test.cpp.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

// Functions that go through many lanes are built twice by g++, eight lanes wide for processors that have AVX2; no
// product is fused with a sum there, so the bits stay the same. Not under sanitizers, which start too late for that.
#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && defined(__linux__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define DROPSMITH_WIDE_LANES __attribute__((flatten, target_clones("avx2", "default")))
#else
#define DROPSMITH_WIDE_LANES
#endif

namespace dropsmith::decide {

template <typename Term>
float sum_lanes(std::size_t count, Term term) {
    std::array<float, 16> lanes{};
    std::size_t j = 0;
    for (; j + 16 <= count; j += 16)
        for (std::size_t i = 0; i < 16; ++i) lanes[i] += term(j + i);
    for (; j < count; ++j) lanes[j % 16] += term(j);
    for (std::size_t width = 8; width > 0; width /= 2)
        for (std::size_t i = 0; i < width; ++i) lanes[i] += lanes[i + width];
    return lanes[0];
}

// For each j below count, in blocks of sixteen, which compilers turn into vector code.
template <typename Each>
void each_lane(std::size_t count, Each each) {
    std::size_t j = 0;
    for (; j + 16 <= count; j += 16)
        for (std::size_t i = 0; i < 16; ++i) each(j + i);
    for (; j < count; ++j) each(j);
}

inline float exp_of(float x) {  // Cephes' polynomial
    x = x < -87.0F ? -87.0F : x > 88.0F ? 88.0F : x;
    const auto whole = static_cast<std::int32_t>(x * 1.44269504F + (x < 0 ? -0.5F : 0.5F));
    const auto n = static_cast<float>(whole);
    const float f = x - n * 0.693359375F + n * 2.12194440e-4F;
    float p = 1.9875691500e-4F;
    p = p * f + 1.3981999507e-3F, p = p * f + 8.3334519073e-3F, p = p * f + 4.1665795894e-2F;
    p = p * f + 1.6666665459e-1F, p = p * f + 5.0000001201e-1F;
    return (p * f * f + f + 1) * std::bit_cast<float>((whole + 127) << 23);
}

inline float log_of(float x) {  // x > 0
    const auto bits = std::bit_cast<std::int32_t>(x);
    // the mantissa between sqrt(1/2) and sqrt(2)
    const std::int32_t power = (bits - 0x3f3504f3) >> 23;
    const float f = std::bit_cast<float>(bits - (power << 23)) - 1, z = f * f, n = static_cast<float>(power);
    float p = 7.0376836292e-2F;
    p = p * f - 1.1514610310e-1F, p = p * f + 1.1676998740e-1F, p = p * f - 1.2420140846e-1F;
    p = p * f + 1.4249322787e-1F, p = p * f - 1.6668057665e-1F, p = p * f + 2.0000714765e-1F;
    p = p * f - 2.4999993993e-1F, p = p * f + 3.3333331174e-1F;
    return f + (p * f * z + n * -2.12194440e-4F - 0.5F * z) + n * 0.693359375F;
}

inline float cube_root(float x) {  // x >= 0; a guess from the bits, then Halley twice
    float y = std::bit_cast<float>(std::bit_cast<std::uint32_t>(x) / 3 + 709921077U);
    for (int i = 0; i < 2; ++i) {
        const float cube = y * y * y;
        y *= (cube + 2 * x) / (2 * cube + x);
    }
    return x < 1e-30F ? 0 : y;
}

}  // namespace dropsmith::decide
