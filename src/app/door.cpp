// Covered by tests/http/cli_test.py.
#include "app/door.h"

#include "edge/http/query.h"

namespace dropsmith::app {
namespace {

class OwnDoor final : public cli::Door {
public:
    explicit OwnDoor(std::unique_ptr<Shop> shop) : shop_(std::move(shop)) {}
    Result<cli::Answer, Fault> ask(const std::string& method, const std::string& path, const std::string& body,
                                   const std::string& key) override {
        http::Request request;
        request.method = method;
        const auto question = path.find('?');
        request.path = http::percent_decode(path.substr(0, question), false).value_or("");
        if (question != std::string::npos) request.query = path.substr(question + 1);
        request.body = body;
        if (!body.empty()) request.content_type = "application/json";
        request.idempotency_key = key;
        request.trusted = true;
        auto reply = shop_->router().call(std::move(request));
        return cli::Answer{reply.status, std::move(reply.body)};
    }

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
