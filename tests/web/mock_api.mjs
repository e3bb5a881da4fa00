// A small shop in memory that speaks the API's contract, for tests of the pages: names, problems, idempotency,
// server-sent events, a clock that runs faster, a process that can be killed and comes back with what it acknowledged.
// Node's own library only. It stands in for the wire, not for the rules: whole_program.test.mjs uses the real shop.
//
//   node tests/web/mock_api.mjs [--scenario live] [--port 8080]      to look at the pages by hand
import { createHash, randomUUID } from 'node:crypto';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HOUR, SCENARIOS, gbp } from './mock_drops.mjs';

const DIST = process.env.DROPSMITH_WEB_DIST ?? fileURLToPath(new URL('../../web/dist', import.meta.url));
const KINDS = { '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
const POLICY =
  "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; " +
  "frame-ancestors 'none'";
export const STAFF_TOKEN = 'staff-token-of-the-mock';
export const SETUP_TOKEN = 'setup-token-of-the-mock';
export { HOUR };
const LATE_MS = 40 * (Number(process.env.DROPSMITH_SLOW ?? 1) - 1); // see browser.mjs

const NEXT_STATUS = { pause: 'paused', resume: 'open', close: 'closed' };
const PRICING = {
  policy: 'engine', objective: 'contribution_margin', mode: 'interval', cadence_s: 3600, max_step: 0.1, max_step_up: null,
  min_dwell_s: 7200, explore_share: 0.8, cohort_share: 0.1, revenue_at_risk: 0.1, confidence: 0.95, cannibalisation_max: 0.2,
};
const LAWS = ['stock', 'order totals', 'prices in band, above floor', 'one effect per key', 'hash chain', 'replay'];

function files(folder, prefix = '') {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return files(path, `${prefix}/${name}`);
    return [[`${prefix}/${name}`, readFileSync(path)]];
  });
}

function refuse(status, code, detail, more = {}) {
  return { status, body: { type: `/docs/problems#${code}`, title: code, status, code, detail, ...more } };
}
const ok = (body, status = 200) => ({ status, body });

/** The shop itself, without a socket: state, rules enough for the pages, and what it says on the stream. */
class MockShop {
  constructor(options) {
    this.options = options;
    this.speed = options.speed ?? 1;
    this.origin = Date.UTC(2026, 11, 4, 18, 47, 39);
    this.began = Date.now();
    this.currency = options.currency ?? 'GBP';
    const drops = JSON.stringify(SCENARIOS[options.scenario ?? 'live'](this.origin));
    this.drops = JSON.parse(drops.replaceAll('"GBP"', `"${this.currency}"`));
    this.methods = options.methods ?? ['pay_at_pickup'];
    this.holds = new Map();
    this.orders = new Map();
    this.waits = new Map();
    this.subscriptions = new Map();
    this.entrants = new Map();
    this.asked = new Map(); // overrides that wait for a second person
    this.effects = new Map(); // idempotency key -> { body, answer }
    this.rules = {
      brands: [], four_eyes_above: null, personal: [], approval_free_change: null,
      four_eyes_undo_kill: options.four_eyes ?? false,
    };
    this.signed = { prices: [], ethics: [] };
    this.decisions = [];
    this.streams = new Set();
    this.facts = 41_872;
    this.number = 2230;
    for (const drop of this.drops) if (!['draft', 'scheduled'].includes(drop.status)) this.#history(drop);
  }

  money = (amount) => ({ ...gbp(amount), currency: this.currency });
  now = () => this.origin + (Date.now() - this.began) * this.speed;
  iso = (at) => new Date(at).toISOString();
  find = (name) => this.drops.find((drop) => drop.id === name || drop.slug === name);
  line = (drop, sku) => drop.lines.find((entry) => entry.sku === sku);
  free = (entry) => entry.cap - entry.sold - entry.held;
  price = (entry) => entry.price ?? entry.bands[entry.arm];

  say(event, data, staff_only = false) {
    const text = `event: ${event}\ndata: ${JSON.stringify({ at: this.iso(this.now()), ...data })}\n\n`;
    for (const listener of this.streams) if (listener.staff || !staff_only) listener.reply.write(text);
  }

  say_available(drop, entry) {
    this.say('availability', { drop: drop.id, sku: entry.sku, channel: 'web', available: this.free(entry) });
  }

