// Every fact of the vocabulary: its field table is sane, its CBOR goes there and back, a hold stays small.
#include <algorithm>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "base/cbor.h"
#include "base/fuzz.h"
#include "base/limits.h"
#include "base/random.h"
#include "model/vocabulary.h"

namespace dropsmith::tables_test {
namespace {

template <class... T, class Do>
void each(Vocabulary<T...>, Do what) {
    (what.template operator()<T>(), ...);
}

void expect_sane(const Type& type, std::string_view path) {
    switch (type.kind) {
        case Kind::record: {
            EXPECT_FALSE(type.fields.empty()) << path;
            std::set<std::string_view> names;
            std::size_t end = 0;
            for (const Field& field : type.fields) {
                EXPECT_TRUE(names.insert(field.name).second) << path << "." << field.name;
                EXPECT_GE(field.offset, end) << path << "." << field.name << ": fields stand in their order, and apart";
                end = field.offset + field.type->size;
                expect_sane(*field.type, std::string(path) + "." + std::string(field.name));
            }
            EXPECT_LE(end, type.size) << path;
            // A field that DROPSMITH_RECORD forgot would vanish at replay: the fields fill the struct but for padding.
            std::size_t sum = 0;
            for (const Field& field : type.fields) sum += field.type->size;
            EXPECT_LT(type.size - sum, 8 * type.fields.size()) << path << ": is a field missing in DROPSMITH_RECORD?";
            break;
        }
        case Kind::choice:
            EXPECT_FALSE(type.words.empty()) << path;
            break;
        case Kind::list:
        case Kind::optional:
            expect_sane(*type.element, path);
            break;
        case Kind::id:
            EXPECT_FALSE(type.name.empty()) << path;
            break;
        case Kind::real:
            ADD_FAILURE() << path << ": facts hold no floating point";
            break;
        default:
            break;
    }
}

TEST(Tables, EveryFactIsSane) {
    std::map<std::uint16_t, std::string_view> codes;
    each(AllFacts{}, [&]<class F>() {
        const Type& type = type_of<F>();
        const auto [at, fresh] = codes.emplace(F::code.n, type.name);
        EXPECT_TRUE(fresh) << type.name << " and " << at->second << " have one code";
        EXPECT_GE(F::version, 1) << type.name;
        expect_sane(type, type.name);
    });
    EXPECT_GE(codes.size(), 40u);
}

TEST(Tables, EveryCommandHasItsOwnCode) {
    std::set<std::uint16_t> codes;
    std::size_t commands = 0;
    each(AllCommands{}, [&]<class C>() { codes.insert(C::code.n), ++commands; });
    EXPECT_EQ(codes.size(), commands);
}

TEST(Tables, EveryFactGoesThereAndBack) {
    Random random(20261121);
    each(AllFacts{}, [&]<class F>() {
        const Type& type = type_of<F>();
        for (int round = 0; round < 100; ++round) {
            std::string seed(static_cast<std::size_t>(random.below(2000)), '\0');
            for (char& c : seed) c = static_cast<char>(random.next());
            F fact{};
            FuzzBytes bytes(seed);
            fuzz_fill(bytes, type, &fact);
            Bytes once, twice;
            encode_cbor(once, {&type, &fact});
            F again{};
            ByteView in = once;
            ASSERT_TRUE(decode_cbor(in, type, &again) && in.empty()) << type.name << " round " << round;
            encode_cbor(twice, {&type, &again});
            ASSERT_EQ(once, twice) << type.name << " round " << round;
        }
    });
}

TEST(Tables, AHoldOfOneLineStaysSmall) {
    UnitsHeld held;
    held.hold = HoldId{999'999'999};
    held.drop = DropId{99'999};
    held.channel = ChannelId{16};
    held.lines.push_back({499, SkuId{999'999}, PlaceId{256}, Quantity{limits::units_max}, Money{limits::money_max},
                          DecisionId{999'999'999}});
    held.expires_at = Instant{4'000'000'000'000};
    held.session = ~std::uint64_t{0};
    held.pickup_at = PlaceId{256};
    Bytes bytes;
    encode_cbor(bytes, {&type_of<UnitsHeld>(), &held});
    EXPECT_LE(bytes.size(), 128u);
}

}  // namespace
}  // namespace dropsmith::tables_test
