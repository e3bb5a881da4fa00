// The vocabulary: the nouns' facts and commands, concatenated, nothing else. Only engine/dispatch.cpp,
// engine/replay.cpp and tools include it; everything else needs the noun alone.
#pragma once

#include "model/state.h"

namespace dropsmith {

template <class... T>
struct Vocabulary {};

using AllFacts = Vocabulary<
    // 0xx shop and access
    ShopOpened, TermsSet, WriterStarted, RefusalsCounted, ShopTidied, GrantIssued, GrantEnded, PersonErased,
    // 1xx signals and history
    DemandFolded, ImportBegun, HistoryStaged, HistoryImported, ImportAbandoned,
    // 3xx decide
    PriceSet, PriceReviewed, PricesKilled, PriceRulesSet, PricesHalted, PricesResumed, OverrideAsked,
    OverrideAnswered, AuditSigned, KillUndoAsked, KillUndoRejected, KillUndone, EthicsSigned, TemplateSet,
    TemplateRemoved, PersonalOfferMade, PersonalPriceGiven,
    // 4xx sell
    ProductAdded, ProductChanged, PlaceSet, ChannelSet, StockReceived, StockMoved, StockCounted, SoldElsewhere,
    BundlesMade,
    DropDrafted, DropEdited, DropScheduled, DropOpened, DropPaused, DropResumed, DropClosed, DropSettled, DropCancelled,
    PreorderReserveReleased, Subscribed, SubscriptionConfirmed, SubscriptionEnded, UnitsHeld, HoldReduced, HoldEnded,
    HoldDetailed, OrderPlaced, OrderMoved, PaymentRecorded, OrderCancelled, OrderRefunded, OrderArchived,
    OrderRecalled, RoomCommitted, RoomEntered, RoomDrawn, RoomAdmitted, AdmissionRateSet, WaitJoined, WaitLeft,
    UnitsOffered, OffersMade, WishesEnded, PreordersChecked, SettlementPutOff, DropTidied, PaymentDeadlineLifted,
    PassesIssued, PassEnded, PassUsed, SubstituteTaken, PaymentTermsSet, TransferTaken,
    OpenItemSettled, CheckoutAsked, CheckoutOpened, PaymentEventTaken, PaymentAuthorised, PaymentTaskDone,
    PaymentTaskDelayed, PaymentTaskFailed, RefundLost>;

using AllCommands =
    Vocabulary<OpenShop, SetTerms, StartWriter, CountRefusals, IssueGrant, EndGrant, FoldDemand, BeginImport,
               StageHistory, PublishImport, AbandonImport, ProposePrice, OverridePrice, KillPrices, ReviewDue,
               OverrideDue, EndOverride, SetPriceRules, ResumePrices, AnswerOverride, UndoKill, AnswerUndo,
               SignAudit, SignEthics, SetTemplate, RemoveTemplate, MakePersonalOffer, AddProduct, ChangeProduct,
               AddPlace, ChangePlace, AddChannel, ChangeChannel, ReceiveStock, MoveStock, CountStock, ReportSale,
               MakeBundles, DraftDrop, EditDrop, ScheduleDrop, PauseDrop, ResumeDrop, CloseDrop, CancelDrop,
               OpenDue, CloseDue, SettleDue, ReleaseReserveDue, PlaceHold, ReduceHold, ReleaseHold, HoldDue,
               DetailHold, ConfirmHold, CancelOrder, RecordPayment, RefundOrder, RecallOrder, ReadyOrder,
               HandOverOrder, ShipOrder, DeliverOrder, TidyDue, ErasePerson, Subscribe, ConfirmSubscription,
               EndSubscription, EnterRoom, DrawRoomDue, AdmitDue, SetAdmissionRate, JoinWaitingList,
               LeaveWaitingList, OffersDue, PreordersDue, PaymentDue, IssuePasses, EndPass, SetPaymentTerms,
               TakeTransfers, SettleOpenItem,
               BeginCheckout, OpenCheckout, TakePaymentEvent, SeePayment, FinishPaymentTask, DelayPaymentTask,
               FailPaymentTask, SeeRefunds>;

}  // namespace dropsmith
