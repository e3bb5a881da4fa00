// See try.h. Covered by edge/cli/try_test.cpp.
#include "edge/cli/try.h"

#include <chrono>
#include <thread>

#include <boost/json/serialize.hpp>

#include "base/json.h"
#include "base/text.h"
#include "edge/cli/import_ask.h"
#include "edge/cli/import_goods.h"
#include "edge/cli/json_pick.h"

namespace dropsmith::cli {

namespace {

namespace bjson = boost::json;

const bjson::value& at(const bjson::value& object, std::string_view name) {
    static const bjson::value nothing;
    const auto* found = member(object, name);
    return found != nullptr ? *found : nothing;
}
const bjson::array& list(const bjson::value& object, std::string_view name) {
    static const bjson::array nothing;
    const auto* found = at(object, name).if_array();
    return found != nullptr ? *found : nothing;
}
std::string money(const bjson::value& object, std::string_view name) {
    const auto* amount = at(at(object, name), "amount").if_int64();
    return amount != nullptr ? format_money(Money{*amount}, text_of(at(object, name), "currency")) : "-";
}
std::string shown(const bjson::value& value) {
    return value.is_string() ? std::string(value.get_string().data(), value.get_string().size())
                             : bjson::serialize(value);
}
// A share as a percentage with one place, without arithmetic on fractions of two.
std::string percent(const bjson::value& share) {
    const auto text = share.is_double() ? std::to_string(share.get_double()) : shown(share);
    const auto ppm = parse_decimal(text, 3);
    return ppm ? format_decimal(ppm->scaled, 1) + " %" : "-";
}
std::string padded(std::string text, std::size_t width) {
    if (text.size() > width) text.resize(width);
    while (!valid_utf8(text)) text.pop_back();
    return text + std::string(width - std::min(width, text.size()), ' ');
}
std::string right(const std::string& text, std::size_t width) {
    return std::string(width - std::min(width, text.size()), ' ') + text;
}

class Trying {
  public:
    Trying(const TryAsk& ask, const ImportDoors& doors) : ask_(ask), doors_(doors) {}

    Outcome run() {
        if (!sort_files() || !import_all() || !learn()) {
            Outcome out{1, "", "dropsmith try: " + trouble_ + "\n"};
            return out;
        }
        return {0, ask_.json ? as_json() : as_story(), ""};
    }

  private:
    bool fail(std::string why) {
        trouble_ = std::move(why);
        return false;
    }

    bool sort_files() {
        for (const auto& file : ask_.files) {
            if (file == "-") return fail("files are read twice: give a file, not standard input");
            auto stream = doors_.open(file);
            if (!stream) return fail(stream.error().what);
            const Table table(std::move(stream).value());
            if (const auto error = table.error(); !error.empty()) return fail(error);
            const FileKind kind = sniff(table);
            if (kind == FileKind::shopify_products || kind == FileKind::square_library)
                products_.push_back(file);
            else if (kind == FileKind::shopify_stock)
                stock_.push_back(file);
            else
                orders_.push_back(file);
        }
        if (orders_.empty())
            return fail("there are no orders among the files: without sales there is nothing to learn from");
        return true;
    }

    bool import_one(ImportWhat what, const std::vector<std::string>& files, std::string& out) {
        if (files.empty()) return true;
        ImportAsk import;
        import.what = what;
        import.files = files;
        if (what == ImportWhat::orders) import.map = ask_.map, import.date_order = ask_.date_order;
        import.currency = ask_.currency;
        import.skip_bad = ask_.skip_bad;
        import.create_places = true;
        import.json = ask_.json;
        const Outcome outcome = run_import(import, doors_);
        if (outcome.code != 0) return fail(outcome.out + outcome.err);
        out = outcome.out;
        return true;
    }

    bool import_all() {
        std::string products, stock;  // orders first: a new shop takes their currency
        return import_one(ImportWhat::orders, orders_, imported_) &&
               import_one(ImportWhat::products, products_, products) && import_one(ImportWhat::stock, stock_, stock);
    }

    bool take(Door& door, Asked asked, bjson::value& out) {
        auto answer = cli::ask(door, std::move(asked));
        if (!answer) return fail(answer.error());
        if (!answer->good()) return fail(answer->problem());
        out = std::move(answer->body);
        return true;
    }

    bool learn() {
        auto door = doors_.shop("");
        if (!door) return fail(door.error().what);
        show("measuring how fast everything sold");
        if (!take(**door, {"GET", "/v1/audit/velocity", "top=0.1", {}, {}}, audit_)) return false;
        show("drafting a drop");
        if (!take(**door, {"POST", "/v1/plans", {}, "{}", {}}, plan_)) return false;
        show("rehearsing it " + std::to_string(ask_.runs) + " times");
        return rehearse(**door);
    }

    const bjson::value& drop() const { return at(plan_, at(plan_, "drop").is_object() ? "drop" : "plan"); }

