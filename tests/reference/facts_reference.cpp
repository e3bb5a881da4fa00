// The reference of facts, written from the vocabulary's own field tables, so that docs/reference/facts.md is generated,
// not remembered.
//   facts_reference FILE            compares; exit 1 and the first line that differs when the page is out of date
//   facts_reference --accept FILE   writes the page
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>

#include "engine/dispatch.h"

namespace {

using dropsmith::Kind;
using dropsmith::Type;

std::string shape(const Type& type) {
    switch (type.kind) {
        case Kind::list: return "list of " + shape(*type.element);
        case Kind::optional: return shape(*type.element) + ", may be absent";
        case Kind::id: return "id `" + std::string(type.name) + "`";
        case Kind::record: {
            std::string out = std::string(type.name) + " {";
            for (const auto& field : type.fields) out += " " + std::string(field.name);
            return out + " }";
        }
        case Kind::choice: {
            std::string out = "one of";
            for (const auto word : type.words) out += " `" + std::string(word) + "`";
            return out;
        }
        case Kind::money: return "money, minor units";
        case Kind::quantity: return "units";
        case Kind::rate: return "rate, parts per million";
        case Kind::duration: return "duration, ms";
        case Kind::instant: return "instant, ms since 1970 UTC";
        default: return std::string(type.name);
    }
}

std::string page() {
    std::ostringstream out;
    out << "# Facts\n\nGenerated from the field tables (`tests/reference/facts_reference.cpp`); do not edit. "
           "A fact stands in "
           "the journal as its code,\n"
           "its version and a CBOR array of these fields in this order "
           "(docs/formats/journal.md).\n";
    for (const auto& fact : dropsmith::engine::all_facts()) {
        out << "\n## " << fact.code << " " << fact.name << ", version " << int{fact.version} << "\n\n";
        for (const auto& field : fact.type->fields) out << "- `" << field.name << "`: " << shape(*field.type) << "\n";
    }
    return out.str();
}

}  // namespace

int main(int count, char** words) {
    const std::string first = count > 1 ? words[1] : "";
    if (first == "--accept" && count == 3) {
        std::ofstream(words[2]) << page();
        return 0;
    }
    if (count != 2) return std::cerr << "usage: facts_reference [--accept] FILE\n", 2;
    std::ifstream file(first);
    std::istringstream wanted(page());
    std::string have, want;
    for (int line = 1; std::getline(wanted, want); ++line)
        if (!std::getline(file, have) || have != want)
            return std::cerr << first << ":" << line << " is out of date: should be\n  " << want
                             << "\nRun: facts_reference --accept "
                             << first << "\n", 1;
    return 0;
}
