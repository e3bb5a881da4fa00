// A network thread: its epoll set, its mail box, its turns; see connection.h. Covered by tests/http/malformed.py,
// tests/http/oversell.py.
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "edge/http/connection.h"
#include "edge/http/spare_bodies.h"

namespace dropsmith::http {
namespace {

constexpr std::size_t room_bytes = 64 << 10;  // read at a time
constexpr int tick_ms = 500;
constexpr std::size_t turn_events = 512;       // of one turn
// Of one turn, shared by those who are ready: about a millisecond. Who asks next waits for no more than that.
constexpr std::size_t requests_a_turn = 512;
constexpr std::size_t share_min = 2, share_max = 64;

thread_local const Worker* this_thread_worker = nullptr;
thread_local bool gathers = false;
thread_local std::vector<Parcel> gathered;    // of this thread, not posted yet

std::int64_t clock_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

}  // namespace

void Gathering::begin() { gathers = true; }

// In their order; as a rule there is one worker, which is locked and woken once.
void Gathering::end() {
    gathers = false;
    for (std::size_t from = 0; from < gathered.size();) {
        auto& worker = gathered[from].to->worker();
        auto to = from + 1;
        while (to < gathered.size() && &gathered[to].to->worker() == &worker) ++to;
        worker.post(std::span(gathered).subspan(from, to - from));
        from = to;
    }
    gathered.clear();
}

Worker::Worker(const ServerSettings& its_settings, Target& its_target, ServerCounters& its_counters)
    : settings(its_settings), target(its_target), counters(its_counters), room_(room_bytes, '\0') {}

Worker::~Worker() {
    for (const auto& arrival : arrivals_) ::close(arrival.socket);
    if (bell_ >= 0) ::close(bell_);
    if (epoll_ >= 0) ::close(epoll_);
}

bool Worker::open() {
    epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
    bell_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (epoll_ < 0 || bell_ < 0) return false;
    epoll_event event{};
    event.events = EPOLLIN | EPOLLET;  // each ring is told once, and never needs to be read
    event.data.ptr = nullptr;
    return ::epoll_ctl(epoll_, EPOLL_CTL_ADD, bell_, &event) == 0;
}

bool Worker::here() const { return this_thread_worker == this; }

void Worker::post(Parcel parcel) {
    if (gathers) return gathered.push_back(std::move(parcel));
    post(std::span(&parcel, 1));
}

void Worker::post(std::span<Parcel> parcels) {
    bool first = false;
    {
        const std::lock_guard lock(mutex_);
        first = mail_.empty();
        for (auto& parcel : parcels) mail_.push_back(std::move(parcel));
    }
    if (first) wake();  // else whoever put the first one there does
}

void Worker::post(Arrival arrival) {
    {
        const std::lock_guard lock(mutex_);
        arrivals_.push_back(std::move(arrival));
    }
    wake();
}

// Sleeping and waking meet here: the sleeper says so before it looks into its box for the last time, and who brings
// mail looks at that word after having put it in.
void Worker::wake() {
    std::atomic_thread_fence(std::memory_order_seq_cst);
    if (!asleep_.exchange(false)) return;
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto rung = ::write(bell_, &one, sizeof one);
}

void Worker::stop() {
    quit_.store(true);
    wake();
}

void Worker::listen(int socket, std::function<void()> ready) {
    listeners_.push_back({socket, std::move(ready)});
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = &listeners_;  // any of them: looked at all together
    (void)::epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &event);
}

bool Worker::watch(int socket, std::uint32_t events, Connection* connection, bool anew) {
    epoll_event event{};
    event.events = events;
    event.data.ptr = connection;
    return ::epoll_ctl(epoll_, anew ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, socket, &event) == 0;
}

bool Worker::has_mail() {
    const std::lock_guard lock(mutex_);
    return !mail_.empty() || !arrivals_.empty();
}