  decide(drop, entry, kind, arm, at, extra = {}) {
    const price = extra.price ?? entry.bands[arm];
    const share = 1 / entry.bands.length;
    const made = {
      id: `dec_${String(this.decisions.length + 1).padStart(6, '0')}`, seq: this.facts, at: this.iso(at), kind,
      drop: drop.id, sku: entry.sku, channel: 'web', price, wanted: extra.wanted ?? price, floor: entry.floor,
      arm: kind === 'override' ? null : arm, propensity: extra.propensity ?? 1, guardrails: extra.guardrails ?? [],
      trail: (extra.guardrails ?? []).map((by) => ({ by, from: extra.wanted ?? price, to: price })),
      inputs: {
        based_on: this.facts, stock_left: this.free(entry), periods_left: 40, seed: 1, policy: 'ts-update/1',
        arms: entry.bands.map((band, n) => ({ price: band, looks: 60 - 9 * n, sales: Math.max(0, 9 - 2 * n), propensity: share })),
      },
      until: extra.until ?? null, reason: extra.reason ?? '', who: extra.who ?? { kind: 'planner', grant: null },
    };
    this.decisions.push(made);
    this.facts += 1;
    return made;
  }

  #history(drop) {
    const count = 9;
    for (const entry of drop.lines) {
      this.decide(drop, entry, 'opening', 0, drop.opens_at);
      const end = Math.min(this.origin, drop.closes_at);
      for (let step = 1; step <= count; step += 1) {
        const arm = Math.min(entry.arm, Math.floor((step / count) * (entry.arm + 1)));
        const bound = step === 6 && entry.bands.length > 2;
        this.decide(drop, entry, 'bandit', arm, drop.opens_at + ((end - drop.opens_at) * step) / (count + 1), {
          propensity: 0.42 + 0.05 * step,
          wanted: bound ? entry.bands[Math.min(arm + 1, entry.bands.length - 1)] : undefined,
          guardrails: bound ? ['max_step'] : [],
        });
      }
    }
  }

  show_line(entry, staff) {
    const seen = {
      id: `line_${entry.sku}`, sku: entry.sku, list_price: entry.list_price, per_person_limit: entry.limit,
      title: entry.title, size: entry.size, price: this.price(entry), prior_price: entry.list_price,
      available: !staff && entry.few && this.free(entry) > 0 ? 'few' : this.free(entry),
      price_valid_until: this.iso(this.now() + 300_000), backorder_cap: entry.backorder_cap ?? 0,
      ship_by: entry.ship_by ? this.iso(entry.ship_by) : null,
      preorder: entry.ahead ? { available: entry.ahead, until: this.iso(entry.ahead_until ?? this.now() + HOUR) } : null,
      ...(entry.taper ? { taper: entry.taper.map((step) => ({ ...step, at: this.iso(step.at) })) } : {}),
    };
    if (!staff) return seen;
    const at = {
      price: this.price(entry), halted_by: entry.halted_by ?? null, killed: entry.killed ?? false,
      override_until: entry.until ?? null, before_override: entry.until ? entry.before : null,
      next_review: entry.killed ? null : this.iso(this.origin + HOUR / 2), set_at: this.iso(this.origin),
    };
    return { ...seen, prices: { web: at }, channels: entry.channels, cap: entry.cap, bands: entry.bands, floor: entry.floor, held: entry.held, sold: entry.sold };
  }

  show(drop, staff) {
    return {
      id: drop.id, slug: drop.slug, title: drop.title, story: drop.story, kind: 'capsule', status: drop.status,
      opens_at: this.iso(drop.opens_at), closes_at: this.iso(drop.closes_at), timezone: drop.timezone,
      server_time: this.iso(this.now()), channel: 'web', images: [],
      lines: drop.lines.map((entry) => this.show_line(entry, staff)),
      pickup: [
        { place: 'plc_hackney', name: 'Hackney', kind: 'hub' },
        { place: 'plc_camden', name: 'Camden', kind: 'store' },
      ],
      room: drop.room ?? null, delivery: this.options.delivery ?? [],
      ...(staff ? { pricing: PRICING, hold_seconds: drop.hold_seconds, refused: { 410: 38 }, version: 3 } : {}),
    };
  }

  show_hold({ secret: _, ...hold }) {
    return { ...hold, server_time: this.iso(this.now()) };
  }

  expire() {
    for (const hold of this.holds.values()) {
      if (hold.status !== 'held' || Date.parse(hold.expires_at) > this.now()) continue;
      hold.status = 'expired';
      this.give_back(hold);
      this.say_hold(hold);
    }
  }

  say_hold(hold) {
    const { drop, id, status, lines, total } = hold;
    this.say('hold', { drop, hold: id, status, channel: 'web', lines, total }, true);
  }

  give_back(hold) {
    const drop = this.find(hold.drop);
    for (const wanted of hold.lines) {
      const entry = this.line(drop, wanted.sku);
      entry.held -= wanted.units;
      this.say_available(drop, entry);
    }
    this.facts += 1;
  }

  place_hold(body) {
    const drop = this.find(body.drop);
    if (!drop) return refuse(404, 'not_found', 'No such drop.');
    if (drop.status === 'paused') return refuse(409, 'drop_paused', 'The drop is paused.');
    const early = body.pass === this.options.pass && Boolean(body.pass);
    if (body.pass && !early) return refuse(409, 'pass_not_valid', 'No such pass.');
    const ahead = drop.status === 'scheduled' && !early;
    if (ahead && body.lines.some((one) => !(this.line(drop, one.sku).ahead >= one.units)))
      return refuse(409, 'preorder_full', 'Fewer are kept.');
    if (drop.status !== 'open' && !ahead && !early) return refuse(409, 'drop_not_open', 'The drop is not open.');
    for (const wanted of body.lines) {
      const entry = this.line(drop, wanted.sku);
      const left = this.free(entry);
      if (left === 0) return refuse(409, 'sold_out', 'Sold out.', { available: 0 });
      if (left < wanted.units) return refuse(409, 'insufficient_stock', 'Fewer are left.', { available: left });
      if (wanted.expect_unit_price && wanted.expect_unit_price.amount < this.price(entry).amount) {
        return refuse(409, 'price_changed', 'The price has changed.');
      }
    }
    const lines = body.lines.map(({ sku, units }) => {
      const entry = this.line(drop, sku);
      entry.held += units;
      this.say_available(drop, entry);
      return { sku, units, unit_price: this.price(entry) };
    });
    this.facts += 1;
    const hold = {
      id: `hold_${randomUUID().slice(0, 8)}`, secret: randomUUID(), status: 'held', drop: drop.id, preorder: false,
      lines, total: this.money(lines.reduce((sum, entry) => sum + entry.unit_price.amount * entry.units, 0)),
      expires_at: this.iso(this.now() + (this.options.hold_s ?? drop.hold_seconds) * 1000),
    };
    this.holds.set(hold.id, hold);
    this.say_hold(hold);
    return ok({ ...this.show_hold(hold), secret: hold.secret }, 201);
  }

  /** A waiting room that counts people: `place` is what a test says of everybody who has entered. */
  enter(drop, body) {
    if (!body.person?.email) return refuse(409, 'person_required', 'Say your e-mail address.');
    const made = { token: `plr_${this.entrants.size + 1}`, session: body.session };
    this.entrants.set(made.token, { ...made, status: 'entered' });
    return ok({ ...made, ...this.show_room(drop, made.token) }, 201);
  }

  show_room(drop, token) {
    const opens_at = this.iso(drop.opens_at);
    const room = { opens_at, draw_at: this.iso(drop.opens_at - 1000), entrants: this.entrants.size, over: false };
    const { session: _, token: __, ...place } = this.entrants.get(token) ?? {};
    return { ...room, ...place, ask_again_seconds: 1 };
  }

  subscribe(drop) {
    const { id, title, slug } = drop;
    const made = { id: `sub_${this.subscriptions.size + 1}`, status: 'pending', drop: { id, title, slug } };
    this.subscriptions.set(made.id, made);
    return ok({ drop: id, status: 'asked', detail: 'A letter asks.' }, 202);
  }

  wait(drop, body) {
    const entry = this.line(drop, body.lines[0].sku);
    if (this.free(entry) > 0) return refuse(409, 'wrong_state', 'It is there: hold it.');
    if ([...this.waits.values()].some((one) => one.session === body.session && one.status === 'waiting'))
      return refuse(409, 'already_waiting', 'One wish for a drop.');
    const made = {
      id: `wait_${randomUUID().slice(0, 8)}`, secret: randomUUID(), status: 'waiting', drop: drop.id, preorder: body.preorder ?? false,
      lines: body.lines, session: body.session, offer: null,
    };
    this.waits.set(made.id, made);
    return ok(this.show_wait(made), 201);
  }

  show_wait({ session: _, ...one }) {
    const before = [...this.waits.values()].filter((other) => other.status === 'waiting');
    return { ...one, position: one.status === 'waiting' ? before.findIndex((other) => other.id === one.id) + 1 : null };
  }

  /** A unit comes back and is kept for that wish. */
  offer(wish) {
    const drop = this.find(wish.drop);
    for (const wanted of wish.lines) this.line(drop, wanted.sku).sold -= wanted.units;
    const { body } = this.place_hold({ drop: drop.id, lines: wish.lines });
    Object.assign(wish, { status: 'offered', offer: { hold: body.id, total: body.total, expires_at: body.expires_at } });
  }

  /** A payment page, which here is the shop's own front once more; `paid` stands for the provider. */
  checkout(hold) {
    const drop = this.find(hold.drop);
    hold.checkout = {
      id: `chk_${randomUUID().slice(0, 8)}`, hold: hold.id, status: 'open', closing: false, amount: hold.total,
      url: `/?payment-page#/shop/${drop.slug}`, expires_at: hold.expires_at, trouble: null, order: null,
      order_secret: null,
    };
    return ok({ ...hold.checkout, status: 'asked', url: null }, 202);
  }

  paid(hold) {
    const { body } = this.confirm(hold, {
      person: { email: 'a@example.org' }, fulfilment: {}, payment: { method: 'stripe' },
    });
    Object.assign(hold.checkout, { status: 'paid', url: null, order: { ...body, status: 'paid' }, order_secret: body.secret });
    this.orders.get(body.id).status = 'paid';
  }

  /** What it comes to: 20 % tax within, and the charge of the way that was chosen. */
  total(hold, { fulfilment }) {
    const way = (this.options.delivery ?? []).find((one) => one.code === fulfilment.delivery);
    const total = gbp(hold.total.amount + (way?.charge.amount ?? 0));
    const amount = gbp(Math.round(total.amount / 6));
    return ok({
      lines: hold.lines.map((line) => ({ ...line, gross: gbp(line.unit_price.amount * line.units) })),
      delivery: way?.charge ?? gbp(0), prices_include_tax: true, total,
      tax: [{ rate: 0.2, base: gbp(total.amount - amount.amount), amount }],
    });
  }

  confirm(hold, body) {
    this.expire();
    if (body.person?.name === 'Nobody')
      return refuse(400, 'bad_request', 'No.', { errors: [{ pointer: '/person/name', detail: 'is not a name' }] });
    if (hold.status !== 'held') return refuse(409, 'hold_expired', 'The hold ran out.');
    if (!body.person?.email) {
      return refuse(400, 'bad_request', 'No e-mail.', { errors: [{ pointer: '/person/email', detail: 'is missing' }] });
    }
    hold.status = 'confirmed';
    const drop = this.find(hold.drop);
    for (const wanted of hold.lines) {
      const entry = this.line(drop, wanted.sku);
      entry.held -= wanted.units;
      entry.sold += wanted.units;
    }
    this.facts += 2;
    this.number += 1;
    const order = {
      id: `ord_${randomUUID().slice(0, 8)}`, secret: randomUUID(), status: 'awaiting_payment', number: this.number,
      drop: drop.id, hold: hold.id, lines: hold.lines, discount: this.money(0), delivery: this.money(0), tax: [],
      total: hold.total, payment: { method: body.payment.method },
      promise: { method: 'pickup', place: body.fulfilment.place ?? 'plc_hackney' },
    };
    this.orders.set(order.id, order);
    const { number, status, lines, total } = order;
    this.say('order', { drop: drop.id, order: order.id, number, status, lines, total }, true);
    return ok(order, 201);
  }

  /** As the shop tells it later: what was paid and given back, and when. */
  show_order({ secret: _, ...order }) {
    const paid = order.status === 'awaiting_payment' ? this.money(0) : (order.paid ?? order.total);
    const waits = order.status === 'awaiting_payment' && order.payment.method === 'bank_transfer';
    const account = waits ? { holder: 'Tide', iban: 'GB29', iban_shown: 'GB29 NWBK 6016 1331 9268 19', bic: 'NWBKGB2L' } : null;
    return {
      refunded: this.money(0), refund_state: 'none', placed_at: this.iso(this.origin), ...order, paid,
      payment: { ...order.payment, reference_shown: 'RF59 0000 1001', account },
    };
  }

  cancel(order) {
    if (!['awaiting_payment', 'paid', 'ready'].includes(order.status)) {
      return refuse(409, 'wrong_state', `The order is ${order.status}: refund it instead.`);
    }
    const drop = this.find(order.drop);
    order.paid = order.status === 'awaiting_payment' ? this.money(0) : order.total;
    order.status = 'cancelled';
    for (const wanted of order.lines) {
      const entry = this.line(drop, wanted.sku);
      entry.sold -= wanted.units;
      this.say_available(drop, entry);
    }
    this.facts += 1;
    return ok(this.show_order(order));
  }

  override(drop, body) {
    const entry = this.line(drop, body.sku);
    if (body.price.amount < entry.floor.amount) return refuse(409, 'below_floor', 'Below the floor.');
    if (body.dry_run) {
      const costs = this.money(this.price(entry).amount - body.price.amount);
      return ok({
        dry_run: true, price: body.price, floor: entry.floor, costs, units_as_it_stands: 21, units_with_override: 24,
        needs_second_person: this.options.four_eyes ?? false,
      });
    }
    if (this.options.four_eyes) return ok(this.ask_second(drop, body), 202);
    Object.assign(entry, { before: this.price(entry), until: body.until, price: body.price });
    this.say('price', { drop: drop.id, sku: entry.sku, channel: 'web', price: body.price });
    const who = { kind: 'staff', grant: 'grant_1' };
    const made = this.decide(drop, entry, 'override', null, this.now(), { ...body, who });
    this.say('decision', made, true);
    return ok(made, 201);
  }

  ask_second(drop, body) {
    const { sku, channel, price, until, reason } = body;
    const asked = {
      id: `ovr_${this.asked.size + 1}`, status: 'waits_for_a_second_person', drop: drop.id, sku, channel, price, until,
      reason, costs: gbp(1250), who: 'staff grant_2', // not who signs in here: grant_1
    };
    this.asked.set(asked.id, asked);
    return asked;
  }

  /** A price by staff at this moment, with what a person said. */
  by_staff(drop, entry, kind, price, reason) {
    Object.assign(entry, { price, until: null });
    this.say('price', { drop: drop.id, sku: entry.sku, channel: 'web', price });
    const made = this.decide(drop, entry, kind, null, this.now(), { price, reason, who: 'staff grant_2' });
    this.say('decision', made, true);
    return made;
  }

  undo_kill(drop, { reason }, word) {
    if (word === 'reject') drop.undo = null;
    else if (this.options.four_eyes && !word) {
      drop.undo = { drop: drop.id, slug: drop.slug, reason, who: 'staff grant_2', asked_at: this.iso(this.now()) };
      return ok({ status: 'waits_for_a_second_person', ...drop.undo }, 202);
    } else {
      for (const entry of drop.lines) {
        entry.killed = false;
        this.by_staff(drop, entry, 'kill_undone', entry.list_price, reason);
      }
      drop.undo = null;
    }
    return ok(this.show(drop, true));
  }

  act(drop, verb, body) {
    if (verb === 'resume-prices') {
      for (const entry of drop.lines) entry.halted_by = null;
      return ok(this.show(drop, true));
    }
    if (verb === 'end-override') {
      const entry = this.line(drop, body.sku);
      return ok(this.by_staff(drop, entry, 'override_ended', entry.before, body.reason));
    }
    if (verb === 'kill-prices') {
      for (const entry of drop.lines) {
        entry.killed = true;
        this.by_staff(drop, entry, 'kill', entry.list_price, body.reason);
      }
    } else {
      drop.status = NEXT_STATUS[verb];
      this.say('status', { drop: drop.id, status: drop.status });
    }
    this.facts += 1;
    return ok(this.show(drop, true));
  }

  report(drop) {
    const sum = (of) => drop.lines.reduce((total, entry) => total + of(entry), 0);
    const sold = sum((entry) => entry.sold);
    const cap = sum((entry) => entry.cap);
    const gross = sum((entry) => entry.sold * this.price(entry).amount);
    const net = Math.round(gross / 1.2);
    const margin = Math.round(net * 0.525);
    const settled = drop.status === 'settled';
    return {
      definition: 'report/1', drop: drop.id, slug: drop.slug, title: drop.title, status: drop.status,
      as_of: this.iso(this.now()), window: { from: this.iso(drop.opens_at), to: this.iso(drop.closes_at) },
      maturity: { mature: settled, detail: settled ? 'nothing is held any more' : 'figures still move' },
      cap, units_sold: sold, units_held: sum((entry) => entry.held), sell_through: sold / cap,
      skus_sold: drop.lines.filter((entry) => entry.sold > 0).length,
      first_48h: { units: Math.round(sold * 0.8), skus: drop.lines.length }, orders: 131, orders_cancelled: 2,
      revenue: gbp(gross), revenue_net: gbp(net), margin: gbp(margin), margin_share: 0.525, refunded: gbp(0),
      conversion: { value: 0.061, per: 'session', of: 2148 },
      lines: drop.lines.map((entry) => ({
        sku: entry.sku, cap: entry.cap, sold: entry.sold, leftover: this.free(entry),
        sell_through: entry.sold / entry.cap, sold_out_at: null,
      })),
      price_halts: drop.halts ?? [],
      holds: { placed: 160, expired: 21, released: 6, confirmed: 133 },
      refusals: [{ code: 'over_limit', times: 2 }, { code: 'sold_out', times: 38 }, { code: 'insufficient_stock', times: 3 }],
      timeline: [{ at: this.iso(drop.opens_at), what: 'opened' }],
      against_plan: { revenue_at_list_price: gbp(Math.round(gross * 1.04)) },
      what_to_change: settled
        ? [{ what: 'raise the cap or the bands of SNUFFER', why: 'sold out after 31.5 h, in the first half of the window' }]
        : [],
    };
  }

  /** Of all drops there is an answer; of one drop only when the test asks for it. */
  elasticity(drop) {
    const tells = !drop || this.options.drawn;
    const at = (value, off) => ({ value, low: value - off, high: value + off });
    const [small, tall, pair] = this.drops[0]?.lines ?? [];
    if (!small) return { periods: 0, drawn: 0, unexplained: 0, skus: [], cross: [], summary: [] };
    const row = (entry, elasticity) => ({ sku: entry.sku, units: entry.sold, drawn: tells ? 61 : 12, drops: tells ? 3 : 1, elasticity });
    return {
      definition: 'elasticity/2', periods: 288, drawn: tells ? 187 : 36, unexplained: 0, summary: [],
      skus: [row(small, tells ? at(-2.6, 0.5) : null), row(tall, tells ? at(-0.4, 0.9) : null), row(pair, null)],
      cross: tells ? [{ sku: tall.sku, price_of: small.sku, elasticity: at(0.6, 0.4) }] : [],
    };
  }

  set_rules(body) {
    if (body.brands?.some((rule) => !rule.brand)) {
      const errors = [{ pointer: '/brands/0/brand', detail: 'a brand has 1 to 200 bytes' }];
      return refuse(400, 'bad_value', 'No.', { errors });
    }
    const { one_person_is_enough: alone, approval_free_change: free, ...more } = body;
    Object.assign(this.rules, more, free === undefined ? {} : { approval_free_change: free || null });
    if (alone) Object.assign(this.rules, { four_eyes_above: null, approval_free_change: null });
    return ok(this.rules);
  }

  head = (until) => createHash('sha256').update(until).digest('hex');
  period = (query) => {
    const until = query.get('until') ?? this.iso(this.now());
    return { since: query.get('since'), until, facts: this.facts, head_hash: this.head(until) };
  };

  pack(query) {
    const [first] = this.decisions;
    const differs = this.options.differs && first ? 1 : 0;
    const data = first ? [{ verdict: differs ? 'differs' : 'same', detail: differs ? 'the price does not follow: 3000, not 3200' : '', decision: first }] : [];
    const halts = differs ? [{ seq: 7, drop: first.drop, by: 'cascade', detail: '5 moves in a row outdid every other line' }] : [];
    return { ...this.period(query), decisions: 214, same: 202 - differs, retired: 12, differing: differs, halts, data, signed: [] };
  }

  ethics(query) {
    const group = (name, units, index, flagged = false) => ({
      name, units, orders: units, paid: this.money(units * 3400 * index), expected: this.money(units * 3400), index, flagged,
    });
    const flagged = this.options.differs ?? false;
    return {
      ...this.period(query), definition: 'ethics/1', tolerance: 0.05, units_min: 20, orders: 131, units: 256,
      channels: [group('web', 240, 1), group('stall', 16, 1.011)], drops_with_personal_prices: 0, features: [],
      regions: [group('Hackney', 150, flagged ? 1.08 : 1.002, flagged), group('Camden', 106, 0.991)], flagged: flagged ? 1 : 0,
    };
  }

  sign(which, body) {
    if (body.head_hash !== this.head(body.until) || this.options.overtaken) return refuse(409, 'overtaken', 'Another head.');
    const made = { ...body, note: body.note ?? '', who: 'staff grant_1', at: this.iso(this.now()) };
    this.signed[which].unshift(made);
    return ok(made, 201);
  }

  replay(drop, policy) {
    const tells = policy !== 'engine';
    const at = (value, off) => ({ value: gbp(value), low: gbp(value - off), high: gbp(value + off) });
    const why = tells ? '' : "the log showed the policy's prices in only 6 % of its periods";
    return {
      definition: 'replay/1', drop: drop.id, policy, seed: 1, margin: at(131_605, 26_000), actual_margin: gbp(152_300), tells,
      summary: tells ? 'less than it was' : `the overlap is too thin to tell: ${why}`, assumptions: [], overlap: 0.4,
      lines: drop.lines.map(({ sku }) => ({
        sku, channel: 'web', margin: at(65_800, 18_000), actual_margin: gbp(76_150), overlap: tells ? 0.4 : 0.06, tells, why,
      })),
    };
  }

  audit() {
    const hash = createHash('sha256').update(String(this.facts)).digest('hex');
    const laws = LAWS.map((law, n) => ({ law, holds: this.options.broken_law !== n, checked: 1200 + 311 * n }));
    return { facts: this.facts, head_hash: hash, state_hash: hash, laws };
  }

  keyed(request, body, effect) {
    const key = request.headers['idempotency-key'];
    if (!key) return refuse(400, 'bad_request', 'Idempotency-Key is required.');
    const before = this.effects.get(key);
    const text = JSON.stringify(body);
    if (before) return before.body === text ? before.answer : refuse(422, 'key_reused', 'Same key, another body.');
    const answer = effect();
    if (answer.status < 300) this.effects.set(key, { body: text, answer });
    return answer;
  }

  route(request, path, query, body, kill) {
    const bearer = (request.headers.authorization ?? '').replace('Bearer ', '');
    const staff = bearer === STAFF_TOKEN;
    const [, , room, name, verb, word] = path.split('/');
    const owned = [...this.holds.values(), ...this.orders.values(), ...this.waits.values()];
    const buyer = owned.some((one) => one.secret === bearer) || room === 'subscribers' || this.entrants.has(bearer);
    if (bearer && !staff && !buyer && bearer !== SETUP_TOKEN) return refuse(401, 'unauthorized', 'Unknown token.');
    const for_staff = (answer) => (staff ? answer() : refuse(401, 'unauthorized', 'For staff.'));
    const demo = this.options.simulated;
    if (path === '/readyz') return ok({ ready: true });
    if (path === '/v1/me') return for_staff(() => ok({ id: 'grant_1', role: this.options.role ?? 'owner' }));
    if (path === '/v1/price-rules') {
      return for_staff(() => (request.method === 'PATCH' ? this.set_rules(body) : ok(this.rules)));
    }
    if (path === '/v1/audit/sign-offs') return for_staff(() => ok(this.signed));
    if (room === 'audit' && verb === 'sign-off') return for_staff(() => this.sign(name, body));
    if (path === '/v1/audit/prices') return for_staff(() => ok(this.pack(query)));
    if (path === '/v1/audit/ethics') return for_staff(() => ok(this.ethics(query)));
    if (path === '/v1/setup') {
      return bearer === SETUP_TOKEN ? ok({ token: STAFF_TOKEN }, 201) : refuse(403, 'forbidden', 'No set-up link.');
    }
    if (path === '/v1/demo' && demo) return ok({ simulated: true, speed: this.speed, seed: 7, can_kill: true });
    if (path === '/v1/demo/kill' && demo) return kill();
    if (path === '/v1/audit') return demo ? ok(this.audit()) : for_staff(() => ok(this.audit()));
    if (path === '/v1/decisions') {
      const wanted = this.find(query.get('drop'))?.id;
      return for_staff(() => ok({ data: this.decisions.filter((made) => made.drop === wanted), next: null }));
    }
    if (path === '/v1/elasticity') return for_staff(() => ok(this.elasticity(query.get('drop'))));
    if (path === '/v1/drops') return ok({ data: this.drops.map((drop) => this.show(drop, staff)), next: null });
    if (path === '/v1/overrides') {
      const kill_undos = this.drops.flatMap((drop) => drop.undo ?? []);
      return for_staff(() => ok({ data: [...this.asked.values()], kill_undos, next: null }));
    }
    if (room === 'overrides' && this.asked.has(name)) {
      if (this.options.own) return refuse(409, 'needs_second_person', 'Whoever asks cannot approve: another person must.');
      const { drop, ...asked } = this.asked.get(name);
      this.asked.delete(name);
      if (verb === 'approve') this.line(this.find(drop), asked.sku).price = asked.price;
      return ok({ id: name, status: verb });
    }
    if (room === 'drops' && this.find(name)) {
      const drop = this.find(name);
      if (!verb) return ok(this.show(drop, staff));
      if (verb === 'room' && request.method === 'POST') return this.keyed(request, body, () => this.enter(drop, body));
      if (verb === 'room') return ok(this.show_room(drop, bearer));
      if (verb === 'looks') return ok({ counted: !staff }, 202);
      if (verb === 'subscribers') return this.subscribe(drop);
      if (verb === 'waiting') return this.keyed(request, body, () => this.wait(drop, body));
      if (verb === 'neighbours') return for_staff(() => ok({ drop: drop.id, tests: drop.tests ?? [] }));
      if (verb === 'replay') return for_staff(() => ok(this.replay(drop, query.get('policy'))));
      if (verb === 'report') return for_staff(() => ok(this.report(drop)));
      if (verb === 'overrides') return for_staff(() => this.override(drop, body));
      if (verb === 'undo-kill') return for_staff(() => this.undo_kill(drop, body, word));
      return for_staff(() => this.act(drop, verb, body));
    }
    if (room === 'orders' && this.orders.has(name)) {
      const order = this.orders.get(name);
      if (!staff && order.secret !== bearer) return refuse(404, 'not_found', 'No such order.');
      return verb === 'cancel' ? this.keyed(request, body, () => this.cancel(order)) : ok(this.show_order(order));
    }
    if (room === 'subscribers' && this.subscriptions.has(name)) {
      const one = this.subscriptions.get(name);
      if (request.method === 'DELETE') one.status = 'ended';
      if (verb === 'confirm') one.status = 'confirmed';
      return ok(one);
    }
    if (room === 'waiting') {
      const wish = this.waits.get(name);
      if (!wish || wish.secret !== bearer) return refuse(404, 'not_found', 'No such wish.');
      if (verb === 'accept') {
        if (wish.status !== 'offered') return refuse(409, 'wrong_state', 'Nothing is offered.');
        const hold = this.holds.get(wish.offer.hold);
        return ok({ ...this.show_hold(hold), secret: hold.secret });
      }
      if (request.method === 'DELETE') wish.status = 'left';
      return ok(this.show_wait(wish));
    }
    if (path === '/v1/payments/methods') return ok({ data: this.methods.map((method) => ({ method })) });
    if (path === '/v1/holds') return this.keyed(request, body, () => this.place_hold(body));
    if (room === 'holds') {
      const hold = this.holds.get(name);
      if (!hold || hold.secret !== bearer) return refuse(404, 'not_found', 'No such hold.');
      if (verb === 'total') return this.total(hold, body);
      if (verb === 'confirm') return this.keyed(request, body, () => this.confirm(hold, body));
      if (verb === 'checkout') {
        if (request.method === 'POST') return this.keyed(request, body, () => this.checkout(hold));
        return hold.checkout ? ok(hold.checkout) : refuse(404, 'not_found', 'Nothing here.');
      }
      this.expire();
      if (request.method === 'DELETE' && hold.status === 'held') {
        hold.status = 'released';
        this.give_back(hold);
      }
      return ok(this.show_hold(hold));
    }
    return refuse(404, 'not_found', 'Nothing here.');
  }
}

