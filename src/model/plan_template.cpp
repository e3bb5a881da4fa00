// Field tables of plan_template.h (base/describe.h). Covered by model/tables_test.cpp.
#include "model/plan_template.h"

#include "base/describe.h"

namespace dropsmith {

DROPSMITH_TYPES(TemplateOpening, PlanTemplate, TemplateSet, TemplateRemoved)

}  // namespace dropsmith
