// Type: ONE runtime field table per struct. JSON in and out, the journal's CBOR, hashes, the generated reference and
// the fuzzers are plain functions over it (base/json.h, cbor.h, digest.h, fuzz.h). A record gets its table from
// DROPSMITH_TYPES in the .cpp beside it (base/describe.h); everybody else needs only this header. Tables are immutable
// after first use. Any thread. Covered by base/type_test.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace dropsmith {

enum class Kind : std::uint8_t {
    boolean,
    integer,
    natural,
    money,
    quantity,
    rate,
    duration,
    instant,
    id,
    text,
    bytes,
    choice,
    list,
    optional,
    record,
    real,  // only outside facts and state: inputs and results of forecast/, decide/ and measure/
};

struct Type;

struct Field {
    std::string_view name;
    std::size_t offset;
    const Type* type;
    bool default_ok =
        false;  // may be absent in JSON, then keeps the value of a fresh object (DROPSMITH_DEFAULTS, record.h)
};

struct Type {
    Kind kind;
    std::string_view name;  // record, choice: the C++ name; id: the tag's prefix ("hold")
    std::size_t size;
    std::span<const Field> fields{};            // record: in order of declaration, which is the order in the journal
    std::span<const std::string_view> words{};  // choice: the word of value i (values are 0 … n-1)
    const Type* element = nullptr;              // list, optional
    // integer, natural, choice: the width in bytes is size. list and optional are reached through these:
    std::size_t (*count)(const void* list) = nullptr;
    const void* (*at)(const void* list, std::size_t i) = nullptr;
    void* (*grow)(void* list) = nullptr;  // appends one default element and returns it
    void* (*resize)(void* list,
                    std::size_t n) = nullptr;  // to n fresh elements, one after the other; returns the first (or null)
    void (*clear)(void* list_or_optional) = nullptr;
    const void* (*peek)(const void* optional) = nullptr;  // nullptr when empty
    void* (*emplace)(void* optional) = nullptr;
    void (*construct)(void* raw) = nullptr;  // record: placement new, default; and its end
    void (*destroy)(void* object) = nullptr;
};

// Declared here for every T, defined by base/describe.h in the one .cpp that describes T.
template <class T>
const Type& type_of();

struct AnyRef {  // a described object, not owned
    const Type* type;
    const void* object;
};

}  // namespace dropsmith
