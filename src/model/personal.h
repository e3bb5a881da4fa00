// Offers of one's own: the merchant's rules in the plan (which feature of a session, from which value, what discount),
// the offer that the shop's own backend asked for on behalf of a session, and what a hold was asked because of it. A
// rule is deterministic; nothing is learned of a person, and of what the backend says only the feature and the
// threshold that gave the offer are kept. Codes 320-321. Judged in flow/decide/personal.*, priced in
// flow/sell/personal_price.*.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/numbers.h"
#include "base/record.h"
#include "model/fact.h"
#include "model/ids.h"

namespace dropsmith {

namespace refusals {
// the plan makes none, has none for this session, or none for its jurisdiction
inline constexpr RefusalCode no_personal_offer{320, "no_personal_offer"};
}  // namespace refusals

struct OfferRule {                           // in the plan
    std::string feature;                     // personal, and named in the plan's features
    std::int64_t at_least = 1;               // of it
    Rate discount;                           // off what everybody else is asked
    std::vector<SkuId> lines = {};           // empty: all
    friend bool operator==(const OfferRule&, const OfferRule&) = default;
};
DROPSMITH_RECORD(OfferRule, feature, at_least, discount, lines)

struct KnownFeature {                        // of a session, by the shop's own backend
    std::string feature;
    std::int64_t value = 0;
};

struct MakePersonalOffer {
    static constexpr CommandCode code{320};
    DropId drop;
    std::uint64_t session = 0;               // digest
    std::string jurisdiction;                // where the buyer is
    std::vector<KnownFeature> features;
};

struct OfferedLine {
    std::uint32_t line = 0;                  // of the drop
    ChannelId channel;
    std::uint32_t rule = 0;                  // of the plan's personal_offers
    std::string feature;                     // what gave it,
    std::int64_t at_least = 0;               // from this value on
    Rate discount;
    Money floor;                             // nothing below it is asked: the gate's, and what the brand's rule allows
};
DROPSMITH_RECORD(OfferedLine, line, channel, rule, feature, at_least, discount, floor)

struct PersonalOfferMade {                   // replaces what the session had in this drop
    static constexpr FactCode code{320};
    static constexpr std::uint8_t version = 1;
    DropId drop;
    std::uint64_t session = 0;
    std::string jurisdiction;
    std::uint64_t disclosure = 0;            // digest of the text that stood for it
    std::vector<OfferedLine> lines;
    Instant expires_at;
};
DROPSMITH_RECORD(PersonalOfferMade, drop, session, jurisdiction, disclosure, lines, expires_at)

struct PersonalPrice {                       // of one line, as one session was asked it
    std::uint32_t line = 0;
    Money price;
    Money standing;                          // what everybody else was asked at that moment
    Money floor;                             // that bounded it
    std::uint32_t rule = 0;
    std::string feature;
    std::int64_t at_least = 0;
    Rate discount;
    std::string jurisdiction;
    std::uint64_t disclosure = 0;
};
DROPSMITH_RECORD(PersonalPrice, line, price, standing, floor, rule, feature, at_least, discount, jurisdiction,
                 disclosure)

struct PersonalPriceGiven {                  // stands before the UnitsHeld of the same hold
    static constexpr FactCode code{321};
    static constexpr std::uint8_t version = 1;
    HoldId hold;
    DropId drop;
    ChannelId channel;
    std::uint64_t session = 0;
    std::vector<PersonalPrice> lines;
};
DROPSMITH_RECORD(PersonalPriceGiven, hold, drop, channel, session, lines)

struct PersonalOffer {                       // of one session in one drop
    std::string jurisdiction;
    std::uint64_t disclosure = 0;
    std::vector<OfferedLine> lines;
    Instant expires_at;
};
DROPSMITH_RECORD(PersonalOffer, jurisdiction, disclosure, lines, expires_at)

using PersonalOffers = std::map<std::uint64_t, PersonalOffer>;  // by session

inline constexpr std::size_t offer_rules_max = 16, offers_kept_max = 100'000;  // a plan; a drop
inline constexpr Duration offer_lasts = hours(24);

std::uint64_t disclosure_digest(std::string_view text);

}  // namespace dropsmith
