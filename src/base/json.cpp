// JSON in: Boost.JSON's basic_parser reads the letters, the handler here fills the object by its field table and
// refuses what the table does not allow. A wrong value is noted with its pointer and skipped, so one answer names
// several mistakes; a broken document ends at once. JSON out and the writer stand in json_write.cpp. Any thread.
// Covered by base/json_test.cpp, json_fuzz.cpp.
#include "base/json.h"

#include <array>
#include <charconv>

#include <boost/json/basic_parser_impl.hpp>

#include "base/check.h"
#include "base/json_frames.h"
#include "base/json_words.h"
#include "base/limits.h"
#include "base/octets.h"
#include "base/public_id.h"
#include "base/text.h"

namespace dropsmith {

namespace {

using boost::json::error_code;
using namespace octets;
using json_words::append_token;
using json_words::expected;
using json_frames::Frame;
using json_frames::no_field;
using json_frames::Slot;
using json_words::in_seconds;
using Letters = boost::json::string_view;
constexpr std::size_t errors_max = 20;  // then we stop reading: the rest would be noise
constexpr std::size_t fields_max = 64;  // of one record: the seen ones are bits of a word

std::string_view view(Letters letters) { return {letters.data(), letters.size()}; }

constexpr std::array<std::string_view, 2> money_fields{"amount", "currency"};
class Handler {
  public:
    static constexpr std::size_t max_object_size = ~std::size_t{0};
    static constexpr std::size_t max_array_size = ~std::size_t{0};
    static constexpr std::size_t max_key_size = ~std::size_t{0};
    static constexpr std::size_t max_string_size = ~std::size_t{0};

    Handler(const Type& type, void* object, const JsonContext& context, JsonOptions options)
        : context_(context), options_(options), root_{&type, static_cast<char*>(object), false, false} {}

    std::vector<JsonError> errors;
    std::string pointer() const { return pointer_to(depth_); }

    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }

    bool on_object_begin(error_code& ec) {
        if (skip_container()) return true;
        Slot slot = take_slot();
        if (slot.type->kind == Kind::list && json_frames::is_entry(*slot.type->element)) {
            slot.type->clear(slot.object);
            push({slot.type, slot.object, 0, no_field, false, nullptr});
            return true;
        }
        if (in_any_money() || (slot.type->kind != Kind::record && slot.type->kind != Kind::money))
            return refuse_container(slot, ec);
        if (slot.type->kind == Kind::record)
            CHECK_BECAUSE(slot.type->fields.size() <= fields_max, "a record for JSON has at most 64 fields");
        push({slot.type, slot.object, 0, no_field, false});
        return true;
    }

    bool on_object_end(std::size_t, error_code& ec) {
        if (skip_depth_ > 0) return end_skipped();
        const Frame& frame = frames_[depth_ - 1];
        if (frame.entries()) {
            --depth_;
            return true;
        }
        if (frame.type->kind == Kind::money) {
            for (std::size_t i = 0; i < money_fields.size(); ++i)
                if (!(frame.seen >> i & 1) && !note_missing(money_fields[i], ec)) return false;
        } else {
            const auto fields = frame.type->fields;
            for (std::size_t i = 0; i < fields.size(); ++i) {
                if (frame.seen >> i & 1 || fields[i].default_ok) continue;
                const Kind kind = fields[i].type->kind;
                if (kind == Kind::optional || kind == Kind::list) continue;
                if (!note_missing(fields[i].name, ec)) return false;
            }
        }
        --depth_;
        return true;
    }

    bool on_array_begin(error_code& ec) {
        if (skip_container()) return true;
        Slot slot = take_slot();
        if (slot.type->kind != Kind::list) return refuse_container(slot, ec);
        slot.type->clear(slot.object);
        push({slot.type, slot.object, 0, no_field, slot.seconds});
        return true;
    }

    bool on_array_end(std::size_t, error_code&) {
        if (skip_depth_ > 0) return end_skipped();
        --depth_;
        return true;
    }

    bool on_key_part(Letters part, std::size_t, error_code&) {
        parts_.append(part.data(), part.size());
        return true;
    }

    bool on_key(Letters last, std::size_t, error_code& ec) {
        const std::string_view name = whole(last);
        const bool go_on = skip_depth_ > 0 || find_field(name, ec);
        parts_.clear();
        return go_on;
    }

    bool on_string_part(Letters part, std::size_t, error_code&) {
        parts_.append(part.data(), part.size());
        return true;
    }

    bool on_string(Letters last, std::size_t, error_code& ec) {
        const std::string_view text = whole(last);
        const bool go_on = skip_scalar() || take_text(text, ec);
        parts_.clear();
        return go_on;
    }

