// See the header: a table of verbs, each a few lines from words to a command's fields.
#include "verbs.h"

#include <charconv>
#include <functional>

#include "base/text.h"

namespace dropsmith::scenarios {
namespace {

std::vector<std::string> split(std::string_view text, char by) {
    std::vector<std::string> out;
    while (!text.empty()) {
        const auto end = std::min(text.find(by), text.size());
        if (end > 0) out.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

class Reader {  // words to values; what means nothing is remembered
  public:
    Reader(const State& state, const Line& line, Instant start) : state_(state), line_(line), start_(start) {}
    bool good() const { return good_; }
    bool has(const std::string& key) const { return line_.options.contains(key); }

    std::int64_t number(const std::string& text) {
        const auto n = parse_integer(text);
        if (!n) good_ = false;
        return n.value_or(0);
    }
    Quantity units(const std::string& text) { return Quantity{number(text)}; }
    Money money(const std::string& text) { return Money{number(text)}; }
    Duration span(const std::string& text) {
        const auto n = parse_span(text);
        if (!n) good_ = false;
        return n.value_or(Duration{});
    }
    Instant instant(const std::string& text) { return start_ + span(text); }
    SkuId sku(const std::string& code) {
        const auto* known = state_.catalogue.find(code);
        return known ? known->id : SkuId{};  // rules answer what they know not
    }
    PlaceId place(const std::string& name) {
        for (const auto& place : state_.places.places)
            if (place.name == name) return place.id;
        if (!name.empty()) good_ = false;
        return {};
    }
    ChannelId channel(const std::string& name) {
        const auto* known = state_.places.channel_named(name);
        if (!known) good_ = false;
        return known ? known->id : ChannelId{};
    }
    DropId drop(const std::string& slug) {
        const auto it = state_.drops.by_slug.find(slug);
        return it == state_.drops.by_slug.end() ? DropId{} : it->second;
    }
    template <class Id>
    Id id(const std::string& text) {
        return Id{static_cast<std::uint64_t>(number(text))};
    }
    std::vector<WantedLine> basket() {  // A:2 B:1@1000
        std::vector<WantedLine> out;
        for (std::size_t i = 1; i < line_.words.size(); ++i) {
            const auto price = split(line_.words[i], '@');
            const auto parts = split(price.at(0), ':');
            WantedLine wanted{sku(parts.at(0)), parts.size() > 1 ? units(parts[1]) : Quantity{1}, {}};
            if (price.size() > 1) wanted.unit_price = money(price[1]);
            out.push_back(wanted);
        }
        return out;
    }
    std::vector<StockLine> stock(std::size_t first) {  // A:2 B:1
        std::vector<StockLine> out;
        for (std::size_t i = first; i < line_.words.size(); ++i) {
            const auto parts = split(line_.words[i], ':');
            out.push_back({sku(parts.at(0)), parts.size() > 1 ? units(parts[1]) : Quantity{1}, {}});
        }
        return out;
    }

  private:
    const State& state_;
    const Line& line_;
    Instant start_;
    bool good_ = true;
};

using Made = std::optional<Command>;
using Verb = std::function<Made(const State&, const Line&, Reader&)>;

DropTerms drop_terms(const Line& line, Reader& read) {  // draft SLUG A:50 B:20 price=1000 opens=1h closes=25h …
    DropTerms terms;
    terms.slug = line.word(0), terms.title = line.option("title", "A drop");
    terms.opens_at = read.instant(line.option("opens", "1h"));
    terms.closes_at = read.instant(line.option("closes", "25h"));
    for (const auto& name : split(line.option("channels", "web"), ',')) terms.channels.push_back(read.channel(name));
    if (read.has("hold")) terms.hold_for = read.span(line.option("hold"));
    for (const auto& wanted : read.basket()) {
        LineTerms row;
        row.sku = wanted.sku, row.cap = wanted.units, row.list_price = read.money(line.option("price", "1000"));
        for (const auto& band : split(line.option("bands"), ',')) row.bands.push_back(read.money(band));
        row.floor = read.money(line.option("floor", "1"));
        row.preorder_share = Rate{read.number(line.option("preorder", "0"))};
        if (read.has("limit")) row.per_person_limit = read.units(line.option("limit"));
        for (const auto& part : split(line.option("places"), ',')) {
            const auto pair = split(part, ':');
            row.places.push_back({read.place(pair.at(0)), read.units(pair.at(1))});
        }
        for (const auto& name : split(line.option("channels", "web"), ',')) {  // bands.stall=1100,1300 price.stall=1300
            ChannelPricing own{read.channel(name), {}, {}, {}};
            for (const auto& band : split(line.option("bands." + name), ',')) own.bands.push_back(read.money(band));
            if (read.has("price." + name)) own.list_price = read.money(line.option("price." + name));
            if (read.has("floor." + name)) own.floor = read.money(line.option("floor." + name));
            if (!own.bands.empty() || own.list_price || own.floor) row.channels.push_back(std::move(own));
        }
        terms.lines.push_back(row);
    }
    return terms;
}

Made edit(const State& state, const Line& line,
          Reader& read) {  // edit SLUG cap=LINE:UNITS closes=30h end=LINE reason=…
    const auto id = read.drop(line.word(0));
    const auto* drop = state.drops.find(id);
    if (!drop) return EditDrop{id, {}, {}, {}, {}};
    EditDrop out{id, {}, drop->terms, {}, line.option("reason")};
    for (const auto& row : drop->lines) out.terms.lines.push_back(row.terms);
    if (read.has("closes")) out.terms.closes_at = read.instant(line.option("closes"));
    if (read.has("opens")) out.terms.opens_at = read.instant(line.option("opens"));
    if (read.has("slug")) out.terms.slug = line.option("slug");
    if (read.has("version")) out.if_version = static_cast<std::uint64_t>(read.number(line.option("version")));
    if (read.has("end")) out.end_lines.push_back(static_cast<std::uint32_t>(read.number(line.option("end"))));
    if (read.has("cap")) {
        const auto parts = split(line.option("cap"), ':');
        out.terms.lines.at(static_cast<std::size_t>(read.number(parts.at(0)))).cap = read.units(parts.at(1));
    }
    return out;
}

Made confirm(const Line& line, Reader& read) {  // confirm 1 ship|pickup place=Hub counter|paid
    ConfirmHold out;
    out.hold = read.id<HoldId>(line.word(0));
    for (const auto& word : line.words) {
        if (word == "ship") out.fulfilment = FulfilmentMethod::ship;
        if (word == "counter") out.payment = PaymentMethod::pay_at_pickup;
        if (word == "paid") out.paid = true;
    }
    out.place = read.place(line.option("place"));
    return out;
}

Made refund(const Line& line, Reader& read) {  // refund 1 0:2 1:1 delivery keep
    RefundOrder out{read.id<OrderId>(line.word(0)), {}, false, line.option("reason")};
    bool restock = true;
    for (const auto& word : line.words) restock = restock && word != "keep";
    for (std::size_t i = 1; i < line.words.size(); ++i) {
        if (line.words[i] == "delivery") out.delivery = true;
        const auto parts = split(line.words[i], ':');
        if (parts.size() == 2)
            out.lines.push_back({static_cast<std::uint32_t>(read.number(parts[0])), read.units(parts[1]), restock});
    }
    return out;
}

Made terms(const Line& line, Reader& read) {  // terms tax=200000 ship=490
    SetTerms out;
    if (read.has("tax")) out.tax = std::vector<TaxRate>{{"standard", "", Rate{read.number(line.option("tax"))}, {}}};
    if (read.has("ship"))
        out.delivery = std::vector<DeliveryMethod>{{"pickup", "Pick-up", {}, {}, "standard"},
                                                   {"ship", "Post", read.money(line.option("ship")), {}, "standard"}};
    return out;
}

Made product(const Line& line, Reader& read) {  // product A cost=300 price=1000
    SkuTerms sku;
    sku.sku = line.word(0);
    sku.unit_cost = read.money(line.option("cost", "300")), sku.list_price = read.money(line.option("price", "1000"));
    return AddProduct{line.word(0), "", "", line.option("category", "standard"), {sku}};
}

Made pay(const Line& line, Reader& read) {  // pay order 1 2000 | pay hold 3 2000
    RecordPayment out{{}, {}, read.money(line.word(2)), {}};
    if (line.word(0) == "hold")
        out.hold = read.id<HoldId>(line.word(1));
    else
        out.order = read.id<OrderId>(line.word(1));
    return out;
}

const std::map<std::string, Verb>& verbs() {
    static const std::map<std::string, Verb> table = {
        {"shop",
         [](const State&, const Line& l, Reader&) -> Made {
             return OpenShop{
                 "Scenario", l.option("currency", "GBP"), "UTC", l.option("tax", "included") == "included", true, 1, 7};
         }},
        {"terms", [](const State&, const Line& l, Reader& r) { return terms(l, r); }},
        {"place",
         [](const State&, const Line& l, Reader&) -> Made {
             return AddPlace{l.word(0), PlaceKind::store, "UTC", {}};
         }},
        {"channel",
         [](const State&, const Line& l, Reader&) -> Made {
             return AddChannel{l.word(0), ChannelMode::own, l.option("tax", "included") == "included", {}};
         }},
        {"product", [](const State&, const Line& l, Reader& r) { return product(l, r); }},
        {"receive",
         [](const State&, const Line& l, Reader& r) -> Made {
             return ReceiveStock{r.place(l.word(0)), r.stock(1), {}};
         }},
        {"move",
         [](const State&, const Line& l, Reader& r) -> Made {
             return MoveStock{r.place(l.word(0)), r.place(l.word(1)), r.stock(2), {}};
         }},
        {"count",
         [](const State&, const Line& l, Reader& r) -> Made {
             return CountStock{r.place(l.word(0)), r.stock(1), {}};
         }},
        {"sale",
         [](const State& s, const Line& l, Reader& r) -> Made {
             return ReportSale{l.word(0), l.word(1), r.place(l.word(2)), {}, s.at, r.stock(3), {}};
         }},
        {"draft", [](const State&, const Line& l, Reader& r) -> Made { return DraftDrop{drop_terms(l, r)}; }},
        {"edit", edit},
        {"schedule", [](const State&, const Line& l, Reader& r) -> Made { return ScheduleDrop{r.drop(l.word(0))}; }},
        {"pause",
         [](const State&, const Line& l, Reader& r) -> Made {
             return PauseDrop{r.drop(l.word(0)), {}};
         }},
        {"resume", [](const State&, const Line& l, Reader& r) -> Made { return ResumeDrop{r.drop(l.word(0))}; }},
        {"close",
         [](const State&, const Line& l, Reader& r) -> Made {
             return CloseDrop{r.drop(l.word(0)), {}};
         }},
        {"cancel",
         [](const State&, const Line& l, Reader& r) -> Made {
             return CancelDrop{r.drop(l.word(0)), {}};
         }},
        {"hold",
         [](const State&, const Line& l, Reader& r) -> Made {
             return PlaceHold{r.drop(l.word(0)),
                              r.channel(l.option("channel", "web")),
                              r.basket(),
                              {},
                              static_cast<std::uint64_t>(r.number(l.option("session", "0"))),
                              r.place(l.option("at"))};
         }},
        {"reduce",
         [](const State&, const Line& l, Reader& r) -> Made {
             return ReduceHold{r.id<HoldId>(l.word(0)), r.basket()};
         }},
        {"release",
         [](const State&, const Line& l, Reader& r) -> Made { return ReleaseHold{r.id<HoldId>(l.word(0))}; }},
        {"confirm", [](const State&, const Line& l, Reader& r) { return confirm(l, r); }},
        {"pay", [](const State&, const Line& l, Reader& r) { return pay(l, r); }},
        {"refund", [](const State&, const Line& l, Reader& r) { return refund(l, r); }},
        {"cancel_order",
         [](const State&, const Line& l, Reader& r) -> Made {
             return CancelOrder{r.id<OrderId>(l.word(0)), {}};
         }},
        {"ready", [](const State&, const Line& l, Reader& r) -> Made { return ReadyOrder{r.id<OrderId>(l.word(0))}; }},
        {"hand_over",
         [](const State&, const Line& l, Reader& r) -> Made {
             return HandOverOrder{r.id<OrderId>(l.word(0)), l.word(1) == "paid"};
         }},
        {"ship",
         [](const State&, const Line& l, Reader& r) -> Made {
             return ShipOrder{r.id<OrderId>(l.word(0)), l.word(1), l.word(2)};
         }},
        {"deliver",
         [](const State&, const Line& l, Reader& r) -> Made { return DeliverOrder{r.id<OrderId>(l.word(0))}; }},
        {"kill",
         [](const State&, const Line& l, Reader& r) -> Made {
             return KillPrices{r.drop(l.word(0)), l.option("reason", "stop")};
         }},
        {"override",
         [](const State& s, const Line& l, Reader& r) -> Made {
             return OverridePrice{{r.drop(l.word(0)), 0, r.channel(l.option("channel", "web"))},
                                  r.money(l.word(1)),
                                  s.at + r.span(l.option("for", "1h")),
                                  l.option("reason", "test")};
         }},
    };
    return table;
}

}  // namespace

Line::Line(std::string_view text) {
    for (auto& word : split(text, ' ')) {
        const auto equals = word.find('=');
        if (verb.empty())
            verb = word;
        else if (equals != std::string::npos)
            options[word.substr(0, equals)] = word.substr(equals + 1);
        else
            words.push_back(std::move(word));
    }
}

std::optional<Duration> parse_span(std::string_view text) {
    std::int64_t n = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
    if (error != std::errc{}) return std::nullopt;
    const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
    for (const auto& [name, ms] : {std::pair<std::string_view, std::int64_t>{"ms", 1},
                                   {"s", 1'000},
                                   {"m", 60'000},
                                   {"h", 3'600'000},
                                   {"d", 86'400'000}})
        if (unit == name) return Duration{n * ms};
    return std::nullopt;
}

std::optional<Command> command_of(const State& state, const Line& line, Instant start) {
    const auto verb = verbs().find(line.verb);
    if (verb == verbs().end()) return std::nullopt;
    Reader read(state, line, start);
    auto command = verb->second(state, line, read);
    return read.good() ? std::move(command) : std::nullopt;
}

}  // namespace dropsmith::scenarios
