// SortedRuns<T>: an ordered set in runs of neighbours: a few octets over what its values take, where a tree takes a
// node for each. Made for values that mostly come at the end and go at the beginning or anywhere. Invariants: no run is
// empty, each is sorted, each begins behind the end of the one before; two neighbours are more than half of a run
// together. Owned by one thread. Covered by base/sorted_runs_test.cpp, which has std::set as judge.
#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <vector>

namespace dropsmith {

template <class T, std::size_t run_max = 128>
class SortedRuns {
    using Run = std::vector<T>;

public:
    class Iterator {
    public:
        Iterator(const std::deque<Run>& runs, std::size_t run) : runs_(&runs), run_(run) {}
        const T& operator*() const { return (*runs_)[run_][at_]; }
        Iterator& operator++() {
            if (++at_ == (*runs_)[run_].size()) ++run_, at_ = 0;
            return *this;
        }
        friend bool operator==(const Iterator& a, const Iterator& b) { return a.run_ == b.run_ && a.at_ == b.at_; }

    private:
        const std::deque<Run>* runs_;
        std::size_t run_, at_ = 0;
    };

    Iterator begin() const { return {runs_, 0}; }
    Iterator end() const { return {runs_, runs_.size()}; }
    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }
    const T& front() const { return runs_.front().front(); }

    bool contains(const T& value) const {
        const auto run = run_of(value);
        return run < runs_.size() && std::binary_search(runs_[run].begin(), runs_[run].end(), value);
    }
    std::size_t before(const T& value) const {  // how many are less than it; by the number of runs
        const auto run = run_of(value);
        std::size_t less = 0;
        for (std::size_t i = 0; i < run; ++i) less += runs_[i].size();
        if (run == runs_.size()) return less;
        const auto at = std::lower_bound(runs_[run].begin(), runs_[run].end(), value);
        return less + static_cast<std::size_t>(at - runs_[run].begin());
    }
    bool insert(const T& value) {  // false: it is there
        if (runs_.empty() || runs_.back().back() < value) {
            if (runs_.empty() || runs_.back().size() == run_max) fresh(runs_.size());
            runs_.back().push_back(value);
            return ++size_, true;
        }
        auto run = run_of(value);
        auto at = std::lower_bound(runs_[run].begin(), runs_[run].end(), value);
        if (at != runs_[run].end() && !(value < *at)) return false;
        if (runs_[run].size() == run_max) {
            const auto half = at - runs_[run].begin() < static_cast<std::ptrdiff_t>(run_max / 2) ? 0u : 1u;
            split(run);
            run += half;
            at = std::lower_bound(runs_[run].begin(), runs_[run].end(), value);
        }
        runs_[run].insert(at, value);
        return ++size_, true;
    }
    bool erase(const T& value) {  // false: it was not there
        const auto run = run_of(value);
        if (run == runs_.size()) return false;
        auto& values = runs_[run];
        const auto at = std::lower_bound(values.begin(), values.end(), value);
        if (value < *at) return false;
        values.erase(at);
        --size_;
        if (values.empty()) {
            runs_.erase(runs_.begin() + static_cast<std::ptrdiff_t>(run));
            if (run > 0) join(run - 1);
        } else {
            join(run);
            if (run > 0) join(run - 1);
        }
        return true;
    }

private:
    // The first run that does not end before the value.
    std::size_t run_of(const T& value) const {
        const auto found = std::partition_point(runs_.begin(), runs_.end(),
                                                [&](const Run& run) { return run.back() < value; });
        return static_cast<std::size_t>(found - runs_.begin());
    }
    Run& fresh(std::size_t before) {
        auto& run = *runs_.emplace(runs_.begin() + static_cast<std::ptrdiff_t>(before));
        run.reserve(run_max);
        return run;
    }
    void split(std::size_t run) {
        auto& right = fresh(run + 1);
        auto& left = runs_[run];
        const auto middle = left.begin() + run_max / 2;
        right.assign(middle, left.end());
        left.erase(middle, left.end());
    }
    // With the one behind it, when both fill no more than half.
    void join(std::size_t run) {
        if (run + 1 >= runs_.size() || runs_[run].size() + runs_[run + 1].size() > run_max / 2) return;
        runs_[run].insert(runs_[run].end(), runs_[run + 1].begin(), runs_[run + 1].end());
        runs_.erase(runs_.begin() + static_cast<std::ptrdiff_t>(run + 1));
    }

    std::deque<Run> runs_;
    std::size_t size_ = 0;
};

}  // namespace dropsmith