    bool on_number_part(Letters part, error_code&) {
        parts_.append(part.data(), part.size());
        return true;
    }

    bool on_int64(std::int64_t n, Letters last, error_code& ec) {
        const std::string_view text = whole(last);
        const bool go_on = skip_scalar() || take_integer(n, text, ec);
        parts_.clear();
        return go_on;
    }

    bool on_uint64(std::uint64_t n, Letters last, error_code& ec) {
        const std::string_view text = whole(last);
        const bool go_on = skip_scalar() || take_large(n, text, ec);
        parts_.clear();
        return go_on;
    }

    bool on_double(double, Letters last, error_code& ec) {
        const std::string_view text = whole(last);
        const bool go_on = skip_scalar() || take_fraction(text, ec);
        parts_.clear();
        return go_on;
    }

    bool on_bool(bool value, error_code& ec) {
        if (skip_scalar()) return true;
        const Slot slot = take_slot();
        if (slot.type->kind != Kind::boolean) return refuse_value(slot, ec);
        store(slot.object, value);
        return true;
    }

    bool on_null(error_code& ec) {
        if (skip_scalar()) return true;
        const Slot slot = take_slot(false);
        if (slot.type->kind == Kind::optional) {
            slot.type->clear(slot.object);
            return true;
        }
        if (slot.type->kind == Kind::id && slot.none_ok) {
            store(slot.object, std::uint64_t{0});
            return true;
        }
        return refuse_value(slot, ec);
    }

    bool on_comment_part(Letters, error_code&) { return true; }
    bool on_comment(Letters, error_code&) { return true; }

  private:
    std::string_view whole(Letters last) {
        if (parts_.empty()) return view(last);
        parts_.append(last.data(), last.size());
        return parts_;
    }

    void push(Frame frame) {
        CHECK(depth_ < frames_.size());
        frames_[depth_++] = frame;
    }

    // Skipping: one value that nobody wants, with all that it contains.
    bool skip_container() {
        if (skip_depth_ == 0 && !skip_next_) return false;
        skip_next_ = false;
        ++skip_depth_;
        return true;
    }
    bool skip_scalar() {
        if (skip_depth_ > 0) return true;
        const bool skipped = skip_next_;
        skip_next_ = false;
        return skipped;
    }
    bool end_skipped() {
        --skip_depth_;
        return true;
    }

    Slot take_slot(bool open_optional = true) {
        Slot slot = root_;
        if (depth_ > 0) {
            Frame& frame = frames_[depth_ - 1];
            if (frame.type->kind == Kind::record) {
                const Field& field = frame.type->fields[frame.at];
                slot = {field.type, frame.object + field.offset, false, field.default_ok};
                slot.seconds = in_seconds(field.name);
            } else if (frame.entries()) {
                const Field& value = frame.type->element->fields[1];
                slot = {value.type, frame.entry + value.offset, false, false};
            } else if (frame.type->kind == Kind::list) {
                ++frame.at;
                slot = {frame.type->element, static_cast<char*>(frame.type->grow(frame.object)), frame.seconds, false};
            } else {
                slot = {frame.type, frame.object, false, false};  // inside money: take_* look at frame.at
            }
        }
        while (open_optional && slot.type->kind == Kind::optional) {
            slot.object = static_cast<char*>(slot.type->emplace(slot.object));
            slot.type = slot.type->element;
        }
        return slot;
    }

    bool in_money(std::size_t field) const {
        return depth_ > 0 && frames_[depth_ - 1].type->kind == Kind::money && frames_[depth_ - 1].at == field;
    }
    bool in_any_money() const { return depth_ > 0 && frames_[depth_ - 1].type->kind == Kind::money; }

    // A member of an object that stands for a list of entries: its name is the entry's first field.
    bool find_entry(std::string_view name, error_code& ec) {
        Frame& frame = frames_[depth_ - 1];
        const bool twice = frame.has_entry(name);
        frame.at = frame.type->count(frame.object);
        frame.entry = static_cast<char*>(frame.type->grow(frame.object));
        frame.entry_name().assign(name);
        if (!twice) return true;
        skip_next_ = true;
        return note(pointer(), "is given twice; say it once", ec);
    }

