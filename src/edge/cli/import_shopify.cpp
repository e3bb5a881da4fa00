// Shopify's orders CSV, by column name. Fields of an order stand on its first row only. A cancelled or voided order
// sold nothing; a refunded one is followed by returns: of every line when all was refunded, else of money only. The
// customer's e-mail is used to count customers and leaves this process as a digest's input only. Covered by
// edge/cli/import_orders_test.cpp.
#include "edge/cli/import_orders.h"

namespace dropsmith::cli {

namespace {

class ShopifyOrders {
  public:
    ShopifyOrders(Table& table, Book& book) : table_(table), book_(book) {
        name_ = need("Name");
        created_ = need("Created at");
        quantity_ = need("Lineitem quantity");
        price_ = need("Lineitem price");
        title_ = need("Lineitem name");
        sku_ = table.find("Lineitem sku");
        discount_ = table.find("Lineitem discount");
        email_ = table.find("Email");
        currency_ = table.find("Currency");
        financial_ = table.find("Financial Status");
        refunded_ = table.find("Refunded Amount");
        cancelled_ = table.find("Cancelled at");
    }

    void row() {
        book_.row();
        if (table_.cells() != table_.header().size())
            return wrong("", "has " + std::to_string(table_.cells()) + " cells, the header " +
                                 std::to_string(table_.header().size()));
        const std::string name(table_.cell(name_));
        if (name.empty()) return wrong("Name", "is empty; it names the order");
        const bool first = name != order_;
        if (first && !begin_order(name)) return;
        if (!order_good_) return wrong("Name", "belongs to an order whose first row is wrong");
        if (table_.cell(quantity_).empty() && table_.cell(price_).empty()) return;  // payments of an order, no line
        line();
        if (first && partly_refunded_.mantissa != 0) money_back();
    }

  private:
    std::optional<std::size_t> need(std::string_view column) {
        const auto at = table_.find(column);
        if (!at) book_.problem(0, column, "the file has no such column; is it an orders export of Shopify?");
        return at;
    }
    void wrong(std::string_view column, std::string detail) {
        book_.problem(table_.row(), column, std::move(detail));
        book_.skip();
    }

    bool begin_order(const std::string& name) {
        order_ = name;
        order_good_ = false;
        partly_refunded_ = {};
        const std::string_view created = table_.cell(created_);
        auto at = parse_local(created, "%Y-%m-%d %H:%M:%S %z");
        if (!at) at = parse_local(created, "%Y-%m-%dT%H:%M:%S%z");
        if (!at)
            return wrong("Created at",
                         "'" + std::string(created) + "' is not a time such as 2026-06-07 10:12:03 -0400"),
                   false;
        at_ = Instant{at->ms - *at->offset_ms};
        if (const auto currency = table_.cell(currency_); !currency.empty() && currency != book_.currency())
            return wrong("Currency", "is " + std::string(currency) + ", the import is in " + book_.currency()), false;
        const std::string_view status = table_.cell(financial_);
        all_refunded_ = status == "refunded";
        nothing_sold_ =
            !all_refunded_ && (status == "voided" || status == "expired" || !table_.cell(cancelled_).empty());
        if (const auto refunded = table_.cell(refunded_); !refunded.empty() && !all_refunded_ && !nothing_sold_) {
            const auto amount = parse_amount(refunded);
            if (!amount) return wrong("Refunded Amount", "'" + std::string(refunded) + "' is not an amount"), false;
            partly_refunded_ = *amount;
        }
        email_now_ = table_.cell(email_);
        order_good_ = true;
        return true;
    }

    void line() {
        ReadLine line;
        line.order = order_;
        line.title = table_.cell(title_);
        line.sku = table_.cell(sku_);
        if (line.sku.empty()) line.sku = line.title;
        line.customer = email_now_;
        line.at = at_;
        const auto units = parse_units(table_.cell(quantity_));
        if (!units || *units < 0)
            return wrong("Lineitem quantity", "'" + std::string(table_.cell(quantity_)) + "' is not a number of units");
        const auto price = parse_amount(table_.cell(price_));
        if (!price) return wrong("Lineitem price", "'" + std::string(table_.cell(price_)) + "' is not an amount");
        ExactSum total;
        bool fits = total.add(*price, *units);
        if (const auto text = table_.cell(discount_); !text.empty()) {
            const auto discount = parse_amount(text);
            if (!discount) return wrong("Lineitem discount", "'" + std::string(text) + "' is not an amount");
            fits = total.add(*discount, -1) && fits;
        }
        const auto amount = parse_amount(total.text(0));
        if (!fits || !amount) return wrong("Lineitem price", "is beyond what a line may have");
        line.units = *units;
        line.price = nothing_sold_ ? Exact{} : *amount;
        line.is_adjustment = nothing_sold_;
        if (!book_.add(table_.row(), line)) return book_.skip();
        if (!all_refunded_) return;
        line.order += "/refund";
        line.units = -line.units;
        line.times = -1;
        line.is_return = true;
        book_.add(table_.row(), line);
    }

    void money_back() {
        ReadLine line;
        line.order = order_ + "/refund";
        line.sku = table_.cell(sku_).empty() ? table_.cell(title_) : table_.cell(sku_);
        line.customer = email_now_;
        line.at = at_;
        line.price = partly_refunded_;
        line.times = -1;
        line.is_return = true;
        line.money_is_key = false;  // a later export names the refunds up to then: the first one counts
        book_.add(table_.row(), line);
    }

    Table& table_;
    Book& book_;
    std::optional<std::size_t> name_, created_, quantity_, price_, title_, sku_, discount_, email_, currency_,
        financial_, refunded_, cancelled_;
    std::string order_, email_now_;
    bool order_good_ = false, nothing_sold_ = false, all_refunded_ = false;
    Exact partly_refunded_;
    Instant at_;
};

}  // namespace

void read_shopify_orders(Table& table, Book& book, const Tick& tick) {
    ShopifyOrders orders(table, book);
    if (book.fatal()) return;
    while (table.next()) {
        orders.row();
        tick(table.row());
    }
    if (const auto error = table.error(); !error.empty()) book.problem(0, "", error);
}

}  // namespace dropsmith::cli
