// Batches there and back; every kind of damage is refused with its place; the chain.
#include "engine/batch.h"

#include <gtest/gtest.h>

#include "engine/shop_testing.h"

namespace dropsmith::engine::batch_test {
namespace {

UnitsHeld a_hold(std::uint64_t id) {
    UnitsHeld held;
    held.hold = HoldId{id};
    held.drop = DropId{3};
    held.channel = ChannelId{1};
    held.lines = {{0, SkuId{7}, PlaceId{2}, Quantity{2}, Money{2'990}, DecisionId{12}}};
    held.expires_at = Instant{1'800'000'600'000};
    held.session = 0x1234'5678'9ABC'DEF0;
    return held;
}

Batch a_batch() {
    Batch batch{41, Instant{1'800'000'000'000}, 3, {}, {}};
    batch.previous.fill(0xAB);
    batch.entries.push_back({{ActorKind::buyer, {}}, key_of(9, 77), facts(a_hold(5), a_hold(6))});
    batch.entries.push_back({{ActorKind::staff, GrantId{2}}, {}, facts(GrantEnded{GrantId{1}})});
    return batch;
}

TEST(Batch, ComesBackAsItWas) {
    const auto batch = a_batch();
    const auto stored = encode_batch(batch);
    EXPECT_EQ(stored.first, 41u);
    EXPECT_EQ(stored.last, 43u);
    const auto back = decode_batch(stored);
    ASSERT_TRUE(back.ok()) << back.error().what;
    EXPECT_EQ(back->at, batch.at);
    EXPECT_EQ(back->epoch, 3u);
    EXPECT_EQ(back->previous, batch.previous);
    ASSERT_EQ(back->entries.size(), 2u);
    EXPECT_EQ(back->entries[0].key, key_of(9, 77));
    EXPECT_EQ(back->entries[0].who.kind, ActorKind::buyer);
    EXPECT_EQ(back->entries[0].facts[1].as<UnitsHeld>()->hold, HoldId{6});
    EXPECT_EQ(back->entries[1].who.grant, GrantId{2});
    EXPECT_FALSE(back->entries[1].key);
    EXPECT_EQ(encode_batch(*back).bytes, stored.bytes) << "one value, one form";
}

TEST(Batch, AHoldOfOneLineTakesAtMost128Bytes) {
    Bytes out;
    encode_fact(out, a_hold(1'000'000'000));
    EXPECT_LE(out.size(), 128u);
}

TEST(Batch, EveryCutIsFound) {
    const auto stored = encode_batch(a_batch());
    for (std::size_t n = 0; n < stored.bytes.size(); ++n) {
        auto cut = stored;
        cut.bytes.resize(n);
        ASSERT_FALSE(decode_batch(cut).ok()) << "cut to " << n;
    }
    auto longer = stored;
    longer.bytes += '\0';
    EXPECT_FALSE(decode_batch(longer).ok());
}

TEST(Batch, ItMustFitItsRow) {
    for (const auto& [first, last] :
         std::vector<std::pair<std::uint64_t, std::uint64_t>>{{40, 42}, {41, 42}, {41, 44}, {42, 43}}) {
        auto moved = encode_batch(a_batch());
        moved.first = first;
        moved.last = last;
        EXPECT_FALSE(decode_batch(moved).ok()) << first << "…" << last;
    }
}

TEST(Batch, ANewerJournalIsRefusedByName) {
    auto newer = encode_batch(a_batch());
    newer.bytes[0] = 2;
    const auto back = decode_batch(newer);
    ASSERT_FALSE(back.ok());
    EXPECT_EQ(back.error().kind, FaultKind::too_new);
    EXPECT_NE(back.error().what.find("schema 2"), std::string::npos) << back.error().what;
}

TEST(Batch, AFactOfANewerVersionIsRefusedByName) {
    auto newer = encode_batch(a_batch());
    Bytes fact;
    encode_fact(fact, a_hold(5));
    const auto at = newer.bytes.find(fact);
    ASSERT_NE(at, std::string::npos);
    newer.bytes[at + 2] = 9;  // code 450 takes two bytes of varint
    const auto back = decode_batch(newer);
    ASSERT_FALSE(back.ok());
    EXPECT_EQ(back.error().kind, FaultKind::too_new);
    EXPECT_NE(back.error().what.find("UnitsHeld version 9"), std::string::npos) << back.error().what;
}

TEST(Batch, AnyFlippedBitEitherFailsOrChangesTheChain) {
    const auto stored = encode_batch(a_batch());
    const auto head = chain({}, stored.bytes);
    for (std::size_t bit = 0; bit < stored.bytes.size() * 8; ++bit) {
        auto flipped = stored;
        flipped.bytes[bit / 8] = static_cast<char>(flipped.bytes[bit / 8] ^ (1 << bit % 8));
        EXPECT_NE(chain({}, flipped.bytes), head);
        const auto back = decode_batch(flipped);
        if (back.ok()) {
            EXPECT_EQ(encode_batch(*back).bytes, flipped.bytes) << "bit " << bit << ": two forms of one value";
        }
    }
}

}  // namespace
}  // namespace dropsmith::engine::batch_test
