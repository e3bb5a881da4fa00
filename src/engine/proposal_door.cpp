// Covered by engine/price_cadence_test.cpp.
#include "engine/proposal_door.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "model/price.h"

namespace dropsmith::engine {
namespace {

constexpr std::chrono::milliseconds pause{5};
constexpr int pauses_max = 400;  // two seconds: by then a staffed lane that is still full is no place for a proposal

}  // namespace

struct ProposalDoor::Inside {
    std::mutex mutex;
    std::condition_variable turn;
    std::size_t in_flight = 0;
    std::uint64_t given_up = 0;
    bool stopping = false;

    void leave() {
        {
            std::scoped_lock lock(mutex);
            --in_flight;
        }
        turn.notify_one();
    }
};

namespace {

// Frees its place when the proposal is settled, or when the lane did not take it: either way it is destroyed.
template <class Inside>
class Place final : public Caller {
  public:
    explicit Place(std::shared_ptr<Inside> inside) : inside_(std::move(inside)) {}
    ~Place() override { inside_->leave(); }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    void decided(const Answer&) override {}
    void settled(const Fault*) override {}

  private:
    std::shared_ptr<Inside> inside_;
};

}  // namespace

ProposalDoor::ProposalDoor(Loop& loop) : loop_(loop), inside_(std::make_shared<Inside>()) {}
ProposalDoor::~ProposalDoor() { stop(); }

void ProposalDoor::hand_in(Command command) {
    const auto* proposal = command.as<ProposePrice>();
    CHECK_BECAUSE(proposal, "planners propose prices and nothing else");
    auto& inside = *inside_;
    for (int tried = 0; tried < pauses_max; ++tried) {
        {
            std::unique_lock lock(inside.mutex);
            inside.turn.wait(lock, [&] { return inside.stopping || inside.in_flight < proposals_in_flight; });
            if (inside.stopping) return;
            ++inside.in_flight;
        }
        Ask ask;
        ask.command.emplace(ProposePrice(*proposal));  // a lane that is full destroys what it is handed
        ask.who = Actor{ActorKind::planner, {}};
        ask.caller = std::make_unique<Place<Inside>>(inside_);
        if (loop_.submit(Lane::control, std::move(ask))) return;
        std::unique_lock lock(inside.mutex);  // others have filled the lane
        if (inside.turn.wait_for(lock, pause, [&] { return inside.stopping; })) return;
    }
    std::scoped_lock lock(inside.mutex);
    ++inside.given_up;
}

void ProposalDoor::stop() {
    {
        std::scoped_lock lock(inside_->mutex);
        inside_->stopping = true;
    }
    inside_->turn.notify_all();
}

std::uint64_t ProposalDoor::given_up() const {
    std::scoped_lock lock(inside_->mutex);
    return inside_->given_up;
}

}  // namespace dropsmith::engine
