// What past sales (imported, and of finished orders) say of a SKU's demand on an ordinary day. Days on which it was
// sold out, or not on sale, are left out: a silence that chance does not explain at the SKU's own rate is one. The
// SKU's rate at its list price is drawn to the mean of its cluster, the SKUs of its brand at prices within a factor of
// two, by how much those differ among themselves (partial pooling, DerSimonian and Laird); a SKU that was never sold
// has the cluster's mean. Found when a drop is scheduled and kept in its opening fact. One thread. Covered by
// flow/decide/level_test.cpp.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "model/arrivals.h"
#include "model/state.h"

namespace dropsmith::decide {

struct DaySales {
    std::int64_t day = 0;  // since the epoch
    double units = 0;
};

// Days on sale from the first sale to `last_day`, of a SKU that sold on these days, ascending.
double days_on_sale(const std::vector<DaySales>& sold, std::int64_t last_day);

class Levels {
  public:
    explicit Levels(const State& state) : state_(state) {}
    std::optional<LevelInput> of(SkuId sku, Money list_price);  // none: nothing of the cluster was sold

  private:
    struct Past {
        std::vector<DaySales> sold;
        double units = 0, revenue = 0;
    };
    const Past& past_of(SkuId sku);
    std::vector<SkuId> cluster_of(SkuId sku, Money list_price) const;
    const State& state_;
    std::map<SkuId, Past> known_;
    std::size_t rows_ = 0;  // looked at so far: scheduling has a bound
};

}  // namespace dropsmith::decide
