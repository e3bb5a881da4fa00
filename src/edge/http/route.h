// A route as data: method, path, who may, what it takes and gives, what it does. The table of all routes feeds the
// router, the permission matrix of the tests, the OpenAPI document and the reference page, so none of them can forget
// one. Invariant: a route without a stated access does not compile (tests/must_not_compile/route_without_access.cpp).
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "base/type.h"
#include "model/access.h"

namespace dropsmith::http {

struct Call;
using CallPtr = std::unique_ptr<Call>;
using Handler = void (*)(CallPtr call);

enum class Reach : std::uint8_t { everyone, buyer, staff };
enum class Owned : std::uint8_t { nothing, hold, order, subscriber, wait };  // whose secret opens a buyer's route
enum class ScopeKind : std::uint8_t { none, shop, places, channels };  // what a grant's scope is checked against

// Who may call. Made by public_(), buyer_secret<...>() and needs<...>() only; there is no default.
class AccessRule {
  public:
    AccessRule() = delete;
    constexpr bool allows(Role role) const {
        return role == Role::owner || (roles_ >> static_cast<unsigned>(role) & 1u) != 0;
    }
    constexpr Reach reach() const { return reach_; }
    constexpr Owned owned() const { return owned_; }
    constexpr ScopeKind scope() const { return scope_; }

  private:
    constexpr AccessRule(Reach reach, Owned owned, std::uint16_t roles, ScopeKind scope)
        : reach_(reach), owned_(owned), scope_(scope), roles_(roles) {}
    template <Role... R>
    static constexpr std::uint16_t bits() {
        return static_cast<std::uint16_t>((0u | ... | (1u << static_cast<unsigned>(R))));
    }
    friend constexpr AccessRule public_();
    template <Role... R>
    friend constexpr AccessRule buyer_secret(Owned owned);
    template <Role... R>
    friend constexpr AccessRule needs(ScopeKind scope);

    Reach reach_;
    Owned owned_;
    ScopeKind scope_;
    std::uint16_t roles_;
};

constexpr AccessRule public_() { return {Reach::everyone, Owned::nothing, 0, ScopeKind::none}; }
// The buyer's own secret, or staff of one of these roles (owner always).
template <Role... R>
constexpr AccessRule buyer_secret(Owned owned) {
    return {Reach::buyer, owned, AccessRule::bits<R...>(), ScopeKind::places};
}
// Staff of one of these roles (owner always). ScopeKind::shop: only a grant over the whole shop.
template <Role... R>
constexpr AccessRule needs(ScopeKind scope) {
    return {Reach::staff, Owned::nothing, AccessRule::bits<R...>(), scope};
}

enum class KeyRule : std::uint8_t { none, optional, required };  // Idempotency-Key

struct Doc {
    std::string_view summary;
    int success = 200;
    KeyRule key = KeyRule::none;
    const Type& (*body)() = nullptr;  // the request's struct; null: no body
    std::string_view query = "";      // names of its parameters, separated by commas
    std::string_view gives = "";      // the reply in words; JSON members as in docs/reference
    std::string_view reply_type = "application/json";
    bool unlimited = false;           // never refused by limits of rate: what people who wait are told to ask again
};

struct Route {
    constexpr Route(std::string_view its_method, std::string_view its_path, AccessRule its_access, Handler its_handler,
                    Doc its_doc)
        : method(its_method), path(its_path), access(its_access), handler(its_handler), doc(its_doc) {}
    std::string_view method;
    std::string_view path;  // "/v1/holds/{id}/confirm"
    AccessRule access;
    Handler handler;
    Doc doc;
};

}  // namespace dropsmith::http
