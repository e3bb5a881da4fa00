// A journal that somebody changed and chained anew, at random: fields, whole facts, order. verify says which law breaks
// or, where none does, gives the state that a start gives; a start takes it or says why not. Neither ever ends the
// process. DROPSMITH_FORGERIES and DROPSMITH_SEED make it longer (tests/long/forged).
#include <gtest/gtest.h>

#include <cstring>
#include <map>

#include "base/environment_testing.h"
#include "base/fuzz.h"
#include "base/sized_testing.h"
#include "engine/replay.h"
#include "engine/shop_testing.h"
#include "engine/slices.h"
#include "engine/verify.h"

namespace dropsmith::engine::forged_test {
namespace {

// A day with most kinds of facts in it.
void busy_day(ShopOnTest& shop) {
    shop.open_drop(40);
    shop.must(AddPlace{"Stall", PlaceKind::popup, "Europe/London", {}});
    shop.must(ReceiveStock{PlaceId{1}, {{SkuId{1}, Quantity{2}, {}}}, ""});
    shop.must(MoveStock{PlaceId{1}, PlaceId{2}, {{SkuId{1}, Quantity{2}, {}}}, ""});
    shop.must(BeginImport{"past.csv", "d1", "csv"});
    HistoryLine line;
    line.key = 1, line.order = 1, line.units = Quantity{1}, line.amount = Money{500};
    shop.must(StageHistory{ImportId{1}, {{"OLD", ""}}, {line}});
    shop.must(PublishImport{ImportId{1}});
    sell_and_cancel(shop);
    shop.pass(hours(25));
}

class Forger {
  public:
    explicit Forger(std::uint64_t seed) : chance_(seed) {}

    void forge(std::vector<Batch>& batches) {
        for (auto left = 1 + chance_.below(3); left > 0; --left) {
            auto& batch = batches[chance_.below(batches.size())];
            auto& entry = batch.entries[chance_.below(batch.entries.size())];
            auto& facts = entry.facts;
            const auto i = chance_.below(facts.size());
            switch (chance_.below(10)) {
                case 0: facts.insert(facts.begin() + static_cast<std::ptrdiff_t>(i), copy_of(facts[i])); break;
                case 1:
                    if (facts.size() > 1) facts.erase(facts.begin() + static_cast<std::ptrdiff_t>(i));
                    break;
                case 2: facts[i] = from_elsewhere(batches); break;
                case 3: facts[i] = any_fact(); break;
                case 4: batch.at.ms += static_cast<std::int64_t>(chance_.below(1 << 20)) - 500'000; break;
                default: facts[i] = changed(facts[i]);
            }
        }
    }

  private:
    Fact from_elsewhere(const std::vector<Batch>& batches) {
        const auto& entries = batches[chance_.below(batches.size())].entries;
        const auto& facts = entries[chance_.below(entries.size())].facts;
        return copy_of(facts[chance_.below(facts.size())]);
    }
    static Fact copy_of(const Fact& fact) { return fact_info(fact.code())->copy(fact.object()); }
    Fact any_fact() {
        const auto& info = all_facts()[chance_.below(all_facts().size())];
        void* object = scratch_.object(info);
        fill(*info.type, object);
        return info.copy(object);
    }
    Fact changed(const Fact& fact) {
        const auto& info = *fact_info(fact.code());
        Bytes bytes;
        encode_cbor(bytes, {info.type, fact.object()});
        ByteView in = bytes;
        void* object = scratch_.object(info);
        CHECK(decode_cbor(in, *info.type, object));
        change(*info.type, object);
        return info.copy(object);
    }
    void fill(const Type& type, void* object) {
        std::string random;
        for (auto n = chance_.below(200); n > 0; --n) random.push_back(static_cast<char>(chance_.below(256)));
        FuzzBytes bytes(random);
        fuzz_fill(bytes, type, object);
    }
    // One leaf of the object: to any value, or one up or down.
    void change(const Type& type, void* object) {
        switch (type.kind) {
            case Kind::record: {
                if (type.fields.empty()) return;
                const auto& field = type.fields[chance_.below(type.fields.size())];
                return change(*field.type, static_cast<std::byte*>(object) + field.offset);
            }
            case Kind::list: {
                const auto n = type.count(object);
                if (n == 0 || chance_.below(8) == 0) return fill(type, object);
                return change(*type.element, const_cast<void*>(type.at(object, chance_.below(n))));
            }
            case Kind::optional: {
                const auto* held = type.peek(object);
                if (!held) return fill(*type.element, type.emplace(object));
                if (chance_.below(3) == 0) return type.clear(object);
                return change(*type.element, const_cast<void*>(held));
            }
            case Kind::text:
            case Kind::bytes:
            case Kind::boolean:
            case Kind::choice: return fill(type, object);
            default: break;
        }
        if (chance_.below(2) == 0) return fill(type, object);
        std::uint64_t n = 0;
        std::memcpy(&n, object, type.size);
        n += chance_.below(2) == 0 ? 1 : ~std::uint64_t{0};
        std::memcpy(object, &n, type.size);
    }

