// How large a test runs: full in builds without a sanitizer, small under one. A sanitizer watches every access and
// every sum that it meets, and meets the same ones in a sample; what only many runs show (a mean, a share, a quantile)
// is shown by the release build. Under -O0 with ASan and UBSan the same work takes 50 to 100 times as long. Bounds that
// depend on the size are given by size, too, so that no test asserts nothing. For tests only; any thread. Covered by
// the tests that use it.
#pragma once

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define DROPSMITH_SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define DROPSMITH_SANITIZED 1
#endif

namespace dropsmith {

#ifdef DROPSMITH_SANITIZED
inline constexpr bool sanitized = true;
#else
inline constexpr bool sanitized = false;
#endif

template <typename T>
constexpr T sized(T full, T small) {
    return sanitized ? small : full;
}

}  // namespace dropsmith
