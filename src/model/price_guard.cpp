// Field tables of price_guard.h (base/describe.h). Covered by model/tables_test.cpp.
#include "model/price_guard.h"

#include "base/describe.h"

namespace dropsmith {

DROPSMITH_TYPES(LineKey, Clamp, CohortPrice, BrandRule, PersonalRule, PriceRules, PricePeriod, CascadeRun, HourUnits,
                AskedOverride, AskedUndo, AuditResult, SignOff, EthicsResult, EthicsSignOff, PriceRulesSet,
                PricesHalted, PricesResumed, OverrideAsked, OverrideAnswered, AuditSigned, KillUndoAsked,
                KillUndoRejected, KillUndone, EthicsSigned)

}  // namespace dropsmith
