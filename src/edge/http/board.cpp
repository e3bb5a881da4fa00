// Drawing and reading the board; see board.h. Covered by edge/http/board_test.cpp.
#include "edge/http/board.h"

#include <algorithm>

#include "base/limits.h"
#include "edge/http/resolve.h"
#include "edge/http/views.h"
#include "flow/sell/hold.h"
#include "flow/sell/price_now.h"
#include "flow/sell/room.h"

namespace dropsmith::http {
namespace {

// Versions are unique over all boards of a process, so that what a thread keeps is known by its number alone.
std::atomic<std::uint64_t> versions{0};

Saying saying_of(const Refusal& refusal) {
    return {refusal.code, status_of(refusal.code), refusal_problem(refusal).body};
}

std::size_t slot_of(RefusalCode code) {
    return code == refusals::sold_out        ? 0
           : code == refusals::drop_not_open ? 1
           : code == refusals::not_admitted  ? 2
                                             : 3;
}
constexpr std::array<RefusalCode, 4> codes{refusals::sold_out, refusals::drop_not_open, refusals::not_admitted,
                                           refusals::drop_paused};

bool may_sell_before_opening(const Drop& drop) {
    return !drop.reserve_released && std::any_of(drop.lines.begin(), drop.lines.end(), [](const DropLine& line) {
        return line.terms.preorder_share > Rate{0};
    });
}

}  // namespace

Board::Board() : published_(std::make_shared<const BoardPicture>()), version_(++versions) {}

void Board::load(const State& state) {
    redraw(state, {});
    publish();
}

std::shared_ptr<const BoardDrop> Board::draw(const State& state, const Drop& drop) {
    auto out = std::make_shared<BoardDrop>();
    out->id = drop.id, out->status = drop.status;
    out->opens_at = drop.terms.opens_at, out->closes_at = drop.terms.closes_at;
    out->preorders = may_sell_before_opening(drop);
    out->offers = !drop.terms.pricing.personal_offers.empty();
    out->channels = drop.terms.channels;
    for (const auto id : out->channels) {
        const auto* channel = state.places.find(id);
        out->ours.push_back(channel && channel->mode == ChannelMode::own);
    }
    if (auto no = sell::not_selling(drop, Instant{0})) out->before_close = saying_of(*no);
    if (auto no = sell::not_selling(drop, drop.terms.closes_at)) out->after_close = saying_of(*no);
    if (const auto* room = state.rooms.find(drop.id); room && !room->over)
        out->not_admitted = saying_of(sell::needs_admission());
    out->lines.resize(drop.lines.size());
    for (std::uint32_t i = 0; i < drop.lines.size(); ++i) {
        auto& line = out->lines[i];
        line.sku = drop.lines[i].terms.sku;
        if (!drop.lines[i].ended) line.code = sku_code(state, line.sku);
        if (!drop.lines[i].terms.substitute) line.sold_out = saying_of(sell::sold_out_of(line.code));
        for (const auto channel : out->channels) {
            const auto* price = price_of(state, drop, i, channel);
            line.prices.push_back(price ? std::optional(*price) : std::nullopt);
            if (price) line.prices.back()->arms.clear();
        }
    }
    for (std::uint32_t i = 0; i < out->lines.size(); ++i)
        if (!out->lines[i].code.empty()) out->by_code.emplace(out->lines[i].code, i);
    auto& kept = kept_[drop.id];
    if (!kept.free || kept.free->size() < drop.lines.size())
        kept.free = std::make_shared<BoardDrop::Units>(drop.lines.size());
    out->free = kept.free, out->refused = kept.refused;
    for (std::uint32_t i = 0; i < drop.lines.size(); ++i) store_free(state, drop, i);
    return out;
}

void Board::redraw(const State& state, DropId only) {
    const auto& drops = state.drops.drops;
    if (!only) {
        drawn_ = {};
        for (const auto& channel : state.places.channels) drawn_.channels.try_emplace(channel.name, channel.id);
        for (const auto& channel : state.places.channels)
            drawn_.channels.try_emplace(ids_->show(channel.id), channel.id);
    }
    for (const auto& drop : drops) {
        if (only && drop.id != only) continue;
        if (!drop_is_public(drop)) {
            drawn_.drops.erase(ids_->show(drop.id));
            if (const auto it = drawn_.drops.find(drop.terms.slug);
                it != drawn_.drops.end() && it->second->id == drop.id)
                drawn_.drops.erase(it);
            continue;
        }
        const auto drawn = draw(state, drop);
        drawn_.drops.insert_or_assign(ids_->show(drop.id), drawn);
        const auto named = state.drops.by_slug.find(drop.terms.slug);
        if (named != state.drops.by_slug.end() && named->second == drop.id && !ids_->read<DropTag>(drop.terms.slug))
            drawn_.drops.insert_or_assign(drop.terms.slug, drawn);
    }
}

void Board::publish() {
    auto picture = std::make_shared<const BoardPicture>(drawn_);
    const std::lock_guard lock(mutex_);
    published_ = std::move(picture);
    version_.store(++versions, std::memory_order_release);
}

const std::shared_ptr<const BoardPicture>& Board::picture() const {
    thread_local std::uint64_t version = 0;
    thread_local std::shared_ptr<const BoardPicture> held;
    if (version_.load(std::memory_order_acquire) != version) {
        const std::lock_guard lock(mutex_);
        held = published_;
        version = version_.load(std::memory_order_relaxed);
    }
    return held;
}

void Board::store_free(const State& state, const Drop& drop, std::uint32_t line) {
    const auto it = kept_.find(drop.id);
    if (it == kept_.end() || line >= it->second.free->size()) return;
    (*it->second.free)[line].store(available(state, drop, line).n, std::memory_order_relaxed);
}

void Board::stored(const State& state, const engine::Batch& batch) {
    bool everything = false, all_units = false, changed = false;
    std::pair<DropId, std::uint32_t> last{};  // most batches are about one line
    const auto units = [&](DropId id, std::uint32_t line) {
        if (last == std::pair{id, line}) return;
        last = {id, line};
        if (const auto* drop = state.drops.find(id); drop && line < drop->lines.size()) store_free(state, *drop, line);
    };
    const auto again = [&](DropId drop) {
        changed = true;
        redraw(state, drop);
    };
    for (const auto& entry : batch.entries)
        for (const auto& fact : entry.facts) switch (fact.code()) {
                case UnitsHeld::code.n:
                    for (const auto& line : fact.as<UnitsHeld>()->lines) units(fact.as<UnitsHeld>()->drop, line.line);
                    break;
                case HoldReduced::code.n:
                    for (const auto& line : fact.as<HoldReduced>()->given_back)
                        units(fact.as<HoldReduced>()->drop, line.line);
                    break;
                case HoldEnded::code.n:
                    for (const auto& line : fact.as<HoldEnded>()->given_back)
                        units(fact.as<HoldEnded>()->drop, line.line);
                    break;
                case OrderPlaced::code.n:
                    for (const auto& line : fact.as<OrderPlaced>()->lines)
                        units(fact.as<OrderPlaced>()->drop, line.line);
                    break;
                // Neither units nor what a picture shows.
                case OrderMoved::code.n:
                case PaymentRecorded::code.n:
                case DemandFolded::code.n:
                case RefusalsCounted::code.n:
                case PriceReviewed::code.n:
                case RoomEntered::code.n:
                case RoomDrawn::code.n:
                case AdmissionRateSet::code.n:
                case WaitJoined::code.n:
                case WaitLeft::code.n:
                case UnitsOffered::code.n:
                case OffersMade::code.n:
                case PassesIssued::code.n:
                case PassEnded::code.n:
                case PassUsed::code.n:
                case SubstituteTaken::code.n:
                case TemplateSet::code.n:
                case TemplateRemoved::code.n:
                case PersonalOfferMade::code.n:
                case PersonalPriceGiven::code.n:
                    break;
                case RoomCommitted::code.n: again(fact.as<RoomCommitted>()->drop); break;
                case RoomAdmitted::code.n:
                    if (fact.as<RoomAdmitted>()->over) again(fact.as<RoomAdmitted>()->drop);
                    break;
                case OrderCancelled::code.n:
                case OrderRefunded::code.n:
                case StockReceived::code.n:
                case StockMoved::code.n:
                case BundlesMade::code.n:
                case StockCounted::code.n:
                case SoldElsewhere::code.n:
                    all_units = true;
                    break;
                case DropDrafted::code.n: again(fact.as<DropDrafted>()->drop); break;
                case DropEdited::code.n: again(fact.as<DropEdited>()->drop); break;
                case DropScheduled::code.n: again(fact.as<DropScheduled>()->drop); break;
                case DropOpened::code.n: again(fact.as<DropOpened>()->drop); break;
                case PriceSet::code.n: again(fact.as<PriceSet>()->key.drop); break;
                case PricesKilled::code.n: again(fact.as<PricesKilled>()->drop); break;
                case HistoryStaged::code.n:
                case ImportBegun::code.n:
                case ProductAdded::code.n:
                case GrantIssued::code.n:
                case GrantEnded::code.n:
                    break;
                default: everything = true;  // seldom, or not known here: drawn anew as a whole
            }
    if (everything) redraw(state, {});
    if (all_units)
        for (const auto& [id, kept] : kept_)
            if (const auto* drop = state.drops.find(id))
                for (std::uint32_t i = 0; i < drop->lines.size(); ++i) store_free(state, *drop, i);
    if (everything || changed) publish();
}

const Saying* Board::refuses(const BoardPicture& picture, const HoldBody& asked, Instant now) {
    if (asked.quote || !asked.drop || !asked.channel || asked.person || asked.fulfilment) return nullptr;
    if (asked.pass || asked.admission) return nullptr;
    const auto named = picture.drops.find(std::string_view(*asked.drop));
    const auto channel = picture.channels.find(std::string_view(*asked.channel));
    if (named == picture.drops.end() || channel == picture.channels.end()) return nullptr;
    const auto& drop = *named->second;
    const auto at = static_cast<std::size_t>(
        std::find(drop.channels.begin(), drop.channels.end(), channel->second) - drop.channels.begin());
    if (at == drop.channels.size() || !drop.ours[at]) return nullptr;
    if (drop.status == DropStatus::scheduled && (drop.preorders || now >= drop.opens_at)) return nullptr;
    const auto& shut = now < drop.closes_at ? drop.before_close : drop.after_close;
    if (shut) {
        count(drop, shut->code);
        return &*shut;
    }
    if (drop.not_admitted && drop.status == DropStatus::open) {
        count(drop, drop.not_admitted->code);
        return &*drop.not_admitted;
    }
    const BoardLine* gone = nullptr;
    for (const auto& wanted : asked.lines) {
        const auto found = drop.by_code.find(wanted.sku);
        if (wanted.expect_unit_price || found == drop.by_code.end()) return nullptr;
        const auto& line = drop.lines[found->second];
        if (!line.prices[at]) return nullptr;
        // Added up over all lines it is still no more money than a line may be.
        const auto amount = try_mul(sell::price_now(*line.prices[at], drop.id, now, 0).price.n, wanted.units.n);
        if (!amount || *amount > limits::line_amount_max / static_cast<std::int64_t>(limits::lines_max))
            return nullptr;
        if (!gone && (*drop.free)[found->second].load(std::memory_order_relaxed) == 0) gone = &line;
    }
    if (!gone || !gone->sold_out) return nullptr;
    count(drop, gone->sold_out->code);
    return &*gone->sold_out;
}

void Board::count(const BoardDrop& drop, RefusalCode code) {
    (*drop.refused)[slot_of(code)].fetch_add(1, std::memory_order_relaxed);
    if (!any_.load(std::memory_order_relaxed)) any_.store(true, std::memory_order_relaxed);
}

std::optional<Quote> Board::quote(const BoardPicture& picture, const QuoteBody& asked, std::uint64_t session,
                                  Instant now) {
    const auto named = picture.drops.find(std::string_view(asked.drop));
    const auto channel = picture.channels.find(std::string_view(asked.channel));
    if (named == picture.drops.end() || channel == picture.channels.end()) return std::nullopt;
    const auto& drop = *named->second;
    const auto at = static_cast<std::size_t>(
        std::find(drop.channels.begin(), drop.channels.end(), channel->second) - drop.channels.begin());
    if (at == drop.channels.size() || (drop.offers && session != 0)) return std::nullopt;
    std::optional<Quote> quote;
    quote.emplace(Quote{drop.id, channel->second, {}, session, quoted_until(now, drop.closes_at)});
    quote->lines.reserve(asked.lines.size());
    for (const auto& wanted : asked.lines) {
        const auto found = drop.by_code.find(wanted.sku);
        if (found == drop.by_code.end()) return std::nullopt;
        const auto& line = drop.lines[found->second];
        if (!line.prices[at]) return std::nullopt;
        const auto price = sell::price_now(*line.prices[at], drop.id, now, session);
        const auto amount = try_mul(price.price.n, wanted.units.n);
        if (!amount || *amount > limits::line_amount_max) return std::nullopt;
        quote->lines.push_back({line.sku, wanted.units, price.price, price.decision});
    }
    return quote;
}

void Board::take(const std::function<void(DropId, RefusalCode, std::uint64_t)>& each) {
    any_.store(false, std::memory_order_relaxed);
    for (const auto& [id, kept] : kept_)
        for (std::size_t i = 0; i < codes.size(); ++i)
            if (const auto times = (*kept.refused)[i].exchange(0, std::memory_order_relaxed)) each(id, codes[i], times);
}

}  // namespace dropsmith::http
