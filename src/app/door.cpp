// Covered by tests/http/commands.py.
#include "app/door.h"

#include "edge/cli/control_door.h"
#include "edge/http/query.h"

namespace dropsmith::app {
namespace {

class OwnDoor final : public cli::Door {
  public:
    explicit OwnDoor(std::unique_ptr<Shop> shop) : shop_(std::move(shop)) {}
    Result<cli::Told, Fault> ask(cli::Asked asked) override {
        http::Request request;
        request.method = std::move(asked.method);
        request.path = http::percent_decode(asked.path, false).value_or("");
        request.query = std::move(asked.query);
        if (!asked.body.empty()) request.content_type = "application/json";
        request.body = std::move(asked.body);
        request.idempotency_key = std::move(asked.idempotency_key);
        request.trusted = true;
        auto reply = shop_->router().call(std::move(request));
        return cli::Told{reply.status, std::move(reply.body)};
    }

    bool others_ask_too() const override { return false; }

  private:
    std::unique_ptr<Shop> shop_;
};

}  // namespace

Result<std::unique_ptr<cli::Door>, Fault> open_door(const ShopSettings& settings) {
    if (auto door = cli::control_door(settings.data)) return std::move(door).value();
    auto shop = Shop::open(settings);
    if (!shop) return Failure{shop.error()};
    return std::unique_ptr<cli::Door>(std::make_unique<OwnDoor>(std::move(shop).value()));
}

}  // namespace dropsmith::app
