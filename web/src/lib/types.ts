// The shapes that the pages read from /v1, as the contract names them. Optional = the shop may leave it out (a public
// caller sees less than staff); the pages then leave the figure out too, they never make one up.

export interface Money {
  amount: number;
  currency: string;
}

/** Exact, "few" under a true threshold, or "in_stock", as the drop chose. */
export type Available = number | 'few' | 'in_stock' | 'sold_out';

/** Why a price is one's own: the rule, what everybody else is asked, and the text that a buyer must be told. */
export interface Personal {
  rule: number;
  feature: string;
  at_least: number;
  discount: number;
  standing_price: Money;
  jurisdiction: string;
  /** null: the shop has changed its text since. */
  disclosure: string | null;
}

export interface Line {
  id?: string;
  sku: string;
  title?: string;
  size?: string | null;
  price?: Money | null;
  list_price?: Money | null;
  prior_price?: Money | null;
  personal?: Personal;
  available?: Available;
  per_person_limit?: number | null;
  price_valid_until?: string | null;
  substitute?: string | null;
  ship_by?: string | null;
  /** Units that may be ordered before they have arrived; sent by `ship_by`. */
  backorder_cap?: number;
  /** What is kept for orders before the opening, and until when. */
  preorder?: { available: Available; until: string } | null;
  /** Announced: from when which price is asked. */
  taper?: { at: string; price: Money }[];
  // for staff
  cap?: number;
  sold?: number;
  held?: number;
  bands?: Money[];
  floor?: Money | null;
  /** By channel: what is asked there, and what has stopped it. */
  prices?: Record<string, ChannelPrice>;
  /** Channels with terms of their own, as they were written: what is left to the line is empty. */
  channels?: { channel: string; bands?: Money[]; list_price?: Money | null; floor?: Money | null }[];
}

/** What stands at a line in a channel, for staff. */
export interface ChannelPrice {
  price: Money;
  /** As they hold in the channel: its own, else the line's. */
  bands?: Money[];
  kind?: string;
  set_at?: string;
  halted_by: string | null;
  killed: boolean;
  override_until: string | null;
  before_override?: Money | null;
  next_review?: string | null;
  cohort?: { price: Money; share: number } | null;
}

/** How a drop is priced, as its plan says. */
export interface Pricing {
  policy?: string;
  objective?: string;
  mode?: string;
  cadence_s?: number;
  max_step?: number | null;
  max_step_up?: number | null;
  min_dwell_s?: number;
  explore_share?: number;
  cohort_share?: number;
  revenue_at_risk?: number | null;
  confidence?: number;
  cannibalisation_max?: number;
}

/** One way in which an order may come. */
export interface Delivery {
  code: string;
  title: string;
  method: 'pickup' | 'ship';
  charge: Money;
}

/** How an order shall come, as the shop takes it. */
export interface Fulfilment {
  method: 'pickup' | 'ship';
  place?: string;
  delivery?: string;
  zone?: string;
  address?: string;
}

/** What a hold would come to. */
export interface Total {
  lines: { gross: Money }[];
  delivery: Money;
  tax: { rate: number; base: Money; amount: Money }[];
  prices_include_tax: boolean;
  total: Money;
}

export interface Pickup {
  place?: string;
  id?: string;
  name?: string;
}

export type DropStatus = 'draft' | 'scheduled' | 'open' | 'paused' | 'closed' | 'settled' | 'cancelled';

export interface Drop {
  id: string;
  slug: string;
  title: string;
  story?: string | null;
  status: DropStatus;
  opens_at: string;
  closes_at: string;
  timezone?: string;
  server_time?: string;
  channel?: string;
  images?: (string | { url: string; alt?: string })[];
  lines: Line[];
  pickup?: (string | Pickup)[];
  delivery?: Delivery[];
  hold_seconds?: number;
  room?: { kind: 'ballot' | 'fifo'; entry_before_seconds: number; by_person?: boolean } | null;
  // for staff
  pricing?: Pricing;
}

export interface HoldLine {
  sku: string;
  units: number;
  unit_price?: Money;
  personal?: Personal;
}

export interface Hold {
  id: string;
  secret?: string;
  status: 'held' | 'confirmed' | 'released' | 'expired';
  preorder?: boolean;
  lines: HoldLine[];
  total: Money;
  expires_at: string;
}

/** A place on a drop's waiting list; when it is their turn, with what is kept for them. */
export interface Wait {
  id: string;
  secret?: string;
  status: 'waiting' | 'offered' | 'bought' | 'lapsed' | 'left' | 'over';
  position?: number | null;
  /** Ordered ahead: what has not arrived yet, at a price that it will not exceed. */
  preorder?: boolean;
  lines: { sku: string; units: number; unit_price_max?: Money | null; ship_by?: string | null }[];
  offer?: { hold: string; total: Money; expires_at: string } | null;
}

/** A drop's waiting room, and in it this visitor's place, when there is one. */
export interface Room {
  entry_opens_at?: string;
  draw_at?: string | null;
  opens_at: string;
  entrants?: number;
  over?: boolean;
  sold_out?: boolean;
  token?: string;
  session?: string;
  status?: 'entered' | 'waiting' | 'admitted' | 'expired' | 'over' | 'ended';
  position?: number | null;
  wait_seconds?: { from: number; to: number } | null;
  admission?: string | null;
  admission_expires_at?: string | null;
  ask_again_seconds?: number;
}

export interface Order {
  id: string;
  secret?: string;
  status: string;
  number: string | number;
  total: Money;
  lines?: HoldLine[];
  tax?: { rate: number; base: Money; amount: Money }[];
  delivery?: Money | null;
  promise?: { method?: string; place?: string | null };
  payment?: Payment;
  // as the shop tells it later
  paid?: Money | null;
  refunded?: Money | null;
  refund_state?: 'none' | 'partly' | 'fully';
  placed_at?: string;
}

/** How an order is paid: for a transfer with what a buyer needs to make it. */
export interface Payment {
  method: string;
  reference?: string;
  reference_shown?: string;
  account?: { holder: string; iban: string; iban_shown: string; bic: string } | null;
}

/** A payment page for a hold, and what became of it. */
export interface Checkout {
  id: string;
  status: 'asked' | 'open' | 'authorised' | 'paid' | 'over' | 'refused' | 'failed';
  closing: boolean;
  amount: Money;
  url: string | null;
  trouble: string | null;
  order: Order | null;
  order_secret: string | null;
}

export interface Decision {
  id: string;
  drop?: string;
  sku?: string;
  channel?: string;
  kind?: string;
  at: string;
  price?: Money | null;
  previous_price?: Money | null;
  wanted_price?: Money | null;
  arm?: number | string | null;
  propensity?: number | null;
  reason?: string | null;
  guardrails?: (string | { guardrail?: string; name?: string; bound?: boolean; detail?: string })[];
  floor?: Money | null;
  bands?: Money[];
  who?: string | null;
  inputs?: Record<string, unknown>;
}

export interface Audit {
  facts: number;
  head_hash: string;
  state_hash?: string;
  laws: { law: string; holds: boolean; checked: number }[];
}

export interface Demo {
  simulated: boolean;
  speed: number;
  seed: number;
  can_kill: boolean;
  shop?: string;
}

export interface StreamEvent {
  event: string;
  data: Record<string, unknown>;
}
