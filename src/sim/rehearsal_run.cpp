// Covered by sim/rehearse_test.cpp.
#include "sim/rehearsal_run.h"

#include <algorithm>
#include <utility>

namespace dropsmith::sim {

void add_up(const Rehearsal& plan, RunOutcome& outcome) {
    outcome.sold_out_h = 0;
    for (std::size_t i = 0; i < outcome.lines.size(); ++i) {
        const auto& line = outcome.lines[i];
        const auto& of = plan.lines[i];
        const auto prices = prices_of(plan.pricing, of.terms);
        for (std::size_t k = 0; k < line.by_price.size(); ++k) {
            if (line.by_price[k] == 0) continue;
            const auto units = static_cast<double>(line.by_price[k]);
            outcome.revenue += units * static_cast<double>(prices[k].n);
            outcome.at_list += units * static_cast<double>(of.terms.list_price.n);
            outcome.margin += units * static_cast<double>(decide::contribution(of.unit, prices[k]).n);
        }
        outcome.sold += static_cast<double>(line.sold), outcome.left += static_cast<double>(line.left);
        if (of.terms.salvage) outcome.margin += value_left(of) * static_cast<double>(line.left);
        if (!line.sold_out_h)
            outcome.sold_out_h.reset();
        else if (outcome.sold_out_h)
            outcome.sold_out_h = std::max(*outcome.sold_out_h, *line.sold_out_h);
    }
}

namespace {

class Run {
  public:
    Run(const Rehearsal& plan, const Crowd& crowd, Pricer& pricer)
        : plan_(plan), crowd_(crowd), pricer_(pricer), now_(plan.lines.size()), selling_(plan.lines.size()) {
        out_.lines.resize(plan.lines.size());
        for (std::size_t i = 0; i < plan.lines.size(); ++i) {
            now_[i].left = plan.lines[i].terms.cap.n;
            out_.lines[i].by_price.resize(prices_of(plan.pricing, plan.lines[i].terms).size());
        }
    }
    RunOutcome play(std::uint64_t run) && {
        pricer_.open(run, now_);
        if (pricer_.one_by_one())
            one_by_one();
        else
            by_period();
        for (std::size_t i = 0; i < now_.size(); ++i)
            out_.lines[i].left = now_[i].left, out_.lines[i].sold = plan_.lines[i].terms.cap.n - now_[i].left;
        add_up(plan_, out_);
        return std::move(out_);
    }

  private:
    void by_period() {
        std::vector<std::size_t> before(now_.size());
        const double period_h = static_cast<double>(plan_.pricing.cadence.n) / 3'600'000;
        for (std::size_t t = 0; t < crowd_.periods() && selling_ > 0; ++t) {
            if (t > 0) {
                for (std::size_t i = 0; i < now_.size(); ++i) before[i] = now_[i].arm;
                pricer_.review(t, now_);
                for (std::size_t i = 0; i < now_.size(); ++i)
                    out_.repriced += now_[i].left > 0 && now_[i].arm != before[i];
            }
            for (std::size_t i = 0; i < now_.size(); ++i) {
                if (now_[i].left == 0) continue;
                const auto arm = now_[i].arm;
                const auto willing = crowd_.willing(i, t, arm), sold = std::min(now_[i].left, willing);
                // when so many came, the last unit went when as many of them had come
                double share = 0;
                if (sold == now_[i].left) share = static_cast<double>(sold) / static_cast<double>(willing);
                take(i, arm, sold, (static_cast<double>(t) + share) * period_h);
            }
        }
    }
    void one_by_one() {
        std::vector<std::vector<Money>> prices;
        for (const auto& line : plan_.lines) prices.push_back(prices_of(plan_.pricing, line.terms));
        std::vector<Arriving> shoppers;
        for (std::size_t t = 0; t < crowd_.periods() && selling_ > 0; ++t) {
            crowd_.shoppers_of(t, shoppers);
            for (const auto& shopper : shoppers) {
                out_.repriced += static_cast<double>(pricer_.until(shopper.at, now_));
                const auto& now = now_[shopper.line];
                if (now.left == 0) continue;
                const auto arm = pricer_.asked(shopper.line, shopper.session, now);
                if (prices[shopper.line][arm] > shopper.pays) continue;
                take(shopper.line, arm, 1, static_cast<double>(shopper.at.n) / 3'600'000);
            }
        }
    }
    void take(std::size_t i, std::size_t arm, std::int64_t units, double at_h) {
        pricer_.sold(i, arm, units);
        out_.lines[i].by_price[arm] += units;
        now_[i].left -= units;
        if (now_[i].left == 0) out_.lines[i].sold_out_h = at_h, --selling_;
    }

    const Rehearsal& plan_;
    const Crowd& crowd_;
    Pricer& pricer_;
    std::vector<LineNow> now_;
    std::size_t selling_;
    RunOutcome out_;
};

}  // namespace

RunOutcome play(const Rehearsal& plan, const Crowd& crowd, Pricer& pricer, std::uint64_t run) {
    return Run(plan, crowd, pricer).play(run);
}

}  // namespace dropsmith::sim
