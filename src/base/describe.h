// Builds a Type from Boost.Describe. Included ONLY by .cpp files of model/ (and of edge/http for request structs): the
// templates are slow to compile, the table is not. Use,
//   at the end of the noun's .cpp:        DROPSMITH_TYPES(UnitsHeld, HoldLine)
//   in the header, beside the struct:     DROPSMITH_RECORD(UnitsHeld, id, drop, lines)
// A choice (enum class : std::uint8_t, values from 0) names its words: DROPSMITH_CHOICE(HoldStatus, "held", "ended").
// Covered by base/type_test.cpp.
#pragma once

#include <array>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include <boost/describe.hpp>
#include <boost/mp11.hpp>
#include <boost/preprocessor/seq/for_each.hpp>
#include <boost/preprocessor/variadic/to_seq.hpp>

#include "base/check.h"
#include "base/id.h"
#include "base/numbers.h"
#include "base/few.h"
#include "base/record.h"
#include "base/type.h"

namespace dropsmith::describe {

template <class T>
struct IsId : std::false_type {};
template <class Tag>
struct IsId<Id<Tag>> : std::true_type {
    using tag = Tag;
};
template <class T>
struct IsList : std::false_type {};
template <class T, class A>
struct IsList<std::vector<T, A>> : std::true_type {
    using element = T;
};
template <class T>
struct IsList<Few<T>> : std::true_type {
    using element = T;
};
template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {
    using element = T;
};

template <class T>
constexpr Type plain(Kind kind, std::string_view name) {
    Type type{};
    type.kind = kind, type.name = name, type.size = sizeof(T);
    return type;
}

// `names` is a list as DROPSMITH_DEFAULTS writes it: "a, b, c".
constexpr bool is_listed(std::string_view names, std::string_view name) {
    while (!names.empty()) {
        const std::size_t comma = names.find(',');
        std::string_view one = names.substr(0, comma);
        while (one.starts_with(' ')) one.remove_prefix(1);
        while (one.ends_with(' ')) one.remove_suffix(1);
        if (one == name) return true;
        if (comma == std::string_view::npos) return false;
        names.remove_prefix(comma + 1);
    }
    return false;
}
constexpr std::size_t listed_count(std::string_view names) {
    if (names.empty()) return 0;
    std::size_t n = 1;
    for (const char c : names) n += c == ',' ? 1u : 0u;
    return n;
}

template <class T>
const Type& record_type() {
    using Members = boost::describe::describe_members<T, boost::describe::mod_public | boost::describe::mod_inherited>;
    static const auto fields = [] {
        std::array<Field, boost::mp11::mp_size<Members>::value> out{};
        [[maybe_unused]] static const T sample{};
        const std::string_view defaulted = defaulted_fields(static_cast<const T*>(nullptr));
        std::size_t i = 0, found = 0;
        boost::mp11::mp_for_each<Members>([&](auto member) {
            const auto& value = sample.*member.pointer;
            using Value = std::remove_cvref_t<decltype(value)>;
            const auto offset = static_cast<std::size_t>(reinterpret_cast<const char*>(std::addressof(value)) -
                                                         reinterpret_cast<const char*>(std::addressof(sample)));
            const bool default_ok = is_listed(defaulted, member.name);
            found += default_ok ? 1u : 0u;
            out[i++] = Field{member.name, offset, &type_of<Value>(), default_ok};
        });
        CHECK_BECAUSE(found == listed_count(defaulted),
                      "DROPSMITH_DEFAULTS names a field that the record does not have");
        return out;
    }();
    static const Type type = [] {
        Type t = plain<T>(Kind::record, record_name(static_cast<const T*>(nullptr)));
        t.fields = fields;
        t.construct = [](void* raw) { ::new (raw) T(); };
        t.destroy = [](void* object) { static_cast<T*>(object)->~T(); };
        return t;
    }();
    return type;
}

template <class T>
const Type& list_type() {
    using Element = typename IsList<T>::element;
    static_assert(!std::is_same_v<Element, bool>, "std::vector<bool> is not an array");
    static const Type type = [] {
        Type t = plain<T>(Kind::list, "list");
        t.element = &type_of<Element>();
        t.count = [](const void* list) { return static_cast<const T*>(list)->size(); };
        t.at = [](const void* list, std::size_t i) -> const void* { return &(*static_cast<const T*>(list))[i]; };
        t.grow = [](void* list) -> void* { return &static_cast<T*>(list)->emplace_back(); };
        t.resize = [](void* list, std::size_t n) -> void* {
            auto& held = *static_cast<T*>(list);
            held.clear();
            held.resize(n);
            return held.data();
        };
        t.clear = [](void* list) { static_cast<T*>(list)->clear(); };
        return t;
    }();
    return type;
}

template <class T>
const Type& optional_type() {
    using Element = typename IsOptional<T>::element;
    static const Type type = [] {
        Type t = plain<T>(Kind::optional, "optional");
        t.element = &type_of<Element>();
        t.peek = [](const void* o) -> const void* {
            const auto& held = *static_cast<const T*>(o);
            return held ? &*held : nullptr;
        };
        t.emplace = [](void* o) -> void* { return &static_cast<T*>(o)->emplace(); };
        t.clear = [](void* o) { static_cast<T*>(o)->reset(); };
        return t;
    }();
    return type;
}

}  // namespace dropsmith::describe