    bool find_field(std::string_view name, error_code& ec) {
        Frame& frame = frames_[depth_ - 1];
        if (frame.entries()) return find_entry(name, ec);
        std::size_t found = no_field;
        if (frame.type->kind == Kind::money) {
            for (std::size_t i = 0; i < money_fields.size(); ++i)
                if (name == money_fields[i]) found = i;
        } else {
            const auto fields = frame.type->fields;
            for (std::size_t tried = 0, i = frame.at + 1; tried < fields.size();
                 ++tried, ++i) {  // mostly in their order
                if (i >= fields.size()) i = 0;
                if (fields[i].name != name) continue;
                found = i;
                break;
            }
        }
        if (found == no_field) {
            skip_next_ = true;
            if (options_.unknown_fields_ok) return true;
            std::string where = pointer_to(depth_ - 1);
            append_token(where, name);
            return note(std::move(where), "is not a field here; remove it or mend its spelling", ec);
        }
        frame.at = found;
        if (frame.seen >> found & 1) {
            skip_next_ = true;
            return note(pointer(), "is given twice; say it once", ec);
        }
        frame.seen |= std::uint64_t{1} << found;
        return true;
    }

    bool take_text(std::string_view text, error_code& ec) {
        if (in_money(1)) return take_currency(text, ec);
        const Slot slot = take_slot();
        if (in_any_money()) return refuse_amount(ec);
        switch (slot.type->kind) {
            case Kind::text:
                if (text.find('\0') != std::string_view::npos)
                    return note(pointer(), "may not hold the letter U+0000", ec);
                reinterpret_cast<std::string*>(slot.object)->assign(text);
                return true;
            case Kind::choice:
                for (std::size_t i = 0; i < slot.type->words.size(); ++i) {
                    if (slot.type->words[i] != text) continue;
                    store(slot.object, static_cast<std::uint8_t>(i));
                    return true;
                }
                return refuse_value(slot, ec);
            case Kind::instant: {
                const auto instant = parse_rfc3339(text);
                if (!instant) return refuse_value(slot, ec);
                store(slot.object, instant->ms);
                return true;
            }
            case Kind::id: {
                const auto n = context_.ids == nullptr ? std::nullopt : context_.ids->read(slot.type->name, text);
                if (!n) return refuse_value(slot, ec);
                store(slot.object, *n);
                return true;
            }
            case Kind::bytes: {
                const auto bytes = parse_hex(text);
                if (!bytes) return refuse_value(slot, ec);
                reinterpret_cast<std::vector<std::uint8_t>*>(slot.object)->assign(bytes->begin(), bytes->end());
                return true;
            }
            default:
                return refuse_value(slot, ec);
        }
    }

    bool take_currency(std::string_view text, error_code& ec) {
        if (context_.currency.empty() ? known_currency(text) : text == context_.currency) return true;
        if (context_.currency.empty())
            return note(pointer(), "must be a currency code of ISO 4217, for example \"GBP\"", ec);
        errors.push_back(
            {pointer(), "must be \"" + std::string(context_.currency) + "\", the one currency of this shop", true});
        return stop_when_many(ec);
    }

    bool take_integer(std::int64_t n, std::string_view text, error_code& ec) {
        if (in_money(1)) return note(pointer(), "must be a currency code of ISO 4217, for example \"GBP\"", ec);
        const Slot slot = take_slot();
        switch (slot.type->kind) {
            case Kind::integer:
                return store_signed(slot.object, slot.type->size, n) || refuse_range(slot, ec);
            case Kind::natural:
                return (n >= 0 && store_unsigned(slot.object, slot.type->size, static_cast<std::uint64_t>(n))) ||
                       refuse_range(slot, ec);
            case Kind::money:
                if (!in_any_money()) return refuse_value(slot, ec);
                store(slot.object, n);
                return true;
            case Kind::quantity:
                store(slot.object, n);
                return true;
            case Kind::duration:
                if (slot.seconds && __builtin_mul_overflow(n, 1000, &n)) return refuse_range(slot, ec);
                store(slot.object, n);
                return true;
            case Kind::rate:
                if (n != 0 && n != 1) return refuse_value(slot, ec);
                store(slot.object, n * whole_rate);
                return true;
            case Kind::id:
                if (context_.ids != nullptr || n < 0) return refuse_value(slot, ec);
                store(slot.object, static_cast<std::uint64_t>(n));
                return true;
            case Kind::real:
                return take_real(slot, text, ec);
            default:
                return refuse_value(slot, ec);
        }
    }

    bool take_large(std::uint64_t n, std::string_view text, error_code& ec) {  // above the signed range
        if (in_money(1)) return note(pointer(), "must be a currency code of ISO 4217, for example \"GBP\"", ec);
        const Slot slot = take_slot();
        switch (slot.type->kind) {
            case Kind::natural:
                return store_unsigned(slot.object, slot.type->size, n) || refuse_range(slot, ec);
            case Kind::id:
                if (context_.ids != nullptr) return refuse_value(slot, ec);
                store(slot.object, n);
                return true;
            case Kind::real:
                return take_real(slot, text, ec);
            case Kind::integer:
            case Kind::money:
            case Kind::quantity:
            case Kind::duration:
                return refuse_range(slot, ec);
            default:
                return refuse_value(slot, ec);
        }
    }

