// Reading and writing a field by its address and width, as the codecs over the field table do. Only base/*.cpp
// include it.
// Any thread. Covered by base/cbor_test.cpp, base/json_test.cpp.
#pragma once

#include <cstdint>
#include <cstring>

namespace dropsmith::octets {

template <class T>
T load(const void* from) {
    T value;
    std::memcpy(&value, from, sizeof value);
    return value;
}

template <class T>
bool store(void* to, T value) {
    std::memcpy(to, &value, sizeof value);
    return true;
}

inline std::int64_t load_signed(const void* from, std::size_t size) {
    switch (size) {
        case 1: return load<std::int8_t>(from);
        case 2: return load<std::int16_t>(from);
        case 4: return load<std::int32_t>(from);
        default: return load<std::int64_t>(from);
    }
}

inline std::uint64_t load_unsigned(const void* from, std::size_t size) {
    switch (size) {
        case 1: return load<std::uint8_t>(from);
        case 2: return load<std::uint16_t>(from);
        case 4: return load<std::uint32_t>(from);
        default: return load<std::uint64_t>(from);
    }
}

// false, and nothing stored: the number does not fit the width.
inline bool store_signed(void* to, std::size_t size, std::int64_t n) {
    switch (size) {
        case 1: return n == static_cast<std::int8_t>(n) && store(to, static_cast<std::int8_t>(n));
        case 2: return n == static_cast<std::int16_t>(n) && store(to, static_cast<std::int16_t>(n));
        case 4: return n == static_cast<std::int32_t>(n) && store(to, static_cast<std::int32_t>(n));
        default: return store(to, n);
    }
}

inline bool store_unsigned(void* to, std::size_t size, std::uint64_t n) {
    switch (size) {
        case 1: return n <= 0xFF && store(to, static_cast<std::uint8_t>(n));
        case 2: return n <= 0xFFFF && store(to, static_cast<std::uint16_t>(n));
        case 4: return n <= 0xFFFF'FFFF && store(to, static_cast<std::uint32_t>(n));
        default: return store(to, n);
    }
}

}  // namespace dropsmith::octets
