// Covered by edge/http/words_test.cpp.
#include "edge/http/cloud_events.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/limits.h"
#include "base/text.h"

namespace dropsmith::http {
namespace {

namespace bjson = boost::json;

// "" when absent; false when it is there and no text, or too long.
bool text_of(const bjson::object& object, std::string_view name, std::string& into,
             std::size_t most = limits::name_max) {
    const auto* value = object.if_contains(bjson::string_view(name.data(), name.size()));
    if (!value || value->is_null()) return true;
    const auto* text = value->if_string();
    if (!text || text->size() > most) return false;
    into.assign(text->data(), text->size());
    return true;
}

std::string read_event(const bjson::value& value, CloudEvent& event) {
    const auto* object = value.if_object();
    if (!object) return "is not an object";
    std::string version, type, time;
    if (!text_of(*object, "specversion", version) || version != "1.0") return "specversion must be \"1.0\"";
    if (!text_of(*object, "id", event.id) || event.id.empty()) return "id must be a text of 1 to 200 bytes";
    if (!text_of(*object, "source", event.source) || event.source.empty())
        return "source must be a text of 1 to 200 bytes";
    if (!text_of(*object, "type", type)) return "type must be a text";
    const auto words = choice_words(Signal{});
    std::size_t kind = 0;
    while (kind < words.size() && words[kind] != type) ++kind;
    if (kind == words.size())
        return "type '" + type.substr(0, 60) + "' is not a signal that this shop knows; see /docs";
    event.kind = static_cast<Signal>(kind);
    if (!text_of(*object, "time", time)) return "time must be RFC 3339";
    if (!time.empty()) {
        // More digits than milliseconds are common in events: they are cut, not refused.
        if (const auto dot = time.find('.'); dot != std::string::npos) {
            auto end = dot + 1;
            while (end < time.size() && time[end] >= '0' && time[end] <= '9') ++end;
            if (end > dot + 4) time.erase(dot + 4, end - dot - 4);
        }
        const auto at = parse_rfc3339(time);
        if (!at) return "time must be RFC 3339, as 2026-11-21T12:00:00Z";
        event.time = *at, event.timed = true;
    }
    const auto* data = object->if_contains("data");
    if (!data || data->is_null()) return {};
    const auto* details = data->if_object();
    if (!details) return "data must be an object";
    if (!text_of(*details, "drop", event.drop) || !text_of(*details, "sku", event.sku) ||
        !text_of(*details, "place", event.place) || !text_of(*details, "channel", event.channel))
        return "data: drop, sku, place and channel must be texts";
    if (const auto* count = details->if_contains("count")) {
        const auto* n = count->if_int64();
        if (!n || *n < 1 || *n > 1'000'000) return "data: count must be a whole number from 1 to 1000000";
        event.count = *n;
    }
    return {};
}

}  // namespace

CloudEvents read_cloud_events(std::string_view body, Instant arrived) {
    CloudEvents out;
    bjson::error_code ec;
    bjson::parse_options options;
    options.max_depth = static_cast<unsigned char>(limits::json_depth_max);
    const auto document = bjson::parse(bjson::string_view(body.data(), body.size()), ec, {}, options);
    if (ec) {
        out.trouble = "the body is not JSON, or is nested too deeply";
        return out;
    }
    const auto one = [&](const bjson::value& value, std::size_t index) {
        CloudEvent event;
        event.index = index;
        event.time = arrived;
        if (auto wrong = read_event(value, event); !wrong.empty())
            return (void)out.rejected.push_back({index, std::move(wrong)});
        event.text = bjson::serialize(value);
        out.events.push_back(std::move(event));
    };
    if (const auto* list = document.if_array()) {
        if (list->size() > events_max) {
            out.trouble = "more than " + std::to_string(events_max) + " events in one request";
            return out;
        }
        for (std::size_t i = 0; i < list->size(); ++i) one((*list)[i], i);
    } else {
        one(document, 0);
    }
    return out;
}

}  // namespace dropsmith::http
