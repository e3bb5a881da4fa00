// The bodies of payments; see requests.h. Covered by tests/http/openapi.py.
#pragma once

#include "edge/http/requests.h"

namespace dropsmith::http {

struct BankBody {
    std::string holder;
    std::string iban;  // spaces are taken out
    std::string bic;
};
DROPSMITH_RECORD(BankBody, holder, iban, bic)
DROPSMITH_DEFAULTS(BankBody, bic)
struct PaymentTermsPatch {         // what is left out stays
    std::optional<BankBody> bank;  // all empty: no transfers are taken
    std::optional<std::vector<PaymentMethod>> methods;  // that buyers may choose; the rest is for staff alone
    std::optional<Duration> manual_within_seconds, transfer_within_seconds, pickup_within_seconds;  // 0: for ever
};
DROPSMITH_RECORD(PaymentTermsPatch, bank, methods, manual_within_seconds, transfer_within_seconds,
                 pickup_within_seconds)
struct CheckoutBody {
    std::optional<PersonBody> person;  // not needed when the hold said it
    FulfilmentBody fulfilment;
};
DROPSMITH_RECORD(CheckoutBody, person, fulfilment)
struct TotalBody {
    FulfilmentBody fulfilment;
};
DROPSMITH_RECORD(TotalBody, fulfilment)
struct TransferBody {
    std::string id;         // the bank's, or whatever makes this line that line; nothing personal
    std::string booked_on;  // 2026-11-22
    Money amount;
    std::string text;       // what the payer wrote: the reference is looked for in it, and it is not kept
};
DROPSMITH_RECORD(TransferBody, id, booked_on, amount, text)
struct TransfersBody {
    std::vector<TransferBody> lines;
    bool dry_run = false;
};
DROPSMITH_RECORD(TransfersBody, lines, dry_run)
DROPSMITH_DEFAULTS(TransfersBody, dry_run)
struct SettleBody {
    std::optional<OrderId> order;  // of a transfer without a known reference: it was for this one
    bool retry = false;            // what the provider refused: ask once more
    std::string note;
};
DROPSMITH_RECORD(SettleBody, order, retry, note)
DROPSMITH_DEFAULTS(SettleBody, retry, note)

}  // namespace dropsmith::http
