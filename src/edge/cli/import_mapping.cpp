// See import_mapping.h; the one file that includes toml++. Covered by edge/cli/import_orders_test.cpp.
#include "edge/cli/import_mapping.h"

#include <array>
#include <functional>
#include <map>

#include <toml++/toml.h>

#include "base/text.h"
#include "edge/cli/import_words.h"

namespace dropsmith::cli {

namespace {

class Reader {
  public:
    explicit Reader(Mapping& mapping) : mapping_(mapping) {}
    std::string error;

    void read(const toml::table& top) {
        table(top, "",
              {
                  {"source", [this](auto& n, auto& at) { text(n, at, mapping_.source); }},
                  {"currency", [this](auto& n, auto& at) { text(n, at, mapping_.currency); }},
                  {"columns", [this](auto& n, auto& at) { columns(n, at); }},
                  {"file", [this](auto& n, auto& at) { file(n, at); }},
                  {"constants", [this](auto& n, auto& at) { constants(n, at); }},
                  {"time", [this](auto& n, auto& at) { time(n, at); }},
                  {"numbers", [this](auto& n, auto& at) { numbers(n, at); }},
                  {"returns", [this](auto& n, auto& at) { returns(n, at); }},
                  {"adjustments", [this](auto& n, auto& at) { adjustments(n, at); }},
              });
    }

  private:
    using Take = std::function<void(const toml::node&, const std::string&)>;
    using Takes = std::map<std::string, Take, std::less<>>;

