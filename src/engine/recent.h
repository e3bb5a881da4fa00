// The last batches as stored, bounded in bytes: a repeat that comes soon is answered without reading the journal.
// Core's thread. Covered by engine/core_test.cpp.
#pragma once

#include <algorithm>
#include <deque>

#include "engine/batch.h"

namespace dropsmith::engine {

class Recent {
public:
    void add(StoredBatch stored) {
        bytes_ += stored.bytes.size();
        batches_.push_back(std::move(stored));
        for (; bytes_ > bytes_max && batches_.size() > 1; batches_.pop_front()) bytes_ -= batches_.front().bytes.size();
    }
    const StoredBatch* find(std::uint64_t seq) const {
        const auto it =
            std::partition_point(batches_.begin(), batches_.end(), [&](const auto& batch) { return batch.last < seq; });
        return it != batches_.end() && it->first <= seq ? &*it : nullptr;
    }
    void clear() { batches_.clear(), bytes_ = 0; }

private:
    static constexpr std::size_t bytes_max = 4 << 20;
    std::deque<StoredBatch> batches_;
    std::size_t bytes_ = 0;
};

}  // namespace dropsmith::engine
