// Dense<IdType, Record>: a table whose ids are 1, 2, 3 … in order of creation: an array in chunks. Iteration is in id
// order (the state hash and the laws rely on it). Old records may be forgotten; their ids are never reused, and a
// record may come back under its own. The few old ones that stay while all around them are gone move to a tree, so that
// memory follows what is there; records move only in forget. Owned by the loop's thread. Covered by
// model/dense_test.cpp, engine/slices_test.cpp, flow/sell/laws_test.cpp.
#pragma once

#include <cstdint>
#include <deque>
#include <map>

#include "base/check.h"

namespace dropsmith {

template <class IdType, class Record>
class Dense {
public:
    IdType next() const { return IdType{first_ + rows_.size()}; }
    // No record has a smaller id.
    IdType first() const { return IdType{old_.empty() ? first_ : old_.begin()->first}; }
    Record& add(IdType id, Record record) {
        CHECK_BECAUSE(id == next(), "ids of a table are dense");
        ++present_;
        record.id = id;
        return rows_.emplace_back(std::move(record));
    }
    Record* find(IdType id) {
        if (id.n < first_) {
            const auto it = old_.find(id.n);
            return it == old_.end() ? nullptr : &it->second;
        }
        if (id.n - first_ >= rows_.size()) return nullptr;
        auto& row = rows_[id.n - first_];
        return there(row) ? &row : nullptr;
    }
    const Record* find(IdType id) const { return const_cast<Dense*>(this)->find(id); }
    Record& must(IdType id) {
        auto* record = find(id);
        CHECK_BECAUSE(record != nullptr, "a fact names a record that is not there");
        return *record;
    }
    const Record& must(IdType id) const { return const_cast<Dense*>(this)->must(id); }
    void forget(IdType id) {
        if (old_.erase(id.n) > 0) return void(--present_);
        if (!find(id)) return;
        rows_[id.n - first_] = Record{};
        --present_;
        while (!rows_.empty() && (!there(rows_.front()) || thin())) {
            if (there(rows_.front())) old_.emplace(first_, std::move(rows_.front()));
            rows_.pop_front(), ++first_;
        }
    }
    // A record that was forgotten comes back under its own id.
    Record& restore(IdType id, Record record) {
        CHECK_BECAUSE(id < next() && !find(id), "only what was forgotten comes back");
        ++present_;
        record.id = id;
        if (id.n < first_) return old_.emplace(id.n, std::move(record)).first->second;
        return rows_[id.n - first_] = std::move(record);
    }
    // A record older than all that the array will hold: while a snapshot is read, in order of id.
    void add_old(IdType id, Record record) {
        CHECK_BECAUSE(rows_.empty(), "old records come first");
        ++present_;
        old_.emplace(id.n, std::move(record));
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
        for (const auto& [id, record] : old_) visit(record);
        for (const auto& row : rows_)
            if (there(row)) visit(row);
    }

private:
    // Seven of eight places stand empty.
    bool thin() const { return rows_.size() > 1'024 && (present_ - old_.size()) * 8 < rows_.size(); }

    static bool there(const Record& record) { return record.id.n != 0; }

    std::deque<Record> rows_;              // where none is, its id is none
    std::map<std::uint64_t, Record> old_;  // ids below first_
    std::uint64_t first_ = 1;
    std::size_t present_ = 0;
};

}  // namespace dropsmith
