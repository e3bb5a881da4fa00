// Where the reader of JSON stands: the open objects and arrays, and the place of the coming value. Only base/json*.cpp
// include it. Covered by base/json_test.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/type.h"

namespace dropsmith::json_frames {

inline constexpr std::size_t no_field = ~std::size_t{0};

// A list of records of two fields whose name ends in Entry stands in JSON as an object: first field the name of a
// member, a text; second field its value. {"plc_...": 12} for a list of {place, units}.
inline bool is_entry(const Type& type) {
    return type.kind == Kind::record && type.fields.size() == 2 && type.name.ends_with("Entry") &&
           type.fields[0].type->kind == Kind::text;
}

struct Slot {  // where the coming value goes
    const Type* type = nullptr;
    char* object = nullptr;
    bool seconds = false;
    bool none_ok = false;  // an id that may be null
};

struct Frame {                   // an object or array that is open
    const Type* type = nullptr;  // record, list or money
    char* object = nullptr;
    std::uint64_t seen = 0;
    std::size_t at = no_field;  // record and money: the field read last; list: the item read last
    bool seconds = false;       // list: of durations in a field named in seconds
    char* entry = nullptr;      // list of entries: the one whose value comes

    bool entries() const { return type->kind == Kind::list && is_entry(*type->element); }
    std::string& entry_name() const {
        return *reinterpret_cast<std::string*>(entry + type->element->fields[0].offset);
    }
    bool has_entry(std::string_view name) const {
        for (std::size_t i = 0; i < type->count(object); ++i) {
            const auto* known = static_cast<const char*>(type->at(object, i)) + type->element->fields[0].offset;
            if (*reinterpret_cast<const std::string*>(known) == name) return true;
        }
        return false;
    }
};

}  // namespace dropsmith::json_frames
