// The waiting room's page for every standing, escaped, without script; and the arithmetic of a place.
#include "edge/http/room_page.h"

#include <gtest/gtest.h>

namespace dropsmith::http::room_page_test {
namespace {

RoomView a_room(RoomKind kind = RoomKind::ballot) {
    RoomView room;
    room.drop = DropId{1}, room.slug = "glass", room.title = "<b>Glass</b>", room.shop = "A & B",
    room.time_zone = "UTC";
    room.terms.kind = kind;
    room.opens_at = Instant{3'600'000}, room.draw_at = Instant{3'590'000}, room.closes_at = Instant{9'000'000};
    room.entrants = 10, room.per_second = 2, room.commitment = "c0ffee";
    return room;
}
std::string page(const RoomView& room, Instant now, std::optional<std::uint32_t> number = {}, bool simulated = false) {
    RoomPage page;
    page.room = &room, page.now = now, page.simulated = simulated;
    if (number) page.standing = standing_of(room, *number, now);
    return room_page(page);
}
bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

TEST(RoomPageTest, AsksToEnterAndEscapes) {
    const auto text = page(a_room(), Instant{1'000'000});
    EXPECT_TRUE(has(text, "<form method=\"post\" action=\"/d/glass/room\">"));
    EXPECT_TRUE(has(text, "&lt;b&gt;Glass"));
    EXPECT_TRUE(has(text, "A &amp; B"));
    EXPECT_TRUE(has(text, "<a href=\"/d/glass\">")) << "a way back to what is sold";
    EXPECT_FALSE(has(text, "<script"));
    EXPECT_FALSE(has(text, "http-equiv")) << "nothing to wait for yet";
    EXPECT_TRUE(has(text, "c0ffee"));
    EXPECT_TRUE(has(page(a_room(), Instant{-1'000}), "The waiting room opens"));
    EXPECT_TRUE(has(page(a_room(), Instant{1'000'000}, {}, true), "Simulated shop"));
}

TEST(RoomPageTest, WherePlacesGoByPersonTheFormAsksWhoItIs) {
    auto room = a_room();
    EXPECT_FALSE(has(page(room, Instant{1'000'000}), "type=\"email\""));
    room.terms.by_person = true;
    const auto asks = page(room, Instant{1'000'000});
    EXPECT_TRUE(has(asks, "<form method=\"post\" action=\"/d/glass/room\">"));
    EXPECT_TRUE(has(asks, "name=\"email\" type=\"email\" autocomplete=\"email\""));
    EXPECT_FALSE(has(asks, "aria-invalid"));
    RoomPage again;
    again.room = &room, again.now = Instant{1'000'000}, again.email = "\"><b>x", again.trouble = "No <address>.";
    const auto text = room_page(again);
    EXPECT_TRUE(has(text, "value=\"&quot;&gt;&lt;b&gt;x\"")) << text;
    EXPECT_TRUE(has(text, "aria-describedby=\"email-bad\""));
    EXPECT_TRUE(has(text, "No &lt;address&gt;."));
    room.drawn_at = room.draw_at, room.status = DropStatus::open, room.upto = 1, room.steps = {{room.opens_at, 1}};
    room.ranks = std::make_shared<const std::vector<std::uint32_t>>(std::vector<std::uint32_t>{0});
    const auto late = page(room, room.opens_at + room.terms.admission_for, 1);
    EXPECT_TRUE(has(late, "Enter again")) << late;
    EXPECT_TRUE(has(late, "type=\"email\"")) << "entering again needs the address, too";
}

TEST(RoomPageTest, SaysHowThingsStand) {
    auto room = a_room();
    EXPECT_TRUE(has(page(room, Instant{1'000'000}, 4), "You are in."));
    EXPECT_TRUE(has(page(room, Instant{1'000'000}, 4), "http-equiv=\"refresh\""));
    room.drawn_at = room.draw_at;
    room.ranks =
        std::make_shared<const std::vector<std::uint32_t>>(std::vector<std::uint32_t>{9, 8, 7, 6, 5, 4, 3, 2, 1, 0});
    room.status = DropStatus::open, room.upto = 2, room.steps = {{room.opens_at, 2}};
    const auto now = room.opens_at + seconds(1);
    EXPECT_TRUE(has(page(room, now, 8), "You are next."));
    EXPECT_TRUE(has(page(room, now, 1), "7 people before you"));
    EXPECT_TRUE(has(page(room, now, 1), "4 to 9 seconds"));
    EXPECT_TRUE(has(page(room, now, 10), "It is your turn"));
    EXPECT_TRUE(has(page(room, room.opens_at + room.terms.admission_for, 10), "Your turn has run out"));
    EXPECT_TRUE(has(page(room, now, 1), "the transcript"));
    room.status = DropStatus::paused;
    EXPECT_TRUE(has(page(room, now, 1), "nobody can say how long"));
    room.status = DropStatus::open, room.over = true;
    EXPECT_TRUE(has(page(room, now, 1), "buy right away"));
    room.status = DropStatus::closed;
    EXPECT_TRUE(has(page(room, now, 1), "has ended"));
    EXPECT_FALSE(has(page(room, now, 1), "http-equiv"));
}

TEST(RoomPageTest, AQueueGoesByArrivalFromTheFirstMoment) {
    auto room = a_room(RoomKind::fifo);
    const auto at = standing_of(room, 3, room.opens_at - seconds(60));
    EXPECT_EQ(at.status, PlaceStatus::waiting);
    EXPECT_EQ(at.position, 3u);
    EXPECT_EQ(at.wait_s->first, 62);
    EXPECT_TRUE(has(page(room, Instant{1'000'000}), "order of arrival"));
    EXPECT_FALSE(has(page(room, Instant{1'000'000}), "Check the draw"));
}

TEST(RoomPageTest, AnEstimateIsNeverSharperThanIsKnown) {
    EXPECT_EQ(wait_words(1, 3), "1 to 3 seconds");
    EXPECT_EQ(wait_words(120, 240), "2 to 4 minutes");
    EXPECT_EQ(wait_words(80, 160), "80 seconds to 3 minutes");
    EXPECT_EQ(wait_words(7'000, 7'100), "about 2 hours");
}

}  // namespace
}  // namespace dropsmith::http::room_page_test
