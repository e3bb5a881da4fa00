// Refusals that shoppers of a drop meet. Covered by flow/measure/report_test.cpp.
#include "flow/measure/refusal_words.h"

#include "model/drop.h"
#include "model/hold.h"
#include "model/order.h"
#include "model/pass.h"
#include "model/price.h"
#include "model/room.h"
#include "model/waiting_list.h"

namespace dropsmith::measure {

std::string refusal_word(std::uint16_t number) {
    static constexpr RefusalCode known[] = {
        refusals::not_found,      refusals::wrong_state,        refusals::bad_value,      refusals::key_reused,
        refusals::price_changed,  refusals::drop_not_open,      refusals::drop_paused,    refusals::wrong_channel,
        refusals::no_such_line,   refusals::sold_out,           refusals::preorder_full,  refusals::hold_expired,
        refusals::hold_released,  refusals::insufficient_stock, refusals::hold_confirmed, refusals::over_limit,
        refusals::unknown_method, refusals::over_refund,        refusals::not_paid,       refusals::overtaken,
        refusals::prices_killed,  refusals::below_floor,        refusals::outside_band,   refusals::order_archived,
        refusals::not_admitted,   refusals::no_room,            refusals::person_required, refusals::pass_not_valid,
        refusals::pass_used_up,   refusals::already_waiting};
    for (const auto code : known)
        if (code.number == number) return std::string(code.word);
    return "refusal_" + std::to_string(number);
}

}  // namespace dropsmith::measure
