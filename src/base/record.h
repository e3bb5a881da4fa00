// The macros that a noun's header writes beside its structs; cheap to include. DROPSMITH_RECORD names the fields in
// journal order; DROPSMITH_CHOICE names the words of an enum class in value order, as they stand in JSON, journal docs
// and logs.
#pragma once

#include <span>
#include <string_view>

#include <boost/describe/class.hpp>

namespace dropsmith {
constexpr std::string_view defaulted_fields(const void*) { return {}; }  // of a record without DROPSMITH_DEFAULTS
}  // namespace dropsmith

#define DROPSMITH_RECORD(T, ...)                \
    BOOST_DESCRIBE_STRUCT(T, (), (__VA_ARGS__)) \
    constexpr std::string_view record_name(const T*) { return #T; }

// Beside DROPSMITH_RECORD, for request structs: the fields that JSON may leave out; they keep the default of the
// struct. Fields of kind optional and list need no mention. Example:    DROPSMITH_DEFAULTS(DraftBody, kind,
// hold_seconds)
#define DROPSMITH_DEFAULTS(T, ...) \
    constexpr std::string_view defaulted_fields(const T*) { return #__VA_ARGS__; }

// Words are given as strings so that a word of the trade may also be a C++ keyword ("open", "delete").
#define DROPSMITH_CHOICE(T, ...)                                   \
    inline std::span<const std::string_view> choice_words(T) {     \
        static constexpr std::string_view words[] = {__VA_ARGS__}; \
        return words;                                              \
    }                                                              \
    constexpr std::string_view choice_name(T) { return #T; }       \
    inline std::string_view word_of(T value) { return choice_words(value)[static_cast<std::size_t>(value)]; }
