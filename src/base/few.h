// Few<T>: a list that is nearly always one: its first value lies in it, more of them on the heap. What std::vector does
// of it, as far as anybody needs. For values that can be copied as octets. Owned by one thread. Covered by
// base/few_test.cpp, which has std::vector as judge.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace dropsmith {

template <class T>
class Few {
    static_assert(std::is_trivially_copyable_v<T>);

public:
    using value_type = T;
    using iterator = T*;
    using const_iterator = const T*;

    Few() noexcept {}
    Few(std::initializer_list<T> values) { assign(values.begin(), values.size()); }
    Few(const Few& other) { assign(other.data(), other.size_); }
    Few(Few&& other) noexcept { take(other); }
    Few& operator=(const Few& other) {
        if (this != &other) assign(other.data(), other.size_);
        return *this;
    }
    Few& operator=(Few&& other) noexcept {
        if (this != &other) give_up(), take(other);
        return *this;
    }
    ~Few() { give_up(); }

    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }
    T* data() { return room_ == 1 ? reinterpret_cast<T*>(&here_) : there_; }
    const T* data() const { return const_cast<Few*>(this)->data(); }
    T* begin() { return data(); }
    T* end() { return data() + size_; }
    const T* begin() const { return data(); }
    const T* end() const { return data() + size_; }
    auto rbegin() const { return std::make_reverse_iterator(end()); }
    auto rend() const { return std::make_reverse_iterator(begin()); }
    T& operator[](std::size_t i) { return data()[i]; }
    const T& operator[](std::size_t i) const { return data()[i]; }
    T& front() { return *data(); }
    const T& front() const { return *data(); }
    T& back() { return data()[size_ - 1]; }
    const T& back() const { return data()[size_ - 1]; }

    void clear() { size_ = 0; }
    void reserve(std::size_t n) {
        if (n > room_) move_to(n);
    }
    void resize(std::size_t n) {
        reserve(n);
        for (auto i = size_; i < n; ++i) ::new (data() + i) T();
        size_ = static_cast<std::uint32_t>(n);
    }
    template <class... Parts>
    T& emplace_back(Parts&&... parts) {
        const T value{std::forward<Parts>(parts)...};  // may be one of ours
        if (size_ == room_) move_to(std::size_t{2} * room_);
        return *::new (data() + size_++) T(value);
    }
    void push_back(const T& value) { emplace_back(value); }
    T* erase(T* from, T* to) {
        std::copy(to, end(), from);
        size_ -= static_cast<std::uint32_t>(to - from);
        return from;
    }
    template <class Which>
    friend void erase_if(Few& few, Which which) {
        few.erase(std::remove_if(few.begin(), few.end(), which), few.end());
    }
    friend bool operator==(const Few& a, const Few& b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); }

private:
    void assign(const T* values, std::size_t n) {
        size_ = 0;
        reserve(n);
        std::uninitialized_copy_n(values, n, data());
        size_ = static_cast<std::uint32_t>(n);
    }
    void move_to(std::size_t n) {
        T* const there = std::allocator<T>().allocate(n);
        std::uninitialized_copy_n(data(), size_, there);
        const auto size = size_;
        give_up();
        there_ = there, room_ = static_cast<std::uint32_t>(n), size_ = size;
    }
    void give_up() {
        if (room_ > 1) std::allocator<T>().deallocate(there_, room_);
        room_ = 1, size_ = 0;
    }
    void take(Few& other) {
        room_ = other.room_, size_ = other.size_;
        if (room_ > 1)
            there_ = other.there_;
        else
            here_ = other.here_;
        other.room_ = 1, other.size_ = 0;
    }

    struct alignas(T) Octets {
        std::byte octets[sizeof(T)];
    };
    union {
        Octets here_{};
        T* there_;
    };
    std::uint32_t size_ = 0, room_ = 1;
};

}  // namespace dropsmith
