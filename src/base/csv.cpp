// RFC 4180, one record at a time; quotes are taken off in place, so a field is a view into the buffer.
// One thread. Covered by base/csv_test.cpp, base/csv_fuzz.cpp.
#include "base/csv.h"

#include <utility>

#include "base/text.h"

namespace dropsmith {

namespace {

constexpr std::size_t chunk = 64 << 10;
constexpr std::size_t record_max = 1 << 20;  // bytes; beyond that a quote was left open

}  // namespace

CsvReader::CsvReader(Source more, char separator) : more_(std::move(more)), separator_(separator) {
    while (buffer_.size() < 3 && fill()) {
    }
    if (buffer_.starts_with("\xEF\xBB\xBF")) begin_ = 3;
}

bool CsvReader::fill() {
    if (ended_) return false;
    const std::size_t held = buffer_.size();
    buffer_.resize(held + chunk);
    const std::size_t got = more_(buffer_.data() + held, chunk);
    buffer_.resize(held + got);
    ended_ = got == 0;
    return got > 0;
}

std::nullopt_t CsvReader::fail(std::string_view why) {
    error_ = "row " + std::to_string(row_ + 1) + ": ";
    error_.append(why);
    return std::nullopt;
}

std::optional<std::vector<std::string_view>> CsvReader::next() {
    if (!error_.empty()) return std::nullopt;
    if (begin_ >= chunk) {
        buffer_.erase(0, begin_);
        begin_ = 0;
    }
    std::size_t at = begin_;
    const auto more = [&] { return at < buffer_.size() || fill(); };
    while (more() && (buffer_[at] == '\n' || buffer_[at] == '\r')) ++at;  // blank lines between records say nothing
    if (!more()) return std::nullopt;
    begin_ = at;

    fields_.clear();
    for (bool last = false; !last;) {
        std::size_t start = at;
        std::size_t end = at;
        if (more() && buffer_[at] == '"') {
            start = end = ++at;
            for (;; ++at) {
                if (at - begin_ > record_max) return fail("is longer than 1 MiB; was a quote left open?");
                if (!more()) return fail("ends inside quotes; the closing quote is missing");
                if (buffer_[at] == '"') {
                    ++at;
                    if (!more() || buffer_[at] != '"') break;
                }
                buffer_[end++] = buffer_[at];
            }
            if (more() && buffer_[at] != separator_ && buffer_[at] != '\n' && buffer_[at] != '\r')
                return fail("has text after a closing quote; a quote inside a field is written twice");
        } else {
            while (more() && buffer_[at] != separator_ && buffer_[at] != '\n' && buffer_[at] != '\r') {
                if (buffer_[at] == '"')
                    return fail("has a quote in a field that does not begin with one; quote the whole field");
                if (at - begin_ > record_max) return fail("is longer than 1 MiB; is this a CSV file?");
                ++at;
            }
            end = at;
        }
        fields_.push_back({start, end - start});
        if (!more()) break;
        if (buffer_[at] == '\r') {
            ++at;
            if (more() && buffer_[at] != '\n') return fail("has a carriage return alone; end lines with LF or CR LF");
            if (at < buffer_.size()) ++at;
            last = true;
        } else {
            last = buffer_[at++] == '\n';
        }
    }

    std::vector<std::string_view> out;
    out.reserve(fields_.size());
    for (const auto& [start, length] : fields_) {
        out.emplace_back(buffer_.data() + start, length);
        if (!valid_utf8(out.back())) return fail("is not UTF-8; save the file as UTF-8");
    }
    begin_ = at;
    ++row_;
    return out;
}

void write_csv_field(std::string& out, std::string_view text) {
    const bool formula = !text.empty() && std::string_view("=+-@\t\r").find(text[0]) != std::string_view::npos;
    const bool number = formula && parse_decimal(text, 0).has_value();  // a negative amount stays a number
    const bool harmful = formula && !number;
    if (!harmful && text.find_first_of("\",\r\n;\t") == std::string_view::npos) {
        out.append(text);
        return;
    }
    out += '"';
    if (harmful) out += '\'';
    for (const char c : text) {
        if (c == '"') out += '"';
        out += c;
    }
    out += '"';
}

}  // namespace dropsmith