void Worker::in_round() {
    if (round_) return;
    round_ = true;
    target.round_begins();
}

void Worker::turn(int wait_ms) {
    std::array<epoll_event, turn_events> events;
    asleep_.store(true);
    std::atomic_thread_fence(std::memory_order_seq_cst);
    if (!again_.empty() || has_mail() || quit_.load()) wait_ms = 0;
    const int count = ::epoll_wait(epoll_, events.data(), events.size(), wait_ms);
    asleep_.store(false);
    now_ms_ = clock_ms();
    const auto ready = std::max({again_.size(), static_cast<std::size_t>(std::max(count, 0)), std::size_t{1}});
    share_ = std::clamp(requests_a_turn / ready, share_min, share_max);
    go_on_with_rests();
    bool knocked = false;
    for (int i = 0; i < count; ++i) {
        const auto& event = events[static_cast<std::size_t>(i)];
        if (!event.data.ptr) continue;  // the bell
        if (event.data.ptr == &listeners_) {
            knocked = true;
            continue;
        }
        static_cast<Connection*>(event.data.ptr)->on_ready(event.events);
    }
    if (round_) {
        round_ = false;
        target.round_ends();
    }
    drain();
    if (knocked)
        for (const auto& listener : listeners_) listener.ready();
    bury();
}

void Worker::comes_again(std::shared_ptr<Connection> connection) { again_.push_back(std::move(connection)); }

// Each once, in the order in which they came to wait; when they are too many for one turn, the others are first in the
// next.
void Worker::go_on_with_rests() {
    for (auto left = std::min(again_.size(), requests_a_turn / share_); left > 0; --left) {
        const auto connection = std::move(again_.front());
        again_.pop_front();
        connection->go_on();
    }
}

void Worker::drain() {
    std::vector<Arrival> arrivals;
    {
        const std::lock_guard lock(mutex_);
        mail_taken_.swap(mail_);
        arrivals.swap(arrivals_);
    }
    for (auto& arrival : arrivals) {
        if (!quit_.load()) {
            welcome(std::move(arrival));
            continue;
        }
        ::close(arrival.socket);  // too late
        counters.open.fetch_sub(1, std::memory_order_relaxed);
    }
    for (auto& parcel : mail_taken_) {
        if (parcel.more)
            parcel.to->more(*parcel.more);
        else
            parcel.to->deliver(parcel.slot, parcel.reply, parcel.endless);
    }
    for (auto& parcel : mail_taken_) {
        parcel.to->flush();
        if (!parcel.reply.body.empty()) used_bodies_.push_back(std::move(parcel.reply.body));
    }
    mail_taken_.clear();
    if (!used_bodies_.empty()) give_back_bodies(used_bodies_);
}

void Worker::welcome(Arrival arrival) {
    auto connection = std::make_shared<Connection>(*this, std::move(arrival));
    connection->index = open_.size();
    open_.push_back(connection);
    if (!connection->begin()) connection->close();
}

void Worker::bury() {
    for (auto* connection : ended_) {
        const auto index = connection->index;
        std::swap(open_[index], open_.back());
        open_[index]->index = index;
        open_.pop_back();
    }
    ended_.clear();
}

void Worker::tick() {
    for (std::size_t i = 0; i < open_.size(); ++i) open_[i]->overdue(now_ms_);
    bury();
}

void Worker::run() {
    this_thread_worker = this;
    now_ms_ = clock_ms();
    for (auto next_tick = now_ms_ + tick_ms; !quit_.load();) {
        turn(static_cast<int>(std::max<std::int64_t>(0, next_tick - now_ms_)));
        if (now_ms_ < next_tick) continue;
        tick();
        next_tick = now_ms_ + tick_ms;
    }
    drain();  // what the loop still answered
    for (auto& connection : open_) connection->close();
    again_.clear();
    bury();
    this_thread_worker = nullptr;
}

}  // namespace dropsmith::http
