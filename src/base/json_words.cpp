// See base/json_words.h. Any thread. Covered by base/json_test.cpp.
#include "base/json_words.h"

namespace dropsmith::json_words {

std::string expected(const Type& type, bool in_whole_seconds) {
    switch (type.kind) {
        case Kind::boolean:
            return "true or false";
        case Kind::integer:
            return "a whole number";
        case Kind::natural:
            return "a whole number, 0 or above";
        case Kind::money:
            return R"(money, for example {"amount": 2990, "currency": "GBP"} in minor units)";
        case Kind::quantity:
            return "a whole number of units";
        case Kind::rate:
            return "a share from 0 to 1 with at most 6 decimal places";
        case Kind::duration:
            return in_whole_seconds ? "a whole number of seconds" : "a whole number of milliseconds";
        case Kind::instant:
            return "a time as in RFC 3339 with an offset and at most milliseconds, for example "
                   "2026-11-21T22:16:21.000Z";
        case Kind::id:
            return "an id (" + std::string(type.name) + "_...) that this shop gave";
        case Kind::text:
            return "text";
        case Kind::bytes:
            return "bytes as lower-case hexadecimal text";
        case Kind::choice: {
            std::string out = "one of";
            for (std::size_t i = 0; i < type.words.size(); ++i)
                out.append(i == 0 ? " \"" : ", \"").append(type.words[i]) += '"';
            return out;
        }
        case Kind::list:
            return "a list [...]";
        case Kind::record:
            return "an object {...}";
        case Kind::real:
            return "a number";
        case Kind::optional:
            return expected(*type.element, in_whole_seconds);
    }
    return "something else";
}

void append_token(std::string& pointer, std::string_view token) {
    pointer += '/';
    for (const char c : token) {
        if (c == '~')
            pointer += "~0";
        else if (c == '/')
            pointer += "~1";
        else
            pointer += c;
    }
}

}  // namespace dropsmith::json_words
