// The order of things in one batch; see core.h. One thread. Covered by engine/core_test.cpp.
#include "engine/core.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/limits.h"
#include "engine/recent.h"
#include "engine/refusal_counts.h"
#include "engine/replay.h"

namespace dropsmith::engine {

namespace {

// ids of persons come from another stream of the seed than the rules' chance
constexpr std::uint64_t person_stream = 1ull << 63;

[[noreturn]] void end_process(const Fault& fault) {
    check_failed("the journal took the batch", __FILE__, __LINE__, fault.what.c_str());
}

Command command_of(const Timer& timer) {
    switch (timer.kind) {
        case TimerKind::release_reserve: return ReleaseReserveDue{DropId{timer.id}};
        case TimerKind::open_drop: return OpenDue{DropId{timer.id}};
        case TimerKind::close_drop: return CloseDue{DropId{timer.id}};
        case TimerKind::settle_drop: return SettleDue{DropId{timer.id}};
        case TimerKind::hold: return HoldDue{HoldId{timer.id}};
        case TimerKind::review: return ReviewDue{timer.line};
        case TimerKind::override_end: return OverrideDue{timer.line};
        case TimerKind::tidy: return TidyDue{};
        case TimerKind::draw_room: return DrawRoomDue{DropId{timer.id}};
        case TimerKind::admit: return AdmitDue{DropId{timer.id}};
        case TimerKind::offers: return OffersDue{DropId{timer.id}};
        case TimerKind::preorders: return PreordersDue{DropId{timer.id}};
        case TimerKind::payment: return PaymentDue{OrderId{timer.id}};
    }
    CHECK_BECAUSE(false, "a kind of timer without a command");
    return HoldDue{};
}

std::int64_t now_us() {
    using namespace std::chrono;
    return duration_cast<microseconds>(steady_clock::now().time_since_epoch()).count();
}

void tell(Ask& ask, const Answer& answer) {
    if (ask.caller) ask.caller->decided(answer);
}

void settle(std::span<Ask> asks, const Fault* fault) {
    for (auto& ask : asks)
        if (ask.caller) ask.caller->settled(fault);
}

bool is_question(const Ask& ask) { return !ask.command && !ask.build; }

// The facts of one entry of a stored batch.
std::optional<Facts> facts_of(const StoredBatch& stored, std::uint64_t first) {
    FactScratch scratch;
    BatchWalk walk(stored, scratch);
    while (walk.next_entry()) {
        Facts facts;
        BatchWalk::RawFact raw;
        while (walk.next_fact(raw)) facts.push_back(raw.info->take(raw.object));
        if (walk.entry_first() == first && !walk.fault()) return facts;
    }
    return std::nullopt;
}

}  // namespace

struct Core::Inside {
    explicit Inside(const std::string& vault_key) : persons(vault_key) {}
    PersonIndex persons;
    RefusalCounts refusals;
    Instant elsewhere_due;      // those that were refused without the core are asked for once a second
    Recent recent;
    Instant at;                 // of the last round: a round without facts does not move state.at
    bool read_only = false;
    std::int64_t append_us = 0;
};

struct Core::Round {
    Instant at;
    Batch batch;
    std::vector<std::uint64_t> entry_first;  // of each entry
    std::vector<VaultWrite> vault;
};

Core::Core(Journal& journal, CoreSettings settings)
    : journal_(journal), settings_(std::move(settings)), inside_(std::make_unique<Inside>(settings_.vault_key)) {}

Core::~Core() = default;

bool Core::read_only() const { return inside_->read_only; }
std::int64_t Core::last_append_us() const { return inside_->append_us; }

std::optional<Instant> Core::next_due() const {
    auto due = inside_->refusals.due();
    if (!due && elsewhere_ && elsewhere_->any()) due = inside_->elsewhere_due;
    if (const auto timer = state_.timers.due.first_due(); timer && (!due || *timer < *due)) due = timer;
    return due;
}

Result<StartReport, Fault> Core::start(Instant now) {
    auto loaded = load(journal_, state_, head_hash_);
    if (!loaded) return Failure{loaded.error()};
    if (auto persons = inside_->persons.load(journal_); !persons) return Failure{persons.error()};
    inside_->at = std::max(now, state_.at);
    // A vault that still has somebody who was erased was restored from an older copy than the journal.
    std::vector<VaultWrite> again;
    for (const auto person : state_.access.erased)
        if (inside_->persons.forget(person))
            again.push_back({VaultWrite::Act::erase, std::string(person_table), person_key(person), {}});
    if (state_.head > 0)
        if (auto started = start_writer(inside_->at, again); !started) return Failure{started.error()};
    return StartReport{state_.head, loaded->replayed, head_hash_, 0};
}

bool Core::run(std::span<Ask> asks, Instant now) {
    const Instant at = inside_->at = std::max({now, state_.at, inside_->at});
    if (inside_->read_only && !open_again(at)) return run_read_only(asks, at), false;
    Round round;
    round.at = at;
    round.batch.first = state_.head + 1;
    round.batch.at = at;
    round.batch.previous = head_hash_;
    issue_due(round);
    count_refusals(round);
    for (auto& ask : asks)
        if (!is_question(ask)) answer(ask, round);
    for (auto& ask : asks)
        if (is_question(ask)) tell(ask, Answer{state_, at, nullptr, nullptr, false, 0, {}});
    if (!round.batch.entries.empty() && !store(round)) {
        const Fault refused{FaultKind::refused_write, "the store refuses writes; nothing of this batch happened"};
        settle(asks, &refused);
        return false;
    }
    settle(asks, nullptr);
    return true;
}

void Core::issue_due(Round& round) {
    const Actor timer_actor{ActorKind::timer, {}};
    for (std::size_t issued = 0; issued < limits::timers_per_batch; ++issued) {
        const auto due = state_.timers.due.first_due();
        if (!due || *due > round.at) return;
        const Timer timer = *state_.timers.due.begin();
        Random random(settings_.random_seed, state_.head + 1);
        auto verdict = dispatch(state_, command_of(timer), Moment{round.at, timer_actor, random, {}});
        CHECK_BECAUSE(verdict.ok(), verdict.ok() ? "" : verdict.error().detail.c_str());
        CHECK_BECAUSE(!verdict->empty(), "a due timer's command made no fact: it would be due for ever");
        effect(std::move(verdict).value(), timer_actor, std::nullopt, round);
        CHECK_BECAUSE(!state_.timers.due.contains(timer), "a due timer's facts must disarm it");
    }
}

void Core::count_refusals(Round& round) {
    if (elsewhere_ && round.at >= inside_->elsewhere_due && elsewhere_->any()) {
        inside_->elsewhere_due = round.at + seconds(1);
        elsewhere_->take([&](DropId drop, RefusalCode code, std::uint64_t times) {
            inside_->refusals.add(drop, code, times, round.at);
        });
    }
    const auto due = inside_->refusals.due();
    if (!due || *due > round.at) return;
    const Actor shop{ActorKind::shop, {}};
    Random random(settings_.random_seed, state_.head + 1);
    auto verdict = dispatch(state_, Command(inside_->refusals.take()), Moment{round.at, shop, random, {}});
    if (verdict && !verdict->empty()) effect(std::move(verdict).value(), shop, std::nullopt, round);
}

void Core::answer(Ask& ask, Round& round) {
    if (ask.key) {
        if (const auto* known = state_.keys.find(ask.key->scope)) return answer_repeat(ask, *known, round);
    }
    Answer answer{state_, round.at, nullptr, nullptr, false, 0, {}};
    PersonIndex::Found person;
    if (ask.person) {
        person = inside_->persons.find(*ask.person, Random(settings_.random_seed, person_stream | (state_.head + 1)));
        answer.person = person.id;
    }
    Random random(settings_.random_seed, state_.head + 1);
    const Moment moment{round.at, ask.who, random, person.id};
    std::optional<Refusal> refusal;
    if (ask.build) {
        auto built = ask.build(state_, moment);
        if (built)
            ask.command.emplace(std::move(built).value());
        else
            refusal = built.error();
    }
    if (!refusal) {
        auto verdict = dispatch(state_, *ask.command, moment);
        if (verdict) {
            static const Facts none;
            answer.facts = &none;
            if (!verdict->empty()) {
                answer.first_seq = state_.head + 1;
                effect(std::move(verdict).value(), ask.who, ask.key, round);
                answer.facts = &round.batch.entries.back().facts;
                if (ask.person && (!person.known || !ask.person->name.empty() || !ask.person->address.empty())) {
                    inside_->persons.add(person);
                    round.vault.push_back({VaultWrite::Act::put, std::string(person_table), person_key(person.id),
                                           encode_person(person.mac, *ask.person)});
                }
                std::move(ask.vault.begin(), ask.vault.end(), std::back_inserter(round.vault));
                if (const auto* erased = answer.facts->front().as<PersonErased>()) {
                    inside_->persons.forget(erased->person);
                    round.vault.push_back(
                        {VaultWrite::Act::erase, std::string(person_table), person_key(erased->person), {}});
                }
            }
            if (ask.build) ask.command.reset();  // its room is the next command's, not one of a batch of them
            return tell(ask, answer);
        }
        refusal = verdict.error();
    }
    inside_->refusals.add(state_, ask.command ? &*ask.command : nullptr, *refusal, round.at);
    answer.refusal = &*refusal;
    tell(ask, answer);
}

void Core::answer_repeat(Ask& ask, const KeyEffect& effect, Round& round) {
    Answer answer{state_, round.at, nullptr, nullptr, true, effect.first, {}};
    if (ask.person) {
        const auto person = inside_->persons.find(*ask.person, Random(0));
        if (person.known) answer.person = person.id;
    }
    if (effect.body != ask.key->body) {
        const Refusal reused{
            refusals::key_reused, "this Idempotency-Key was used for another request: send a new key", {}, {}, {}};
        answer.replayed = false;
        answer.first_seq = 0;
        answer.refusal = &reused;
        inside_->refusals.add(state_, nullptr, reused, round.at);
        return tell(ask, answer);
    }
    // a twin in the same batch: its first is not stored yet, and neither is settled before
    if (effect.first >= round.batch.first) {
        const auto it = std::lower_bound(round.entry_first.begin(), round.entry_first.end(), effect.first);
        answer.facts = &round.batch.entries[static_cast<std::size_t>(it - round.entry_first.begin())].facts;
        return tell(ask, answer);
    }
    std::optional<Facts> facts;
    if (const auto* stored = inside_->recent.find(effect.first)) {
        facts = facts_of(*stored, effect.first);
    } else {
        auto read = journal_.read(effect.first, [&](const StoredBatch& batch) {
            facts = facts_of(batch, effect.first);
            return false;
        });
        if (!read) end_process(read.error());
    }
    CHECK_BECAUSE(facts, "the facts of a remembered key are not in the journal");
    answer.facts = &*facts;
    tell(ask, answer);
}

void Core::effect(Facts facts, const Actor& who, const std::optional<KeyUse>& key, Round& round) {
    if (round.batch.entries.empty()) begin_batch(state_, round.at);
    const auto first = state_.head + 1;
    for (const auto& fact : facts) {
        evolve_all(state_, fact, Stamp{round.at, state_.head + 1, who});
        ++state_.head;
    }
    if (key) CHECK_BECAUSE(remember_key(state_, *key, first, facts.size()), "one idempotency key, two effects");
    round.entry_first.push_back(first);
    round.batch.entries.push_back({who, key, std::move(facts)});
}

bool Core::store(Round& round) {
    auto stored = append(round.batch, round.vault);
    if (stored) {
        for (auto* watcher : watchers_) watcher->stored(state_, round.batch);
        return true;
    }
    if (stored.error().kind != FaultKind::refused_write) end_process(stored.error());
    inside_->read_only = true;
    if (auto rebuilt = rebuild(); !rebuilt) end_process(rebuilt.error());
    return false;
}

// The one place that writes. On success the head of the chain moves.
Status<Fault> Core::append(Batch& batch, std::span<const VaultWrite> vault) {
    batch.epoch = state_.shop.epoch;
    auto stored = encode_batch(batch);
    const auto before = now_us();
    auto appended = journal_.append(stored, vault);
    if (!appended) return appended;
    inside_->append_us = now_us() - before;
    head_hash_ = chain(head_hash_, stored.bytes);
    inside_->recent.add(std::move(stored));
    return appended;
}

// A new writer, or the same one after the store refused: the fact is evolved only once it is durable.
Status<Fault> Core::start_writer(Instant at, std::span<const VaultWrite> vault) {
    const Actor shop{ActorKind::shop, {}};
    Random random(settings_.random_seed, state_.head + 1);
    auto verdict = dispatch(state_, Command(StartWriter{}), Moment{at, shop, random, {}});
    if (!verdict) return fault(FaultKind::io, "the shop does not take this writer: " + verdict.error().detail);
    if (verdict->empty()) return Nothing{};
    Batch batch{state_.head + 1, at, 0, head_hash_, {}};
    batch.entries.push_back({shop, std::nullopt, std::move(verdict).value()});
    if (auto stored = append(batch, vault); !stored) return stored;
    begin_batch(state_, at);
    for (const auto& fact : batch.entries.front().facts) {
        evolve_all(state_, fact, Stamp{at, state_.head + 1, shop});
        ++state_.head;
    }
    for (auto* watcher : watchers_) watcher->stored(state_, batch);
    return Nothing{};
}

bool Core::open_again(Instant at) {
    if (state_.head == 0) return true;  // not even the shop's opening is stored: that batch is its own trial
    auto started = start_writer(at, {});
    if (!started && started.error().kind != FaultKind::refused_write) end_process(started.error());
    inside_->read_only = !started.ok();
    return started.ok();
}

void Core::run_read_only(std::span<Ask> asks, Instant at) {
    const Fault refused{FaultKind::refused_write, "the store refuses writes: free space on its disk"};
    for (auto& ask : asks) {
        if (is_question(ask)) tell(ask, Answer{state_, at, nullptr, nullptr, false, 0, {}});
        if (ask.caller) ask.caller->settled(is_question(ask) ? nullptr : &refused);
    }
}

Status<Fault> Core::rebuild() {
    inside_->recent.clear();
    if (auto loaded = load(journal_, state_, head_hash_); !loaded) return Failure{loaded.error()};
    return inside_->persons.load(journal_);
}

}  // namespace dropsmith::engine
