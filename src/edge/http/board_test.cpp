// Two ways, one answer: whatever the board says, the loop would have said at the same moment, byte for byte; and the
// board does say it. A drop lives through holds, releases, expiries, a pause, prices by hand and its close, by chance
// with a fixed seed.
#include "edge/http/board.h"

#include <array>
#include <map>

#include <gtest/gtest.h>

#include "base/public_id.h"
#include "base/random.h"
#include "edge/http/views.h"
#include "engine/shop_testing.h"

namespace dropsmith::http::board_test {
namespace {

using engine::MemoryJournal;
using engine::ShopOnTest;

struct Judged {
    std::optional<RefusalCode> code;
    std::string body;
    HoldId hold;
};

class Judge final : public engine::Caller {
  public:
    explicit Judge(Judged& out) : out_(out) {}
    void decided(const engine::Answer& answer) override {
        if (answer.refusal) out_.code = answer.refusal->code, out_.body = refusal_problem(*answer.refusal).body;
        if (!answer.facts) return;
        for (const auto& fact : *answer.facts)
            if (const auto* held = fact.as<UnitsHeld>()) out_.hold = held->hold;
    }
    void settled(const Fault*) override {}

  private:
    Judged& out_;
};

class BoardTest : public testing::Test {
  protected:
    BoardTest() : shop_(journal_), ids_(std::string(32, 's')) {
        board_.wire(&ids_);
        shop_.open_drop(20);
        board_.load(shop_.core.state());
        shop_.core.watch(&board_);
        shop_.core.count_also(&board_);
    }

    HoldBody body(std::string drop, std::string channel, std::vector<WantedBody> lines) {
        HoldBody asked;
        asked.drop = std::move(drop), asked.channel = std::move(channel), asked.lines = std::move(lines);
        return asked;
    }
    HoldBody plain(std::int64_t units = 1) { return body("winter", "web", {{"VASE-S", Quantity{units}, {}}}); }

    const Saying* board_says(const HoldBody& asked) { return board_.refuses(*board_.picture(), asked, shop_.now); }

    Judged loop_says(const HoldBody& asked) {
        Judged out;
        const Wish wish{*asked.drop, *asked.channel, asked.lines, 0, {}, {}, {}};
        std::array<engine::Ask, 1> asks;
        asks[0].build = [&](const State& state, const Moment&) { return place_hold(state, ids_, wish); };
        asks[0].who = {ActorKind::buyer, {}};
        asks[0].caller = std::make_unique<Judge>(out);
        shop_.core.run(asks, shop_.now);
        return out;
    }

