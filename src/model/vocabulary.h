// The vocabulary: the nouns' facts and commands, concatenated, nothing else. Only engine/dispatch.cpp,
// engine/replay.cpp and tools include it; everything else needs the noun alone.
#pragma once

#include "model/state.h"

namespace dropsmith {

template <class... T>
struct Vocabulary {};

using AllFacts = Vocabulary<
    // 0xx shop and access
    ShopOpened, TermsSet, WriterStarted, RefusalsCounted, GrantIssued, GrantEnded,
    // 1xx signals and history
    DemandFolded, ImportBegun, HistoryStaged, HistoryImported, ImportAbandoned,
    // 3xx decide
    PriceSet, PriceReviewed, PricesKilled,
    // 4xx sell
    ProductAdded, ProductChanged, PlaceSet, ChannelSet, StockReceived, StockMoved, StockCounted, SoldElsewhere,
    DropDrafted, DropEdited, DropScheduled, DropOpened, DropPaused, DropResumed, DropClosed, DropSettled, DropCancelled,
    PreorderReserveReleased, UnitsHeld, HoldReduced, HoldEnded, OrderPlaced, OrderMoved, PaymentRecorded,
    OrderCancelled, OrderRefunded, RoomCommitted, RoomEntered, RoomDrawn, RoomAdmitted, AdmissionRateSet, WaitJoined,
    WaitLeft, UnitsOffered, OffersMade, PassesIssued, PassEnded, PassUsed, SubstituteTaken>;

using AllCommands =
    Vocabulary<OpenShop, SetTerms, StartWriter, CountRefusals, IssueGrant, EndGrant, FoldDemand, BeginImport,
               StageHistory, PublishImport, AbandonImport, ProposePrice, OverridePrice, KillPrices, ReviewDue,
               OverrideDue, AddProduct, ChangeProduct, AddPlace, ChangePlace, AddChannel, ChangeChannel, ReceiveStock,
               MoveStock, CountStock, ReportSale, DraftDrop, EditDrop, ScheduleDrop, PauseDrop, ResumeDrop, CloseDrop,
               CancelDrop, OpenDue, CloseDue, SettleDue, ReleaseReserveDue, PlaceHold, ReduceHold, ReleaseHold, HoldDue,
               ConfirmHold, CancelOrder, RecordPayment, RefundOrder, ReadyOrder, HandOverOrder, ShipOrder,
               DeliverOrder, EnterRoom, DrawRoomDue, AdmitDue, SetAdmissionRate, JoinWaitingList, LeaveWaitingList,
               OffersDue, IssuePasses, EndPass>;

}  // namespace dropsmith