    Random chance_;
    FactScratch scratch_;
};

void chain_anew(MemoryJournal& journal, std::vector<Batch>& batches) {
    Digest256 previous{};
    std::uint64_t first = 1;
    journal.batches().clear();
    for (auto& batch : batches) {
        batch.previous = previous, batch.first = first;
        if (batch.at.ms < 0) batch.at.ms = 0;
        journal.batches().push_back(encode_batch(batch));
        previous = chain(previous, journal.batches().back().bytes);
        first = batch.last() + 1;
    }
}

TEST(Forged, AChangedJournalThatIsChainedAnewEndsInAMessage) {
    MemoryJournal honest;
    ShopOnTest shop(honest);
    busy_day(shop);
    const auto seed = from_environment("DROPSMITH_SEED", 1);
    const auto runs = from_environment("DROPSMITH_FORGERIES", sized(2'000u, 100u));
    std::map<std::string, std::uint64_t> rang;
    std::uint64_t held = 0, started = 0, refused = 0;
    for (std::uint64_t run = 0; run < runs; ++run) {
        SCOPED_TRACE("DROPSMITH_SEED=" + std::to_string(seed + run) + " DROPSMITH_FORGERIES=1");
        std::vector<Batch> forged;
        for (const auto& stored : honest.batches()) forged.push_back(std::move(decode_batch(stored)).value());
        Forger(seed + run).forge(forged);
        MemoryJournal journal;
        chain_anew(journal, forged);

        const auto report = verify(journal);
        for (const auto& law : report.laws)
            if (!law.holds) {
                ++rang[law.law];
                EXPECT_EQ(law.first_breach.rfind("fact ", 0), 0u) << law.law << ": " << law.first_breach;
            }
        State state;
        Digest256 hash{};
        const auto loaded = load(journal, state, hash);
        if (report.holds()) {
            ++held;
            ASSERT_TRUE(loaded.ok()) << "verify found nothing, a start did: " << loaded.error().what;
            EXPECT_EQ(state_hash(state), report.state_hash);
        }
        if (!loaded.ok()) {
            EXPECT_NE(loaded.error().what.find("journal"), std::string::npos) << loaded.error().what;
        }
        ShopOnTest again(journal);
        const auto start = again.core.start(shop.now);
        ++(start.ok() ? started : refused);
        EXPECT_EQ(start.ok(), loaded.ok());
    }
    if (runs < 1'000) return;
    EXPECT_GT(refused, runs / 20) << "the alarm rings";
    EXPECT_GT(held, 0u) << "a change of a name breaks no law";
    for (const auto* law : {"every fact can follow those before it", "stock by SKU and place", "money of orders"})
        EXPECT_GT(rang[law], 0u) << law;
    std::printf("forged: %llu runs from seed %llu, %llu hold, %llu start, %llu are refused\n",
                static_cast<unsigned long long>(runs), static_cast<unsigned long long>(seed),
                static_cast<unsigned long long>(held), static_cast<unsigned long long>(started),
                static_cast<unsigned long long>(refused));
}

}  // namespace
}  // namespace dropsmith::engine::forged_test
