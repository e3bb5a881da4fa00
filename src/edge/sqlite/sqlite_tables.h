// tables.db: a follower's projection of the journal, and the lists that are read from it. It can be deleted at any
// time and is made anew at the next start. Follower: its own thread. Lists: any thread, through a connection of their
// own each. Covered by edge/sqlite/tables_test.cpp.
#pragma once

#include <memory>
#include <string>

#include "engine/follower.h"
#include "engine/tables.h"

namespace dropsmith::sqlite {

class SqliteTables final : public engine::Follower, public engine::Tables {
    struct Inside;

public:
    // folder: the data folder; journal: to read whole facts for decisions and the audit trail. Outlived by both.
    static Result<std::unique_ptr<SqliteTables>, Fault> open(const std::string& folder, const engine::Journal& journal);
    explicit SqliteTables(std::unique_ptr<Inside> inside);
    ~SqliteTables() override;

    // The thread that keeps it up to date: lists wait for it, at most 250 ms. Without one they do not wait.
    void wait_on(engine::FollowerThread* thread);

    Result<std::uint64_t, Fault> bookmark() override;
    Status<Fault> take(std::span<const engine::StoredBatch> batches) override;
    Status<Fault> begin_anew() override;

    Result<engine::Page<engine::OrderRow>, Fault> orders(const engine::OrdersAsk& ask) override;
    Result<std::vector<Order>, Fault> archived(const engine::ArchivedAsk& ask) override;
    Result<engine::Page<engine::SubscriberRow>, Fault> subscribers(const engine::SubscribersAsk& ask) override;
    Result<engine::Page<engine::DecisionRow>, Fault> decisions(const engine::DecisionsAsk& ask) override;
    Result<engine::Page<engine::FactRow>, Fault> facts(const engine::FactsAsk& ask) override;
    Result<engine::Page<engine::RefusalRow>, Fault> refusals(DropId drop, const engine::PageAsk& page) override;

private:
    std::unique_ptr<Inside> inside_;
};

}  // namespace dropsmith::sqlite
