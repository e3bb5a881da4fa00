// The tables behind dispatch.h, made from the vocabulary by the compiler: a fact that no slice takes, and a command
// with no handle or with two, do not compile. Pure. Covered by engine/dispatch_test.cpp.
#include "engine/dispatch.h"

#include <array>
#include <memory>
#include <tuple>
#include <vector>

#include "flow/decide/plan.h"
#include "flow/decide/price.h"
#include "flow/fulfil/hand_over.h"
#include "flow/sell/access.h"
#include "flow/sell/catalogue.h"
#include "flow/sell/drop.h"
#include "flow/sell/hold.h"
#include "flow/sell/order.h"
#include "flow/sell/pass.h"
#include "flow/sell/payment.h"
#include "flow/sell/room.h"
#include "flow/sell/shop.h"
#include "flow/sell/stock.h"
#include "flow/sell/subscriber.h"
#include "flow/sell/tidy.h"
#include "flow/sell/substitute.h"
#include "flow/sell/timers.h"
#include "flow/sell/waiting_list.h"
#include "flow/signals/fold.h"
#include "flow/signals/history.h"
#include "model/vocabulary.h"

namespace dropsmith::engine {

namespace rules {  // every stage's verbs side by side; two stages that take the same command make the call ambiguous
using decide::evolve;
using decide::handle;
using fulfil::handle;
using sell::evolve;
using sell::handle;
using signals::evolve;
using signals::handle;

template <class Slice, class F>
concept Takes = requires(Slice& slice, const F& fact, const Stamp& stamp) {
    evolve(slice, fact, stamp);
};
template <class C>
concept Handled = requires(const State& state, const C& command, const Moment& moment) {
    { handle(state, command, moment) } -> std::same_as<Verdict>;
};

template <class F, class Slice>
void evolve_one(Slice& slice, const F& fact, const Stamp& stamp) {
    if constexpr (Takes<Slice, F>) evolve(slice, fact, stamp);
}

template <class F, class... Slice>
constexpr int takers = (0 + ... + (Takes<Slice, F> ? 1 : 0));

template <class F>
void evolve_slices(State& state, const void* object, const Stamp& stamp) {
    static_assert(
        takers<F, Shop, Access, Catalogue, Places, Stock, Drops, Prices, Holds, Orders, Subscribers, Rooms,
               WaitingList, Passes, Substitutes, Payments, Demand, History, Timers> >= 1,
        "a fact that no slice takes: write its evolve");
    const F& fact = *static_cast<const F*>(object);
    evolve_one(state.shop, fact, stamp);
    evolve_one(state.access, fact, stamp);
    evolve_one(state.catalogue, fact, stamp);
    evolve_one(state.places, fact, stamp);
    evolve_one(state.stock, fact, stamp);
    evolve_one(state.drops, fact, stamp);
    evolve_one(state.prices, fact, stamp);
    evolve_one(state.holds, fact, stamp);
    evolve_one(state.orders, fact, stamp);
    evolve_one(state.subscribers, fact, stamp);
    evolve_one(state.rooms, fact, stamp);
    evolve_one(state.waiting_list, fact, stamp);
    evolve_one(state.passes, fact, stamp);
    evolve_one(state.substitutes, fact, stamp);
    evolve_one(state.payments, fact, stamp);
    evolve_one(state.demand, fact, stamp);
    evolve_one(state.history, fact, stamp);
    evolve_one(state.timers, fact, stamp);
}

template <class C>
Verdict handle_one(const State& state, const void* command, const Moment& moment) {
    static_assert(Handled<C>, "a command needs exactly one handle");
    return handle(state, *static_cast<const C*>(command), moment);
}
}  // namespace rules

namespace {

constexpr std::size_t codes_max = 1000;  // codes 0xx to 9xx: the table is an array

template <class T>
constexpr std::string_view struct_name() {  // "... [with T = dropsmith::PlaceHold; ...]": commands have no field table
    std::string_view name = __PRETTY_FUNCTION__;
    name.remove_prefix(name.find("T = ") + 4);
    name = name.substr(0, name.find_first_of(";]"));
    return name.substr(name.rfind(':') + 1);
}

template <class F>
FactInfo describe_fact() {
    static_assert(F::code.n < codes_max);
    return {F::code.n,
            F::version,
            record_name(static_cast<const F*>(nullptr)),
            &type_of<F>(),
            &rules::evolve_slices<F>,
            [](const void* fact) { return Fact(*static_cast<const F*>(fact)); },
            [](void* fact) { return Fact(std::move(*static_cast<F*>(fact))); }};
}

template <class... F>
std::array<FactInfo, sizeof...(F)> make_facts(Vocabulary<F...>) {
    return {describe_fact<F>()...};
}

template <class... C>
constexpr std::array<CommandInfo, sizeof...(C)> make_commands(Vocabulary<C...>) {
    return {CommandInfo{C::code.n, struct_name<C>(), &rules::handle_one<C>}...};
}

template <class... T>
constexpr bool codes_differ(Vocabulary<T...>) {
    std::array<bool, codes_max> seen{};
    for (auto code : {T::code.n...}) {
        if (code >= codes_max || seen[code]) return false;
        seen[code] = true;
    }
    return true;
}
static_assert(codes_differ(AllFacts{}), "two facts with one code");
static_assert(codes_differ(AllCommands{}), "two commands with one code");

template <class... T>
constexpr std::array<std::uint8_t, codes_max> index_of(Vocabulary<T...>) {  // 0: none, else position + 1
    static_assert(sizeof...(T) < 255);
    std::array<std::uint8_t, codes_max> index{};
    std::uint8_t position = 0;
    for (auto code : {T::code.n...}) index[code] = ++position;
    return index;
}
constexpr auto fact_index = index_of(AllFacts{});
constexpr auto command_index = index_of(AllCommands{});

const auto& fact_table() {
    static const auto table = make_facts(AllFacts{});
    return table;
}
constexpr auto command_table = make_commands(AllCommands{});

}  // namespace

std::span<const FactInfo> all_facts() { return fact_table(); }
std::span<const CommandInfo> all_commands() { return command_table; }

const FactInfo* fact_info(std::uint16_t code) {
    const std::size_t position = code < codes_max ? fact_index[code] : 0;
    return position ? &fact_table()[position - 1] : nullptr;
}

const CommandInfo* command_info(std::uint16_t code) {
    const std::size_t position = code < codes_max ? command_index[code] : 0;
    return position ? &command_table[position - 1] : nullptr;
}

// Scheduling is decide's; a waiting room, which it opens, is sell's. What decides the draw is fixed in the same breath.
static Verdict with_room(const State& state, const ScheduleDrop& command, Verdict planned, const Moment& moment) {
    const auto* drop = state.drops.find(command.drop);
    if (drop && drop->terms.room)
        planned->emplace_back(sell::commit_room(drop->id, drop->terms, command.room_seed, moment));
    return planned;
}

// An edit is judged by two stages that may not name each other: selling says what changes, deciding what is then asked.
static Verdict with_prices(const State& state, Verdict sold, const Moment& moment) {
    Facts extra;
    for (const auto& fact : *sold) {
        const auto* edit = fact.as<DropEdited>();
        const auto* drop = edit ? state.drops.find(edit->drop) : nullptr;
        if (!drop || drop->status == DropStatus::draft) continue;
        auto prices = decide::replan(state, *edit, moment);
        if (!prices) return Failure{std::move(prices.error())};
        for (auto& price : *prices) extra.push_back(std::move(price));
    }
    for (auto& price : extra) sold->push_back(std::move(price));
    return sold;
}

Verdict dispatch(const State& state, const Command& command, const Moment& moment) {
    const auto* info = command_info(command.code());
    CHECK_BECAUSE(info, "a command outside the vocabulary");
    auto verdict = info->handle(state, command.object(), moment);
    if (const auto* schedule = command.as<ScheduleDrop>(); schedule && verdict)
        return with_room(state, *schedule, std::move(verdict), moment);
    return verdict && command.code() == EditDrop::code.n ? with_prices(state, std::move(verdict), moment)
                                                         : std::move(verdict);
}

void evolve_all(State& state, const Fact& fact, const Stamp& stamp) {
    const auto* info = fact_info(fact.code());
    CHECK_BECAUSE(info, "a fact outside the vocabulary");
    info->evolve(state, fact.object(), stamp);
}

struct FactScratch::Inside {
    std::vector<std::unique_ptr<std::byte[]>> memory = std::vector<std::unique_ptr<std::byte[]>>(fact_table().size());
};

FactScratch::FactScratch() : inside_(std::make_unique<Inside>()) {}

FactScratch::~FactScratch() {
    for (std::size_t i = 0; i < inside_->memory.size(); ++i)
        if (inside_->memory[i]) fact_table()[i].type->destroy(inside_->memory[i].get());
}

void* FactScratch::object(const FactInfo& info) {
    auto& memory = inside_->memory[fact_index[info.code] - 1u];
    if (!memory) {
        memory = std::make_unique<std::byte[]>(info.type->size);
        info.type->construct(memory.get());
    }
    return memory.get();
}

}  // namespace dropsmith::engine
