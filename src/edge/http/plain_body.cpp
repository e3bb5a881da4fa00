// A reader that goes forward only; see plain_body.h. Covered by edge/http/plain_body_test.cpp.
#include "edge/http/plain_body.h"

#include <array>
#include <cstring>

#include "base/limits.h"
#include "edge/http/octet_runs.h"

namespace dropsmith::http {
namespace {

constexpr std::size_t digits_max = 15;  // no number of ours is longer, and none of these overflows

class Reader {
  public:
    explicit Reader(std::string_view json) : at_(json.data()), end_(json.data() + json.size()) {}

    bool take(char c) {
        space();
        if (at_ == end_ || *at_ != c) return false;
        ++at_;
        return true;
    }
    bool at_end() {
        space();
        return at_ == end_;
    }
    // Letters of ASCII that stand for themselves.
    bool text(std::string_view& out) {
        if (!take('"')) return false;
        const char* begin = at_;
        at_ = end_of_plain(at_, end_);
        if (at_ == end_ || *at_ != '"') return false;
        out = {begin, static_cast<std::size_t>(at_ - begin)};
        ++at_;
        return true;
    }
    bool natural(std::int64_t& out) {
        space();
        const char* begin = at_;
        out = 0;
        for (; at_ != end_ && *at_ >= '0' && *at_ <= '9'; ++at_) out = out * 10 + (*at_ - '0');
        const auto digits = static_cast<std::size_t>(at_ - begin);
        // what follows is a comma or a bracket: a fraction or an exponent is seen by whoever takes that
        return digits > 0 && digits <= digits_max && (*begin != '0' || digits == 1);
    }

  private:
    void space() {
        while (at_ != end_ && *at_ <= ' ' && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t'))
            at_ = *at_ == ' ' ? end_of_spaces(at_, end_) : at_ + 1;
    }
    const char* at_;
    const char* end_;
};

bool read_line(Reader& in, WantedBody& line) {
    bool sku = false, units = false;
    if (!in.take('{')) return false;
    do {
        std::string_view name, value;
        if (!in.text(name) || !in.take(':')) return false;
        if (name == "sku" && !sku) {
            if (!in.text(value)) return false;
            line.sku = value, sku = true;
        } else if (name == "units" && !units) {
            if (!in.natural(line.units.n)) return false;
            units = true;
        } else {
            return false;
        }
    } while (in.take(','));
    return in.take('}') && sku && units;
}

struct Taken {
    std::string_view drop, channel, session, key;
    bool has_drop = false, has_channel = false, has_session = false, has_lines = false;
    bool has_key = false;  // true from the start: a key is none of its fields
};

bool read_text(Reader& in, bool& has, std::string_view& value) {
    if (has || !in.text(value)) return false;
    return has = true;
}

bool read_object(Reader& in, Taken& taken, std::vector<WantedBody>& lines) {
    if (!in.take('{')) return false;
    do {
        std::string_view name;
        if (!in.text(name) || !in.take(':')) return false;
        if (name == "drop") {
            if (!read_text(in, taken.has_drop, taken.drop)) return false;
        } else if (name == "channel") {
            if (!read_text(in, taken.has_channel, taken.channel)) return false;
        } else if (name == "session") {
            if (!read_text(in, taken.has_session, taken.session)) return false;
        } else if (name == "lines" && !taken.has_lines) {
            if (!in.take('[')) return false;
            std::size_t n = 0;  // the room that was there is used again
            do {
                if (n == lines.size()) lines.emplace_back();
                if (!read_line(in, lines[n++])) return false;
            } while (in.take(','));
            lines.resize(n);
            if (!in.take(']')) return false;
            taken.has_lines = true;
        } else if (name == "key") {
            if (!read_text(in, taken.has_key, taken.key)) return false;
        } else {
            return false;
        }
    } while (in.take(','));
    return in.take('}') && taken.has_drop && taken.has_channel && taken.has_lines && taken.has_key;
}

bool read_body(std::string_view json, Taken& taken, std::vector<WantedBody>& lines) {
    Reader in(json);
    taken.has_key = true;
    return read_object(in, taken, lines) && in.at_end();
}

void set(std::optional<std::string>& out, std::string_view text) {
    out ? void(out->assign(text)) : void(out.emplace(text));
}

}  // namespace

static void fill(HoldBody& out, const Taken& taken) {
    set(out.drop, taken.drop), set(out.channel, taken.channel);
    if (taken.has_session)
        set(out.session, taken.session);
    else
        out.session.reset();
}

bool read_plain(std::string_view json, HoldBody& out) {
    Taken taken;
    if (!read_body(json, taken, out.lines)) return false;
    fill(out, taken);
    return true;
}

bool read_plain(std::string_view json, std::vector<KeyedHold>& out, std::size_t& count) {
    Reader in(json);
    std::string_view name;
    count = 0;
    if (!in.take('{') || !in.text(name) || name != "holds" || !in.take(':') || !in.take('[')) return false;
    do {
        if (count == limits::holds_per_batch_call) return false;
        if (count == out.size()) out.emplace_back();
        Taken taken;
        auto& hold = out[count++];
        if (!read_object(in, taken, hold.body.lines)) return false;
        hold.key = taken.key;
        fill(hold.body, taken);
    } while (in.take(','));
    return in.take(']') && in.take('}') && in.at_end();
}

bool read_plain(std::string_view json, QuoteBody& out) {
    Taken taken;
    if (!read_body(json, taken, out.lines)) return false;
    out.drop = taken.drop, out.channel = taken.channel;
    if (taken.has_session) out.session.emplace(taken.session);
    return true;
}

namespace {

constexpr char cbor_array = '\x80', cbor_text = '\x60', long_text = '\x78', null = '\xF6';  // first octets of CBOR
constexpr std::size_t short_end = 24, text_max = 64;  // from 24 on the length has an octet of its own

// false: longer than there is room for.
bool put_text(char*& at, std::string_view text) {
    if (text.size() > text_max) return false;
    const auto n = static_cast<char>(text.size());
    if (text.size() < short_end)
        *at++ = static_cast<char>(cbor_text | n);
    else
        *at++ = long_text, *at++ = n;
    std::memcpy(at, text.data(), text.size());
    at += text.size();
    return true;
}

}  // namespace

std::string_view plain_cbor(const HoldBody& body) {
    constexpr std::size_t lines_max = 8;
    thread_local std::array<char, (3 + lines_max) * (2 + text_max) + 8 * lines_max> room;
    if (body.lines.size() > lines_max) return {};
    char* at = room.data();
    *at++ = static_cast<char>(cbor_array | 9);
    *at++ = null;  // quote
    if (!put_text(at, *body.drop) || !put_text(at, *body.channel)) return {};
    *at++ = static_cast<char>(cbor_array | static_cast<char>(body.lines.size()));
    for (const auto& line : body.lines) {
        *at++ = static_cast<char>(cbor_array | 4);
        if (!put_text(at, line.sku) || line.units.n < 0 || line.units.n >= std::int64_t{short_end}) return {};
        *at++ = static_cast<char>(line.units.n);
        *at++ = null, *at++ = null;  // expect_unit_price, instead_of
    }
    if (!body.session)
        *at++ = null;
    else if (!put_text(at, *body.session))
        return {};
    for (int i = 0; i < 4; ++i) *at++ = null;  // person, fulfilment, admission, pass
    return {room.data(), static_cast<std::size_t>(at - room.data())};
}

}  // namespace dropsmith::http
