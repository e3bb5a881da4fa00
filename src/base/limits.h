// Every bound of the program in one place: every queue, list and number from outside has one.
#pragma once

#include <cstddef>
#include <cstdint>

namespace dropsmith::limits {

inline constexpr std::int64_t money_max = 1'000'000'000'000;  // minor units of one price, charge or refund
inline constexpr std::int64_t line_amount_max = 1'000'000'000'000'000;  // price x units: 64 lines with tax fit 64 bits
inline constexpr std::int64_t units_max = 1'000'000'000;      // units in one line
inline constexpr std::size_t lines_max = 64;                  // lines of one basket, hold or order
inline constexpr std::size_t held_lines_max = 128;             // SKU and place pairs of one hold or order
inline constexpr std::size_t drop_lines_max = 500;            // lines of one drop
inline constexpr std::size_t bands_max = 8;                   // price bands of one line
inline constexpr std::size_t arrival_parts_max = 96;          // parts of a plan's arrival curve
inline constexpr std::size_t channels_max = 16;               // channels of one drop
inline constexpr std::size_t places_max = 256;                // places a line may be split over
inline constexpr std::size_t text_max = 4'000;                // bytes of one text (story)
inline constexpr std::size_t name_max = 200;                  // bytes of a name or title
inline constexpr std::size_t key_max = 255;                   // bytes of an Idempotency-Key
inline constexpr std::size_t body_max = 1 << 20;              // bytes of a request body
inline constexpr std::size_t head_max = 16 << 10;             // bytes of a request head
inline constexpr std::size_t json_depth_max = 32;
inline constexpr std::size_t fact_bytes_max = 64 << 10;
inline constexpr std::size_t selling_queue = 8'192;  // commands waiting for the loop
inline constexpr std::size_t control_queue = 1'024;
inline constexpr std::size_t bulk_queue = 64;
inline constexpr std::size_t batch_commands_max = 1'024;
inline constexpr std::size_t timers_per_batch = 4'096;
inline constexpr std::size_t import_slice_rows = 1'000;
inline constexpr std::size_t holds_per_batch_call = 256;  // POST /v1/holds:batch
inline constexpr std::size_t offers_per_round = 64;           // to a waiting list, in one turn of its timer
inline constexpr std::size_t entrants_max = 2'000'000;        // of one waiting room
inline constexpr std::size_t passes_per_call = 1'000;
inline constexpr std::size_t list_page_max = 200;
inline constexpr std::int64_t key_retention_ms = 24 * 3'600 * 1'000;
inline constexpr std::size_t subscribers_max = 1'000'000;     // running, of all drops
inline constexpr std::size_t keys_remembered_max = 4'000'000;

}  // namespace dropsmith::limits
