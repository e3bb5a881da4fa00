// One buyer (and the till that gives money back) of the prover on the installed program: acts at random, repeats with
// the same key until an answer comes, and keeps what was acknowledged. Its thread runs it; what it keeps is read by
// others under its lock. Covered by tests/http/commands.py.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "base/random.h"
#include "edge/cli/http_client.h"

namespace dropsmith::app {

struct Acknowledged {           // a hold, as far as its buyer was told
    std::string id, secret, sku, key;
    std::int64_t units = 0;
    std::string status;         // held, released, confirmed
    std::string order;          // confirmed: its id
    std::int64_t total = 0, refunded_units = 0, refunded = 0;
};

class InstalledBuyer {
  public:
    InstalledBuyer(std::uint64_t seed, unsigned number, std::uint16_t port, std::string drop,
                   std::vector<std::string> skus, std::string till);
    void run(const std::atomic<bool>& enough);
    std::vector<Acknowledged> kept() const;
    std::vector<std::string> breaches() const;
    std::uint64_t requests() const { return requests_; }
    std::uint64_t repeated() const { return repeated_; }

  private:
    void one();
    void end_of(std::size_t which);
    void give_back(std::size_t which);
    // The answer to come, whatever happens to the shop meanwhile; status 0 when none came for half a minute.
    cli::Told until_answered(cli::Asked asked, const std::string& bearer = {});
    void breach(std::string what);

    Random random_;
    unsigned number_;
    cli::HttpClient client_;
    std::string drop_, till_;
    std::vector<std::string> skus_;
    std::uint64_t act_ = 0;
    std::atomic<std::uint64_t> requests_{0}, repeated_{0};
    mutable std::mutex mutex_;
    std::vector<Acknowledged> kept_;
    std::vector<std::string> breaches_;
};

}  // namespace dropsmith::app
