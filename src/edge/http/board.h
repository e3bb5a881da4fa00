// The board: what the network threads may read of drops without asking the loop. What changes seldom (lines, channels,
// prices, the words of a refusal) is an immutable picture per drop, exchanged whole when a fact changes it; what
// changes with every hold (units left) is an atomic per line, stored after each sync. It prices quotes, and it refuses
// holds that the loop would refuse whatever else is asked: sold out, not open, paused. Everything that it cannot say
// for certain it leaves to the loop. Refusals are counted here and fetched by the core once a second. Reading takes no
// lock while nothing has changed. Writes: the loop's thread. Reads: any thread. Covered by edge/http/board_test.cpp,
// which has the loop's own answers as judge.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "edge/http/requests.h"
#include "edge/http/wish.h"
#include "engine/core.h"
#include "model/state.h"

namespace dropsmith::http {

// A refusal, worded.
struct Saying {
    RefusalCode code;
    int status = 409;
    std::string body;
};

struct BoardLine {
    SkuId sku;
    std::string code;                               // "" when the line has ended
    std::vector<std::optional<LinePrice>> prices;   // by position of the channel
    std::optional<Saying> sold_out;                 // none: the loop says it, and names the substitute
};

struct BoardDrop {
    DropId id;
    DropStatus status = DropStatus::draft;
    Instant opens_at, closes_at;
    bool preorders = false;                         // or may have some: the loop knows
    bool offers = false;                            // of one's own: the loop prices who shows a session
    std::vector<ChannelId> channels;
    std::vector<bool> ours;                         // by position of the channel: sold in by ourselves
    std::optional<Saying> before_close, after_close;
    std::optional<Saying> not_admitted;             // while the waiting room is on: to whoever shows no admission
    std::vector<BoardLine> lines;                   // by number
    std::unordered_map<std::string_view, std::uint32_t> by_code;  // into lines

    using Units = std::vector<std::atomic<std::int64_t>>;
    using Refused = std::array<std::atomic<std::uint64_t>, 4>;
    std::shared_ptr<Units> free;                    // by number of the line; through the pictures of a drop the same
    std::shared_ptr<Refused> refused;
};

struct BoardPicture {
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    template <class Value>
    using ByText = std::unordered_map<std::string, Value, Hash, std::equal_to<>>;
    ByText<std::shared_ptr<const BoardDrop>> drops;  // by public id and by slug; those that the public may see
    ByText<ChannelId> channels;                      // by name and by public id
};

class Board final : public engine::Watcher, public engine::RefusalSource {
  public:
    Board();
    void wire(const PublicIds* ids) { ids_ = ids; }
    void load(const State& state);  // before anybody reads
    void stored(const State& state, const engine::Batch& batch) override;

    // Any thread. nullptr: the loop must be asked. The saying lives as long as the picture that is held.
    const std::shared_ptr<const BoardPicture>& picture() const;  // this thread's, until it asks again
    const Saying* refuses(const BoardPicture& picture, const HoldBody& asked, Instant now);
    static std::optional<Quote> quote(const BoardPicture& picture, const QuoteBody& asked, std::uint64_t session,
                                      Instant now);

    bool any() const override { return any_.load(std::memory_order_relaxed); }
    void take(const std::function<void(DropId, RefusalCode, std::uint64_t)>& each) override;

  private:
    std::shared_ptr<const BoardDrop> draw(const State& state, const Drop& drop);
    void redraw(const State& state, DropId drop);  // none: everything
    void publish();
    void store_free(const State& state, const Drop& drop, std::uint32_t line);
    void count(const BoardDrop& drop, RefusalCode code);

    const PublicIds* ids_ = nullptr;
    struct Kept {
        std::shared_ptr<BoardDrop::Units> free;
        std::shared_ptr<BoardDrop::Refused> refused = std::make_shared<BoardDrop::Refused>();
    };
    std::map<DropId, Kept> kept_;                              // loop's thread
    BoardPicture drawn_;                                       // loop's thread: what is published next
    mutable std::mutex mutex_;                                 // guards published_
    std::shared_ptr<const BoardPicture> published_;
    std::atomic<std::uint64_t> version_;
    std::atomic<bool> any_{false};
};

}  // namespace dropsmith::http
