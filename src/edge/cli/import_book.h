// The book of an import: every line of the files understood, with its digests, and the totals. A line's digest is of
// the source, the order, what was sold for how much when, and how many equal lines the order had before it: so the same
// or an overlapping export changes nothing, and two equal rows of one file are two sales. One thread. Covered by
// edge/cli/import_orders_test.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/numbers.h"
#include "edge/cli/import_table.h"
#include "edge/cli/import_words.h"

namespace dropsmith::cli {

struct ReadLine {       // as a format's reader understood a row
    std::string order;  // "": the row is an order of its own
    std::string sku, title, customer;
    std::int64_t units = 0;
    Exact price;  // amount of the line = price x times
    std::int64_t times = 1;
    Instant at;
    bool is_return = false;
    bool is_adjustment = false;
    bool money_is_key = true;  // false: a later export may say another amount for the very same thing
};

struct BookLine {
    std::uint64_t key = 0, order = 0;
    std::uint32_t sku = 0;       // index into skus
    std::uint32_t customer = 0;  // index into customers, 0 = none
    std::int64_t units = 0;
    Money amount;
    Instant at;
    bool is_return = false, is_adjustment = false;
};

struct BookTotals {
    std::uint64_t rows = 0, skipped = 0, repeated = 0, orders = 0, returns = 0;  // repeated: in two of the files
    Money gross, returned, net;
    ExactSum gross_exact, returned_exact, net_exact;
};

class Book {
  public:
    Book(std::string source, std::string currency);

    void begin_file();  // lines that an earlier file of the same import had are not counted again
    void row() { ++totals_.rows; }
    void problem(std::uint64_t row, std::string_view column, std::string detail);
    void skip() { ++totals_.skipped; }
    // false: out of range, and a problem is noted
    bool add(std::uint64_t row, const ReadLine& line);

    const std::string& currency() const { return currency_; }
    const BookTotals& totals() const { return totals_; }
    std::uint64_t customers() const { return customers_.size() - 1; }
    const std::vector<BookLine>& lines() const { return lines_; }
    const std::vector<Problem>& problems() const { return problems_; }  // the first hundred
    std::uint64_t problem_count() const { return problem_count_; }
    bool fatal() const { return fatal_; }  // a file could not be read at all
    const std::string& sku(std::uint32_t i) const { return skus_[i].code; }
    const std::string& title(std::uint32_t i) const { return skus_[i].title; }
    std::string_view customer(std::uint32_t i) const { return customers_[i]; }

  private:
    struct SkuName {
        std::string code, title;
    };
    std::uint32_t sku_index(const ReadLine& line);

    std::string source_, currency_;
    int places_;
    std::vector<BookLine> lines_;
    std::vector<SkuName> skus_;
    std::unordered_map<std::string, std::uint32_t> sku_of_;
    std::vector<std::string> customers_{""};
    std::unordered_map<std::string, std::uint32_t> customer_of_;
    std::unordered_map<std::uint64_t, std::uint64_t> equal_lines_;
    std::unordered_set<std::uint64_t> orders_, earlier_keys_;
    std::size_t file_begins_ = 0;  // its first line
    std::vector<Problem> problems_;
    std::uint64_t problem_count_ = 0;
    bool fatal_ = false;
    BookTotals totals_;
};

}  // namespace dropsmith::cli
