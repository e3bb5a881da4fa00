// Rules of places and channels. Names are unique; a linked channel names the place where its allotment lies; the mode
// of a channel stands still while a drop that uses it is announced or open. Loop's thread. Covered by
// flow/sell/catalogue_test.cpp.
#include <algorithm>

#include "flow/sell/catalogue.h"

#include "base/limits.h"
#include "flow/sell/refusing.h"
#include "model/bounded.h"

namespace dropsmith::sell {
namespace {

std::optional<Refusal> wrong_place(const State& state, const Place& place) {
    using namespace refusals;
    if (place.name.empty() || place.name.size() > limits::name_max)
        return refuse_field(bad_value, "name", "/name", "a place has a name of 1 to 200 bytes").error;
    if (place.time_zone.empty())
        return refuse_field(bad_value, "time_zone", "/time_zone", "give the place's IANA time zone, like Europe/London")
            .error;
    if (place.position &&
        (std::abs(place.position->lat_micro) > 90'000'000 || std::abs(place.position->lon_micro) > 180'000'000))
        return refuse_field(bad_value, "position", "/position",
                            "latitude lies within 90 and longitude within 180 degrees")
            .error;
    for (const auto& other : state.places.places)
        if (other.name == place.name && other.id != place.id)
            return refuse_field(already_exists, "name", "/name", "another place is called " + place.name).error;
    return std::nullopt;
}

std::optional<Refusal> not_sold_through(const State& state, const Channel& channel) {
    using namespace refusals;
    if (channel.name.empty() || channel.name.size() > limits::name_max)
        return refuse_field(bad_value, "name", "/name", "a channel has a name of 1 to 200 bytes").error;
    if (channel.place && !state.places.find(channel.place))
        return refuse_field(not_found, "place", "/place", "no such place").error;
    if (channel.mode == ChannelMode::linked && !channel.place)
        return refuse_field(bad_value, "place", "/place", "a linked channel names the place where its allotment lies")
            .error;
    for (const auto& other : state.places.channels)
        if (other.name == channel.name && other.id != channel.id)
            return refuse_field(already_exists, "name", "/name", "another channel is called " + channel.name).error;
    return std::nullopt;
}

bool in_live_drop(const State& state, ChannelId channel) {
    const auto& drops = state.drops.drops;
    return std::any_of(drops.begin(), drops.end(), [&](const Drop& drop) {
        const bool live = drop.status == DropStatus::scheduled || drop.status == DropStatus::open ||
                          drop.status == DropStatus::paused;
        const auto& used = drop.terms.channels;
        return live && std::find(used.begin(), used.end(), channel) != used.end();
    });
}

Failure<Refusal> conflict(std::uint64_t version) {
    return refuse(refusals::version_conflict, "it is at version " + std::to_string(version) + ": read it again");
}

template <class Record>
void set(std::vector<Record>& table, const Record& record) {
    if (record.id.n >= 1 && record.id.n <= table.size()) {
        table[record.id.n - 1] = record;
        return;
    }
    CHECK_BECAUSE(record.id.n == table.size() + 1, "places and channels are numbered in order");
    table.push_back(record);
}

}  // namespace

Verdict handle(const State& state, const AddPlace& command, const Moment&) {
    Place place{PlaceId{state.places.places.size() + 1},
                1,
                command.name,
                command.kind,
                command.time_zone.empty() ? state.shop.time_zone : command.time_zone,
                command.position};
    if (auto wrong = wrong_place(state, place)) return Failure<Refusal>{std::move(*wrong)};
    return bounded_facts(PlaceSet{std::move(place)});
}

Verdict handle(const State& state, const ChangePlace& command, const Moment&) {
    const auto* known = state.places.find(command.place);
    if (!known) return refuse(refusals::not_found, "no such place");
    if (command.if_version && *command.if_version != known->version) return conflict(known->version);
    Place place = *known;
    ++place.version;
    if (command.name) place.name = *command.name;
    if (command.kind) place.kind = *command.kind;
    if (command.time_zone) place.time_zone = *command.time_zone;
    if (command.position) place.position = command.position;
    if (auto wrong = wrong_place(state, place)) return Failure<Refusal>{std::move(*wrong)};
    return bounded_facts(PlaceSet{std::move(place)});
}

Verdict handle(const State& state, const AddChannel& command, const Moment&) {
    Channel channel{ChannelId{state.places.channels.size() + 1},
                    1,
                    command.name,
                    command.mode,
                    command.prices_include_tax.value_or(state.shop.prices_include_tax),
                    command.place};
    if (auto wrong = not_sold_through(state, channel)) return Failure<Refusal>{std::move(*wrong)};
    return bounded_facts(ChannelSet{std::move(channel)});
}

Verdict handle(const State& state, const ChangeChannel& command, const Moment&) {
    const auto* known = state.places.find(command.channel);
    if (!known) return refuse(refusals::not_found, "no such channel");
    if (command.if_version && *command.if_version != known->version) return conflict(known->version);
    Channel channel = *known;
    ++channel.version;
    if (command.name) channel.name = *command.name;
    if (command.mode) channel.mode = *command.mode;
    if (command.place) channel.place = *command.place;
    if (auto wrong = not_sold_through(state, channel)) return Failure<Refusal>{std::move(*wrong)};
    if (channel.mode != known->mode && in_live_drop(state, channel.id))
        return refuse(refusals::wrong_state, "a drop that is announced or open sells through it: close the drop first");
    return bounded_facts(ChannelSet{std::move(channel)});
}

void evolve(Places& places, const PlaceSet& fact, const Stamp&) { set(places.places, fact.place); }
void evolve(Places& places, const ChannelSet& fact, const Stamp&) { set(places.channels, fact.channel); }

}  // namespace dropsmith::sell
