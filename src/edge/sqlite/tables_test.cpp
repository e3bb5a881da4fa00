// The tables after a busy day say what the state says; lists are paged and filtered; the follower repeats nothing
// after a crash and starts anew when its file is gone or is ahead of the journal.
#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>

#include "edge/sqlite/connection.h"
#include "edge/sqlite/sqlite_tables.h"
#include "engine/shop_testing.h"

namespace dropsmith::sqlite::tables_test {
namespace {

using namespace engine;

class TablesTest : public testing::Test {
protected:
    TablesTest() {
        path = (std::filesystem::temp_directory_path() / ("dropsmith-tables-" + std::to_string(::getpid()))).string();
        std::filesystem::remove_all(path);
        std::filesystem::create_directories(path);
    }
    ~TablesTest() override { std::filesystem::remove_all(path); }

    void busy_day() {
        shop.open_drop(60);
        shop.must(AddPlace{"Camden", PlaceKind::popup, "Europe/London", {}});
        shop.must(ReceiveStock{PlaceId{1}, {{SkuId{1}, Quantity{7}, {}}}, ""});
        shop.must(MoveStock{PlaceId{1}, PlaceId{2}, {{SkuId{1}, Quantity{7}, {}}}, ""});
        shop.must(CountStock{PlaceId{2}, {{SkuId{1}, Quantity{6}, {}}}, ""});
        for (std::uint8_t i = 1; i <= 9; ++i) shop.tell(hold_of(1 + i % 3));
        shop.tell(ReleaseHold{HoldId{1}});
        shop.tell(ReduceHold{HoldId{2}, {{SkuId{1}, Quantity{1}, {}}}});
        for (const std::uint64_t hold : {2, 3, 4, 5}) {
            ConfirmHold confirm;
            confirm.hold = HoldId{hold};
            confirm.paid = hold != 3;
            shop.tell(confirm, {}, PersonData{std::to_string(hold) + "@example.org", "", ""});
        }
        shop.tell(RefundOrder{OrderId{3}, {{0, Quantity{1}, true}}, false, "broken"});
        shop.tell(CancelOrder{OrderId{1}, "changed mind"});
        shop.tell(hold_of(1'000));
        shop.pass(minutes(11));
    }

    std::int64_t number(const std::string& sql) {
        auto db = Connection::open(path + "/tables.db", Open::read_only);
        auto n = db->number(sql);
        EXPECT_TRUE(n.ok()) << sql << ": " << (n.ok() ? "" : n.error().what);
        return n.ok() ? *n : -1;
    }

    std::unique_ptr<SqliteTables> opened() {
        auto tables = SqliteTables::open(path, journal);
        EXPECT_TRUE(tables.ok()) << (tables.ok() ? "" : tables.error().what);
        return std::move(tables).value();
    }

    std::string path;
    MemoryJournal journal;
    ShopOnTest shop{journal};
};

TEST_F(TablesTest, AChannelsOwnListPriceAndFloorStandBesideTheLines) {
    busy_day();
    shop.must(AddChannel{"trade", ChannelMode::own, false, {}});
    shop.must(AddChannel{"stall", ChannelMode::own, true, {}});
    auto terms = shop.terms(2);
    terms.slug = "own-prices", terms.channels = {ChannelId{1}, ChannelId{2}, ChannelId{3}};
    terms.lines[0].places = {{PlaceId{1}, Quantity{2}}};
    terms.lines[0].channels = {{ChannelId{2}, {Money{1'900}}, Money{2'500}, Money{1'700}},
                               {ChannelId{3}, {Money{3'200}}, {}, {}}};
    shop.must(DraftDrop{terms});
    auto tables = opened();
    ASSERT_TRUE(catch_up(journal, *tables).ok());
    const auto of = [&](const char* what, int channel) {
        return number("SELECT " + std::string(what) + " FROM drop_line_channels WHERE channel_id = " +
                      std::to_string(channel));
    };
    EXPECT_EQ(number("SELECT count(*) FROM drop_line_channels"), 2);
    EXPECT_EQ(of("list_price", 2), 2'500);
    EXPECT_EQ(of("floor", 2), 1'700);
    EXPECT_EQ(of("list_price", 3), 2'990) << "the line's";
    EXPECT_EQ(of("floor", 3), 2'000);
    EditDrop edit;
    edit.drop = DropId{2}, edit.terms = terms;
    edit.terms.lines[0].channels.pop_back();
    shop.must(edit);
    ASSERT_TRUE(catch_up(journal, *tables).ok());
    EXPECT_EQ(number("SELECT count(*) FROM drop_line_channels"), 1);
}

TEST_F(TablesTest, TheySayWhatTheStateSays) {
    busy_day();
    auto tables = opened();
    ASSERT_TRUE(catch_up(journal, *tables).ok());
    const auto& state = shop.core.state();
    EXPECT_EQ(*tables->bookmark(), state.head);
    for (const auto& [key, row] : state.stock.rows) {
        const auto where = " FROM stock WHERE sku_id = " + std::to_string(key.sku.n) +
                           " AND place_id = " + std::to_string(key.place.n);
        EXPECT_EQ(number("SELECT received" + where), row.received.n);
        EXPECT_EQ(number("SELECT returned" + where), row.returned.n);
        EXPECT_EQ(number("SELECT free" + where), row.free.n);
        EXPECT_EQ(number("SELECT held" + where), row.held.n);
        EXPECT_EQ(number("SELECT sold" + where), row.sold.n);
        EXPECT_EQ(number("SELECT moved_in" + where), row.moved_in.n);
        EXPECT_EQ(number("SELECT moved_out" + where), row.moved_out.n);
        EXPECT_EQ(number("SELECT written_off" + where), row.written_off.n);
    }
    const auto& line = state.drops.drops[0].lines[0];
    EXPECT_EQ(number("SELECT held FROM drop_lines"), line.held.n);
    EXPECT_EQ(number("SELECT sold FROM drop_lines"), line.sold.n);
    EXPECT_EQ(number("SELECT refunded FROM drop_lines"), line.refunded.n);
    EXPECT_EQ(number("SELECT count(*) FROM facts"), static_cast<std::int64_t>(state.head));
    EXPECT_EQ(number("SELECT count(*) FROM decisions"), static_cast<std::int64_t>(state.prices.decisions));
    EXPECT_EQ(number("SELECT sum(times) FROM refusals"), 1);
    std::int64_t live = 0, paid = 0, refunded = 0, cancelled = 0;
    state.holds.table.each([&](const Hold& hold) { live += hold.status == HoldStatus::held; });
    state.orders.table.each([&](const Order& order) {
        paid += order.paid.n, refunded += order.refunded.n, cancelled += order.status == OrderStatus::cancelled;
    });
    EXPECT_EQ(number("SELECT count(*) FROM holds WHERE status = 'held'"), live);
    EXPECT_EQ(number("SELECT sum(paid) FROM orders"), paid);
    EXPECT_GT(refunded, 0);
    EXPECT_EQ(number("SELECT sum(refunded) FROM orders"), refunded);
    EXPECT_EQ(number("SELECT count(*) FROM orders WHERE status = 'cancelled'"), cancelled);
}

// Written in runs of what is alike, read one by one.
TEST_F(TablesTest, FactsAndHoldsOfOneBatchAreReadOneByOne) {
    shop.open_drop(5'000);
    std::vector<Ask> asks(2'500);
    for (std::size_t i = 0; i < asks.size(); ++i) {
        asks[i].command.emplace(hold_of(i % 800 == 0 ? 2 : 1));
        asks[i].who = {ActorKind::buyer, {}};
    }
    ASSERT_TRUE(shop.core.run(asks, shop.now));
    for (const std::uint64_t hold : {1, 7, 1'024, 1'025, 2'500}) shop.must(ReleaseHold{HoldId{hold}});
    shop.must(ReduceHold{HoldId{801}, {{SkuId{1}, Quantity{1}, {}}}});
    ConfirmHold confirm;
    confirm.hold = HoldId{900};
    shop.tell(confirm, {}, PersonData{"a@example.org", "", ""});
    auto tables = opened();
    ASSERT_TRUE(catch_up(journal, *tables).ok());
    EXPECT_LT(number("SELECT count(*) FROM fact_runs"), 60);
    EXPECT_LT(number("SELECT count(*) FROM hold_runs"), 20);

    EXPECT_EQ(number("SELECT count(*) FROM facts"), static_cast<std::int64_t>(shop.core.state().head));
    EXPECT_EQ(number("SELECT count(DISTINCT seq) FROM facts"), static_cast<std::int64_t>(shop.core.state().head));
    EXPECT_EQ(number("SELECT count(*) FROM facts WHERE name = 'UnitsHeld' AND actor = 'buyer' AND drop_id = 1"), 2'500);
    EXPECT_EQ(number("SELECT count(*) FROM facts JOIN holds ON placed_at = at AND seq - (SELECT min(seq) FROM facts "
                     "WHERE name = 'UnitsHeld') = hold_id - 1 WHERE name = 'UnitsHeld'"),
              2'500);
    auto db = Connection::open(path + "/tables.db", Open::read_only);
    auto rows = Statement::prepare(*db, "SELECT hold_id, status, units, total, placed_at, expires_at, ended_at IS NULL "
                                        "FROM holds ORDER BY hold_id");
    ASSERT_TRUE(rows.ok()) << rows.error().what;
    std::size_t wrong = 0, read = 0;
    shop.core.state().holds.table.each([&](const Hold& hold) {
        if (rows->step() != Statement::Step::row) return;
        ++read;
        Quantity units;
        Money total;
        for (const auto& line : hold.lines) units += line.units, total += line.unit_price * line.units;
        const bool ended = hold.status != HoldStatus::held;
        if (rows->number(0) != static_cast<std::int64_t>(hold.id.n) || rows->text(1) != word_of(hold.status) ||
            (!ended && (rows->number(2) != units.n || rows->number(3) != total.n)) ||
            rows->number(4) != hold.placed_at.ms || rows->number(5) != hold.expires_at.ms ||
            (rows->number(6) == 0) != ended)
            ++wrong;
    });
    EXPECT_EQ(read, 2'500u);
    EXPECT_EQ(wrong, 0u);
    EXPECT_EQ(rows->step(), Statement::Step::done);

    FactsAsk ask;
    ask.page.limit = 40;
    ask.page.before = shop.core.state().head - 1'000;  // in the middle of a run
    std::uint64_t next = *ask.page.before;
    for (int page = 0; page < 5; ++page) {
        const auto seen = tables->facts(ask);
        ASSERT_TRUE(seen.ok()) << seen.error().what;
        ASSERT_EQ(seen->rows.size(), 40u);
        for (const auto& row : seen->rows) EXPECT_EQ(row.stamp.seq, --next);
        ask.page.before = seen->next;
    }
    ask.page = {};
    ask.code = UnitsHeld::code.n;
    EXPECT_EQ(tables->facts(ask)->rows.size(), 50u);
    ask.code = HoldReduced::code.n;
    EXPECT_EQ(tables->facts(ask)->rows.size(), 1u);
}

TEST_F(TablesTest, ListsArePagedAndFiltered) {
    busy_day();
    auto tables = opened();
    ASSERT_TRUE(catch_up(journal, *tables).ok());
    OrdersAsk ask;
    ask.page.limit = 3;
    auto page = tables->orders(ask);
    ASSERT_TRUE(page.ok()) << page.error().what;
    ASSERT_EQ(page->rows.size(), 3u);
    EXPECT_EQ(page->rows[0].id, OrderId{4}) << "the newest first";
    EXPECT_EQ(page->as_of_seq, shop.core.state().head);
    ask.page.before = page->next;
    page = tables->orders(ask);
    ASSERT_EQ(page->rows.size(), 1u);
    EXPECT_EQ(page->rows[0].id, OrderId{1});
    EXPECT_FALSE(page->next);
    OrdersAsk cancelled;
    cancelled.status = OrderStatus::cancelled;
    EXPECT_EQ(tables->orders(cancelled)->rows.size(), 1u);
    OrdersAsk elsewhere;
    elsewhere.drop = DropId{9};
    EXPECT_TRUE(tables->orders(elsewhere)->rows.empty());
    DecisionsAsk decisions;
    decisions.drop = DropId{1};
    decisions.kind = DecisionKind::opening;
    const auto decided = tables->decisions(decisions);
    ASSERT_TRUE(decided.ok()) << decided.error().what;
    ASSERT_FALSE(decided->rows.empty());
    EXPECT_EQ(decided->rows[0].set.price, Money{2'990});
    FactsAsk facts;
    facts.drop = DropId{1};
    facts.code = OrderRefunded::code.n;
    const auto refunds = tables->facts(facts);
    ASSERT_TRUE(refunds.ok()) << refunds.error().what;
    ASSERT_EQ(refunds->rows.size(), 1u);
    EXPECT_EQ(refunds->rows[0].fact.as<OrderRefunded>()->reason, "broken");
    EXPECT_EQ(tables->refusals(DropId{1}, {})->rows.at(0).times, 1u);
}

TEST_F(TablesTest, AFollowerGoesOnWhereItWasAndStartsAnewWhenItMust) {
    busy_day();
    ASSERT_TRUE(catch_up(journal, *opened()).ok());
    shop.tell(hold_of(1));
    auto tables = opened();
    ASSERT_TRUE(catch_up(journal, *tables).ok());
    EXPECT_EQ(number("SELECT count(*) FROM facts"), static_cast<std::int64_t>(shop.core.state().head));
    MemoryJournal older;  // the journal was restored from a backup: the tables are ahead of it
    ShopOnTest small(older);
    small.open_drop(3);
    auto restored = std::move(SqliteTables::open(path, older)).value();
    ASSERT_TRUE(catch_up(older, *restored).ok());
    EXPECT_EQ(number("SELECT count(*) FROM facts"), static_cast<std::int64_t>(small.core.state().head));
    EXPECT_EQ(number("SELECT free FROM stock"), 3);
}

TEST_F(TablesTest, AListWaitsForTheFactsItWasAskedFor) {
    shop.open_drop(10);
    auto tables = opened();
    FollowerThread thread(journal, *tables);
    tables->wait_on(&thread);
    thread.start();
    OrdersAsk ask;
    ask.page.at_least = shop.core.state().head;
    const auto page = tables->orders(ask);
    ASSERT_TRUE(page.ok());
    EXPECT_EQ(page->as_of_seq, shop.core.state().head);
    thread.stop();
    EXPECT_FALSE(thread.trouble());
}

TEST_F(TablesTest, AnOrderThatHasLeftTheStateIsStillFoundAndComesBack) {
    busy_day();
    shop.must(HandOverOrder{OrderId{3}});
    const auto as_it_was = *shop.core.state().orders.table.find(OrderId{3});
    for (int day = 0; day < 100; ++day) shop.pass(days(1));
    ASSERT_EQ(shop.core.state().orders.table.find(OrderId{3}), nullptr);
    auto tables = opened();
    ASSERT_TRUE(catch_up(journal, *tables).ok());
    auto page = tables->orders({});
    ASSERT_TRUE(page.ok()) << page.error().what;
    std::size_t archived = 0;
    for (const auto& row : page->rows) {
        EXPECT_EQ(row.archived == nullptr, shop.core.state().orders.table.find(row.id) != nullptr) << row.id.n;
        if (!row.archived) continue;
        ++archived;
        EXPECT_EQ(row.archived->total, row.total);
    }
    EXPECT_EQ(archived, 2u) << "the one handed over, and the cancelled one";
    auto found = tables->archived({OrderId{3}, {}, {}, 0});
    ASSERT_TRUE(found.ok() && found->size() == 1);
    EXPECT_EQ(found->front().refunded, as_it_was.refunded);
    EXPECT_EQ(found->front().status, OrderStatus::handed_over);
    EXPECT_EQ(tables->archived({{}, DropId{1}, {}, 0})->size(), 2u);
    EXPECT_EQ(tables->archived({{}, {}, as_it_was.person, 0})->size(), 1u);
    EXPECT_TRUE(tables->archived({OrderId{2}, {}, {}, 0})->empty()) << "it still waits for its money";

    shop.must(RecallOrder{found->front()});
    ASSERT_TRUE(catch_up(journal, *tables).ok());
    EXPECT_TRUE(tables->archived({OrderId{3}, {}, {}, 0})->empty());
    EXPECT_EQ(shop.core.state().orders.table.find(OrderId{3})->total, as_it_was.total);
}

TEST_F(TablesTest, SubscribersOfADropByStatus) {
    shop.start();
    shop.must(OpenShop{"Test", "GBP", "Europe/London"});
    shop.must(AddPlace{"Hackney", PlaceKind::store, "Europe/London", {}});
    shop.must(AddProduct{"Vase", "", "", "standard", {{"VASE-S", "", Money{1'000}, false, Money{2'990}, 0, ""}}});
    shop.must(ReceiveStock{PlaceId{1}, {{SkuId{1}, Quantity{5}, Money{1'000}}}, ""});
    shop.must(DraftDrop{shop.terms(5)});
    shop.must(ScheduleDrop{DropId{1}});
    for (const auto* email : {"a@example.org", "b@example.org", "c@example.org"})
        EXPECT_TRUE(shop.tell(Command(Subscribe{DropId{1}}), {}, PersonData{email, "", ""}).stored);
    shop.must(ConfirmSubscription{SubscriberId{2}});
    shop.must(ConfirmSubscription{SubscriberId{3}});
    shop.must(EndSubscription{SubscriberId{3}});
    auto tables = opened();
    ASSERT_TRUE(catch_up(journal, *tables).ok());
    SubscribersAsk ask;
    ask.drop = DropId{1};
    EXPECT_EQ(tables->subscribers(ask)->rows.size(), 3u);
    ask.status = SubscriberStatus::confirmed;
    const auto confirmed = tables->subscribers(ask);
    ASSERT_EQ(confirmed->rows.size(), 1u);
    EXPECT_EQ(confirmed->rows[0].id, SubscriberId{2});
    shop.must(ErasePerson{confirmed->rows[0].person, "asked"});
    ASSERT_TRUE(catch_up(journal, *tables).ok());
    EXPECT_TRUE(tables->subscribers(ask)->rows.empty());
}

}  // namespace
}  // namespace dropsmith::sqlite::tables_test