    void fail(const toml::node& node, const std::string& at, const std::string& what) {
        if (error.empty()) error = "line " + std::to_string(node.source().begin.line) + ": " + at + " " + what;
    }
    void table(const toml::node& node, const std::string& at, const Takes& takes) {
        const auto* held = node.as_table();
        if (held == nullptr) return fail(node, at, "must be a table [" + at + "]");
        for (const auto& [key, value] : *held) {
            const auto take = takes.find(std::string_view(key.str()));
            if (take != takes.end()) {
                take->second(value, at.empty() ? take->first : at + "." + take->first);
                continue;
            }
            std::string known;
            for (const auto& [name, unused] : takes) known += (known.empty() ? "" : ", ") + name;
            fail(value, at.empty() ? std::string(key.str()) : at + "." + std::string(key.str()),
                 "is not known; here are known: " + known);
        }
    }
    void text(const toml::node& node, const std::string& at, std::string& out) {
        if (const auto* held = node.as_string())
            out = held->get();
        else
            fail(node, at, "must be text in quotes");
    }
    void truth(const toml::node& node, const std::string& at, bool& out) {
        if (const auto* held = node.as_boolean())
            out = held->get();
        else
            fail(node, at, "must be true or false");
    }
    void list(const toml::node& node, const std::string& at, std::vector<std::string>& out) {
        if (const auto* one = node.as_string()) {
            out = {one->get()};
            return;
        }
        const auto* many = node.as_array();
        if (many == nullptr || many->empty()) return fail(node, at, "must be text in quotes, or a list of such texts");
        for (const auto& item : *many) {
            if (const auto* held = item.as_string())
                out.push_back(held->get());
            else
                fail(item, at, "must be a list of texts in quotes");
        }
    }
    Take to(std::vector<std::string>& out) {
        return [this, &out](const toml::node& node, const std::string& at) { list(node, at, out); };
    }
    Take to(std::string& out) {
        return [this, &out](const toml::node& node, const std::string& at) { text(node, at, out); };
    }
    Take to(bool& out) {
        return [this, &out](const toml::node& node, const std::string& at) { truth(node, at, out); };
    }
    void columns(const toml::node& node, const std::string& at) {
        auto& m = mapping_;
        table(node, at,
              {{"order", to(m.order)},
               {"sku", to(m.sku)},
               {"title", to(m.title)},
               {"units", to(m.units)},
               {"unit_price", to(m.unit_price)},
               {"line_total", to(m.line_total)},
               {"time", to(m.time)},
               {"customer", to(m.customer)},
               {"size", to(m.size)},
               {"unit_cost", to(m.unit_cost)},
               {"list_price", to(m.list_price)},
               {"weight_g", to(m.weight_g)},
               {"gtin", to(m.gtin)},
               {"handle", to(m.handle)},
               {"brand", to(m.brand)},
               {"story", to(m.story)},
               {"place", to(m.place)},
               {"booked", to(m.booked)},
               {"amount", to(m.amount)},
               {"credit", to(m.credit)},
               {"text", to(m.text)},
               {"id", to(m.id)},
               {"joint", to(m.joint)}});
    }
    void file(const toml::node& node, const std::string& at) {
        std::string encoding = "utf-8";
        table(node, at,
              {{"skip_lines",
                [this](const toml::node& n, const std::string& where) {
                    const auto* held = n.as_integer();
                    if (held != nullptr && held->get() >= 0 && held->get() <= 1'000)
                        mapping_.skip_lines = held->get();
                    else
                        fail(n, where, "must be a whole number from 0 to 1000");
                }},
               {"encoding", to(encoding)}});
        if (encoding != "utf-8" && encoding != "latin-1")
            fail(node, at + ".encoding", "must be \"utf-8\" or \"latin-1\"");
        mapping_.latin_1 = encoding == "latin-1";
    }
    void constants(const toml::node& node, const std::string& at) {
        table(node, at,
              {{"units",
                [this](const toml::node& n, const std::string& where) {
                    const auto* held = n.as_integer();
                    if (held != nullptr && held->get() > 0)
                        mapping_.constant_units = held->get();
                    else
                        fail(n, where, "must be a whole number above 0");
                }},
               {"place", to(mapping_.constant_place)}});
    }
    void time(const toml::node& node, const std::string& at) {
        table(node, at,
              {{"format", to(mapping_.time_format)},
               {"zone", to(mapping_.zone)},
               {"zone_column", to(mapping_.zone_column)}});
        if (error.empty() && !mapping_.zone.empty() && !Zone::find(mapping_.zone))
            fail(node, at + ".zone", "must be a zone of the IANA list, for example \"Europe/London\"");
    }
    void numbers(const toml::node& node, const std::string& at) {
        std::string decimal = ".";
        table(node, at, {{"decimal", to(decimal)}});
        if (decimal == "." || decimal == ",")
            mapping_.decimal = decimal[0];
        else
            fail(node, at + ".decimal", "must be \".\" or \",\"");
    }
    void returns(const toml::node& node, const std::string& at) {
        table(node, at,
              {{"order_prefix", to(mapping_.return_prefixes)},
               {"negative_units", to(mapping_.negative_units_are_returns)}});
    }
    void adjustments(const toml::node& node, const std::string& at) {
        table(node, at,
              {{"order_prefix", to(mapping_.adjustment_prefixes)},
               {"skus", to(mapping_.adjustment_skus)},
               {"sku_prefix", to(mapping_.adjustment_sku_prefixes)},
               {"negative_units", to(mapping_.negative_units_are_adjustments)}});
    }

    Mapping& mapping_;
};

struct KnownExport {
    std::vector<std::string> columns;
    const char* toml;
};

const std::array<KnownExport, 2>& known_exports() {
    static const std::array<KnownExport, 2> all{{
        {{"InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID"},
         R"(source = "online-retail"
currency = "GBP"
[columns]
order = "InvoiceNo"
sku = "StockCode"
title = "Description"
units = "Quantity"
unit_price = "UnitPrice"
time = "InvoiceDate"
customer = "CustomerID"
[time]
format = "%Y-%m-%d %H:%M:%S"
zone = "Europe/London"
[returns]
order_prefix = ["C"]
[adjustments]
order_prefix = ["A"]
negative_units = true
skus = ["POST", "DOT", "M", "m", "D", "S", "B", "C2", "CRUK", "PADS", "BANK CHARGES", "AMAZONFEE"]
sku_prefix = ["gift_0001_"]
)"},
        {{"Order Date", "Sneaker Name", "Sale Price", "Retail Price", "Shoe Size", "Buyer Region"},
         R"(source = "stockx-2019"
currency = "USD"
[columns]
sku = "Sneaker Name"
title = "Sneaker Name"
unit_price = "Sale Price"
time = "Order Date"
[constants]
units = 1
[time]
format = "%Y-%m-%d"
zone = "America/Detroit"
)"},
    }};
    return all;
}

}  // namespace

Result<Mapping, std::string> parse_mapping(std::string_view text) {
    const toml::parse_result parsed = toml::parse(text);
    if (!parsed)
        return Failure{"line " + std::to_string(parsed.error().source().begin.line) + ": " +
                       std::string(parsed.error().description())};
    Mapping mapping;
    Reader reader(mapping);
    reader.read(parsed.table());
    if (reader.error.empty() && !mapping.currency.empty() && !known_currency(mapping.currency))
        reader.error = "currency must be a code of ISO 4217, for example \"GBP\"";
    if (!reader.error.empty()) return Failure{std::move(reader.error)};
    return mapping;
}

const char* known_mapping(const std::vector<std::string>& header) {
    for (const KnownExport& one : known_exports()) {
        bool all = true;
        for (const auto& column : one.columns) {
            bool found = false;
            for (const auto& name : header) found = found || name == column;
            all = all && found;
        }
        if (all) return one.toml;
    }
    return nullptr;
}

}  // namespace dropsmith::cli
