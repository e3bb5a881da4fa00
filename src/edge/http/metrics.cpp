// Covered by tests/http/routes.py.
#include "edge/http/metrics.h"

#include <cstdint>
#include <string_view>

#include "edge/http/server.h"
#include "edge/http/services.h"

namespace dropsmith::http {
namespace {

void figure(std::string& out, std::string_view name, std::string_view kind, std::string_view help,
            std::uint64_t value) {
    out.append("# HELP ")
        .append(name)
        .append(" ")
        .append(help)
        .append("\n# TYPE ")
        .append(name)
        .append(" ")
        .append(kind);
    out.append("\n").append(name).append(" ").append(std::to_string(value)).append("\n");
}

// Prometheus wants a histogram's buckets added up.
void skew_figures(std::string& out, const Skew& skew) {
    constexpr std::string_view name = "dropsmith_price_skew_milliseconds";
    out.append("# HELP ").append(name).append(" From a price decision until every channel, page and feed has it.\n");
    out.append("# TYPE ").append(name).append(" histogram\n");
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < skew.within.size(); ++i) {
        below += skew.within[i];
        const auto bound = i < skew.bounds_ms.size() ? std::to_string(skew.bounds_ms[i]) : std::string("+Inf");
        out.append(name)
            .append("_bucket{le=\"")
            .append(bound)
            .append("\"} ")
            .append(std::to_string(below))
            .append("\n");
    }
    out.append(name).append("_sum ").append(std::to_string(skew.sum_ms)).append("\n");
    out.append(name).append("_count ").append(std::to_string(skew.prices)).append("\n");
}

}  // namespace

std::string metrics_text(const Services& services) {
    std::string out;
    const auto loop = services.loop->figures();
    figure(out, "dropsmith_batches_total", "counter", "Batches of the loop.", loop.batches);
    figure(out, "dropsmith_commands_total", "counter", "Commands and questions taken by the loop.", loop.commands);
    figure(out, "dropsmith_refused_full_total", "counter", "Requests refused because a queue was full.",
           loop.refused_full);
    figure(out, "dropsmith_sync_mean_microseconds", "gauge", "Running mean time of a durable write.",
           static_cast<std::uint64_t>(loop.mean_sync_us < 0 ? 0 : loop.mean_sync_us));
    const auto us = [](std::int64_t n) { return static_cast<std::uint64_t>(n < 0 ? 0 : n); };
    figure(out, "dropsmith_batch_cpu_max_microseconds", "gauge",
           "Most processor time that one batch took since the start.", us(loop.longest.cpu_us));
    figure(out, "dropsmith_bulk_batch_cpu_max_microseconds", "gauge",
           "The same of batches with a slice of an import or a fold in them.", us(loop.longest.bulk_cpu_us));
    figure(out, "dropsmith_batch_write_max_microseconds", "gauge", "Longest durable write since the start.",
           us(loop.longest.write_us));
    figure(out, "dropsmith_bulk_batch_write_max_microseconds", "gauge",
           "The same of batches with a slice of an import or a fold in them.", us(loop.longest.bulk_write_us));
    if (services.planners) {
        const auto planners = services.planners->figures();
        figure(out, "dropsmith_price_plans_total", "counter", "Price reviews that were worked out.",
               planners.submitted);
        figure(out, "dropsmith_price_plans_waiting", "gauge", "Price reviews that wait for the planner.",
               planners.waiting);
        figure(out, "dropsmith_price_plans_dropped_total", "counter",
               "Price reviews that found the planner's queue full: the price stood until the next review, at which "
               "these lines come first.",
               planners.dropped);
    }
    figure(out, "dropsmith_clock_waits", "gauge",
           "1: the machine's wall clock is more than five minutes from the shop's, which goes on by itself.",
           services.shop_clock->waits_for_operator() ? 1 : 0);
    figure(out, "dropsmith_stream_listeners", "gauge", "Open live streams.", services.stream.listeners());
    const auto& denials = services.denials;
    figure(out, "dropsmith_http_unauthorized_total", "counter", "Requests answered 401.", denials.unauthorized());
    figure(out, "dropsmith_http_forbidden_total", "counter", "Requests answered 403.", denials.forbidden());
    figure(out, "dropsmith_http_limited_total", "counter", "Requests over their caller's rate, answered 429.",
           denials.limited());
    const auto skew = services.stream.skew().all;
    skew_figures(out, skew);
    figure(out, "dropsmith_prices_late_total", "counter",
           "Price decisions that took longer than the goal of a second to reach every channel, page and feed.",
           skew.prices - skew.in_time());
    if (services.server) {
        const auto server = services.server->figures();
        figure(out, "dropsmith_http_requests_total", "counter", "Requests taken.", server.requests);
        figure(out, "dropsmith_http_connections_total", "counter", "Connections accepted.", server.connections);
        figure(out, "dropsmith_http_connections_open", "gauge", "Connections open now.", server.open);
        figure(out, "dropsmith_http_connections_refused_total", "counter",
               "Connections refused because there were too many.", server.refused);
        figure(out, "dropsmith_http_bad_requests_total", "counter", "Requests that were no well-formed HTTP.",
               server.bad);
    }
    return out;
}

}  // namespace dropsmith::http
