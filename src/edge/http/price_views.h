// Audit packs, the ethics audit, the merchant's price rules and overrides that wait, as JSON. Covered by
// tests/http/prices.py.
#pragma once

#include <string>

#include "edge/http/views.h"
#include "engine/ethics_audit.h"
#include "engine/price_audit.h"

namespace dropsmith::http {

void write_rules(JsonWriter& json, const PriceRules& rules, const Words& words);
void write_asked(JsonWriter& json, const State& state, const AskedOverride& asked, const Words& words);
void write_asked(JsonWriter& json, const Drop& drop, const AskedUndo& asked, const Words& words);
std::string audit_pack_json(const engine::PriceAudit& audit, const State& state, const Words& words);
std::string ethics_json(const engine::EthicsAudit& audit, const State& state, const Words& words);
void write_sign_offs(JsonWriter& json, const State& state, const Words& words);  // of both audits, newest first
void write_sign_off(JsonWriter& json, const AuditResult& result, const std::string& note);
void write_sign_off(JsonWriter& json, const EthicsResult& result, const std::string& note);

}  // namespace dropsmith::http