    MemoryJournal journal_;
    ShopOnTest shop_;
    PublicIds ids_;
    Board board_;
};

bool board_may_say(RefusalCode code) {
    return code == refusals::sold_out || code == refusals::drop_not_open || code == refusals::drop_paused;
}

TEST_F(BoardTest, SaysWhatTheLoopWouldSayThroughTheLifeOfADrop) {
    Random random(20261122, 2);
    std::vector<HoldId> held;
    std::map<std::uint16_t, int> said;
    const std::vector<std::string> drops{"winter", ids_.show(DropId{1}), "nothing"};
    const std::vector<std::string> channels{"web", "elsewhere"};
    const std::vector<std::string> skus{"VASE-S", "NO-SUCH"};
    const auto mostly_first = [&](const auto& list) { return list[random.below(6) ? 0 : random.below(list.size())]; };
    for (int step = 0; step < 4'000; ++step) {
        switch (random.below(40)) {
            case 0: shop_.tell(PauseDrop{DropId{1}, "a look"}); break;
            case 1:
            case 2:
            case 3: shop_.tell(ResumeDrop{DropId{1}}); break;
            case 4: shop_.pass(minutes(static_cast<std::int64_t>(random.below(60)))); break;
            case 5:
            case 6:
                if (!held.empty()) shop_.tell(ReleaseHold{held[random.below(held.size())]});
                break;
            default: break;
        }
        const auto asked = body(mostly_first(drops), mostly_first(channels),
                                {{mostly_first(skus), Quantity{1 + static_cast<std::int64_t>(random.below(4))}, {}}});
        const auto* board = board_says(asked);
        const auto loop = loop_says(asked);
        if (loop.hold) held.push_back(loop.hold);
        ASSERT_EQ(board != nullptr, loop.code && board_may_say(*loop.code))
            << "step " << step << ", the loop: " << (loop.code ? loop.code->word : "held");
        if (!board) continue;
        ++said[board->code.number];
        ASSERT_EQ(board->code, *loop.code);
        ASSERT_EQ(board->body, loop.body);
        ASSERT_EQ(board->status, status_of(*loop.code));
    }
    EXPECT_GT(said[refusals::sold_out.number], 100);
    EXPECT_GT(said[refusals::drop_paused.number], 100);
    EXPECT_GT(said[refusals::drop_not_open.number], 100) << "after its close";
}

TEST_F(BoardTest, QuotesAsTheLoopDoes) {
    Random random(20261122, 3);
    int priced = 0;
    for (int step = 0; step < 300; ++step) {
        if (step % 10 == 5) {
            OverridePrice by_hand;
            by_hand.key = {DropId{1}, 0, ChannelId{1}};
            by_hand.price = Money{2'500 + static_cast<std::int64_t>(random.below(400))};
            by_hand.reason = "a try";
            by_hand.until = shop_.now + minutes(2);
            shop_.tell(by_hand);
        }
        if (step % 7 == 3) shop_.pass(minutes(1));
        if (random.below(4) == 0) shop_.now = shop_.now + seconds(50);  // an override may have ended, its timer not run
        QuoteBody asked{random.below(2) ? "winter" : ids_.show(DropId{1}), random.below(5) ? "web" : "elsewhere",
                        {{random.below(5) ? "VASE-S" : "NO-SUCH", Quantity{3}, {}}}, {}};
        const auto board = Board::quote(*board_.picture(), asked, 7, shop_.now);
        const Wish wish{asked.drop, asked.channel, asked.lines, 7, {}, {}, {}};
        const auto loop = price_basket(shop_.core.state(), ids_, wish, shop_.now);
        ASSERT_EQ(board.has_value(), loop.ok()) << step;
        if (!board) continue;
        ++priced;
        ASSERT_EQ(seal(*board, "key"), seal(*loop, "key")) << step;
    }
    EXPECT_GT(priced, 100);
}

TEST_F(BoardTest, LeavesToTheLoopWhatItCannotKnow) {
    ASSERT_FALSE(loop_says(plain(20)).code);
    ASSERT_TRUE(board_says(plain()));
    auto asked = plain();
    asked.lines[0].expect_unit_price = Money{1};
    EXPECT_FALSE(board_says(asked)) << "the price is looked at first";
    asked = plain();
    asked.person.emplace();
    EXPECT_FALSE(board_says(asked)) << "the person may be wrongly written";
    asked = plain();
    asked.fulfilment.emplace();
    EXPECT_FALSE(board_says(asked)) << "the place may not exist";
    asked = plain();
    asked.quote = "qt_1";
    EXPECT_FALSE(board_says(asked));
}

TEST_F(BoardTest, WhatItRefusedIsCountedInTheJournal) {
    ASSERT_FALSE(loop_says(plain(20)).code);
    for (int i = 0; i < 250; ++i) ASSERT_TRUE(board_says(plain()));
    EXPECT_TRUE(board_.any());
    EXPECT_TRUE(shop_.core.next_due().has_value());
    shop_.pass(seconds(2));
    shop_.pass(seconds(2));
    EXPECT_EQ(shop_.core.state().drops.refused.at({DropId{1}, refusals::sold_out.number}), 250u);
    EXPECT_FALSE(board_.any());
    shop_.pass(seconds(2));
    EXPECT_EQ(shop_.core.state().drops.refused.at({DropId{1}, refusals::sold_out.number}), 250u);
}

TEST_F(BoardTest, AUnitThatComesBackIsOnTheBoardAtOnce) {
    const auto first = loop_says(plain(20));
    ASSERT_TRUE(first.hold);
    ASSERT_TRUE(board_says(plain()));
    shop_.must(ReleaseHold{first.hold});
    EXPECT_FALSE(board_says(plain()));
}

TEST_F(BoardTest, ThePlacedHoldIsWrittenToTheSameOctetsEitherWay) {
    const Words words{ids_, "GBP"};
    const auto& state = shop_.core.state();
    Random random(8);
    int by_hand = 0;
    for (int i = 0; i < 2'000; ++i) {
        UnitsHeld fact;
        fact.hold = HoldId{random.next() >> 1}, fact.drop = DropId{1 + random.below(3)};
        fact.preorder = random.below(2) == 1;
        fact.expires_at = Instant{1'800'000'000'000 + static_cast<std::int64_t>(random.below(5'000))};
        for (auto lines = 1 + random.below(4) / 3; lines > 0; --lines)
            fact.lines.push_back({0, SkuId{1 + random.below(2)}, PlaceId{1},
                                  Quantity{1 + static_cast<std::int64_t>(random.below(999))},
                                  Money{static_cast<std::int64_t>(random.below(1'000'000))}, {}});
        std::string wanted, seen;
        JsonWriter json(wanted);
        write_placed_hold(json, state, fact, words);
        if (!append_placed_hold(seen, state, fact, words)) {
            ASSERT_EQ(seen, "");
            ASSERT_GT(fact.lines.size(), 1u);
            continue;
        }
        ++by_hand;
        ASSERT_EQ(seen, wanted);
    }
    EXPECT_GT(by_hand, 1'000);
}

}  // namespace
}  // namespace dropsmith::http::board_test
