// The loop under many producers (run it under TSan too): nothing is oversold or lost, full queues refuse at once, the
// kill switch is first, control has its share, stop finishes what is queued.
#include "engine/loop.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>

#include "base/limits.h"
#include "engine/shop_testing.h"

namespace dropsmith::engine::loop_test {
namespace {

class LoopTest : public testing::Test {
protected:
    void open(std::int64_t units) {
        shop.open_drop(units);
        machine.step_wall(shop.now - machine.wall());
        clock.emplace(machine, shop.now, 1, false);
        loop.emplace(shop.core, *clock);
    }
    static Ask ask_of(Command command) {
        Ask ask;
        ask.command.emplace(std::move(command));
        return ask;
    }
    MemoryJournal journal;
    ShopOnTest shop{journal};
    ManualClock machine{Instant{1'800'000'000'000}};
    std::optional<ShopClock> clock;
    std::optional<Loop> loop;
};

TEST_F(LoopTest, ManyProducersNeverOversell) {
    open(100);
    loop->start();
    std::atomic<int> held{0}, refused{0}, lost{0};
    std::vector<std::thread> producers;
    for (int producer = 0; producer < 4; ++producer)
        producers.emplace_back([&] {
            for (int i = 0; i < 60; ++i) {
                const auto settled = loop->ask_and_wait(Lane::selling, ask_of(hold_of(1)));
                ++(!settled.stored ? lost : settled.refusal ? refused : held);
            }
        });
    for (auto& producer : producers) producer.join();
    loop->stop();
    EXPECT_EQ(held.load(), 100);
    EXPECT_EQ(refused.load(), 140);
    EXPECT_EQ(lost.load(), 0);
    EXPECT_EQ(shop.core.state().stock.rows.at({SkuId{1}, PlaceId{1}}).held, Quantity{100});
    EXPECT_EQ(loop->figures().commands, 240u);
}

TEST_F(LoopTest, AFullQueueRefusesAtOnceAndStopFinishesTheRest) {
    open(10);
    std::size_t taken = 0;  // not started: nothing is taken out
    while (loop->submit(Lane::bulk, ask_of(hold_of(1)))) ++taken;
    EXPECT_EQ(taken, limits::bulk_queue);
    EXPECT_TRUE(loop->submit(Lane::selling, ask_of(hold_of(1)))) << "each lane is full by itself";
    EXPECT_EQ(loop->figures().refused_full, 1u);
    loop->start();
    loop->stop();
    EXPECT_EQ(loop->figures().commands, taken + 1);
    EXPECT_FALSE(loop->submit(Lane::selling, ask_of(hold_of(1)))) << "stopped";
}

// Notes the order in which asks are decided.
class Noting final : public Caller {
public:
    Noting(std::vector<int>& order, int mark) : order_(order), mark_(mark) {}
    void decided(const Answer&) override { order_.push_back(mark_); }
    void settled(const Fault*) override {}

private:
    std::vector<int>& order_;
    int mark_;
};

TEST_F(LoopTest, TheKillSwitchIsFirstAndControlHasItsShare) {
    open(10);
    std::vector<int> order;
    const auto submit = [&](Lane lane, int mark) {
        auto ask = ask_of(hold_of(1));
        ask.caller = std::make_unique<Noting>(order, mark);
        ASSERT_TRUE(loop->submit(lane, std::move(ask)));
    };
    for (std::size_t i = 0; i < 3'000; ++i) submit(Lane::selling, 0);
    for (int i = 0; i < 500; ++i) submit(Lane::control, 1);
    submit(Lane::bulk, 2);
    submit(Lane::urgent, 3);
    loop->start();
    loop->stop();
    ASSERT_EQ(order.size(), 3'502u);
    EXPECT_EQ(order.front(), 3);
    const auto first_batch = std::vector<int>(order.begin(), order.begin() + limits::batch_commands_max);
    EXPECT_GE(std::count(first_batch.begin(), first_batch.end(), 1), limits::batch_commands_max / 10);
    EXPECT_GE(std::count(first_batch.begin(), first_batch.end(), 0), 800);
    EXPECT_EQ(std::count(first_batch.begin(), first_batch.end(), 2), 1) << "bulk waits for nobody";
}

TEST_F(LoopTest, ARoundMakesOneBatch) {
    open(100);
    shop.pass(seconds(2));
    loop->start();
    // The loop waits for a round as long as a quarter of a sync, so whether it makes one batch of it is a matter of
    // luck; that none is lost and that the round's end wakes it is not.
    std::atomic<int> settled{0};
    struct Counting final : Caller {
        std::atomic<int>& count;
        explicit Counting(std::atomic<int>& c) : count(c) {}
        void decided(const Answer&) override {}
        void settled(const Fault*) override { ++count; }
    };
    for (int round = 0; round < 20; ++round) {
        loop->round_begins();
        for (int i = 0; i < 10; ++i) {
            auto ask = ask_of(hold_of(1));
            ask.caller = std::make_unique<Counting>(settled);
            ASSERT_TRUE(loop->submit(Lane::selling, std::move(ask)));
        }
        loop->round_ends();
    }
    loop->stop();
    EXPECT_EQ(settled.load(), 200);
}

TEST_F(LoopTest, TimersGoOffWithoutAnybodyAsking) {
    open(10);
    loop->start();
    ASSERT_TRUE(loop->ask_and_wait(Lane::selling, ask_of(hold_of(1))).stored);
    machine.advance(minutes(10));
    Quantity held{1};
    while (held > Quantity{0}) {  // ends by the test's own time limit if the timer never goes off
        Ask question;
        struct Looker final : Caller {
            Quantity& seen;
            explicit Looker(Quantity& out) : seen(out) {}
            void decided(const Answer& answer) override {
                seen = answer.state.stock.rows.at({SkuId{1}, PlaceId{1}}).held;
            }
            void settled(const Fault*) override {}
        };
        question.caller = std::make_unique<Looker>(held);
        ASSERT_TRUE(loop->ask_and_wait(Lane::control, std::move(question)).stored);
    }
    EXPECT_EQ(held, Quantity{0});
}

TEST_F(LoopTest, TheClockFollowsAStepOfTheWallSlowlyWhileAnybodyHoldsUnits) {
    open(10);
    loop->start();
    const auto look = [&] {
        Instant at;
        struct Looker final : Caller {
            Instant& seen;
            explicit Looker(Instant& out) : seen(out) {}
            void decided(const Answer& answer) override { seen = answer.at; }
            void settled(const Fault*) override {}
        };
        Ask question;
        question.caller = std::make_unique<Looker>(at);
        EXPECT_TRUE(loop->ask_and_wait(Lane::control, std::move(question)).stored);
        return at;
    };
    const auto passes_with_a_step = [&] {
        const auto before = look();
        machine.step_wall(minutes(4));
        machine.advance(minutes(1));
        return look() - before - minutes(1);
    };
    EXPECT_GT(passes_with_a_step(), seconds(2)) << "nobody holds anything: 5 %";
    ASSERT_TRUE(loop->ask_and_wait(Lane::selling, ask_of(hold_of(1))).stored);
    machine.step_wall(-minutes(4));
    EXPECT_LE(passes_with_a_step(), Duration{61}) << "a thousandth";
}

TEST_F(LoopTest, AStoreThatRefusesAnswersAndHeals) {
    open(10);
    journal.refuse_writes(true);
    loop->start();
    EXPECT_FALSE(loop->ask_and_wait(Lane::selling, ask_of(hold_of(1))).stored);
    EXPECT_FALSE(loop->ask_and_wait(Lane::selling, ask_of(hold_of(1))).stored);
    loop->stop();
    journal.refuse_writes(false);
    EXPECT_TRUE(shop.tell(hold_of(1)).stored);
}

TEST_F(LoopTest, ABatchIsBracketedForThoseWhoHandAnswersOn) {
    struct Scope final : BatchScope {
        std::atomic<int> begun{0}, ended{0};
        std::atomic<bool> inside{false};
        void batch_begins() override { ++begun, inside = true; }
        void batch_ends() override { ++ended, inside = false; }
    } scope;
    struct Witness final : Caller {
        const Scope& scope;
        std::atomic<int>& seen;
        Witness(const Scope& its_scope, std::atomic<int>& its_seen) : scope(its_scope), seen(its_seen) {}
        void decided(const Answer&) override {}
        void settled(const Fault*) override { seen += scope.inside; }
    };
    open(100);
    loop->announce_to(&scope);
    loop->start();
    std::atomic<int> seen{0};
    for (int i = 0; i < 50; ++i) {  // a crowd, in rounds of ten: each batch waits for as many as were answered
        loop->round_begins();
        for (int k = 0; k < 10; ++k) {
            auto ask = ask_of(hold_of(1));
            ask.caller = std::make_unique<Witness>(scope, seen);
            ASSERT_TRUE(loop->submit(Lane::selling, std::move(ask)));
        }
        loop->round_ends();
    }
    loop->stop();
    EXPECT_EQ(seen.load(), 500);
    EXPECT_EQ(scope.begun.load(), scope.ended.load());
    EXPECT_GE(scope.begun.load(), 1);
}

}  // namespace
}  // namespace dropsmith::engine::loop_test
