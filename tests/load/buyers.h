// Buyers who ask for holds over HTTP, each with an Idempotency-Key of its own, and who keep count of the answers.
// What they do is a mode:
//   holds   one fresh hold per request, targets in turn
//   quotes  prices only, targets in turn: nothing is kept, no key
//   batch   as many fresh holds in one request as are asked for (POST /v1/holds:batch), targets in turn
//   race    in wave w every connection wants one unit of target w: the race for a last unit
//   repeat  every key is asked twice, one right after the other (on two connections: twins in flight)
//   twins   in wave w every connection asks the same with the same key w: a crowd of twins in flight
//   mixed   holds, repeats, confirmations, releases and looks at the drop, by a seed
// Invariant: every 2xx that made or ended something is one line in the ack file before anything else is sent.
// One thread (the driver's). Test: load_test.cpp.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "drive.h"

namespace dropsmith::load {

enum class Mode { kHolds, kQuotes, kBatch, kRace, kRepeat, kTwins, kMixed };

struct Target {
    std::string drop;
    std::string sku;
};

struct BuyersSettings {
    Mode mode = Mode::kHolds;
    unsigned connections = 1;     // race and twins: the requests of one wave
    std::vector<Target> targets;  // at least one
    std::string channel = "web";
    unsigned units = 1;
    unsigned batch = 64;          // holds of one request
    std::string key_prefix = "k";
    std::string body;                // {drop} {sku} {channel} {units} are filled in; empty: the plain hold
    std::size_t pad_body_bytes = 0;  // the body is filled with spaces up to this size
    std::uint64_t seed = 1;
    int ack_fd = -1;  // lines of verb, key, id, secret, hold, sku with tabs between
};

struct Tally {
    std::map<int, std::uint64_t> by_status;
    std::map<std::string, std::uint64_t, std::less<>> by_code;  // the problem document's code
    std::map<std::string, std::uint64_t, std::less<>> by_verb;  // 2xx only
    std::uint64_t replayed = 0;                                 // answers with Idempotent-Replayed: true
    std::uint64_t mismatched = 0;                               // a key's second 2xx with another body than its first
    std::uint64_t doubled = 0;                                  // a key with two 2xx, neither marked as replayed
    std::uint64_t unread = 0;                                   // a hold's 2xx without a hold's id in it
    std::uint64_t overtook = 0;                                 // holds: a 2xx to who asked after hearing "sold out"
    std::uint64_t no_retry_after = 0;                           // a 429 or 503 that does not say when to come again
    std::vector<std::uint32_t> winners;                         // race: 2xx per wave
    std::size_t request_bytes = 0;                              // body of the last hold asked
    std::size_t reply_bytes = 0;                                // body of the last hold granted
};

class Buyers final : public Talk {
  public:
    explicit Buyers(BuyersSettings settings);
    void ask(std::uint64_t ticket, std::string& out) override;
    std::size_t frame(std::string_view in) const override;
    void heard(std::uint64_t ticket, std::string_view reply) override;
    bool told_off(std::string_view reply) const override;
    const Tally& tally() const { return tally_; }

  private:
    enum class Verb { kHold, kQuote, kBatch, kConfirm, kRelease, kLook };
    struct Asked {
        Verb verb = Verb::kHold;
        std::uint64_t serial = 0;  // makes the key; a repeat has an earlier ticket's
        std::string hold;          // confirm and release: the hold's id and secret
        std::string secret;
    };
    struct First {
        std::string body;
        bool replayed = false;
    };

    bool repeats() const { return settings_.mode >= Mode::kRepeat; }
    Asked asked_by(std::uint64_t ticket) const;
    Asked draw_asked(std::uint64_t ticket);
    std::string key_of(const Asked& asked) const;
    std::size_t target_of(std::uint64_t serial) const;
    std::string hold_body(const Target& target) const;
    void write_batch(std::uint64_t ticket);
    void took_batch(std::string_view body);
    void took(std::uint64_t ticket, const Asked& asked, std::string_view body, bool replayed);
    void compare_with_first(const Asked& asked, std::string_view body, bool replayed);
    void acknowledge(const Asked& asked, std::string_view id, std::string_view secret) const;
    std::uint64_t draw(std::uint64_t below);

    BuyersSettings settings_;
    Tally tally_;
    std::unordered_map<std::uint64_t, Asked> on_the_way_;  // mixed only: what each open ticket asked
    std::unordered_map<std::uint64_t, First> first_;       // repeat, twins, mixed: a serial's first 2xx
    std::vector<Asked> held_;                              // mixed: held, not yet confirmed or released
    std::vector<std::string> hold_bodies_;                 // by target
    std::vector<bool> sold_out_;                           // holds, by target: somebody was told so
    std::vector<bool> asked_too_late_;                     // holds, by ticket: asked after that
    std::string batch_body_;                               // of the request in hand
    std::uint64_t random_;
};

}  // namespace dropsmith::load
