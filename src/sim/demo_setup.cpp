// The commands that set the demo's shop up. Ids are those that the rules will give: 1, 2, 3 … in order. Covered by
// sim/demo_test.cpp.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/digest.h"
#include "base/limits.h"
#include "flow/decide/sample.h"
#include "model/drop.h"
#include "model/history.h"
#include "model/payment.h"
#include "model/place.h"
#include "model/product.h"
#include "model/shop.h"
#include "model/stock.h"
#include "sim/demo.h"
#include "sim/demo_catalogue.h"

namespace dropsmith::sim {
namespace {

constexpr std::int64_t places = 3;
constexpr double week_days[] = {.8,  .8,  .9, 1.0,
                                1.3, 1.6, .6};  // the epoch was a Thursday: index (day + 3) % 7 from Monday

class Setup {
  public:
    Setup(std::uint64_t seed, Instant now, std::int64_t speed)
        : random_(seed, 1), seed_(seed), now_(now), speed_(speed) {}

    std::vector<DemoCommand> all() && {
        open();
        catalogue();
        history();
        stock();
        drops();
        return std::move(out_);
    }

  private:
    void add(Command command) { out_.push_back({std::move(command), Actor{}}); }

    void open() {
        OpenShop shop;
        shop.name = "Harbour Glass (simulated)", shop.currency = "GBP", shop.time_zone = "Europe/London";
        shop.simulated = true, shop.speed = speed_, shop.seed = seed_;
        add(std::move(shop));
        SetTerms terms;
        terms.tax = std::vector<TaxRate>{{"standard", "", Rate{200'000}, Instant{}}};
        terms.delivery = std::vector<DeliveryMethod>{{"pickup", "Collect", Money{}, Money{}, "standard"},
                                                     {"ship", "By post", Money{395}, Money{60}, "standard"}};
        terms.payment_fee = PaymentFee{Rate{15'000}, Money{20}};
        add(std::move(terms));
        PaymentWays ways;
        ways.manual_within = Duration{0};  // its shoppers pay by word: nobody records the money
        add(SetPaymentTerms{{}, ways});
        add(AddPlace{"Hackney works", PlaceKind::hub, "Europe/London", Position{51'545'000, -55'000}});
        add(AddPlace{"Camden shop", PlaceKind::store, "Europe/London", Position{51'539'000, -142'600}});
        add(AddPlace{"Peckham pop-up", PlaceKind::popup, "Europe/London", Position{51'474'000, -69'000}});
    }

    void catalogue() {
        for (const auto& product : demo_products()) {
            AddProduct add_product;
            add_product.title = product.title, add_product.story = product.story, add_product.brand = "Harbour Glass";
            SkuTerms sku;
            sku.sku = product.sku, sku.unit_cost = Money{product.unit_cost}, sku.list_price = Money{product.price};
            add_product.skus.push_back(std::move(sku));
            add(std::move(add_product));
        }
    }

    // A year of sales: more before Christmas, at weekends and for what people like; about one in thirty comes back.
    void history() {
        add(BeginImport{"a year of Harbour Glass.csv", hex(blake2b("demo history " + std::to_string(seed_))),
                        "generated"});
        const auto today = now_.ms / days(1).n;
        StageHistory slice = empty_slice();
        std::uint64_t order = 0;
        for (auto day = today - 365; day < today; ++day) {
            const double season =
                1 + .5 * std::cos(2 * std::numbers::pi * static_cast<double>((day % 365) - 345) / 365);
            for (std::uint32_t p = 0; p < demo_products().size(); ++p) {
                const auto& product = demo_products()[p];
                auto sales = decide::draw_poisson(
                    random_, product.units_a_day * season * week_days[static_cast<std::size_t>((day + 3) % 7)]);
                for (; sales > 0; --sales) sale(slice, p, day, ++order);
            }
        }
        if (!slice.lines.empty()) add(std::move(slice));
        add(PublishImport{ImportId{1}});
    }

    StageHistory empty_slice() const {
        StageHistory slice;
        slice.import = ImportId{1};
        for (const auto& product : demo_products())
            slice.skus.push_back({std::string(product.sku), std::string(product.title)});
        return slice;
    }

    void sale(StageHistory& slice, std::uint32_t product, std::int64_t day, std::uint64_t order) {
        HistoryLine line;
        line.key = seed_ * 1'000'003 + order, line.order = line.key, line.customer = 1 + random_.below(2'400);
        line.sku = product;
        line.at = Instant{day * days(1).n + static_cast<std::int64_t>(9 + random_.below(11)) * hours(1).n};
        line.units = Quantity{random_.chance_ppm(150'000) ? 2 : 1};
        line.amount = Money{demo_products()[product].price} * line.units;
        line.is_return = random_.chance_ppm(33'000);
        if (line.is_return) line.units = -line.units, line.amount = -line.amount;
        slice.lines.push_back(line);
        if (slice.lines.size() < limits::import_slice_rows) return;
        add(std::move(slice));
        slice = empty_slice();
    }

    void stock() {
        for (std::int64_t place = 1; place <= places; ++place) {
            ReceiveStock receive;
            receive.place = PlaceId{static_cast<std::uint64_t>(place)}, receive.note = "opening stock";
            for (std::size_t p = 0; p < demo_products().size(); ++p)
                receive.lines.push_back(
                    {SkuId{p + 1}, share(promised(p) + 24, place), Money{demo_products()[p].unit_cost}});
            add(std::move(receive));
        }
    }

    static std::int64_t promised(std::size_t product) {
        std::int64_t units = 0;
        for (const auto& drop : demo_drops())
            for (const auto& line : drop.lines)
                if (line.product == product) units += line.cap;
        return units;
    }
    static Quantity share(std::int64_t units, std::int64_t place) {  // half at the works, the rest in equal parts
        const auto quarter = units / 4;
        return Quantity{place == 1 ? units - 2 * quarter : quarter};
    }

    void drops() {
        std::uint64_t id = 0;
        for (const auto& demo : demo_drops()) {
            DropTerms terms;
            terms.slug = demo.slug, terms.title = demo.title, terms.story = demo.story;
            terms.opens_at = now_ + demo.opens_after, terms.closes_at = terms.opens_at + demo.window;
            terms.time_zone = "Europe/London";
            terms.channels = {ChannelId{1}};
            terms.hold_for = hours(12);  // a minute of a visitor at the demo's speed: time to fill in a form
            terms.pricing = {PricePolicy::bandit, PriceObjective::margin, hours(1), Rate{200'000}, Rate{300'000}};
            for (const auto& line : demo.lines) terms.lines.push_back(line_of(line, demo.preorder_share));
            add(DraftDrop{std::move(terms)});
            add(ScheduleDrop{DropId{++id}});
        }
    }

    static LineTerms line_of(const DemoLine& line, Rate preorder_share) {
        const auto list = demo_products()[line.product].price;
        LineTerms terms;
        terms.sku = SkuId{line.product + 1};
        terms.cap = Quantity{line.cap};
        for (const auto percent : {88, 100, 112}) terms.bands.push_back(Money{(list * percent / 100 + 25) / 50 * 50});
        terms.min_margin = Rate{250'000};
        terms.list_price = Money{list};
        terms.per_person_limit = Quantity{4};
        terms.preorder_share = preorder_share;
        for (std::int64_t place = 1; place <= places; ++place)
            terms.places.push_back({PlaceId{static_cast<std::uint64_t>(place)}, share(line.cap, place)});
        return terms;
    }

    std::vector<DemoCommand> out_;
    Random random_;
    std::uint64_t seed_;
    Instant now_;
    std::int64_t speed_;
};

}  // namespace

std::vector<DemoCommand> demo_setup(std::uint64_t seed, Instant now, std::int64_t speed) {
    return Setup(seed, now, speed).all();
}

}  // namespace dropsmith::sim
