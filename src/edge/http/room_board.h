// The waiting rooms as the network threads see them: an immutable view per drop, exchanged after each batch that
// touched it, so that a hundred thousand people who ask for their place never reach the loop. A place is arithmetic
// over the view: rank by the draw or by arrival, admitted when the rank is below what the rounds have let in. Any
// thread reads; the loop's thread writes. Covered by tests/http/waiting_room.py.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/public_id.h"
#include "engine/core.h"
#include "model/room.h"

namespace dropsmith::http {

struct RoomView {
    DropId drop;
    std::string slug, title, shop, time_zone;
    DropStatus status = DropStatus::scheduled;
    RoomTerms terms;
    Instant opens_at, closes_at, draw_at;
    std::string commitment, seed;            // the seed is empty until it is drawn
    std::optional<Instant> drawn_at;
    std::uint32_t entrants = 0, upto = 0;
    std::uint64_t per_second = 0;            // as the next round admits
    bool over = false, sold_out = false;
    std::vector<AdmittedStep> steps;
    std::shared_ptr<const std::vector<std::uint32_t>> ranks;    // of those that were drawn, by number - 1
    std::shared_ptr<const std::vector<std::uint64_t>> tickets;  // the same
};

enum class PlaceStatus : std::uint8_t { entered, waiting, admitted, expired, over, ended };
std::string_view word_of(PlaceStatus status);

struct Standing {
    PlaceStatus status = PlaceStatus::entered;
    std::uint32_t position = 0;              // waiting: 1 = next
    std::optional<std::pair<std::int64_t, std::int64_t>> wait_s;  // from and to; none: nobody can say
    std::optional<Instant> expires_at;       // of the admission
};
Standing standing_of(const RoomView& room, std::uint32_t number, Instant now);

class RoomBoard final : public engine::Watcher {
  public:
    void load(const State& state);
    void stored(const State& state, const engine::Batch& batch) override;
    std::shared_ptr<const RoomView> find(DropId drop) const;
    std::shared_ptr<const RoomView> find(std::string_view id_or_slug, const PublicIds& ids) const;
    std::vector<std::shared_ptr<const RoomView>> live() const;  // open, with somebody to admit

  private:
    void show(const State& state, DropId drop);
    mutable std::mutex mutex_;
    std::map<DropId, std::shared_ptr<const RoomView>> views_;
    std::map<std::string, DropId, std::less<>> by_slug_;
};

}  // namespace dropsmith::http
