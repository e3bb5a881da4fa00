// The program's new and delete: pieces never overlap and keep what is written into them, whoever ends them and in
// whatever order; a thread that ends leaves its pieces to others; what is large comes and goes as ever.
#include "app/heap.h"

#include <atomic>
#include <cstdint>
#include <cstring>
#include <new>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/random.h"

namespace dropsmith {
namespace {

struct Held {
    unsigned char* at;
    std::size_t size;
    unsigned char mark;
};

bool whole(const Held& held) {
    for (std::size_t i = 0; i < held.size; ++i)
        if (held.at[i] != held.mark) return false;
    return true;
}

Held make(Random& random) {
    const std::size_t size = random.below(4) ? random.below(540) : random.below(9'000);
    const auto mark = static_cast<unsigned char>(random.below(256));
    auto* at = static_cast<unsigned char*>(::operator new(size));
    std::memset(at, mark, size);
    return {at, size, mark};
}

TEST(Heap, PiecesKeepWhatIsWrittenIntoThem) {
    Random random(3);
    std::vector<Held> all;
    std::size_t broken = 0;
    for (int i = 0; i < 200'000; ++i) {
        if (all.size() < 3'000 && random.below(5) < 3) {
            all.push_back(make(random));
            ASSERT_EQ(reinterpret_cast<std::uintptr_t>(all.back().at) % __STDCPP_DEFAULT_NEW_ALIGNMENT__, 0u);
        } else if (!all.empty()) {
            std::swap(all[random.below(all.size())], all.back());
            broken += !whole(all.back());
            ::operator delete(all.back().at);
            all.pop_back();
        }
    }
    for (const auto& held : all) {
        broken += !whole(held);
        ::operator delete(held.at, held.size);
    }
    EXPECT_EQ(broken, 0u);
}

TEST(Heap, KeepsABoundedNumberOfEachSizeNear) {
    std::thread([] {  // whose shelves are empty
        std::vector<void*> pieces(20'000);
        for (auto& piece : pieces) piece = ::operator new(100);
        const auto before = shelved_octets();
        for (auto* piece : pieces) ::operator delete(piece);
        const auto kept = shelved_octets() - before;
        EXPECT_LT(kept, std::size_t{256} << 10);
        if (kept == 0) return;  // a sanitizer watches
        EXPECT_GT(kept, std::size_t{128} << 10);
        for (auto& piece : pieces) piece = ::operator new(100);
        EXPECT_LT(shelved_octets(), kept) << "and they are used again";
        for (auto* piece : pieces) ::operator delete(piece);
    }).join();
}

TEST(Heap, ThreadsEndEachOthersPiecesAndThemselves) {
    std::mutex mutex;
    std::vector<Held> table;
    std::atomic<std::size_t> broken{0};
    const auto work = [&](std::uint64_t seed) {
        Random random(seed);
        std::vector<Held> mine;
        for (int i = 0; i < 4'000; ++i) {
            mine.push_back(make(random));
            const std::scoped_lock lock(mutex);
            if (!table.empty()) std::swap(mine.back(), table[random.below(table.size())]);
            if (table.size() < 500) table.push_back(mine.back()), mine.pop_back();
            if (mine.size() < 50) continue;
            for (const auto& held : mine) {
                broken += !whole(held);
                ::operator delete(held.at);
            }
            mine.clear();
        }
        const std::scoped_lock lock(mutex);
        table.insert(table.end(), mine.begin(), mine.end());
    };
    for (std::uint64_t round = 0; round < 5; ++round) {
        std::vector<std::jthread> threads;
        for (std::uint64_t i = 0; i < 4; ++i) threads.emplace_back(work, round * 4 + i);
    }
    for (const auto& held : table) {
        broken += !whole(held);
        ::operator delete(held.at);
    }
    EXPECT_EQ(broken, 0u);
}

TEST(Heap, SaysWhenThereIsNoMemory) {
    volatile std::size_t most = static_cast<std::size_t>(-1) / 4;
    EXPECT_THROW(::operator delete(::operator new(most)), std::bad_alloc);
}

}  // namespace
}  // namespace dropsmith
