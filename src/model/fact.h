// Fact and Command: type-erased values of the vocabulary's structs, so that rules need not see the whole vocabulary. A
// struct is a fact when it says `static constexpr FactCode code{411}; static constexpr std::uint8_t version = 1;`, a
// command when it says `static constexpr CommandCode code{410};`. Ranges: 0xx shop and access, 1xx signals, 2xx
// forecast, 3xx decide, 4xx sell, 5xx fulfil, 6xx measure. A code's meaning never changes. Values are owned and
// immutable; movable; any one thread. Covered by engine/dispatch_test.cpp.
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/type.h"
#include "model/refusal.h"

namespace dropsmith {

struct FactCode { std::uint16_t n; };
struct CommandCode { std::uint16_t n; };

template <class T>
concept IsFact = std::same_as<std::remove_cv_t<decltype(T::code)>, FactCode>;
template <class T>
concept IsCommand = std::same_as<std::remove_cv_t<decltype(T::code)>, CommandCode>;

// One owned value whose struct is known by its code only.
class Erased {
public:
    template <class T>
    static Erased of(T value) {
        Erased e;
        e.code_ = T::code.n;
        e.object_ = Object(new T(std::move(value)), [](void* object) { delete static_cast<T*>(object); });
        return e;
    }
    std::uint16_t code() const { return code_; }
    const void* object() const { return object_.get(); }

private:
    using Object = std::unique_ptr<void, void (*)(void*)>;
    std::uint16_t code_ = 0;
    Object object_{nullptr, [](void*) {}};
};

class Fact {
public:
    template <IsFact F>
    Fact(F fact) : held_(Erased::of(std::move(fact))) {}
    std::uint16_t code() const { return held_.code(); }
    const void* object() const { return held_.object(); }
    template <IsFact F>
    const F* as() const { return code() == F::code.n ? static_cast<const F*>(object()) : nullptr; }

private:
    Erased held_;
};

class Command {
public:
    template <IsCommand C>
    Command(C command) : held_(Erased::of(std::move(command))) {}
    std::uint16_t code() const { return held_.code(); }
    const void* object() const { return held_.object(); }
    template <IsCommand C>
    const C* as() const { return code() == C::code.n ? static_cast<const C*>(object()) : nullptr; }

private:
    Erased held_;
};

using Facts = std::vector<Fact>;
using Verdict = Result<Facts, Refusal>;  // what handle() answers

inline Failure<Refusal> refuse(RefusalCode code, std::string detail) {
    Refusal refusal{code, std::move(detail), {}, {}, {}};
    return Failure<Refusal>{std::move(refusal)};
}
template <IsFact... F>
Facts facts(F... fact) {
    Facts out;
    out.reserve(sizeof...(F));
    (out.emplace_back(std::move(fact)), ...);
    return out;
}

}  // namespace dropsmith
