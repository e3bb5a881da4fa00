// Dense<IdType, Record>: a table whose ids are 1, 2, 3 … in order of creation: an array in chunks, so that records
// never move. Iteration is in id order (the state hash and the laws rely on it). Old records may be forgotten; their
// ids are never reused. Owned by the loop's thread. Covered by engine/slices_test.cpp, flow/sell/laws_test.cpp.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "base/check.h"

namespace dropsmith {

template <class IdType, class Record>
class Dense {
public:
    IdType next() const { return IdType{first_ + rows_.size()}; }
    Record& add(IdType id, Record record) {
        CHECK_BECAUSE(id == next(), "ids of a table are dense");
        ++present_;
        return *rows_.emplace_back(std::move(record));
    }
    Record* find(IdType id) {
        if (id.n < first_ || id.n - first_ >= rows_.size()) return nullptr;
        auto& row = rows_[id.n - first_];
        return row ? &*row : nullptr;
    }
    const Record* find(IdType id) const { return const_cast<Dense*>(this)->find(id); }
    Record& must(IdType id) {
        auto* record = find(id);
        CHECK_BECAUSE(record != nullptr, "a fact names a record that is not there");
        return *record;
    }
    const Record& must(IdType id) const { return const_cast<Dense*>(this)->must(id); }
    void forget(IdType id) {
        if (!find(id)) return;
        rows_[id.n - first_].reset();
        --present_;
        while (!rows_.empty() && !rows_.front()) rows_.pop_front(), ++first_;
    }
    // The table as it was read from a snapshot: ids below `id` are gone for ever. Only forwards.
    void skip_to(IdType id) {
        CHECK_BECAUSE(id >= next(), "ids of a table are dense");
        if (rows_.empty()) first_ = id.n;
        while (next() < id) rows_.emplace_back();
    }
    std::size_t size() const { return present_; }
    template <class Visit>
    void each(Visit visit) const {
        for (const auto& row : rows_)
            if (row) visit(*row);
    }

private:
    std::deque<std::optional<Record>> rows_;
    std::uint64_t first_ = 1;
    std::size_t present_ = 0;
};

}  // namespace dropsmith
