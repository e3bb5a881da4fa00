// Field tables of drop.h (base/describe.h), and a line as one channel sells it. Covered by model/tables_test.cpp,
// model/drop_test.cpp.
#include "model/drop.h"

#include "base/describe.h"

namespace dropsmith {

DROPSMITH_TYPES(Allotment, ChannelPricing, LineTerms, RoomTerms, PricingTerms, DropTerms, DropDrafted, DropEdited,
                DropScheduled, DropOpened, DropPaused, DropResumed, DropClosed, DropSettled, SettlementPutOff,
                DropTidied, DropCancelled, PreorderReserveReleased, PlaceUse, DropLine, Drop)

const ChannelPricing* own_prices(const LineTerms& line, ChannelId channel) {
    for (const auto& own : line.channels)
        if (own.channel == channel) return &own;
    return nullptr;
}

Money list_price_in(const LineTerms& line, ChannelId channel) {
    const auto* own = own_prices(line, channel);
    return own && own->list_price ? *own->list_price : line.list_price;
}

LineTerms in_channel(const LineTerms& line, ChannelId channel) {
    LineTerms out = line;
    out.channels.clear();
    const auto* own = own_prices(line, channel);
    if (!own) return out;
    if (!own->bands.empty())
        out.bands = own->bands;
    else if (own->list_price && line.bands.size() <= 1)
        out.bands = {*own->list_price};
    if (own->list_price) out.list_price = *own->list_price;
    if (own->floor) out.floor = own->floor;
    return out;
}

}  // namespace dropsmith
