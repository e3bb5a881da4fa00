// The field tables: names, order, offsets, kinds, defaults.
#include "base/describe.h"

#include <gtest/gtest.h>

#include "base/sample_testing.h"

namespace dropsmith {

using namespace sample;
DROPSMITH_TYPES(Part, Everything, Relaxed, Numbers, double, std::vector<Part>, std::optional<Part>)

namespace {

TEST(Types, FieldsStandInTheirOrderWithTheirKinds) {
    const Type& type = type_of<Everything>();
    EXPECT_EQ(type.name, "Everything");
    EXPECT_EQ(type.size, sizeof(Everything));
    const Kind kinds[] = {Kind::boolean, Kind::integer,  Kind::integer,  Kind::natural,  Kind::natural,
                          Kind::money,   Kind::quantity, Kind::rate,     Kind::duration, Kind::duration,
                          Kind::instant, Kind::id,       Kind::text,     Kind::bytes,    Kind::choice,
                          Kind::list,    Kind::list,     Kind::optional, Kind::optional};
    ASSERT_EQ(type.fields.size(), std::size(kinds));
    for (std::size_t i = 0; i < type.fields.size(); ++i)
        EXPECT_EQ(type.fields[i].type->kind, kinds[i]) << type.fields[i].name;
    EXPECT_EQ(type.fields[11].type->name, "trk");
    EXPECT_EQ(type.fields[1].type->size, 1u);
    for (std::size_t i = 1; i < type.fields.size(); ++i) EXPECT_GT(type.fields[i].offset, type.fields[i - 1].offset);
}

TEST(Types, OffsetsReachTheField) {
    Everything object;
    object.big = 77;
    const Field& field = type_of<Everything>().fields[2];
    EXPECT_EQ(field.name, "big");
    EXPECT_EQ(*reinterpret_cast<const std::int64_t*>(reinterpret_cast<const char*>(&object) + field.offset), 77);
}

TEST(Types, WordsOfAChoiceMayBeKeywords) {
    const Type& colour = *type_of<Everything>().fields[14].type;
    ASSERT_EQ(colour.words.size(), 3u);
    EXPECT_EQ(colour.words[2], "delete");
    EXPECT_EQ(word_of(Colour::open), "open");
}

TEST(Types, ListsAndOptionalsAreReachedThroughTheTable) {
    Everything object;
    const Type& list = type_of<std::vector<Part>>();
    static_cast<Part*>(list.grow(&object.parts))->count = 3;
    EXPECT_EQ(list.count(&object.parts), 1u);
    EXPECT_EQ(static_cast<const Part*>(list.at(&object.parts, 0))->count, 3);
    EXPECT_NE(list.resize(&object.parts, 2), nullptr);
    EXPECT_EQ(object.parts.size(), 2u);
    EXPECT_EQ(object.parts[0].count, 0) << "resize gives fresh elements";
    const Type& optional = type_of<std::optional<Part>>();
    EXPECT_EQ(optional.peek(&object.spare), nullptr);
    static_cast<Part*>(optional.emplace(&object.spare))->count = 4;
    EXPECT_EQ(object.spare->count, 4);
    optional.clear(&object.spare);
    EXPECT_FALSE(object.spare.has_value());
}

TEST(Types, DefaultsAreMarkedByName) {
    const auto fields = type_of<Relaxed>().fields;
    EXPECT_FALSE(fields[0].default_ok);
    EXPECT_TRUE(fields[1].default_ok);
    EXPECT_TRUE(fields[2].default_ok);
    EXPECT_TRUE(fields[3].default_ok);
    static_assert(describe::is_listed("a, bc ,d", "bc") && !describe::is_listed("a, bc", "b") &&
                  !describe::is_listed("", "a"));
    static_assert(describe::listed_count("a, b,c") == 3 && describe::listed_count("") == 0);
}

}  // namespace
}  // namespace dropsmith
