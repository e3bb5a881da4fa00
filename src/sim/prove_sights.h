// What a proof has met: a fault that never happened proves nothing, so each has a counter, and a campaign in which one
// of them stays at zero has failed (TigerBeetle's "sometimes"). Plain data. Covered by sim/prove_test.cpp.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace dropsmith::sim {

enum class Sight : std::uint8_t {
    cut_before_write, cut_in_write, cut_after_sync, cut_between_batches, unsynced_survived, unsynced_lost, torn_sector,
    disk_full, healed, slow_disk, stalled_disk, restart, restart_from_snapshot, crash_in_start,
    wall_forward, wall_back, wall_far, expiry_storm, drop_closed, drop_settled,
    twin_in_batch, repeat_answered, repeat_after_restart, key_reused, reply_lost, held, sold_out, expired, released,
    reduced, confirmed, late_confirm_refused, late_money_kept, late_money_given_back, over_limit, cancelled, refunded,
    sold_elsewhere, joined, offered, offer_bought, offer_lapsed, wish_left, wish_over, moved, price_overridden,
    ahead_joined, ahead_before_opening, ahead_full, ahead_bought, ahead_lapsed, ahead_left, ahead_too_late,
    ahead_after_closing, ahead_cheaper, room_entered, room_entered_late, room_entered_again, room_drawn, room_let_in,
    room_over, not_admitted, place_kept, pass_used, pass_early, pass_given_back,
    pass_spent, pass_used_up, pass_not_valid, page_opened, page_paid, page_paid_late, page_paid_for_nothing,
    page_over, page_failed, captured, captured_before_let_go, refund_done, refund_came_back, refund_asked_again,
    event_lost, event_twice, event_known, call_lost, answer_lost, count_
};

inline constexpr std::array<std::string_view, static_cast<std::size_t>(Sight::count_)> sight_names{
    "cut_before_write", "cut_in_write", "cut_after_sync", "cut_between_batches", "unsynced_survived", "unsynced_lost",
    "torn_sector", "disk_full", "healed", "slow_disk", "stalled_disk", "restart", "restart_from_snapshot",
    "crash_in_start", "wall_forward", "wall_back", "wall_far", "expiry_storm", "drop_closed", "drop_settled",
    "twin_in_batch", "repeat_answered", "repeat_after_restart", "key_reused", "reply_lost", "held", "sold_out",
    "expired", "released", "reduced", "confirmed", "late_confirm_refused", "late_money_kept", "late_money_given_back",
    "over_limit", "cancelled", "refunded", "sold_elsewhere", "joined", "offered", "offer_bought", "offer_lapsed",
    "wish_left", "wish_over", "moved", "price_overridden", "ahead_joined", "ahead_before_opening", "ahead_full",
    "ahead_bought", "ahead_lapsed", "ahead_left", "ahead_too_late", "ahead_after_closing", "ahead_cheaper",
    "room_entered", "room_entered_late", "room_entered_again", "room_drawn", "room_let_in", "room_over",
    "not_admitted", "place_kept", "pass_used", "pass_early", "pass_given_back", "pass_spent", "pass_used_up",
    "pass_not_valid", "page_opened", "page_paid", "page_paid_late", "page_paid_for_nothing", "page_over",
    "page_failed", "captured", "captured_before_let_go", "refund_done", "refund_came_back", "refund_asked_again",
    "event_lost", "event_twice", "event_known", "call_lost", "answer_lost"};

struct Sights {
    std::array<std::uint64_t, static_cast<std::size_t>(Sight::count_)> times{};
    void saw(Sight sight) { ++times[static_cast<std::size_t>(sight)]; }
    std::uint64_t of(Sight sight) const { return times[static_cast<std::size_t>(sight)]; }
    void add(const Sights& other) {
        for (std::size_t i = 0; i < times.size(); ++i) times[i] += other.times[i];
    }
};

}  // namespace dropsmith::sim
