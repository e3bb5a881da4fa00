// The ethics audit of a period: what buyers paid, by channel and by region (the place that the units came from), held
// against what everybody paid for the same SKU in the same drop and hour: a group's index is paid over expected, so
// that a group is not blamed for the hour in which it bought. Paid is net of tax: a price shown with tax and one shown
// without it are not alike as they stand, and what the tax adds is the state's doing, not the policy's. Nothing
// personal is read. A group beyond the tolerance with enough units is flagged, with what it paid more or less.
// Discounts of one's own are held against each other the same way, line by line and rule by rule. Orders come as they
// were placed, so that it does not matter which of them the shop has put away since (engine/ethics_audit.h reads them
// from the journal). Pure; any thread. Covered by flow/measure/ethics_test.cpp.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "model/state.h"

namespace dropsmith::measure {

inline constexpr Rate disparity_tolerance{50'000};
inline constexpr std::int64_t disparity_units_min = 20;

struct GroupPaid {
    std::string name;  // of the channel or place
    std::int64_t orders = 0;
    Quantity units;
    Money paid;      // for the goods, without tax, less discounts
    Money expected;  // had each unit been paid as the others of its drop, SKU and hour on average
    Rate index;      // paid / expected; 1'000'000: as everybody
    bool flagged = false;
};

struct FeatureOffers {  // offers of one's own, by the feature that gave them
    std::string feature;
    std::uint64_t offers = 0;
    Quantity units;  // bought so
    Money given;     // net: less than everybody else was asked for them
};

struct Ethics {
    Instant since, until;
    std::int64_t orders = 0;
    Quantity units;
    std::vector<GroupPaid> channels, regions;
    std::uint64_t personal_drops = 0;   // drops of the period with prices of one's own
    std::vector<std::string> features;  // that pricing policies of the period looked at
    std::uint64_t offers = 0;           // of one's own, made in the period
    std::vector<FeatureOffers> offered;
    // Discounts of one's own by group: `paid` is what was given, `expected` what the units of the same line and rule
    // were given on average; the index of 1'000'000 is again everybody's.
    std::vector<GroupPaid> own_channels, own_regions;
};

struct PaidUnits {
    std::int64_t units = 0;
    __int128 paid = 0;
};

class EthicsBook {
  public:
    void add(const OrderPlaced& order, Instant at);
    void add(const PersonalOfferMade& offer);
    // The state names channels, places and the drops' policies.
    Ethics told(const State& state, Instant since, Instant until) const;

  private:
    using Stratum = std::tuple<DropId, std::uint32_t, std::int64_t>;  // drop, line, hour
    struct Group {
        std::int64_t orders = 0;
        std::map<Stratum, PaidUnits> sums;
    };
    using Strata = std::map<Stratum, PaidUnits>;
    static GroupPaid figures(std::string name, const Group& group, const Strata& all);
    void add_own(const OrderPlaced& order);

    std::int64_t orders_ = 0;
    Quantity units_;
    std::map<Stratum, PaidUnits> all_;
    std::map<ChannelId, Group> channels_;
    std::map<PlaceId, Group> regions_;
    std::set<DropId> drops_;
    std::uint64_t offers_ = 0;
    std::map<std::string, FeatureOffers> offered_;
    Strata own_;  // by drop, line and rule; what was given
    std::map<ChannelId, Group> own_channels_;
    std::map<PlaceId, Group> own_regions_;
};

}  // namespace dropsmith::measure
