// Field tables of requests.h (base/describe.h). Covered by tests/http/openapi.py.
#include "edge/http/requests.h"

#include "base/describe.h"

namespace dropsmith {
using namespace http;

DROPSMITH_TYPES(PlaceBody, PlacePatch, ProductBody, ProductPatch, ChannelBody, ChannelPatch, ShopPatch, GrantBody,
                SetupBody, ReceiptBody, MoveBody, BundlesBody, SaleBody,
                ReasonBody)

}  // namespace dropsmith
