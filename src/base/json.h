// Strict JSON in, plain JSON out, by the field table. In: duplicate keys, unknown fields, fractional integers (1.0,
// 1e3), depth over 32, bad UTF-8, numbers beyond 64 bits and missing required fields are refused, each naming its RFC
// 6901 pointer. A field of kind optional or list may be absent; every other field is required unless its record says
// otherwise by default_ok. Words: money {"amount","currency"}; rate a decimal 0…1 with at most 6 places; instant RFC
// 3339 UTC with milliseconds; duration whole seconds in fields named *_s, *_seconds (else milliseconds); id prefix +
// base32 by PublicIds. Any thread; no allocation beyond the target. Covered by base/json_test.cpp, base/json_fuzz.cpp.
// A list of records named ...Entry with a text first stands in JSON as an object: {"plc_...": 12} (base/json_frames.h).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/type.h"

namespace dropsmith {

class PublicIds;

struct JsonContext {
    const PublicIds* ids = nullptr;  // null: ids are plain integers (tools, tests)
    std::string_view currency;       // ISO 4217; money in another currency is refused as currency_mismatch
};

struct JsonError {
    std::string pointer;  // RFC 6901, "" for the whole document
    std::string detail;   // what is wrong and what would be right
    bool currency_mismatch = false;
};

struct JsonOptions {
    bool unknown_fields_ok = false;  // only for CloudEvents extensions and bodies of third parties
};

Status<std::vector<JsonError>> parse_json(std::string_view text, const Type& type, void* object,
                                          const JsonContext& context, JsonOptions options = {});
template <class T>
Result<T, std::vector<JsonError>> parse_json(std::string_view text, const JsonContext& context,
                                             JsonOptions options = {}) {
    T object{};
    auto status = parse_json(text, type_of<T>(), &object, context, options);
    if (!status) return Failure{status.error()};
    return object;
}

void write_json(std::string& out, AnyRef value, const JsonContext& context);
template <class T>
void write_json(std::string& out, const T& value, const JsonContext& context) {
    write_json(out, AnyRef{&type_of<T>(), &value}, context);
}

// Pieces for the few replies that are written by hand on the hot path, and for free-form documents.
void write_json_string(std::string& out, std::string_view text);
void write_json_money(std::string& out, std::int64_t minor, std::string_view currency);
void write_json_instant(std::string& out, std::int64_t ms);
void write_json_rate(std::string& out, std::int64_t ppm);

// A small tree for documents whose shape is not ours (third-party bodies, CLI answers): writes members in the order
// given.
class JsonWriter {
  public:
    explicit JsonWriter(std::string& out) : out_(out) {}
    JsonWriter& object();  // opens {
    JsonWriter& array();   // opens [
    JsonWriter& end();     // closes the innermost
    JsonWriter& key(std::string_view name);
    JsonWriter& text(std::string_view value);
    JsonWriter& integer(std::int64_t value);
    JsonWriter& natural(std::uint64_t value);
    JsonWriter& boolean(bool value);
    JsonWriter& null();
    JsonWriter& real_text(std::string_view digits);  // an already formatted number
    JsonWriter& money(std::int64_t minor, std::string_view currency);
    JsonWriter& instant(std::int64_t ms);
    JsonWriter& rate(std::int64_t ppm);
    JsonWriter& value(AnyRef value, const JsonContext& context);
    JsonWriter& raw(std::string_view json);

  private:
    void comma();
    std::string& out_;
    std::string open_;  // the brackets that are still to come
    bool first_ = true;
    bool after_key_ = false;
};

}  // namespace dropsmith
