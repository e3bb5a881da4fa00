// Any bytes in any chunking give the same rows and the same error; what is written is read back. No crash.
#include "base/csv.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "base/check.h"

namespace {

using Rows = std::vector<std::vector<std::string>>;

Rows read(std::string_view text, std::size_t piece, std::string& error) {
    dropsmith::CsvReader reader([&](char* to, std::size_t room) {
        const std::size_t n = std::min({piece, room, text.size()});
        if (n > 0) std::memcpy(to, text.data(), n);
        text.remove_prefix(n);
        return n;
    });
    Rows out;
    while (auto row = reader.next()) out.emplace_back(row->begin(), row->end());
    error = reader.error();
    return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    std::string error, same_error;
    const Rows rows = read(input, 1 << 16, error);
    CHECK(read(input, 1 + size % 7, same_error) == rows && same_error == error);
    for (const auto& row : rows) {
        std::string line = "x";  // a first field that is not empty: a blank line is no record
        for (const auto& field : row) {
            line += ',';
            dropsmith::write_csv_field(line, "_" + field);
        }
        const Rows again = read(line, 1 << 16, error);
        CHECK(again.size() == 1 && again[0].size() == row.size() + 1);
        for (std::size_t i = 0; i < row.size(); ++i) CHECK(again[0][i + 1] == "_" + row[i]);
    }
    return 0;
}
