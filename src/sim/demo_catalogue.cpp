// The demo's products and drops. Covered by sim/demo_test.cpp.
#include "sim/demo_catalogue.h"

namespace dropsmith::sim {

std::span<const DemoProduct> demo_products() {
    static constexpr DemoProduct products[] = {
        {"TUMBLER-2", "Harvest tumblers, pair",
         "Blown on one October afternoon from the last of the amber melt. Each pair shares a pontil scar, so no two "
         "pairs are alike.",
         2800, 1050, 1.6},
        {"CARAFE-1", "Orchard carafe",
         "A litre and a little more. The lip was cut by hand to pour without a drop on the table.", 4200, 1720, 0.8},
        {"BOWL-S", "Salt bowl, small",
         "Pressed in a mould that stood unused for forty years, found behind the second furnace.", 2100, 760, 1.2},
        {"LAMP-S", "Kiln lamp, small",
         "Slumped over a fire-brick and left to cool for two days. The light it gives is the colour of tea.", 4000,
         1560, 0.7},
        {"LAMP-L", "Kiln lamp, large", "The small lamp's elder sister: four kilograms of glass and a linen cord.", 7800,
         3300, 0.3},
        {"BUD-1", "Bud vase", "For one stem. Drawn thin enough to ring, thick enough to wash up.", 1500, 480, 2.4},
        {"DISH-3", "Salt dishes, set of three", "Three sizes of one gesture; they nest.", 3400, 1300, 0.6},
        {"PITCHER", "Sea-green pitcher", "Coloured with copper from the old guttering of the works.", 5200, 2100, 0.4},
        {"NIGHT-SET", "Bedside carafe with cup", "The cup is the lid. Made for thirsty readers.", 3600, 1380, 0.9},
        {"MARBLE-9", "Nine marbles in a linen bag", "From the ends of the rods, rolled on Friday afternoons.", 900, 260,
         3.1},
    };
    return products;
}

const std::vector<DemoDrop>& demo_drops() {
    static const std::vector<DemoDrop> drops = {
        {"harvest-tumblers",
         "Harvest Tumblers",
         "Three pieces from one melt, 320 in all. When they are gone the crucible is already blue.",
         minutes(12),
         hours(72),
         Rate{},
         {{0, 140, 900, .88}, {1, 80, 520, .86}, {2, 100, 640, .89}}},
        {"first-light",
         "First Light",
         "The kiln lamps, before the shops have them. A fifth is kept for those who ordered ahead.",
         hours(80),
         hours(72),
         Rate{200'000},
         {{3, 90, 580, .88}, {4, 40, 250, .86}, {6, 70, 450, .87}}},
    };
    return drops;
}

}  // namespace dropsmith::sim
