// Result<T, E>: a value or the reason why there is none. Our code does not throw; callers look before they take.
// Invariant: exactly one of value and error is there; taking the wrong one is a bug (CHECK). Covered by
// base/numbers_test.cpp.
#pragma once

#include <utility>
#include <variant>

#include "base/check.h"

namespace dropsmith {

template <class E>
struct Failure {
    E error;
};
template <class E>
Failure(E) -> Failure<E>;

template <class T, class E>
class [[nodiscard]] Result {
  public:
    Result(T value) : held_(std::in_place_index<0>, std::move(value)) {}
    Result(Failure<E> failure) : held_(std::in_place_index<1>, std::move(failure.error)) {}

    bool ok() const { return held_.index() == 0; }
    explicit operator bool() const { return ok(); }
    T& value() & { return must(ok()), std::get<0>(held_); }
    const T& value() const& { return must(ok()), std::get<0>(held_); }
    T&& value() && { return must(ok()), std::get<0>(std::move(held_)); }
    const E& error() const { return must(!ok()), std::get<1>(held_); }
    E& error() { return must(!ok()), std::get<1>(held_); }
    const T& operator*() const& { return value(); }
    T& operator*() & { return value(); }
    const T* operator->() const { return &value(); }
    T* operator->() { return &value(); }

  private:
    static void must(bool condition) { CHECK_BECAUSE(condition, "the other side of a Result was taken"); }
    std::variant<T, E> held_;
};

struct Nothing {
    friend bool operator==(Nothing, Nothing) = default;
};

template <class E>
using Status = Result<Nothing, E>;

}  // namespace dropsmith