/**
 * Starts it on a free port. `options`: scenario, speed, simulated, hold_s, kill_ms (null: until start_again), loses,
 * broken_law, port.
 */
export async function start_mock(options = {}) {
  const shop = new MockShop(options);
  const pages = new Map(files(DIST));
  const sockets = new Set();
  const requests = [];
  const lost = new Set(); // paths whose answers are lost on the way: they take effect, and the line breaks
  const meanwhile = new Map(); // path -> what happens once in the shop while the next request to it is on its way
  let killed = 0;
  let port = options.port ?? 0;

  function kill() {
    killed += 1;
    setTimeout(() => {
      server.close();
      for (const socket of sockets) socket.destroy();
      shop.streams.clear();
      if (options.loses) shop.facts -= 20;
      if (options.kill_ms !== null) setTimeout(() => server.listen(port, '127.0.0.1'), options.kill_ms ?? 1500);
    }, 30);
    return ok({ killing: true }, 202);
  }

  function stream(request, reply) {
    const staff = request.headers.authorization === `Bearer ${STAFF_TOKEN}`;
    if (request.headers.authorization && !staff) return reply.writeHead(401).end();
    reply.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    reply.write(': live\n\n');
    const listener = { reply, staff };
    shop.streams.add(listener);
    return request.on('close', () => shop.streams.delete(listener));
  }

  const server = createServer((request, reply) => {
    const url = new URL(request.url, 'http://localhost');
    const page = pages.get(url.pathname === '/' ? '/index.html' : url.pathname);
    if (page) {
      const kind = KINDS[extname(url.pathname)] ?? 'text/html; charset=utf-8';
      return reply.writeHead(200, { 'Content-Type': kind, 'Content-Security-Policy': POLICY }).end(page);
    }
    if (url.pathname === '/v1/stream') return stream(request, reply);
    let text = '';
    request.on('data', (piece) => (text += piece));
    return request.on('end', () => {
      const body = text ? JSON.parse(text) : undefined;
      const session = url.searchParams.get('session');
      const key = request.headers['idempotency-key'];
      requests.push({ method: request.method, path: url.pathname, body, key, session });
      meanwhile.get(url.pathname)?.();
      meanwhile.delete(url.pathname);
      const answer = shop.route(request, url.pathname, url.searchParams, body, kill);
      if (lost.has(url.pathname)) return request.socket.destroy();
      const kind = answer.status >= 400 ? 'application/problem+json' : 'application/json';
      const say = () => reply.writeHead(answer.status, { 'Content-Type': kind }).end(JSON.stringify(answer.body));
      return LATE_MS > 0 ? setTimeout(say, Math.random() * LATE_MS) : say();
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise((done) => server.listen(port, '127.0.0.1', done));
  port = server.address().port;
  const ticker = setInterval(() => shop.expire(), 50);

  return {
    url: `http://127.0.0.1:${port}`, shop, requests, lost, meanwhile, killed: () => killed,
    set_price(slug, sku, amount) {
      const drop = shop.find(slug);
      const entry = shop.line(drop, sku);
      entry.price = gbp(amount);
      shop.say('price', { drop: drop.id, sku, channel: 'web', price: entry.price });
      const made = shop.decide(drop, entry, 'bandit', 0, shop.now(), { price: entry.price, propensity: 0.7 });
      shop.say('decision', made, true);
    },
    take(slug, sku, units) {
      const drop = shop.find(slug);
      shop.line(drop, sku).sold += units;
      shop.say_available(drop, shop.line(drop, sku));
    },
    start_again: () => new Promise((done) => server.listen(port, '127.0.0.1', done)),
    async stop() {
      clearInterval(ticker);
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => (server.listening ? server.close(done) : done()));
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const at = (name) => process.argv.indexOf(name);
  const word = (name, otherwise) => (at(name) > 0 ? process.argv[at(name) + 1] : otherwise);
  const mock = await start_mock({
    scenario: word('--scenario', 'live'), port: Number(word('--port', '8080')), simulated: true, speed: 60,
  });
  console.log(`${mock.url}  staff: ${mock.url}/#token=${STAFF_TOKEN}`);
}
