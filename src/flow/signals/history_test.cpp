// Imports: staged lines fold once, a repeated file changes nothing, nothing shows before it is published.
#include "flow/signals/history.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "base/cbor.h"
#include "base/limits.h"

namespace dropsmith::signals::history_test {
namespace {

class ImportedHistory : public ::testing::Test {
  protected:
    template <class C>
    Verdict ask(const C& command) {
        return handle(state, command, Moment{Instant{0}, {}, random, {}});
    }
    // Applies what was answered, to the history and to the catalogue's numbers as flow/sell does.
    void happen(const Verdict& verdict) {
        ASSERT_TRUE(verdict.ok()) << verdict.error().detail;
        for (const Fact& fact : *verdict) {
            if (const auto* f = fact.as<ImportBegun>()) evolve(state.history, *f, Stamp{});
            if (const auto* f = fact.as<HistoryImported>()) evolve(state.history, *f, Stamp{});
            if (const auto* f = fact.as<ImportAbandoned>()) evolve(state.history, *f, Stamp{});
            if (const auto* f = fact.as<HistoryStaged>()) {
                Bytes bytes;
                encode_cbor(bytes, {&type_of<HistoryStaged>(), f});
                EXPECT_LE(bytes.size(), limits::fact_bytes_max);
                evolve(state.history, *f, Stamp{});
                EXPECT_EQ(f->first_sku.n, state.catalogue.skus.size() + 1);
                for (const auto& row : f->new_skus) {
                    const SkuId id{state.catalogue.skus.size() + 1};
                    state.catalogue.skus.push_back({id, ProductId{id.n}, {}});
                    state.catalogue.skus.back().terms.sku = row.sku;
                    state.catalogue.products.push_back({ProductId{id.n}, 1, row.title, "", "", "standard", {id}});
                    state.catalogue.by_code[row.sku] = id;
                }
            }
        }
    }
    static HistoryLine line(std::uint64_t key, std::uint64_t order, std::uint32_t sku, std::int64_t units,
                            std::int64_t amount) {
        HistoryLine out;
        out.key = key, out.order = order, out.sku = sku, out.units = Quantity{units}, out.amount = Money{amount};
        out.at = Instant{10 * hour_ms + 5};
        return out;
    }
    SkuHour shown(std::uint32_t sku, std::int64_t hour) {
        return state.history.shown(state.history.hours.at({sku, hour}));
    }
    const HistoryTotals& totals(std::uint64_t import) { return state.history.imports.at(import - 1).totals; }
    std::string refused(const Verdict& verdict) { return verdict.ok() ? "" : std::string(verdict.error().code.word); }

