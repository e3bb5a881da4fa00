// See import_book.h. Covered by edge/cli/import_orders_test.cpp.
#include "edge/cli/import_book.h"

#include <cstdlib>

#include "base/cbor.h"
#include "base/digest.h"
#include "base/limits.h"
#include "base/text.h"

namespace dropsmith::cli {

namespace {

constexpr std::size_t problems_max = 100;

std::uint64_t digest_of(std::string_view bytes) {
    const std::uint64_t n = first_64(blake2b(bytes));
    return n == 0 ? 1 : n;  // 0 is "none"
}

std::string_view cut(std::string_view text, std::size_t bytes) {
    if (text.size() <= bytes) return text;
    while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80) --bytes;  // between letters
    return text.substr(0, bytes);
}

}  // namespace

Book::Book(std::string source, std::string currency)
    : source_(std::move(source)), currency_(std::move(currency)), places_(currency_places(currency_)) {}

void Book::begin_file() {
    for (; file_begins_ < lines_.size(); ++file_begins_) earlier_keys_.insert(lines_[file_begins_].key);
    equal_lines_.clear();
}

void Book::problem(std::uint64_t row, std::string_view column, std::string detail) {
    ++problem_count_;
    if (row == 0) fatal_ = true;
    if (problems_.size() < problems_max) problems_.push_back({row, std::string(column), std::move(detail)});
}

std::uint32_t Book::sku_index(const ReadLine& line) {
    const std::string code(cut(line.sku, limits::name_max));
    const auto [at, fresh] = sku_of_.try_emplace(code, static_cast<std::uint32_t>(skus_.size()));
    if (fresh) skus_.push_back({code, ""});
    std::string& title = skus_[at->second].title;
    if (title.empty()) title = cut(line.title, limits::name_max);
    return at->second;
}

bool Book::add(std::uint64_t row, const ReadLine& line) {
    const auto amount = to_minor(line.price, line.times, places_);
    if (!amount || std::abs(line.units) > limits::units_max) {
        problem(row, "", "units or money of this line are beyond what a line may have");
        return false;
    }
    if (line.sku.empty()) {
        problem(row, "", "has neither a SKU nor a title");
        return false;
    }
    BookLine out;
    Bytes content;
    encode_cbor_text(content, source_);
    encode_cbor_text(content, line.order);
    if (!line.order.empty()) out.order = digest_of(content);
    encode_cbor_text(content, line.sku);
    encode_varint(content, static_cast<std::uint64_t>(line.units));
    if (line.money_is_key) encode_varint(content, static_cast<std::uint64_t>(*amount));
    encode_varint(content, static_cast<std::uint64_t>(line.at.ms));
    encode_varint(content, line.is_return ? 1 : 0);
    out.key = digest_of(content);
    if (const std::uint64_t before = equal_lines_[out.key]++; before > 0) {
        encode_varint(content, before);
        out.key = digest_of(content);
    }
    if (out.order == 0) out.order = out.key;
    if (earlier_keys_.contains(out.key)) {
        ++totals_.repeated;
        return true;
    }
    out.sku = sku_index(line);
    if (!line.customer.empty()) {
        const auto [at, fresh] = customer_of_.try_emplace(line.customer, static_cast<std::uint32_t>(customers_.size()));
        if (fresh) customers_.push_back(line.customer);
        out.customer = at->second;
    }
    out.units = line.units;
    out.amount = Money{*amount};
    out.at = line.at;
    out.is_return = line.is_return;
    out.is_adjustment = line.is_adjustment || (!line.is_return && line.units > 0 && *amount == 0);

    if (orders_.insert(out.order).second) {
        ++totals_.orders;
        if (out.is_return) ++totals_.returns;
    }
    totals_.net += out.amount;
    bool fits = totals_.net_exact.add(line.price, line.times);
    if (out.is_return) {
        totals_.returned += out.amount;
        fits = totals_.returned_exact.add(line.price, line.times) && fits;
    } else if (out.units > 0 && line.price.mantissa > 0 && line.times > 0) {
        totals_.gross += out.amount;
        fits = totals_.gross_exact.add(line.price, line.times) && fits;
    }
    if (!fits) problem(0, "", "the amounts add up to more than a shop can have");
    lines_.push_back(out);
    return true;
}

}  // namespace dropsmith::cli
