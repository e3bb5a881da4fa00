// Products and counts to the shop. A product whose SKUs are known from imported history only is made anew around them
// (the shop keeps the history); one that the shop has is changed; one that is equal is left alone. Covered by
// edge/cli/import_send_test.cpp.
#include <map>
#include <set>

#include "base/json.h"
#include "edge/cli/import_ask.h"
#include "edge/cli/import_send.h"
#include "edge/cli/json_pick.h"

namespace dropsmith::cli {

namespace {

namespace bjson = boost::json;
constexpr std::size_t lines_per_count = 50;

std::optional<Money> money_of(const bjson::value& object, std::string_view name) {
    const auto* money = member(object, name);
    const auto* amount = money != nullptr ? member(*money, "amount") : nullptr;
    if (amount == nullptr || !amount->is_int64()) return std::nullopt;
    return Money{amount->get_int64()};
}

struct Known {
    bjson::value product;  // null: the shop has no such SKU
    bjson::value sku;
    bool bare() const {
        return !money_of(sku, "unit_cost") && !money_of(sku, "list_price");
    }  // of imported history only
};

Result<Known, std::string> find(Door& door, const std::string& code) {
    const auto answer = ask(door, {"GET", "/v1/products", "sku=" + query_value(code), {}, {}});
    if (!answer) return Failure{answer.error()};
    if (!answer->good()) return Failure{answer->problem()};
    const auto* data = member(answer->body, "data");
    if (data == nullptr || !data->is_array() || data->get_array().empty()) return Known{};
    Known out{data->get_array().front(), {}};
    if (const auto* skus = member(out.product, "skus"); skus != nullptr && skus->is_array())
        for (const auto& sku : skus->get_array())
            if (text_of(sku, "sku") == code) out.sku = sku;
    return out;
}

std::uint32_t weight_of(const bjson::value& sku) {
    const auto* weight = member(sku, "weight_g");
    return weight != nullptr && weight->is_int64() ? static_cast<std::uint32_t>(weight->get_int64()) : 0;
}

// What the file leaves open stays as the shop has it.
GoodsSku merged(GoodsSku sku, const Known& known) {
    if (known.sku.is_null()) return sku;
    if (!sku.unit_cost) sku.unit_cost = money_of(known.sku, "unit_cost");
    if (!sku.list_price) sku.list_price = money_of(known.sku, "list_price");
    if (sku.size.empty()) sku.size = text_of(known.sku, "size");
    if (sku.gtin.empty()) sku.gtin = text_of(known.sku, "gtin");
    if (sku.weight_g == 0) sku.weight_g = weight_of(known.sku);
    return sku;
}

bool same(const GoodsSku& sku, const bjson::value& known) {
    return sku.unit_cost == money_of(known, "unit_cost") && sku.list_price == money_of(known, "list_price") &&
           sku.size == text_of(known, "size") && sku.gtin == text_of(known, "gtin") && sku.weight_g == weight_of(known);
}

std::string product_body(const GoodsProduct& product, const std::vector<GoodsSku>& skus, const std::string& currency) {
    std::string body;
    JsonWriter json(body);
    json.object().key("title").text(product.title);
    if (!product.story.empty()) json.key("story").text(product.story);
    if (!product.brand.empty()) json.key("brand").text(product.brand);
    json.key("skus").array();
    for (const auto& sku : skus) {
        json.object().key("sku").text(sku.sku).key("size").text(sku.size);
        if (sku.unit_cost) json.key("unit_cost").money(sku.unit_cost->n, currency);
        if (sku.list_price) json.key("list_price").money(sku.list_price->n, currency);
        json.key("weight_g").natural(sku.weight_g).key("gtin").text(sku.gtin).end();
    }
    json.end().end();
    return body;
}

struct Plan {  // what to ask for one product
    Asked asked;
    enum : unsigned char { nothing, create, change } what = nothing;
};

Result<Plan, std::string> plan_for(Door& door, const GoodsProduct& product, const std::string& currency) {
    std::vector<GoodsSku> skus;
    bool equal = true;
    bjson::value home;  // the product that is changed
    for (const auto& sku : product.skus) {
        const auto known = find(door, sku.sku);
        if (!known) return Failure{known.error()};
        skus.push_back(merged(sku, *known));
        equal = equal && !known->sku.is_null() && same(skus.back(), known->sku);
        if (!known->sku.is_null() && !known->bare()) {
            equal = equal && (home.is_null() || text_of(home, "id") == text_of(known->product, "id"));
            if (home.is_null()) home = known->product;
        }
    }
    if (home.is_null())
        return Plan{{"POST", "/v1/products", {}, product_body(product, skus, currency), {}}, Plan::create};
    equal = equal && text_of(home, "title") == product.title &&
            (product.story.empty() || text_of(home, "story") == product.story) &&
            (product.brand.empty() || text_of(home, "brand") == product.brand);
    if (equal) return Plan{};
    return Plan{{"PATCH", "/v1/products/" + text_of(home, "id"), {}, product_body(product, skus, currency), {}},
                Plan::change};
}

Result<std::map<std::string, std::string>, std::string> places(Door& door) {
    std::map<std::string, std::string> out;
    std::string cursor;
    for (;;) {
        const auto answer = ask(
            door,
            {"GET", "/v1/places", cursor.empty() ? "limit=200" : "limit=200&cursor=" + query_value(cursor), {}, {}});
        if (!answer) return Failure{answer.error()};
        if (!answer->good()) return Failure{answer->problem()};
        if (const auto* data = member(answer->body, "data"); data != nullptr && data->is_array())
            for (const auto& place : data->get_array()) out[text_of(place, "name")] = text_of(place, "id");
        cursor = answer->text("next");
        if (cursor.empty()) return out;
    }
}

}  // namespace

Result<Sent, std::string> send_products(Door& door, const Goods& goods, const Progress& progress) {
    Sent sent;
    std::uint64_t done = 0;
    for (const auto& product : goods.products) {
        const auto plan = plan_for(door, product, goods.currency);
        if (!plan) return Failure{plan.error()};
        if (plan->what == Plan::nothing) {
            sent.unchanged += product.skus.size();
        } else {
            const auto answer = ask(door, plan->asked);
            if (!answer) return Failure{answer.error()};
            if (!answer->good()) return Failure{"'" + product.title + "': " + answer->problem()};
            sent.taken += product.skus.size();
            ++(plan->what == Plan::create ? sent.created : sent.changed);
        }
        progress(++done, goods.products.size());
    }
    return sent;
}

Result<Sent, std::string> send_stock(Door& door, Goods& goods, bool create_places, const Progress& progress) {
    auto known = places(door);
    if (!known) return Failure{known.error()};
    std::map<std::string, std::vector<const GoodsCount*>> by_place;
    std::map<std::string, bool> sku_known;
    for (const auto& count : goods.counts) {
        by_place[count.place].push_back(&count);
        const auto [at, fresh] = sku_known.try_emplace(count.sku, false);
        if (!fresh) continue;
        const auto found = find(door, count.sku);
        if (!found) return Failure{found.error()};
        at->second = !found->sku.is_null();
    }
    std::vector<Problem> unknown;
    std::set<std::string> named;
    for (const auto& count : goods.counts) {
        if (!sku_known[count.sku])
            unknown.push_back(
                {count.row, "SKU", "'" + count.sku + "' is no SKU of this shop; import its product first"});
        if (!create_places && !known->contains(count.place) && named.insert(count.place).second)
            unknown.push_back(
                {count.row, "Location", "'" + count.place + "' is no place of this shop; --create-places makes it"});
    }
    if (!unknown.empty()) {
        goods.problems.insert(goods.problems.end(), unknown.begin(), unknown.end());
        return Failure{std::string("nothing was counted: the file names what the shop does not have")};
    }
    Sent sent;
    const auto shop = ask_shop(door);
    if (!shop) return Failure{shop.error()};
    for (const auto& [place, counts] : by_place) {
        std::string id = (*known)[place];
        if (id.empty()) {
            std::string body;
            JsonWriter(body)
                .object()
                .key("name")
                .text(place)
                .key("kind")
                .text("store")
                .key("time_zone")
                .text(shop->time_zone)
                .end();
            const auto made = ask(door, {"POST", "/v1/places", {}, body, {}});
            if (!made) return Failure{made.error()};
            if (!made->good()) return Failure{"'" + place + "': " + made->problem()};
            id = made->text("id");
            ++sent.created;
        }
        for (std::size_t first = 0; first < counts.size(); first += lines_per_count) {
            std::string body;
            JsonWriter json(body);
            json.object().key("place").text(id).key("lines").array();
            const std::size_t last = std::min(counts.size(), first + lines_per_count);
            for (std::size_t i = first; i < last; ++i)
                json.object().key("sku").text(counts[i]->sku).key("units").integer(counts[i]->units).end();
            json.end().key("note").text("import").end();
            const auto counted = ask(door, {"POST", "/v1/stock/counts", {}, body, {}});
            if (!counted) return Failure{counted.error()};
            if (!counted->good()) return Failure{"'" + place + "': " + counted->problem()};
            sent.taken += last - first;
            progress(sent.taken, goods.counts.size());
        }
    }
    return sent;
}

}  // namespace dropsmith::cli