    bool rehearse(Door& door) {
        std::string body;
        JsonWriter(body)
            .object()
            .key("plan")
            .raw(bjson::serialize(drop()))
            .key("runs")
            .natural(ask_.runs)
            .key("seed")
            .natural(1)
            .end();
        bjson::value begun;
        if (!take(door, {"POST", "/v1/rehearsals", {}, body, {}}, begun)) return false;
        const std::string path = "/v1/rehearsals/" + text_of(begun, "id");
        constexpr int polls_max = 6'000;  // of 50 ms: five minutes
        for (int i = 0; i < polls_max; ++i) {
            bjson::value state;
            if (!take(door, {"GET", path, {}, {}, {}}, state)) return false;
            if (text_of(state, "status") == "failed") return fail("the rehearsal failed: " + text_of(state, "detail"));
            if (text_of(state, "status") == "done") {
                rehearsal_ = at(state, "result");
                show("");
                return true;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
        return fail("the rehearsal takes longer than five minutes; try --runs 100");
    }

    void show(const std::string& line) const {
        if (doors_.show) doors_.show(line);
    }

    std::string as_json() const {
        std::string out;
        JsonWriter json(out);
        json.object().key("import").raw(trim(imported_)).key("audit").raw(bjson::serialize(audit_));
        json.key("plan").raw(bjson::serialize(plan_)).key("rehearsal").raw(bjson::serialize(rehearsal_)).end();
        return out + "\n";
    }

    std::string as_story() const {
        std::string out = "WHAT YOU SOLD\n" + imported_;
        out += "\nWHAT SELLS FAST: " + shown(at(audit_, "picked")) + " of " + shown(at(audit_, "skus")) +
               " SKUs are the fastest tenth. The first ten:\n";
        out += "  " + padded("SKU", 24) + padded("title", 36) + right("units", 9) + right("a day", 10) +
               right("revenue", 18) + "\n";
        std::size_t rows = 0;
        for (const auto& row : list(audit_, "data")) {
            if (++rows > 10) break;
            const auto velocity = parse_decimal(at(row, "velocity_per_day").is_double()
                                                    ? std::to_string(at(row, "velocity_per_day").get_double())
                                                    : shown(at(row, "velocity_per_day")),
                                                2);
            out += "  " + padded(text_of(row, "sku"), 23) + " " + padded(text_of(row, "title"), 35) + " " +
                   right(shown(at(row, "units")), 9) + right(velocity ? format_decimal(velocity->scaled, 2) : "-", 10) +
                   right(money(row, "revenue"), 18) + "\n";
        }
        out += "\nA FIRST DROP, drafted from it: " + text_of(drop(), "title") + ", " + text_of(drop(), "opens_at") +
               " to " + text_of(drop(), "closes_at") + "\n";
        for (const auto& line : list(drop(), "lines")) {
            out += "  " + text_of(line, "sku") + ": " + shown(at(line, "cap")) + " units, prices";
            for (const auto& band : list(line, "bands")) {
                const auto* amount = at(band, "amount").if_int64();
                if (amount != nullptr) out += " " + format_money(Money{*amount}, text_of(band, "currency"));
            }
            out += ", never below " + money(line, "floor") + "\n";
        }
        for (const auto& note : list(plan_, "explanations"))
            out += "    " + text_of(note, "pointer") + ": " + text_of(note, "detail") + "\n";
        for (const auto& assumed : list(plan_, "assumptions"))
            out += "  assumed: " + text_of(assumed, "sku") + ": " + text_of(assumed, "detail") + "\n";
        out += "\nREHEARSED " + shown(at(rehearsal_, "runs")) + " times with simulated shoppers (seed " +
               shown(at(rehearsal_, "seed")) + "):\n";
        for (const auto& policy : list(rehearsal_, "policies")) {
            const auto& margin = at(policy, "margin");
            out += "  " + padded(text_of(policy, "policy"), 12) + "margin " + money(margin, "mean") + " (" +
                   money(margin, "p05") + " to " + money(margin, "p95") + "), sells " +
                   percent(at(at(policy, "sell_through"), "mean")) + ", sold out in " +
                   percent(at(policy, "sold_out_share")) + " of the runs\n";
        }
        const auto& gain = at(rehearsal_, "margin_against_best_fixed");
        out += "  against the best fixed price (" + text_of(rehearsal_, "best_fixed") + "): " + money(gain, "mean") +
               " margin a drop\n";
        for (const auto& assumption : list(rehearsal_, "assumptions")) out += "  assumes: " + shown(assumption) + "\n";
        out +=
            "\nNothing left this machine, and the temporary shop is gone. To keep it:\n"
            "  dropsmith import orders " +
            orders_[0] + " --data ~/shop && dropsmith serve --data ~/shop\n";
        return out;
    }

    const TryAsk& ask_;
    const ImportDoors& doors_;
    std::vector<std::string> orders_, products_, stock_;
    std::string imported_, trouble_;
    bjson::value audit_, plan_, rehearsal_;
};

}  // namespace

Outcome run_try(const TryAsk& ask, const ImportDoors& doors) { return Trying(ask, doors).run(); }

}  // namespace dropsmith::cli
