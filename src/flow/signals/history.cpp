// Imported history: begun, staged in slices, published by one fact, or abandoned. One import is staged at a time, so a
// line that is new to the published history and to this import is new to the shop. Sales fold to SKU and hour;
// adjustments and lines of nothing count in the totals only. Covered by flow/signals/history_test.cpp.
#include "flow/signals/history.h"

#include <algorithm>
#include <set>

#include "base/limits.h"

namespace dropsmith::signals {

namespace {

constexpr std::int64_t sum_max = 1'000'000'000'000'000'000;  // minor units of one import, far inside 64 bits
constexpr std::size_t fact_room = limits::fact_bytes_max * 3 / 4;

const Import* find(const History& history, ImportId id) {
    return id.n >= 1 && id.n <= history.imports.size() ? &history.imports[id.n - 1] : nullptr;
}

std::optional<Refusal> not_staging(const History& history, ImportId id) {
    const Import* import = find(history, id);
    if (import == nullptr) return Refusal{refusals::not_found, "there is no such import", {}, {}, {}};
    if (import->status == ImportStatus::staging) return std::nullopt;
    return Refusal{refusals::wrong_state,
                   "this import is " + std::string(word_of(import->status)) + " already: begin a new one",
                   {},
                   {},
                   {}};
}

std::int64_t hour_of(Instant at) { return at.ms / hour_ms - (at.ms % hour_ms < 0 ? 1 : 0); }

bool sold(const HistoryLine& line) {
    return !line.is_adjustment && !line.is_return && line.units.n > 0 && line.amount.n > 0;
}
bool given_back(const HistoryLine& line) { return !line.is_adjustment && line.is_return && line.units.n < 0; }

// One slice of lines on its way to facts. Reads the state, remembers what this slice itself has added.
class Staging {
  public:
    Staging(const State& state, const StageHistory& command)
        : state_(state),
          command_(command),
          sku_ids_(command.skus.size()),
          next_product_(state.catalogue.products.size() + 1),
          next_sku_(state.catalogue.skus.size() + 1) {
        begin_fact();
    }

    void take(const HistoryLine& line) {
        ++fact_.totals.rows;
        if (is_known(line.key) || !keys_.insert(line.key).second) {
            ++fact_.totals.unchanged;
            return;
        }
        fact_.keys.push_back(line.key);
        add_order(line);
        if (line.customer != 0 && !of_this_import(state_.history.customers, line.customer) &&
            customers_.insert(line.customer).second) {
            fact_.customers.push_back(line.customer);
            ++fact_.totals.customers;
        }
        fact_.totals.net += line.amount;
        if (line.is_return)
            fact_.totals.returned += line.amount;
        else if (line.units.n > 0 && line.amount.n > 0)
            fact_.totals.gross += line.amount;
        add_hour(line);
        room_ += 4 * 9;
        if (room_ >= fact_room) finish_fact();
    }

    Facts finish() {
        if (fact_.totals.rows > 0) finish_fact();
        return std::move(facts_);
    }

  private:
    bool is_known(std::uint64_t key) const {  // to the published history, or to this import
        const auto it = state_.history.keys.find(key);
        if (it == state_.history.keys.end()) return false;
        return it->second == command_.import || state_.history.published(it->second);
    }
    bool of_this_import(const std::map<std::uint64_t, ImportId>& seen, std::uint64_t digest) const {
        const auto it = seen.find(digest);
        return it != seen.end() && it->second == command_.import;
    }
    void begin_fact() {
        fact_ = HistoryStaged{};
        fact_.import = command_.import;
        fact_.first_product = ProductId{next_product_};
        fact_.first_sku = SkuId{next_sku_};
        room_ = 128;
        hours_.clear();
    }
    void finish_fact() {
        for (const auto& [key, hour] : hours_)
            fact_.hours.push_back({key.first, key.second, hour.units, hour.returned, hour.revenue});
        facts_.emplace_back(std::move(fact_));
        begin_fact();
    }
    void add_order(const HistoryLine& line) {
        if (of_this_import(state_.history.orders, line.order) || !orders_.insert(line.order).second) return;
        fact_.orders.push_back(line.order);
        ++fact_.totals.orders;
        if (line.is_return) ++fact_.totals.returns;
    }
    void add_hour(const HistoryLine& line) {
        if (!sold(line) && !given_back(line)) return;
        SkuHour& hour = hours_[{static_cast<std::uint32_t>(sku_of(line.sku).n), hour_of(line.at)}];
        if (sold(line))
            hour.units += line.units.n, hour.revenue += line.amount;
        else
            hour.returned -= line.units.n;
        room_ += 32;
    }
    SkuId sku_of(std::uint32_t index) {
        SkuId& id = sku_ids_[index];
        if (id) return id;
        const HistorySku& asked = command_.skus[index];
        if (const Sku* known = state_.catalogue.find(asked.sku)) return id = known->id;
        for (std::uint32_t i = 0; i < index; ++i)  // the same code named twice in one slice is one SKU
            if (sku_ids_[i] && command_.skus[i].sku == asked.sku) return id = sku_ids_[i];
        id = SkuId{next_sku_++};
        ++next_product_;
        fact_.new_skus.push_back(asked);
        room_ += asked.sku.size() + asked.title.size() + 8;
        return id;
    }