namespace dropsmith {

template <class T>
const Type& type_of() {
    using namespace describe;
    if constexpr (std::is_same_v<T, bool>) {
        static const Type type = plain<T>(Kind::boolean, "boolean");
        return type;
    } else if constexpr (std::is_enum_v<T>) {
        static const Type type = [] {
            Type t = plain<T>(Kind::choice, choice_name(T{}));
            t.words = choice_words(T{});
            return t;
        }();
        static_assert(sizeof(T) == 1, "a choice is an enum class : std::uint8_t");
        return type;
    } else if constexpr (std::is_floating_point_v<T>) {
        static const Type type = plain<T>(Kind::real, "real");
        return type;
    } else if constexpr (std::is_integral_v<T>) {
        static const Type type = plain<T>(std::is_signed_v<T> ? Kind::integer : Kind::natural, "integer");
        return type;
    } else if constexpr (std::is_same_v<T, Money>) {
        static const Type type = plain<T>(Kind::money, "money");
        return type;
    } else if constexpr (std::is_same_v<T, Quantity>) {
        static const Type type = plain<T>(Kind::quantity, "quantity");
        return type;
    } else if constexpr (std::is_same_v<T, Rate>) {
        static const Type type = plain<T>(Kind::rate, "rate");
        return type;
    } else if constexpr (std::is_same_v<T, Duration>) {
        static const Type type = plain<T>(Kind::duration, "duration");
        return type;
    } else if constexpr (std::is_same_v<T, Instant>) {
        static const Type type = plain<T>(Kind::instant, "instant");
        return type;
    } else if constexpr (IsId<T>::value) {
        static const Type type = plain<T>(Kind::id, IsId<T>::tag::prefix);
        return type;
    } else if constexpr (std::is_same_v<T, std::string>) {
        static const Type type = plain<T>(Kind::text, "text");
        return type;
    } else if constexpr (std::is_same_v<T, std::vector<std::uint8_t>>) {
        static const Type type = plain<T>(Kind::bytes, "bytes");
        return type;
    } else if constexpr (IsList<T>::value) {
        return list_type<T>();
    } else if constexpr (IsOptional<T>::value) {
        return optional_type<T>();
    } else {
        return record_type<T>();
    }
}

}  // namespace dropsmith

#define DROPSMITH_TYPE_ONE(r, data, T) template const ::dropsmith::Type& dropsmith::type_of<T>();
#define DROPSMITH_TYPES(...) BOOST_PP_SEQ_FOR_EACH(DROPSMITH_TYPE_ONE, ~, BOOST_PP_VARIADIC_TO_SEQ(__VA_ARGS__))