    State state;
    Random random{1};
};

TEST_F(ImportedHistory, StagesFoldsAndPublishes) {
    happen(ask(BeginImport{"sales.csv", "d1", "csv"}));
    StageHistory slice{ImportId{1}, {{"A", "Apple"}, {"B", ""}, {"POST", "postage"}}, {}};
    slice.lines = {line(1, 100, 0, 2, 500),   line(2, 100, 0, 1, 250),  line(3, 100, 1, 1, 900),
                   line(4, 101, 0, -1, -250), line(5, 102, 2, 1, 1800), line(6, 103, 1, 7, 0)};
    slice.lines[0].customer = slice.lines[1].customer = 9;
    slice.lines[3].is_return = true;
    slice.lines[4].is_adjustment = true;
    happen(ask(slice));
    EXPECT_TRUE(hours_of(state.history, 1).empty()) << "nothing shows before it is published";
    happen(ask(PublishImport{ImportId{1}}));
    const auto& t = totals(1);
    EXPECT_EQ(t.rows, 6u);
    EXPECT_EQ(t.unchanged, 0u);
    EXPECT_EQ(t.orders, 4u);
    EXPECT_EQ(t.returns, 1u);
    EXPECT_EQ(t.customers, 1u);
    EXPECT_EQ(t.gross, Money{500 + 250 + 900 + 1800});
    EXPECT_EQ(t.returned, Money{-250});
    EXPECT_EQ(t.net, Money{3200});
    ASSERT_EQ(state.history.hours.size(), 2u) << "postage is no SKU that sells";
    const auto apple = shown(1, 10);
    EXPECT_EQ(apple.units, 3);
    EXPECT_EQ(apple.returned, 1);
    EXPECT_EQ(apple.revenue, Money{750});
    EXPECT_EQ(shown(2, 10).units, 1) << "units for nothing are no sale";
    EXPECT_EQ(state.catalogue.skus.size(), 2u);
}

TEST_F(ImportedHistory, TheSameFileAndTheSameLinesChangeNothing) {
    const StageHistory slice{ImportId{1}, {{"A", ""}}, {line(1, 100, 0, 2, 500), line(1, 100, 0, 2, 500)}};
    happen(ask(BeginImport{"a.csv", "d1", "csv"}));
    happen(ask(slice));
    happen(ask(slice));
    EXPECT_EQ(totals(1).rows, 4u);
    EXPECT_EQ(totals(1).unchanged, 3u);
    happen(ask(PublishImport{ImportId{1}}));
    EXPECT_EQ(refused(ask(BeginImport{"again.csv", "d1", "csv"})), "already_imported");
    const auto before = shown(1, 10);
    happen(ask(BeginImport{"overlap.csv", "d2", "csv"}));
    StageHistory more = slice;
    more.import = ImportId{2};
    more.lines.push_back(line(2, 101, 0, 1, 250));
    happen(ask(more));
    happen(ask(PublishImport{ImportId{2}}));
    EXPECT_EQ(totals(2).unchanged, 2u);
    EXPECT_EQ(totals(2).net, Money{250});
    EXPECT_EQ(shown(1, 10).units, before.units + 1);
    EXPECT_EQ(state.history.keys.size(), 2u);
}

TEST_F(ImportedHistory, OneAtATimeAndInOrder) {
    EXPECT_EQ(refused(ask(PublishImport{ImportId{1}})), "not_found");
    happen(ask(BeginImport{"a.csv", "d1", "csv"}));
    EXPECT_EQ(refused(ask(BeginImport{"b.csv", "d2", "csv"})), "import_running");
    happen(ask(BeginImport{"a.csv", "d1", "csv"}));  // the same file again: the first attempt has gone
    EXPECT_EQ(state.history.imports[0].status, ImportStatus::abandoned);
    EXPECT_EQ(refused(ask(StageHistory{ImportId{1}, {{"A", ""}}, {line(1, 1, 0, 1, 1)}})), "wrong_state");
    happen(ask(StageHistory{ImportId{2}, {{"A", ""}}, {line(1, 1, 0, 1, 1)}}));
    happen(ask(AbandonImport{ImportId{2}}));
    EXPECT_TRUE(hours_of(state.history, 1).empty()) << "what was abandoned never shows";
    EXPECT_EQ(refused(ask(AbandonImport{ImportId{2}})), "wrong_state");
    EXPECT_EQ(refused(ask(PublishImport{ImportId{2}})), "wrong_state");
    happen(ask(BeginImport{"a.csv", "d1", "csv"}));
    happen(ask(StageHistory{ImportId{3}, {{"A", ""}}, {line(1, 1, 0, 1, 1)}}));
    happen(ask(PublishImport{ImportId{3}}));
    EXPECT_EQ(totals(3).unchanged, 0u) << "an abandoned line may come again";
    EXPECT_EQ(totals(3).orders, 1u);
    EXPECT_EQ(shown(1, 10).units, 1) << "and counts once";
}

// Files that overlap, repeat and are given up, at random, beside a ledger that keeps the lines of published files.
TEST_F(ImportedHistory, EqualsALedgerOfPublishedLines) {
    Random chance{7};
    std::map<std::uint64_t, HistoryLine> ledger, of_file;
    const auto pick = [&](std::uint64_t n) { return chance.below(n); };
    for (std::uint64_t file = 1; file <= 200; ++file) {
        happen(ask(BeginImport{"f", std::to_string(file), "csv"}));
        of_file.clear();
        std::set<std::uint64_t> orders, customers;
        std::uint64_t unchanged = 0;
        for (auto slices = pick(4); slices > 0; --slices) {
            StageHistory slice{ImportId{file}, {{"A", ""}, {"B", ""}}, {}};
            for (auto lines = 2 + pick(6); lines > 0; --lines) {
                const auto key = 1 + pick(60);
                auto row = line(key, 1 + key / 3, static_cast<std::uint32_t>(key % 2), 1, 100);
                row.at = Instant{static_cast<std::int64_t>(key % 4) * hour_ms}, row.customer = 1 + key % 5;
                slice.lines.push_back(row);
                if (ledger.contains(key) || !of_file.emplace(key, row).second) {
                    ++unchanged;
                    continue;
                }
                orders.insert(row.order), customers.insert(row.customer);
            }
            happen(ask(slice));
        }
        EXPECT_EQ(totals(file).unchanged, unchanged);
        EXPECT_EQ(totals(file).orders, orders.size());
        EXPECT_EQ(totals(file).customers, customers.size());
        if (pick(3) == 0) {
            happen(ask(AbandonImport{ImportId{file}}));
        } else {
            happen(ask(PublishImport{ImportId{file}}));
            ledger.merge(of_file);
        }
        std::map<std::pair<std::uint64_t, std::int64_t>, std::int64_t> units;
        for (const auto& [key, row] : ledger)
            ++units[{state.catalogue.find(row.sku == 0 ? "A" : "B")->id.n, row.at.ms / hour_ms}];
        std::size_t rows = 0;
        for (std::uint32_t sku = 1; sku <= 2; ++sku)
            for (const auto& [hour, sales] : hours_of(state.history, sku)) {
                EXPECT_EQ(sales.units, (units[{sku, hour}])) << "file " << file << " SKU " << sku << " hour " << hour;
                ++rows;
            }
        EXPECT_EQ(rows, units.size());
    }
    EXPECT_GT(ledger.size(), 40u);
}

TEST_F(ImportedHistory, RefusesWhatCannotBe) {
    happen(ask(BeginImport{"a.csv", "d1", "csv"}));
    const auto slice = [](std::vector<HistorySku> skus, std::vector<HistoryLine> lines) {
        return StageHistory{ImportId{1}, std::move(skus), std::move(lines)};
    };
    const HistoryLine good = line(1, 1, 0, 1, 1);
    struct Case {
        StageHistory command;
        const char* words;
    };
    const Case cases[] = {
        {slice({}, {}), "1 to 1000 lines"},
        {slice({{"A", ""}}, std::vector<HistoryLine>(1001, good)), "1 to 1000 lines"},
        {slice({{"A", ""}}, {line(1, 1, 1, 1, 1)}), "SKU is not in"},
        {slice({{"", ""}}, {good}), "1 to 200 bytes"},
        {slice({{"A", std::string(201, 'x')}}, {good}), "1 to 200 bytes"},
        {slice({{"A", ""}, {"B", ""}}, {good}), "without a line"},
        {slice({{"A", ""}}, {line(0, 1, 0, 1, 1)}), "digest of 0"},
        {slice({{"A", ""}}, {line(1, 1, 0, limits::units_max + 1, 1)}), "more units"},
        {slice({{"A", ""}}, {line(1, 1, 0, 1, -limits::money_max - 1)}), "more money"},
    };
    for (const auto& c : cases) {
        const Verdict verdict = ask(c.command);
        ASSERT_FALSE(verdict.ok()) << c.words;
        EXPECT_NE(verdict.error().detail.find(c.words), std::string::npos) << verdict.error().detail;
    }
}

TEST_F(ImportedHistory, ASliceOfLongTitlesBecomesSeveralFacts) {
    happen(ask(BeginImport{"a.csv", "d1", "csv"}));
    StageHistory slice{ImportId{1}, {}, {}};
    for (std::uint32_t i = 0; i < limits::import_slice_rows; ++i) {
        slice.skus.push_back({std::to_string(i) + std::string(190, 's'), std::string(200, 't')});
        slice.lines.push_back(line(i + 1, i + 1, i, 1, 100));
        slice.lines.back().customer = ~std::uint64_t{0} - i;
    }
    const Verdict verdict = ask(slice);
    ASSERT_TRUE(verdict.ok());
    EXPECT_GT(verdict->size(), 5u);
    happen(verdict);
    EXPECT_EQ(totals(1).rows, 1000u);
    EXPECT_EQ(totals(1).customers, 1000u);
    EXPECT_EQ(state.catalogue.skus.size(), 1000u);
    EXPECT_EQ(state.history.hours.size(), 1000u);
}

}  // namespace
}  // namespace dropsmith::signals::history_test
