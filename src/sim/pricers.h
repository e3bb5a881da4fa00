// Ways of pricing that a rehearsal compares: one fixed band, a taper from the highest to the lowest lawful band in
// equal steps, the published TS-update, a clairvoyant who knows the market and plans exactly, and the plan's own way
// under the shop's own rules (rehearsal_stage.h). Each is asked at every review for the price of every line; where
// sessions are asked different prices, or a price moves within a period, it is asked shopper by shopper. One thread
// per object. Covered by sim/rehearse_test.cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/random.h"
#include "flow/decide/policy.h"
#include "sim/crowd.h"

namespace dropsmith::sim {

struct LineNow {
    std::int64_t left = 0;
    std::size_t arm = 0;  // of prices_of(line)
};

class Pricer {
  public:
    virtual ~Pricer() = default;
    virtual void open(std::uint64_t run, std::vector<LineNow>& lines) = 0;  // sets every arm
    virtual void review(std::size_t period, std::vector<LineNow>& lines) = 0;
    virtual void sold(std::size_t /*line*/, std::size_t /*arm*/, std::int64_t /*units*/) {}

    // true: in the place of review, until() moves time on to each shopper, and asked() says what that session is asked.
    virtual bool one_by_one() const { return false; }
    virtual std::size_t until(Duration /*since_opening*/, std::vector<LineNow>&) { return 0; }  // prices that moved
    virtual std::size_t asked(std::size_t /*line*/, std::uint64_t /*session*/, const LineNow& now) { return now.arm; }
};

// By line and band: whether the band is at or above the floor; the highest lawful band stands where one asks for less.
std::vector<std::vector<bool>> lawful_bands(const Rehearsal& plan);

std::unique_ptr<Pricer> fixed_pricer(const Rehearsal& plan, std::size_t band);  // the highest of a line with fewer
std::unique_ptr<Pricer> list_pricer(const Rehearsal& plan);                     // the band at the list price
std::unique_ptr<Pricer> taper_pricer(const Rehearsal& plan, std::size_t periods);
std::unique_ptr<Pricer> thompson_pricer(const Rehearsal& plan, std::size_t periods, std::uint64_t seed);
// Keeps a reference to the crowd. Exact by dynamic programming over stock and periods.
std::unique_ptr<Pricer> clairvoyant_pricer(const Rehearsal& plan, const Crowd& crowd);
double clairvoyant_work(const Rehearsal& plan, std::size_t periods);  // multiplications a run

}  // namespace dropsmith::sim
