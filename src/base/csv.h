// A streaming RFC 4180 reader: quoted fields, doubled quotes, CR LF or LF, UTF-8 with or without BOM. Rows are views
// into the reader's buffer until the next call. Errors name the row (1 = header) and what is wrong. One thread. Covered
// by base/csv_test.cpp, base/csv_fuzz.cpp.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dropsmith {

class CsvReader {
  public:
    // more(buffer, capacity) fills up to capacity bytes and returns how many; 0 at the end.
    using Source = std::function<std::size_t(char*, std::size_t)>;
    explicit CsvReader(Source more, char separator = ',');

    // nullopt at the end of input; then error() is empty or says why reading stopped.
    std::optional<std::vector<std::string_view>> next();
    std::size_t row() const { return row_; }  // 1-based number of the record last returned
    const std::string& error() const { return error_; }

  private:
    struct Span {
        std::size_t start, length;
    };
    bool fill();
    std::nullopt_t fail(std::string_view why);
    Source more_;
    char separator_;
    std::string buffer_;
    std::vector<Span> fields_;  // of the record in hand
    std::size_t begin_ = 0;
    std::size_t row_ = 0;
    bool ended_ = false;
    std::string error_;
};

// Writes one field, quoted when needed; a leading = + - @ tab or CR is made harmless for spreadsheets
// (ASVS 1.2.10) unless it is a plain number.
void write_csv_field(std::string& out, std::string_view text);

}  // namespace dropsmith
