// order_dump COUNT SEED: sells COUNT random orders through the real rules (hold, confirm, refund, cancel) in three tax
// regimes and three currencies, and prints one JSON line each: what was put in, and what came out. order_oracle.py
// judges. Amounts are decimals of the currency, so that its places are judged too. The same seed prints the same bytes.
#include <charconv>
#include <cstdio>
#include <cstring>

#include "base/text.h"
#include "flow/sell/shop_testing.h"

namespace dropsmith::sell {
namespace {

constexpr std::size_t orders_per_shop = 500;

struct Regime {
    const char* name;
    bool shop_includes, channel_includes;
    std::vector<std::int64_t> rates;
    std::vector<std::string> zones;
};
const Regime regimes[] = {
    {"included", true, true, {200'000, 50'000, 0, 175'000}, {"", "GB", "IM"}},
    {"added", false, false, {72'500, 88'750, 0, 101'000, 62'500}, {"", "US", "US-CA", "US-NY"}},
    {"mixed", true, false, {100'000, 80'000, 333'333, 1, 999'999, 1'000'000}, {"", "JP", "BH", "DE"}},
};
const char* const currencies[] = {"GBP", "JPY", "BHD"};
const char* const categories[] = {"standard", "reduced", "zero", "books"};

class Line {  // one line of JSON, written in order
  public:
    explicit Line(std::string_view currency) : places_(currency_places(currency)) {}
    Line& key(std::string_view name) { return comma(), quote(name), out_ += ':', fresh_ = true, *this; }
    Line& open(char c) { return comma(), out_ += c, fresh_ = true, *this; }
    Line& close(char c) { return out_ += c, fresh_ = false, *this; }
    Line& text(std::string_view value) { return comma(), quote(value), *this; }
    Line& integer(std::int64_t value) { return comma(), out_ += std::to_string(value), *this; }
    Line& flag(bool value) { return comma(), out_ += value ? "true" : "false", *this; }
    Line& money(Money amount) { return text(format_decimal(amount.n, places_)); }
    void print() { out_ += '\n', std::fwrite(out_.data(), 1, out_.size(), stdout); }

  private:
    void comma() {
        if (!fresh_) out_ += ',';
        fresh_ = false;
    }
    void quote(std::string_view value) { (out_ += '"').append(value) += '"'; }
    int places_;
    std::string out_;
    bool fresh_ = true;
};

class Seller {
  public:
    Seller(Random& random, const Regime& regime, const char* currency)
        : random_(random), regime_(regime), currency_(currency), shop_(currency, regime.shop_includes) {
        for (int i = 0; i < 8; ++i) skus_.push_back(shop_.sku("S" + std::to_string(i), category()));
        if (regime.channel_includes != regime.shop_includes) {
            shop_.must(AddChannel{"other", ChannelMode::own, regime.channel_includes, {}});
            channel_ = ChannelId{2};
        }
        std::vector<LineTerms> lines;
        for (auto sku : skus_) {
            shop_.receive(sku, 1'000'000'000);
            lines.push_back(TestShop::line(sku, 1'000'000'000));
        }
        auto terms = shop_.terms(lines);
        terms.channels = {channel_};
        shop_.must(DraftDrop{terms});
        drop_ = DropId{1};
        shop_.take(DropScheduled{drop_, terms.opens_at, terms.closes_at, terms.preorder_release});
        shop_.run_to(terms.opens_at);
        opens_ = terms.opens_at, closes_ = terms.closes_at;
        set_terms();
    }

    void sell_one(std::uint64_t number) {
        const bool at_the_end = chance(10);
        shop_.now = at_the_end ? closes_ - minutes(5) : opens_ + Duration{below(20 * 3'600'000)};
        PlaceHold wish{drop_, channel_, {}, {}, 0, {}};
        std::vector<std::size_t> chosen;
        for (std::size_t i = 0; i < skus_.size(); ++i)
            if (chance(40) || (chosen.empty() && i + 1 == skus_.size())) chosen.push_back(i);
        for (auto i : chosen) {
            price(i) = random_price();
            wish.lines.push_back({skus_[i], Quantity{chance(5) ? 1 + below(5'000) : 1 + below(9)}, {}});
        }
        shop_.must(wish);
        const HoldId hold{shop_.state.holds.table.next().n - 1};
        Line out(currency_);
        put_head(out, number);
        out.key("lines").open('[');
        std::vector<std::pair<Money, Money>> prices;
        for (std::size_t k = 0; k < chosen.size(); ++k) {
            const auto i = chosen[k];
            const auto held = price(i);
            if (chance(30)) price(i) = random_price();
            const auto& product = shop_.state.catalogue.products[shop_.state.catalogue.find(skus_[i])->product.n - 1];
            out.open('{')
                .key("units")
                .integer(wish.lines[k].units.n)
                .key("held")
                .money(held)
                .key("now")
                .money(price(i));
            out.key("category").text(product.tax_category).close('}');
        }
        out.close(']');
        if (at_the_end && chance(50)) shop_.now = closes_ + minutes(1);  // the hold outlives the drop
        const auto& zone =
            regime_.zones[static_cast<std::size_t>(below(static_cast<std::int64_t>(regime_.zones.size())))];
        ConfirmHold confirm;
        confirm.hold = hold;
        confirm.fulfilment = chance(50) ? FulfilmentMethod::ship : FulfilmentMethod::pickup;
        confirm.tax_zone = zone;
        confirm.paid = !chance(8);
        out.key("at").integer(shop_.now.ms).key("closes_at").integer(closes_.ms).key("zone").text(zone);
        const auto& method = shop_.state.shop.delivery[confirm.fulfilment == FulfilmentMethod::ship ? 1 : 0];
        out.key("charge").money(method.charge).key("charge_category").text(method.tax_category);
        out.key("paid").flag(confirm.paid);
        shop_.must(confirm);
        const OrderId id{shop_.state.orders.table.next().n - 1};
        put_order(out, shop_.order(id));
        put_refunds(out, id);
        out.close('}').print();
    }

  private:
    std::int64_t below(std::int64_t n) {
        return static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(n)));
    }
    bool chance(std::int64_t percent) { return below(100) < percent; }
    std::string category() { return categories[below(4)]; }
    Money random_price() {
        return Money{chance(10) ? 1 + below(20) : chance(5) ? 1 + below(900'000'000) : 1 + below(30'000)};
    }
    Money& price(std::size_t line) {
        return shop_.state.prices.lines[{drop_, static_cast<std::uint32_t>(line), channel_}].price;
    }
    Rate random_rate() {
        return Rate{
            chance(10)
                ? below(1'000'001)
                : regime_.rates[static_cast<std::size_t>(below(static_cast<std::int64_t>(regime_.rates.size())))]};
    }

    void set_terms() {
        SetTerms terms;
        std::vector<TaxRate> rates;
        for (const auto& zone : regime_.zones)
            for (const auto* name : categories) {
                const bool own = zone.empty() && std::string_view(name) == "standard";
                if (own || chance(60)) rates.push_back({name, zone, random_rate(), Instant{0}});
                if (chance(30))
                    rates.push_back({name, zone, random_rate(), opens_ + Duration{1 + below(20 * 3'600'000)}});
            }
        terms.tax = rates;
        terms.delivery = {{"pickup", "Pick-up", chance(70) ? Money{0} : Money{below(300)}, Money{0}, category()},
                          {"ship", "Delivery", Money{below(2'000)}, Money{0}, category()}};
        terms.payment_fee = PaymentFee{Rate{below(50'000)}, Money{below(40)}};
        shop_.must(terms);
    }

    void put_head(Line& out, std::uint64_t number) {
        const auto& shop = shop_.state.shop;
        out.open('{').key("n").integer(static_cast<std::int64_t>(number)).key("currency").text(currency_);
        out.key("regime").text(regime_.name).key("shop_includes").flag(regime_.shop_includes);
        out.key("channel_includes").flag(regime_.channel_includes).key("rates").open('[');
        for (const auto& row : shop.tax)
            out.open('[').text(row.category).text(row.zone).integer(row.rate.n).integer(row.valid_from.ms).close(']');
        out.close(']').key("fee").open('[').integer(shop.payment_fee.share.n).money(shop.payment_fee.fixed).close(']');
    }

    static void put_order(Line& out, const Order& order) {
        out.key("result").open('{').key("lines").open('[');
        for (const auto& line : order.lines)
            out.open('[')
                .money(line.terms.unit_price)
                .money(line.terms.gross)
                .money(line.terms.tax)
                .integer(line.terms.tax_rate.n)
                .close(']');
        out.close(']')
            .key("delivery")
            .open('[')
            .money(order.delivery_charge)
            .money(order.delivery_tax)
            .close(']')
            .key("tax")
            .open('[');
        for (const auto& row : order.tax)
            out.open('[').integer(row.rate.n).money(row.base).money(row.amount).close(']');
        out.close(']').key("total").money(order.total).key("fee").money(order.payment_fee).close('}');
    }

    void put_refunds(Line& out, OrderId id) {
        out.key("refunds").open('[');
        for (auto left = below(5); left > 0; --left) {
            RefundOrder ask{id, {}, chance(25), "test"};
            for (std::uint32_t i = 0; i < shop_.order(id).lines.size(); ++i) {
                const auto units = shop_.order(id).lines[i].terms.units.n;
                if (chance(45))
                    ask.lines.push_back({i, Quantity{1 + below(chance(50) ? units : (units + 1) / 2)}, chance(50)});
            }
            put_refund(out, ask);
        }
        out.close(']').key("cancel").open('[');
        if (chance(20)) {
            const auto verdict = shop_.ask(CancelOrder{id, "test"});
            if (verdict)
                out.text("").money((*verdict)[0].as<OrderCancelled>()->refund);
            else
                out.text(verdict.error().code.word).money(Money{0});
        }
        const auto& order = shop_.order(id);
        out.close(']').key("refunded").money(order.refunded).key("refund_state").text(word_of(order.refund_state));
    }

    void put_refund(Line& out, const RefundOrder& ask) {
        out.open('{').key("delivery").flag(ask.delivery).key("ask").open('[');
        for (const auto& line : ask.lines) out.open('[').integer(line.line).integer(line.units.n).close(']');
        out.close(']');
        const auto verdict = shop_.ask(ask);
        out.key("refused").text(verdict ? "" : verdict.error().code.word).key("lines").open('[');
        if (verdict)
            for (const auto& line : (*verdict)[0].as<OrderRefunded>()->lines)
                out.open('[').money(line.amount).money(line.tax).close(']');
        out.close(']').key("amount").money(verdict ? (*verdict)[0].as<OrderRefunded>()->amount : Money{0}).close('}');
    }

    Random& random_;
    const Regime& regime_;
    const char* currency_;
    TestShop shop_;
    std::vector<SkuId> skus_;
    ChannelId channel_{1};
    DropId drop_;
    Instant opens_, closes_;
};

}  // namespace
}  // namespace dropsmith::sell

int main(int argc, char** argv) {
    std::uint64_t count = 0, seed = 0;
    const auto number = [](const char* text, std::uint64_t& out) {
        const auto* end = text + std::strlen(text);
        return std::from_chars(text, end, out).ptr == end;
    };
    if (argc != 3 || !number(argv[1], count) || !number(argv[2], seed)) {
        std::fputs("usage: order_dump COUNT SEED\n", stderr);
        return 2;
    }
    using namespace dropsmith::sell;
    dropsmith::Random random(seed);
    for (std::uint64_t sold = 0, shop = 0; sold < count; ++shop) {
        Seller seller(random, regimes[shop % 3], currencies[shop / 3 % 3]);
        for (std::size_t i = 0; i < orders_per_shop && sold < count; ++i) seller.sell_one(++sold);
    }
    return 0;
}
