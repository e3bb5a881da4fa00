// The draw: the published vector, every place equally likely wherever one stood in the line (chi squared), and the key
// that depends on every ticket. 10^5 draws; 2,000 under a sanitizer.
#include "flow/sell/draw.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/environment_testing.h"
#include "base/random.h"
#include "base/sized_testing.h"

namespace dropsmith::sell::draw_test {
namespace {

std::string seed_of(Random& random) {
    std::string seed;
    for (int i = 0; i < 4; ++i) seed += ticket_text(random.next());
    return seed;
}

// Upper tail of chi squared by the cube-root normal of Wilson and Hilferty: good to three digits from 5 degrees on.
double tail(double chi2, double degrees) {
    const double z = (std::cbrt(chi2 / degrees) - (1 - 2 / (9 * degrees))) / std::sqrt(2 / (9 * degrees));
    return 0.5 * std::erfc(z / std::sqrt(2.0));
}

TEST(DrawTest, TheVectorOfTheDocument) {  // as tests/draw/recompute.py and docs/concepts/fair-opening.md have it
    const std::string seed(64, '0');
    EXPECT_EQ(commitment_of(seed), "89eb0d6a8a691dae2cd15ed0369931ce0a949ecafa5c3f93f8121833646e15c3");
    EXPECT_EQ(commitment_of("x"), "");
    const auto order = draw_order(seed, {"a", "b", "c", "d", "e", "f", "g", "h"});
    EXPECT_EQ(order, (std::vector<std::uint32_t>{0, 7, 1, 4, 3, 6, 5, 2}));
}

TEST(DrawTest, EveryPlaceIsEquallyLikelyWhereverOneStood) {
    constexpr std::size_t n = 8;
    const auto seed = from_environment("DROPSMITH_SEED", 20261122);
    const int times = sized(100'000, 2'000);
    Random random(seed);
    std::vector<std::vector<double>> seen(n, std::vector<double>(n));
    for (int i = 0; i < times; ++i) {
        std::vector<std::string> tickets;
        for (std::uint32_t k = 0; k < n; ++k)
            tickets.push_back(ticket_text(ticket_of(DropId{1}, k + 1, random.next(), PersonId{})));
        const auto order = draw_order(seed_of(random), tickets);
        for (std::size_t rank = 0; rank < n; ++rank) ++seen[order[rank]][rank];
    }
    const auto chi2_of = [&](const auto& table) {
        double sum = 0;
        const double expected = times / static_cast<double>(n);
        for (const auto& row : table)
            for (const double count : row) sum += (count - expected) * (count - expected) / expected;
        return sum * (n - 1) / n;  // a draw fills each row and each column once: the counts are not independent
    };
    const double p = tail(chi2_of(seen), (n - 1) * (n - 1));
    RecordProperty("p", std::to_string(p));
    EXPECT_GT(p, 0.01) << times << " draws of " << n;
    // The alarm rings: a draw that favours the first to arrive by three places in a hundred is found.
    auto unfair = seen;
    unfair[0][0] += times * 0.03, unfair[0][n - 1] -= times * 0.03;
    unfair[n - 1][n - 1] += times * 0.03, unfair[n - 1][0] -= times * 0.03;
    EXPECT_LT(tail(chi2_of(unfair), (n - 1) * (n - 1)), 0.01);
}

TEST(DrawTest, TheKeyDependsOnEveryTicket) {
    const std::string seed(64, '7');
    std::vector<std::string> tickets;
    for (int i = 0; i < 200; ++i) tickets.push_back(ticket_text(static_cast<std::uint64_t>(i)));
    auto others = tickets;
    others.back() = ticket_text(9'999);
    EXPECT_NE(draw_order(seed, tickets), draw_order(seed, others));
    EXPECT_EQ(draw_order(seed, tickets), draw_order(seed, tickets));
    EXPECT_TRUE(draw_order(seed, {}).empty());
}

TEST(DrawTest, TicketsDifferByEverythingThatMakesThem) {
    const auto ticket = ticket_of(DropId{1}, 1, 5, PersonId{});
    EXPECT_NE(ticket, ticket_of(DropId{2}, 1, 5, PersonId{}));
    EXPECT_NE(ticket, ticket_of(DropId{1}, 2, 5, PersonId{}));
    EXPECT_NE(ticket, ticket_of(DropId{1}, 1, 6, PersonId{}));
    EXPECT_NE(ticket, ticket_of(DropId{1}, 1, 5, PersonId{1}));
    EXPECT_EQ(ticket_text(0x00ffee0011223344), "00ffee0011223344");
}

}  // namespace
}  // namespace dropsmith::sell::draw_test
