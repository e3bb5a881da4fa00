// See import_goods.h. Covered by edge/cli/import_goods_test.cpp.
#include "edge/cli/import_goods.h"

#include <array>
#include <map>
#include <set>

#include "base/limits.h"
#include "base/text.h"
#include "edge/cli/import_words.h"

namespace dropsmith::cli {

namespace {

using Column = std::optional<std::size_t>;

Column first_of(const Table& table, std::initializer_list<std::string_view> names) {
    for (const auto name : names)
        if (const auto at = table.find(name)) return at;
    return std::nullopt;
}

// Text of a description in HTML: tags go, the few usual entities become letters.
std::string plain(std::string_view html) {
    constexpr std::array<std::array<std::string_view, 2>, 6> entities{
        {{"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}, {"&nbsp;", " "}}};
    std::string out;
    for (std::size_t i = 0; i < html.size(); ++i) {
        if (html[i] == '<') {
            const auto end = html.find('>', i);
            if (end != std::string_view::npos) {
                const bool block = html.substr(i, 3) != "<b>" && html.substr(i, 4) != "</b>" &&
                                   html.substr(i, 3) != "<i>" && html.substr(i, 4) != "</i>";
                if (block && !out.empty() && !out.ends_with(' ')) out += ' ';
                i = end;
                continue;
            }
        }
        bool found = false;
        for (const auto& [entity, letter] : entities) {
            if (!html.substr(i).starts_with(entity)) continue;
            out += letter;
            i += entity.size() - 1;
            found = true;
            break;
        }
        if (!found) out += html[i];
    }
    std::string trimmed(trim(out));
    if (trimmed.size() > limits::text_max) trimmed.resize(limits::text_max);
    while (!valid_utf8(trimmed)) trimmed.pop_back();
    return trimmed;
}

struct ProductColumns {
    std::vector<Column> sku, title;
    Column handle, story, brand, gtin, cost, price, weight, weight_pounds;
    std::vector<Column> options;
    std::string joint = " / ", price_name, cost_name;
    char decimal = '.';
    bool title_needed = true;
    bool fill_down = false;  // product fields stand on the first row of a handle only
};

std::string joined(const Table& table, const std::vector<Column>& columns, std::string_view joint) {
    std::string out;
    for (const auto column : columns) {
        const auto cell = table.cell(column);
        if (cell.empty() || cell == "Default Title" || cell == "Regular") continue;
        if (!out.empty()) out += joint;
        out += cell;
    }
    return out;
}

ProductColumns shopify_columns(const Table& table) {
    ProductColumns c;
    c.handle = first_of(table, {"Handle", "URL handle"});
    c.title = {first_of(table, {"Title"})};
    c.story = first_of(table, {"Body (HTML)", "Description"});
    c.brand = first_of(table, {"Vendor"});
    c.sku = {first_of(table, {"Variant SKU", "SKU"})};
    c.options = {first_of(table, {"Option1 Value"}), first_of(table, {"Option2 Value"}),
                 first_of(table, {"Option3 Value"})};
    c.gtin = first_of(table, {"Variant Barcode", "Barcode", "Barcodes"});
    c.price = first_of(table, {"Variant Price", "Price"});
    c.cost = first_of(table, {"Cost per item"});
    c.weight = first_of(table, {"Variant Grams", "Weight value (grams)"});
    c.price_name = "Price", c.cost_name = "Cost per item";
    c.fill_down = true;
    return c;
}

ProductColumns square_columns(const Table& table) {
    ProductColumns c;
    c.handle = first_of(table, {"Reference Handle"});
    c.title = {first_of(table, {"Item Name"})};
    c.story = first_of(table, {"Description"});
    c.brand = first_of(table, {"Default Vendor Name"});
    c.sku = {first_of(table, {"SKU"})};
    c.options = {first_of(table, {"Variation Name"})};
    c.gtin = first_of(table, {"GTIN"});
    c.price = first_of(table, {"Price"});
    c.cost = first_of(table, {"Default Unit Cost"});
    c.weight_pounds = first_of(table, {"Weight (lb)"});
    c.price_name = "Price", c.cost_name = "Default Unit Cost";
    return c;
}

std::vector<Column> all_of(const Table& table, const Columns& names, Goods& goods) {
    std::vector<Column> out;
    for (const auto& name : names) {
        out.push_back(table.find(name));
        if (!out.back()) goods.problem(0, name, "the file has no such column");
    }
    return out;
}
Column one_of(const Table& table, const Columns& names, Goods& goods) {
    const auto all = all_of(table, names, goods);
    return all.empty() ? std::nullopt : all.front();
}

ProductColumns mapped_columns(const Table& table, const Mapping& m, Goods& goods) {
    ProductColumns c;
    c.handle = one_of(table, m.handle, goods);
    c.title = all_of(table, m.title, goods);
    c.story = one_of(table, m.story, goods);
    c.brand = one_of(table, m.brand, goods);
    c.sku = all_of(table, m.sku, goods);
    c.options = all_of(table, m.size, goods);
    c.gtin = one_of(table, m.gtin, goods);
    c.price = one_of(table, m.list_price, goods);
    c.cost = one_of(table, m.unit_cost, goods);
    c.weight = one_of(table, m.weight_g, goods);
    c.price_name = m.list_price.empty() ? "" : m.list_price[0], c.cost_name = m.unit_cost.empty() ? "" : m.unit_cost[0];
    c.joint = m.joint, c.decimal = m.decimal;
    if (c.sku.empty()) goods.problem(0, "columns.sku", "of the mapping is missing");
    if (c.title.empty()) goods.problem(0, "columns.title", "of the mapping is missing");
    return c;
}

class Products {
  public:
    Products(Table& table, ProductColumns columns, Goods& goods)
        : table_(table), columns_(std::move(columns)), goods_(goods), places_(currency_places(goods.currency)) {}

    void row() {
        ++goods_.rows;
        const std::uint64_t row = table_.row();
        if (table_.cells() != table_.header().size())
            return goods_.problem(row, "",
                                  "has " + std::to_string(table_.cells()) + " cells, the header " +
                                      std::to_string(table_.header().size()));
        std::string title = joined(table_, columns_.title, columns_.joint);
        std::string handle(table_.cell(columns_.handle));
        if (handle.empty() && columns_.fill_down) handle = last_handle_;
        if (handle.empty()) handle = title;
        last_handle_ = handle;
        GoodsSku sku{row,
                     joined(table_, columns_.sku, columns_.joint),
                     joined(table_, columns_.options, " / "),
                     std::string(table_.cell(columns_.gtin)),
                     {},
                     {},
                     0};
        if (sku.sku.empty()) {
            const bool only_a_picture = table_.cell(columns_.price).empty();
            if (only_a_picture) return;
            return goods_.problem(row, "SKU", "is empty; every variant needs a code of its own");
        }
        const auto known = at_.find(handle);
        if (known == at_.end() && title.empty())
            return goods_.problem(row, "Title", "is empty on the first row of '" + handle + "'");
        if (!codes_.insert(sku.sku).second)
            return goods_.problem(row, "SKU", "'" + sku.sku + "' stands in an earlier row");
        if (sku.sku.size() > limits::name_max || title.size() > limits::name_max)
            return goods_.problem(row, "SKU", "a code and a title have at most 200 bytes");
        if (!money(columns_.price, columns_.price_name, sku.list_price) ||
            !money(columns_.cost, columns_.cost_name, sku.unit_cost) || !weight(sku))
            return;
        if (known == at_.end()) {
            at_[handle] = goods_.products.size();
            goods_.products.push_back(
                {handle, title, plain(table_.cell(columns_.story)), std::string(table_.cell(columns_.brand)), {}});
        }
        goods_.products[at_[handle]].skus.push_back(std::move(sku));
    }

  private:
    bool money(Column column, std::string_view name, std::optional<Money>& out) {
        const auto cell = table_.cell(column);
        if (cell.empty() || cell == "variable") return true;
        const auto amount = parse_amount(cell, columns_.decimal);
        const auto minor = amount ? to_minor(*amount, 1, places_) : std::nullopt;
        if (!minor || *minor < 0)
            return goods_.problem(table_.row(), name, "'" + std::string(cell) + "' is not an amount"), false;
        out = Money{*minor};
        return true;
    }
    bool weight(GoodsSku& sku) {
        const auto cell = table_.cell(columns_.weight ? columns_.weight : columns_.weight_pounds);
        if (cell.empty()) return true;
        const auto amount = parse_amount(cell, columns_.decimal);
        std::optional<std::int64_t> grams = amount ? to_minor(*amount, 1, 0) : std::nullopt;
        if (amount && !columns_.weight) {  // pounds
            const auto micro = to_minor(*amount, 1, 6);
            grams = micro ? try_mul_div_round(*micro, 45'359'237, 100'000'000'000) : std::nullopt;
        }
        if (!grams || *grams < 0 || *grams > 10'000'000)
            return goods_.problem(table_.row(), "weight", "'" + std::string(cell) + "' is not a weight"), false;
        sku.weight_g = static_cast<std::uint32_t>(*grams);
        return true;
    }

    Table& table_;
    ProductColumns columns_;
    Goods& goods_;
    int places_;
    std::map<std::string, std::size_t> at_;
    std::set<std::string> codes_;
    std::string last_handle_;
};

bool has_all(const Table& table, std::initializer_list<std::string_view> names) {
    for (const auto name : names)
        if (!table.find(name)) return false;
    return true;
}

}  // namespace

FileKind sniff(const Table& table) {
    if (has_all(table, {"Name", "Lineitem quantity", "Lineitem price", "Created at"})) return FileKind::shopify_orders;
    if (has_all(table, {"Transaction ID", "Item", "Qty", "Time Zone"})) return FileKind::square_items;
    if (has_all(table, {"Item Name", "Variation Name", "SKU"})) return FileKind::square_library;
    if (has_all(table, {"Handle", "SKU", "Location"})) return FileKind::shopify_stock;
    if (has_all(table, {"Handle", "Title", "Variant SKU"}) || has_all(table, {"URL handle", "Title", "SKU", "Price"}))
        return FileKind::shopify_products;
    if (has_all(table, {"Handle", "Title", "SKU", "Option1 Name"}) && !table.find("Variant Price"))
        return FileKind::shopify_stock;
    if (known_mapping(table.header()) != nullptr) return FileKind::known;
    return FileKind::unknown;
}

void read_products(Table& table, FileKind kind, const Mapping* mapping, Goods& goods) {
    ProductColumns columns = mapping != nullptr                 ? mapped_columns(table, *mapping, goods)
                             : kind == FileKind::square_library ? square_columns(table)
                                                                : shopify_columns(table);
    if (mapping == nullptr && (!columns.sku[0] || !columns.title[0]))
        goods.problem(0, "SKU", "the file has no columns for title and SKU; is it a products export?");
    if (goods.fatal()) return;
    Products products(table, std::move(columns), goods);
    while (table.next()) products.row();
    if (const auto error = table.error(); !error.empty()) goods.problem(0, "", error);
}

}  // namespace dropsmith::cli
