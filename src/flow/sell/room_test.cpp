// The waiting room: entering, ballot and queue, rounds of admission, who may hold and who may not.
#include "flow/sell/room.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "flow/sell/draw.h"
#include "flow/sell/fair_laws.h"
#include "flow/sell/shop_testing.h"

namespace dropsmith::sell::room_test {
namespace {

struct Bell {  // a drop with a room
    TestShop shop;
    SkuId a = shop.sku("A");
    DropId drop;

    explicit Bell(RoomKind kind, std::uint64_t per_second_max = 0, bool by_person = false) {
        shop.receive(a, 1000);
        auto line = TestShop::line(a, 1000);
        line.per_person_limit = Quantity{2};
        auto terms = shop.terms({line});
        terms.room = RoomTerms{kind, minutes(30), seconds(10), per_second_max, minutes(5), by_person};
        shop.must(DraftDrop{terms});
        drop = shop.state.drops.drops.back().id;
        shop.set_price(drop, 0, Money{1000});
        const auto& drafted = shop.drop(drop).terms;
        shop.take(DropScheduled{drop, drafted.opens_at, drafted.closes_at, drafted.preorder_release});
        shop.take(commit_room(drop, drafted, "", shop.moment()));
        shop.who = {ActorKind::buyer, {}};
    }
    Instant opens() const { return shop.drop(drop).terms.opens_at; }
    const Room& room() const { return *shop.state.rooms.find(drop); }
    std::string enter(std::uint64_t session) { return shop.word(EnterRoom{drop, session}); }
    std::optional<Instant> admitted(std::uint32_t number) const {
        const auto rank = room().rank_of(number);
        return rank ? room().admitted_at(*rank) : std::nullopt;
    }
    PlaceHold hold(std::uint64_t session, std::optional<Admission> admission = {}) const {
        auto wish = TestShop::wish(drop, a, 1, session);
        wish.admission = admission;
        return wish;
    }
    Admission admission(std::uint64_t session) const { return {drop, session, 1, shop.now + minutes(5)}; }
};

TEST(RoomTest, OneEntersInTimeOncePerSession) {
    Bell bell(RoomKind::ballot);
    EXPECT_EQ(bell.enter(7), "no_room") << "too early";
    bell.shop.run_to(bell.opens() - minutes(30));
    EXPECT_EQ(bell.enter(0), "bad_value");
    EXPECT_EQ(bell.enter(7), "");
    EXPECT_EQ(bell.enter(7), "") << "asked again: the same place";
    EXPECT_EQ(bell.enter(8), "");
    EXPECT_EQ(bell.room().entrants.size(), 2u);
    EXPECT_FALSE(bell.room().rank_of(1)) << "nobody has a place before the draw";
    EXPECT_EQ(bell.shop.word(EnterRoom{DropId{9}, 1}), "not_found");
    const auto plain = bell.shop.draft({TestShop::line(bell.a, 1)});
    EXPECT_EQ(bell.shop.word(EnterRoom{plain, 1}), "no_room");
}

TEST(RoomTest, ByPersonAnAddressHasOnePlaceWhateverItsSessions) {
    Bell bell(RoomKind::ballot, 0, true);
    bell.shop.run_to(bell.opens() - minutes(5));
    EXPECT_EQ(bell.enter(7), "person_required");
    bell.shop.person = PersonId{5};
    EXPECT_EQ(bell.enter(7), "");
    EXPECT_EQ(bell.enter(7), "");
    EXPECT_EQ(bell.enter(8), "already_waiting");
    EXPECT_EQ(bell.room().entrants.size(), 1u);
}

TEST(RoomTest, TheSeedIsCommittedBeforeAndDrawnAfterAllHaveEntered) {
    Bell bell(RoomKind::ballot, 3);
    bell.shop.run_to(bell.opens() - minutes(1));
    for (std::uint64_t s = 1; s <= 10; ++s) EXPECT_EQ(bell.enter(s), "");
    const auto commitment = bell.room().commitment;
    bell.shop.run_to(bell.opens() - seconds(10));
    ASSERT_TRUE(bell.room().drawn_at);
    EXPECT_EQ(commitment_of(bell.room().seed), commitment);
    std::set<std::uint32_t> ranks;
    for (std::uint32_t n = 1; n <= 10; ++n) ranks.insert(*bell.room().rank_of(n));
    EXPECT_EQ(ranks.size(), 10u);
    EXPECT_EQ(bell.enter(11), "");
    EXPECT_EQ(bell.room().rank_of(11), 10u) << "after the draw: at the end, in order of arrival";
    EXPECT_EQ(bell.room().upto, 0u);
    bell.shop.run_to(bell.opens());
    EXPECT_EQ(bell.room().upto, 3u) << "never faster than the merchant's cap";
    bell.shop.run_to(bell.opens() + seconds(60));  // a late tick does not catch up
    EXPECT_LE(bell.room().upto, 11u);
    EXPECT_EQ(room_law(bell.shop.state).breach, "");
}

TEST(RoomTest, AQueueAdmitsInOrderOfArrivalAtTheRateThatIsSet) {
    Bell bell(RoomKind::fifo, 100);
    bell.shop.run_to(bell.opens() - minutes(1));
    for (std::uint64_t s = 1; s <= 25; ++s) bell.enter(s);
    bell.shop.must(SetAdmissionRate{bell.drop, 10});
    EXPECT_EQ(bell.shop.word(SetAdmissionRate{bell.drop, 0}), "bad_value");
    for (int second = 0; second < 3; ++second) bell.shop.run_to(bell.opens() + seconds(second));
    EXPECT_EQ(*bell.admitted(1), bell.opens());
    EXPECT_EQ(*bell.admitted(11), bell.opens() + seconds(1));
    EXPECT_EQ(*bell.admitted(25), bell.opens() + seconds(2));
    bell.enter(26);
    bell.shop.run_to(bell.opens() + seconds(3));
    EXPECT_EQ(*bell.admitted(26), bell.opens() + seconds(3));
    bell.shop.run_to(bell.opens() + seconds(3) + minutes(5));
    EXPECT_TRUE(bell.room().over) << "nobody waited for as long as an admission runs";
    EXPECT_EQ(bell.enter(27), "no_room");
    EXPECT_EQ(bell.shop.word(bell.hold(99)), "") << "over: everybody may hold";
    EXPECT_EQ(room_law(bell.shop.state).breach, "");
}

TEST(RoomTest, WhoComesToAnEmptyRoomIsLetInByTheNextRound) {
    Bell bell(RoomKind::fifo, 1);
    bell.shop.run_to(bell.opens() - minutes(1));
    bell.enter(1);
    bell.shop.run_to(bell.opens());
    bell.shop.run_to(bell.opens() + seconds(1));
    bell.shop.run_to(bell.opens() + seconds(10));  // the room is empty, and looks again when the turn has run out
    EXPECT_EQ(bell.room().upto, 1u);
    bell.enter(2), bell.enter(3);
    bell.shop.run_to(bell.shop.now);
    EXPECT_EQ(*bell.admitted(2), bell.opens() + seconds(10));
    EXPECT_FALSE(bell.admitted(3));
    bell.shop.run_to(bell.opens() + seconds(11));
    EXPECT_EQ(*bell.admitted(3), bell.opens() + seconds(11));
    for (int minute = 0; minute < 6; ++minute) bell.shop.run_to(bell.shop.now + minutes(1));
    EXPECT_TRUE(bell.room().over);
    EXPECT_EQ(room_law(bell.shop.state).breach, "");
}

TEST(RoomTest, WithoutAnAdmissionOfOnesOwnNothingIsHeld) {
    Bell bell(RoomKind::fifo);
    bell.shop.run_to(bell.opens() - minutes(1));
    bell.enter(7), bell.enter(8);
    bell.shop.run_to(bell.opens());
    const auto good = bell.admission(7);
    EXPECT_EQ(bell.shop.word(bell.hold(7)), "not_admitted") << "none";
    EXPECT_EQ(bell.shop.word(bell.hold(8, good)), "not_admitted") << "lent";
    auto other = good;
    other.drop = DropId{2};
    EXPECT_EQ(bell.shop.word(bell.hold(7, other)), "not_admitted") << "of another drop";
    auto late = good;
    late.expires_at = bell.shop.now;
    EXPECT_EQ(bell.shop.word(bell.hold(7, late)), "not_admitted") << "run out";
    EXPECT_EQ(bell.shop.word(bell.hold(7, good)), "");
    EXPECT_EQ(bell.shop.word(bell.hold(7, good)), "");
    EXPECT_EQ(bell.shop.word(bell.hold(7, good)), "over_limit") << "one admission is one person";
    bell.shop.who = {ActorKind::device, {}};
    EXPECT_EQ(bell.shop.word(bell.hold(0)), "") << "a till sells to who stands before it";
}

TEST(RoomTest, AnAdmissionThatRanOutLetsOneEnterAgainAtTheEnd) {
    Bell bell(RoomKind::fifo, 1);
    bell.shop.run_to(bell.opens() - minutes(1));
    for (std::uint64_t s = 1; s <= 400; ++s) bell.enter(s);
    for (int second = 0; second <= 301; ++second) bell.shop.run_to(bell.opens() + seconds(second));
    EXPECT_EQ(bell.enter(1), "");
    EXPECT_EQ(bell.room().entrants.size(), 401u);
    EXPECT_EQ(bell.room().rank_of(401), 400u);
    EXPECT_EQ(bell.enter(300), "");
    EXPECT_EQ(bell.room().entrants.size(), 401u) << "still admitted, or waiting: the same place";
}

TEST(RoomTest, TheRoomThatWasAnnouncedStays) {
    Bell bell(RoomKind::ballot);
    EditDrop edit{bell.drop, {}, bell.shop.drop(bell.drop).terms, {}, ""};
    edit.terms.lines = {bell.shop.drop(bell.drop).lines[0].terms};
    edit.terms.room->kind = RoomKind::fifo;
    EXPECT_EQ(bell.shop.word(edit), "wrong_state");
    edit.terms.room.reset();
    EXPECT_EQ(bell.shop.word(edit), "wrong_state");
    edit.terms.room = bell.shop.drop(bell.drop).terms.room;
    edit.terms.room->per_second_max = 5;
    edit.terms.opens_at = edit.terms.opens_at + hours(2);
    bell.shop.must(edit);
    bell.shop.run_to(bell.opens() - minutes(1));
    bell.enter(1);
    EXPECT_FALSE(bell.room().drawn_at) << "the draw has moved with the opening";
    bell.shop.run_to(bell.opens());
    EXPECT_EQ(bell.room().upto, 1u);
}

RC_GTEST_PROP(RoomTest, AdmissionsNeverOutrunTheRateAndTheOrderNeverChanges, ()) {
    Bell bell(*rc::gen::element(RoomKind::fifo, RoomKind::ballot), *rc::gen::inRange<std::uint64_t>(0, 4));
    bell.shop.run_to(bell.opens() - minutes(2));
    std::uint64_t session = 0;
    for (auto n = *rc::gen::inRange(0, 30); n > 0; --n) bell.enter(++session);
    std::vector<std::optional<std::uint32_t>> ranks;
    auto upto = bell.room().upto;
    for (int step = 0; step < 40; ++step) {
        const auto before = bell.shop.now;
        const auto rate = admissions_now(bell.room(), *bell.shop.drop(bell.drop).terms.room);
        switch (*rc::gen::inRange(0, 5)) {
            case 0:
                bell.enter(++session);
                break;
            case 1:
                (void)bell.shop.ask(SetAdmissionRate{bell.drop, *rc::gen::inRange<std::uint64_t>(1, 9)});
                break;
            case 2:
                (void)bell.shop.ask(PauseDrop{bell.drop, ""});
                break;
            case 3:
                (void)bell.shop.ask(ResumeDrop{bell.drop});
                break;
            default:
                bell.shop.run_to(bell.shop.now + Duration{*rc::gen::inRange(1, 20'000)});
        }
        const auto rounds = static_cast<std::uint64_t>((bell.shop.now - before).n / 1000 + 1);
        RC_ASSERT(bell.room().upto - upto <= std::max<std::uint64_t>(rate, 9) * rounds);
        upto = bell.room().upto;
        for (std::uint32_t n = 1; n <= ranks.size(); ++n)
            if (ranks[n - 1]) RC_ASSERT(ranks[n - 1] == bell.room().rank_of(n));
        ranks.clear();
        for (std::uint32_t n = 1; n <= bell.room().entrants.size(); ++n) ranks.push_back(bell.room().rank_of(n));
        RC_ASSERT(room_law(bell.shop.state).breach == "");
    }
}

}  // namespace
}  // namespace dropsmith::sell::room_test
