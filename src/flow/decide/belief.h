// One line's belief while it sells: the weights of the hypotheses after what was seen, and what each price is worth
// now. The worth of a price is the average over the hypotheses of rate * (value - bid price), each with its own plan
// for the stock and the time that are left (QMDP: plans are averaged, not demands), plus a tenth of what looks at it
// (three tenths of what periods at it) would teach: of a few of them at one price, how much better the best price
// chosen after them would be for the rest of the window. Prepared is immutable and shared by runs; a Belief belongs to
// one thread. Covered by flow/decide/belief_test.cpp.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "flow/decide/hypotheses.h"

namespace dropsmith::decide {

struct Prepared {
    DemandPrior prior;
    std::vector<float> values;  // of a unit by arm; an arm that may not be asked has 0 and is never in a plan
    Hypotheses set;
    PriceHulls hulls;
    std::vector<std::vector<float>> chance_of;    // one_look: P(s sales in m looks) [arm * sizes + size][s * count + j]
    static std::shared_ptr<const Prepared> of(const DemandPrior& prior, const std::vector<double>& values);
    static std::shared_ptr<const Prepared> of(const DemandPrior& prior, std::vector<float> values, Hypotheses set);
};

using Worth = std::array<double, limits::bands_max>;

class Belief {
  public:
    explicit Belief(std::shared_ptr<const Prepared> prepared);
    // After all that was seen, at once; by a law of prices (hypotheses.h) only.
    static Belief after(const DemandPrior& prior, const std::vector<double>& values, const std::vector<Seen>& seen);

    // looks (one_look) or exposure (counts) at a price, and what they sold.
    void saw(std::size_t arm, double looks, double sales);
    // One period of which nobody knows whether there was a look: chance of one by curve.
    void saw_period(std::size_t arm, bool sold, const std::vector<float>& look_by_curve);
    // Poisson sales, the exposure by curve (of one period its factor); and what the times of sale say of the curves:
    // the sum of sales * log(factor), by curve.
    void saw_counts(std::size_t arm, double sales, const std::vector<float>& exposure_by_curve);
    void favour(const std::vector<float>& log_by_curve);

    // By curve: the looks (or factor-weighted periods) left after this one, and this one's factor.
    Worth worth(double stock, const std::vector<float>& left_by_curve, const std::vector<float>& now_by_curve,
                bool learns = true) const;

    // What this arm is expected to sell of that exposure, and how sure that is.
    double expected(std::size_t arm, const std::vector<float>& exposure_by_curve, double& relative_variance) const;
    const std::vector<Seen>& seen() const { return seen_; }
    const Prepared& prepared() const { return *prepared_; }

  private:
    void add_learning(Worth& worth, const std::vector<float>& gain, double left) const;
    void add_learning_of_counts(Worth& worth, const std::vector<float>& gain, double left) const;
    void multiply(const std::vector<float>& logs);
    void normalise();
    void refine_if_few();
    std::shared_ptr<const Prepared> prepared_;
    std::vector<float> weight_;
    std::vector<Seen> seen_;
    double looks_ = 0, check_at_ = 16;
    bool whole_ = true;  // seen_ says all that was seen, so that the hypotheses may be laid anew
};

}  // namespace dropsmith::decide