    const State& state_;
    const StageHistory& command_;
    std::vector<SkuId> sku_ids_;
    std::uint64_t next_product_, next_sku_;
    std::set<std::uint64_t> keys_, orders_, customers_;  // of this slice
    std::map<std::pair<std::uint32_t, std::int64_t>, SkuHour> hours_;
    HistoryStaged fact_;
    std::size_t room_ = 0;
    Facts facts_;
};

std::optional<Refusal> wrong_line(const StageHistory& command, const HistoryTotals& before) {
    const auto refusal = [](std::size_t line, std::string what) {
        return Refusal{
            refusals::bad_value, "line " + std::to_string(line) + " of this slice: " + std::move(what), {}, {}, {}};
    };
    std::int64_t sum = std::abs(before.net.n) + before.gross.n - before.returned.n;
    for (std::size_t i = 0; i < command.lines.size(); ++i) {
        const HistoryLine& line = command.lines[i];
        if (line.sku >= command.skus.size()) return refusal(i, "its SKU is not in this slice's list");
        if (std::abs(line.units.n) > limits::units_max) return refusal(i, "more units than a line may have");
        if (std::abs(line.amount.n) > limits::money_max) return refusal(i, "more money than a line may have");
        if (line.key == 0 || line.order == 0)
            return refusal(i, "a digest of 0 means none: give the line's and the order's");
        sum += 2 * std::abs(line.amount.n);
        if (sum > sum_max) return refusal(i, "the import's money would leave the range of one import: split the file");
    }
    return std::nullopt;
}

std::optional<Refusal> wrong_sku(const StageHistory& command) {
    for (const HistorySku& sku : command.skus) {
        if (!sku.sku.empty() && sku.sku.size() <= limits::name_max && sku.title.size() <= limits::name_max) continue;
        return Refusal{refusals::bad_value,
                       "a SKU code has 1 to 200 bytes and a title at most 200: '" + sku.sku + "'",
                       {},
                       {},
                       {}};
    }
    return std::nullopt;
}

}  // namespace

Verdict handle(const State& state, const BeginImport& command, const Moment&) {
    Facts out;
    for (const Import& import : state.history.imports) {
        const bool same = !command.file_digest.empty() && import.file_digest == command.file_digest;
        if (import.status == ImportStatus::published && same)
            return refuse(refusals::already_imported,
                          "this very file (" + import.file_name + ") is imported: nothing would change");
        if (import.status != ImportStatus::staging) continue;
        if (!same)
            return refuse(refusals::import_running,
                          "the import of " + import.file_name +
                              " is being staged: publish or abandon it first; there is one at a time");
        out.emplace_back(ImportAbandoned{import.id});  // the same file again: whoever staged it has gone
    }
    if (command.file_name.size() > limits::name_max || command.file_digest.size() > 128 || command.format.size() > 64)
        return refuse(refusals::bad_value, "a file name has at most 200 bytes, its digest 128, the format 64");
    out.emplace_back(ImportBegun{ImportId{state.history.imports.size() + 1}, command.file_name, command.file_digest,
                                 command.format});
    return out;
}

Verdict handle(const State& state, const StageHistory& command, const Moment&) {
    if (auto refusal = not_staging(state.history, command.import)) return Failure{std::move(*refusal)};
    if (command.lines.empty() || command.lines.size() > limits::import_slice_rows)
        return refuse(refusals::bad_value, "a slice has 1 to " + std::to_string(limits::import_slice_rows) + " lines");
    if (command.skus.size() > command.lines.size())
        return refuse(refusals::bad_value, "a slice names no SKU without a line");
    if (auto refusal = wrong_sku(command)) return Failure{std::move(*refusal)};
    if (auto refusal = wrong_line(command, find(state.history, command.import)->totals))
        return Failure{std::move(*refusal)};
    Staging staging(state, command);
    for (const HistoryLine& line : command.lines) staging.take(line);
    return staging.finish();
}

Verdict handle(const State& state, const PublishImport& command, const Moment&) {
    if (auto refusal = not_staging(state.history, command.import)) return Failure{std::move(*refusal)};
    return facts(HistoryImported{command.import, find(state.history, command.import)->totals});
}

Verdict handle(const State& state, const AbandonImport& command, const Moment&) {
    if (auto refusal = not_staging(state.history, command.import)) return Failure{std::move(*refusal)};
    return facts(ImportAbandoned{command.import});
}

void evolve(History& slice, const ImportBegun& fact, const Stamp&) {
    CHECK_BECAUSE(fact.import.n == slice.imports.size() + 1, "imports are numbered in order");
    slice.imports.push_back({fact.import, fact.file_name, fact.file_digest, fact.format, ImportStatus::staging, {}});
}

namespace {
// A forged row may name any hour and any units: its place is made one, its sum stays in range.
void add_to_day(std::vector<std::int64_t>& day, const std::vector<HourSales>& rows) {
    if (rows.empty()) return;
    day.resize(24);
    for (const HourSales& row : rows) {
        auto& units = day[static_cast<std::size_t>((row.hour % 24 + 24) % 24)];
        units = std::clamp<std::int64_t>(checked(try_add(units, row.units)), 0, limits::money_max);
    }
}
}  // namespace

void evolve(History& slice, const HistoryStaged& fact, const Stamp&) {
    for (const HourSales& row : fact.hours) {
        HistoryHour& hour = slice.hours[{row.sku, row.hour}];
        if (hour.by != fact.import) hour = {slice.shown(hour), {}, fact.import};
        hour.staged.units = checked(try_add(hour.staged.units, row.units));
        hour.staged.returned = checked(try_add(hour.staged.returned, row.returned));
        hour.staged.revenue += row.revenue;
    }
    add_to_day(slice.imports.at(fact.import.n - 1).by_hour, fact.hours);
    for (const auto key : fact.keys) slice.keys[key] = fact.import;
    for (const auto order : fact.orders) slice.orders[order] = fact.import;
    for (const auto customer : fact.customers) slice.customers[customer] = fact.import;
    HistoryTotals& totals = slice.imports.at(fact.import.n - 1).totals;
    totals.rows += fact.totals.rows;
    totals.unchanged += fact.totals.unchanged;
    totals.orders += fact.totals.orders;
    totals.returns += fact.totals.returns;
    totals.customers += fact.totals.customers;
    totals.gross += fact.totals.gross;
    totals.returned += fact.totals.returned;
    totals.net += fact.totals.net;
}

void evolve(History& slice, const HistoryImported& fact, const Stamp&) {
    slice.imports.at(fact.import.n - 1).status = ImportStatus::published;
}

void evolve(History& slice, const ImportAbandoned& fact, const Stamp&) {
    slice.imports.at(fact.import.n - 1).status = ImportStatus::abandoned;
}

// What the shop sold itself joins its past when its order leaves the state: forecasts and audits see it either way.
static void add_order(History& history, const Order& order, std::int64_t sign) {
    if (order.status == OrderStatus::cancelled) return;
    for (const auto& line : order.lines) {
        const std::pair key{static_cast<std::uint32_t>(line.terms.sku.n), order.placed_at.ms / hours(1).n};
        auto& row = history.hours[key];
        row.sum.units += sign * line.terms.units.n;
        row.sum.returned += sign * line.refunded_units.n;
        const auto revenue = line.terms.unit_price * line.terms.units;
        row.sum.revenue = sign > 0 ? row.sum.revenue + revenue : row.sum.revenue - revenue;
        if (!row.by && is_nothing(row.sum)) history.hours.erase(key);
    }
}

void evolve(History& history, const OrderArchived& fact, const Stamp&) { add_order(history, fact.order, 1); }
void evolve(History& history, const OrderRecalled& fact, const Stamp&) { add_order(history, fact.order, -1); }

}  // namespace dropsmith::signals