    bool take_fraction(std::string_view text, error_code& ec) {
        if (in_money(1)) return note(pointer(), "must be a currency code of ISO 4217, for example \"GBP\"", ec);
        const Slot slot = take_slot();
        if (slot.type->kind == Kind::real) return take_real(slot, text, ec);
        if (slot.type->kind == Kind::rate) {
            const auto ppm = parse_decimal(json_words::without_exponent(text), 6);
            if (!ppm || ppm->rounded || ppm->scaled < 0 || ppm->scaled > whole_rate) return refuse_value(slot, ec);
            store(slot.object, ppm->scaled);
            return true;
        }
        const bool fractional = text.find_first_of(".eE") != std::string_view::npos;
        return fractional ? refuse_value(slot, ec) : refuse_range(slot, ec);
    }

    bool take_real(const Slot& slot, std::string_view text, error_code& ec) {
        double value = 0;  // inputs of the lab only; from_chars rounds exactly, the parser's own double does not
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error != std::errc{} || end != text.data() + text.size()) return refuse_range(slot, ec);
        if (slot.type->size == sizeof(float))
            store(slot.object, static_cast<float>(value));
        else
            store(slot.object, value);
        return true;
    }

    // Errors. Each returns whether reading goes on.
    std::string pointer_to(std::size_t depth) const {
        std::string out;
        for (std::size_t i = 0; i < depth; ++i) {
            const Frame& frame = frames_[i];
            if (frame.at == no_field) continue;
            if (frame.type->kind == Kind::record)
                append_token(out, frame.type->fields[frame.at].name);
            else if (frame.type->kind == Kind::money)
                append_token(out, money_fields[frame.at]);
            else if (frame.entries())
                append_token(out, frame.entry_name());
            else
                append_token(out, std::to_string(frame.at));
        }
        return out;
    }
    bool note(std::string where, std::string detail, error_code& ec) {
        errors.push_back({std::move(where), std::move(detail), false});
        return stop_when_many(ec);
    }
    bool stop_when_many(error_code& ec) const {
        if (errors.size() < errors_max) return true;
        ec = boost::json::error::syntax;
        return false;
    }
    bool note_missing(std::string_view name, error_code& ec) {
        std::string where = pointer_to(depth_ - 1);
        append_token(where, name);
        return note(std::move(where), "is required", ec);
    }
    bool refuse_value(const Slot& slot, error_code& ec) {
        if (in_any_money()) return refuse_amount(ec);
        return note(pointer(), "must be " + expected(*slot.type, slot.seconds), ec);
    }
    bool refuse_amount(error_code& ec) {
        if (in_money(1)) return note(pointer(), "must be a currency code of ISO 4217, for example \"GBP\"", ec);
        return note(pointer(), "must be a whole number of minor units (pence, cents) without fraction or exponent", ec);
    }
    bool refuse_range(const Slot& slot, error_code& ec) {
        return note(pointer(), "is out of range; it must be " + expected(*slot.type, slot.seconds) + " that fits", ec);
    }
    bool refuse_container(const Slot& slot, error_code& ec) {
        skip_depth_ = 1;
        return refuse_value(slot, ec);
    }

    static constexpr std::int64_t whole_rate = 1'000'000;
    const JsonContext& context_;
    JsonOptions options_;
    Slot root_;
    std::array<Frame, limits::json_depth_max + 1> frames_;
    std::size_t depth_ = 0;
    std::size_t skip_depth_ = 0;
    bool skip_next_ = false;
    std::string parts_;
};

}  // namespace

Status<std::vector<JsonError>> parse_json(std::string_view text, const Type& type, void* object,
                                          const JsonContext& context, JsonOptions options) {
    boost::json::parse_options rules;
    rules.max_depth = limits::json_depth_max;
    boost::json::basic_parser<Handler> parser(rules, type, object, context, options);
    error_code ec;
    const std::size_t read = parser.write_some(false, text.data(), text.size(), ec);
    auto& handler = parser.handler();
    if (!ec && read < text.size()) ec = boost::json::error::extra_data;
    if (ec && handler.errors.size() < errors_max) {
        const bool deep = ec == boost::json::error::too_deep;
        handler.errors.push_back({handler.pointer(),
                                  deep ? "is nested deeper than " + std::to_string(limits::json_depth_max)
                                       : "is not JSON after byte " + std::to_string(read) + ": " + ec.message(),
                                  false});
    }
    if (!handler.errors.empty()) return Failure{std::move(handler.errors)};
    return Nothing{};
}

}  // namespace dropsmith
