// See import_table.h. Covered by edge/cli/import_orders_test.cpp.
#include "edge/cli/import_table.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/text.h"

namespace dropsmith::cli {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

bool same_name(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

char separator_of(std::string_view start) {
    std::array<std::size_t, 3> seen{};
    constexpr std::array<char, 3> candidates{',', ';', '\t'};
    bool quoted = false;
    for (const char c : start) {
        if (c == '"') quoted = !quoted;
        if (quoted) continue;
        if (c == '\n') break;
        for (std::size_t i = 0; i < candidates.size(); ++i) seen[i] += c == candidates[i] ? 1 : 0;
    }
    return candidates[static_cast<std::size_t>(std::ranges::max_element(seen) - seen.begin())];
}

}  // namespace

Table::Table(Stream stream) : stream_(std::make_shared<Stream>(std::move(stream))), hash_(std::make_shared<Blake2b>()) {
    auto start = std::make_shared<std::string>(16 << 10, '\0');  // enough for any header
    std::size_t held = 0;
    while (held < start->size() && start->find('\n') >= held) {
        const std::size_t got = stream_->read(start->data() + held, start->size() - held);
        if (got == 0) break;
        held += got;
    }
    start->resize(held);
    hash_->add(*start);
    const char separator = separator_of(*start);
    auto source = [stream = stream_, hash = hash_, start](char* to, std::size_t room) {
        if (!start->empty()) {
            const std::size_t n = std::min(room, start->size());
            std::memcpy(to, start->data(), n);
            start->erase(0, n);
            return n;
        }
        const std::size_t got = stream->read(to, room);
        hash->add(std::string_view(to, got));
        return got;
    };
    reader_ = std::make_unique<CsvReader>(source, separator);
    if (next()) {
        for (const auto cell : cells_) header_.emplace_back(trim(cell));
        cells_.clear();
    }
}

bool Table::next() {
    auto cells = reader_->next();
    row_ = reader_->row();
    if (!cells) return false;
    cells_ = std::move(*cells);
    return true;
}

std::string Table::error() const {
    const std::string below = stream_->error();
    return below.empty() ? reader_->error() : below;
}

std::optional<std::size_t> Table::find(std::string_view column) const {
    for (std::size_t i = 0; i < header_.size(); ++i)
        if (same_name(header_[i], column)) return i;
    return std::nullopt;
}

std::string_view Table::cell(std::optional<std::size_t> column) const {
    return column && *column < cells_.size() ? trim(cells_[*column]) : std::string_view{};
}

std::string Table::digest() { return hex(hash_->finish()); }

}  // namespace dropsmith::cli
