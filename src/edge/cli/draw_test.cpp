// A transcript holds as it was published, and rings for every way to bend it.
#include "edge/cli/draw.h"

#include <gtest/gtest.h>

#include "flow/sell/draw.h"

namespace dropsmith::cli::draw_test {
namespace {

std::string list(const std::vector<std::string>& texts) {
    std::string out;
    for (const auto& text : texts) out += (out.empty() ? "\"" : ",\"") + text + "\"";
    return "[" + out + "]";
}

std::string transcript(auto bend) {
    std::string seed(64, 'a'), commitment = sell::commitment_of(seed), format = "dropsmith/draw/1";
    std::vector<std::string> tickets{"t1", "t2", "t3", "t4", "t5"}, order;
    for (const auto i : sell::draw_order(seed, tickets)) order.push_back(tickets[i]);
    bend(format, seed, commitment, tickets, order);
    return "{\"format\":\"" + format + "\",\"drop\":\"drop_x\",\"slug\":\"s\",\"drawn_at\":\"x\",\"commitment\":\"" +
           commitment + "\",\"seed\":\"" + seed + "\",\"tickets\":" + list(tickets) + ",\"order\":" + list(order) + "}";
}

TEST(DrawVerify, HoldsAndRings) {
    const auto breach = [](auto bend) {
        const auto found = verify_draw(transcript(bend));
        return found ? (found->holds ? std::string("holds") : found->breach) : "no transcript: " + found.error();
    };
    EXPECT_EQ(breach([](auto&...) {}), "holds");
    EXPECT_EQ(breach([](auto&, auto& seed, auto&...) { seed[0] = 'b'; }),
              "the seed is not the one that was committed to");
    EXPECT_EQ(breach([](auto&, auto& seed, auto&...) { seed = "b"; }), "the seed is not 64 hex digits");
    EXPECT_EQ(breach([](auto&, auto&, auto&, auto&, auto& order) { order.pop_back(); }),
              "the order has another number of tickets");
    EXPECT_NE(breach([](auto&, auto&, auto&, auto&, auto& order) { std::swap(order[0], order[1]); }).find("place 1"),
              std::string::npos);
    EXPECT_EQ(breach([](auto&, auto&, auto&, auto& tickets, auto&) { tickets[1] = tickets[0]; }),
              "a ticket stands there twice");
    EXPECT_NE(breach([](auto&, auto&, auto&, auto& tickets, auto&) { std::swap(tickets[1], tickets[0]); }), "holds");
    EXPECT_NE(breach([](auto& format, auto&...) { format = "x"; }).find("no transcript"), std::string::npos);
    EXPECT_FALSE(verify_draw("{}").ok());
    EXPECT_FALSE(verify_draw("no json").ok());
}

}  // namespace
}  // namespace dropsmith::cli::draw_test
