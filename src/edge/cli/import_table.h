// A merchant's table: rows of cells under the names of a header. The separator (comma, semicolon, tab) is told from the
// header. The digest of all bytes read knows the very same file again. One thread. Covered by
// edge/cli/import_orders_test.cpp.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/csv.h"
#include "base/digest.h"
#include "base/fault.h"
#include "base/result.h"

namespace dropsmith::cli {

// An open file as src/app hands it in (plain bytes, whatever the packing), and how far it is read.
struct Stream {
    CsvReader::Source read;
    std::function<std::string()> error = [] { return std::string(); };
    std::function<std::pair<std::uint64_t, std::uint64_t>()> progress = [] {
        return std::pair<std::uint64_t, std::uint64_t>{};
    };  // bytes read, bytes in all (0: not known)
};
using OpenFile = std::function<Result<Stream, Fault>(const std::string& path)>;

struct Problem {
    std::uint64_t row = 0;  // 1 = the header; 0: the whole file
    std::string column;
    std::string detail;
};

class Table {
  public:
    explicit Table(Stream stream);

    bool next();                                // false: the end, or error()
    std::uint64_t row() const { return row_; }  // as CsvReader counts: the header is 1
    std::string error() const;
    const std::vector<std::string>& header() const { return header_; }
    std::optional<std::size_t> find(std::string_view column) const;  // by name, letter case aside
    std::size_t cells() const { return cells_.size(); }
    std::string_view cell(std::optional<std::size_t> column) const;  // trimmed; "" when there is none
    std::pair<std::uint64_t, std::uint64_t> progress() const { return stream_->progress(); }
    std::string digest();  // hex, once all is read

  private:
    std::shared_ptr<Stream> stream_;
    std::shared_ptr<Blake2b> hash_;
    std::unique_ptr<CsvReader> reader_;
    std::vector<std::string> header_;
    std::vector<std::string_view> cells_;
    std::uint64_t row_ = 0;
};

}  // namespace dropsmith::cli
