// A stand-in for Stripe on loopback, strict about what it is asked: form encoding, known parameters only and each of its
// type, Idempotency-Key on every POST with Stripe's own rule (same key, same parameters: the stored answer; others:
// idempotency_error), the API version, the key. It builds and signs its events with the npm package `stripe`, so that a
// mistake of ours about signatures cannot pass on both sides. What a buyer or the weather does is asked for under
// /test/…; nothing of that is Stripe's.
//
//   node fake_stripe.mjs            prints {"port": N}; ends with its standard input
import http from 'node:http';
import https from 'node:https';
import { readFileSync } from 'node:fs';
import Stripe from 'stripe';

const KEY = process.env.FAKE_STRIPE_KEY ?? 'sk_test_fake';
const VERSION = '2025-02-24.acacia';
const signer = new Stripe(KEY);
const state = {
  sessions: new Map(), intents: new Map(), refunds: [], stored: new Map(), requests: [], events: [],
  weather: [], next: 1, calls: {}, lines: new Set(), connections: 0,
};

class Refused extends Error {
  constructor(status, code, type = 'invalid_request_error', message = code) {
    super(message);
    Object.assign(this, { status, code, type });
  }
}

// -- parameters ---------------------------------------------------------------------------------------------------------

const whole = (least) => (text) => {
  if (!/^-?\d{1,12}$/.test(text) || Number(text) < least) throw new Refused(400, 'parameter_invalid_integer');
  return Number(text);
};
const word = (...words) => (text) => {
  if (!words.includes(text)) throw new Refused(400, 'parameter_unknown_value');
  return text;
};
const text = (most) => (value) => {
  if (value === '') throw new Refused(400, 'parameter_invalid_empty');
  if ([...value].length > most) throw new Refused(400, 'parameter_too_long');
  return value;
};
const url = (value) => {
  if (!/^https?:\/\/[^\s]+$/.test(value)) throw new Refused(400, 'url_invalid');
  return text(5000)(value);
};
const SHAPES = {
  session: [
    [/^mode$/, word('payment')], [/^client_reference_id$/, text(200)],
    [/^metadata\[\w{1,40}\]$/, text(500)],
    [/^payment_intent_data\[capture_method\]$/, word('manual', 'automatic', 'automatic_async')],
    [/^payment_intent_data\[metadata\]\[\w{1,40}\]$/, text(500)],
    [/^line_items\[\d{1,2}\]\[quantity\]$/, whole(1)],
    [/^line_items\[\d{1,2}\]\[price_data\]\[currency\]$/, (v) => {
      if (!/^[a-z]{3}$/.test(v)) throw new Refused(400, 'parameter_invalid');
      return v;
    }],
    [/^line_items\[\d{1,2}\]\[price_data\]\[unit_amount\]$/, whole(0)],
    [/^line_items\[\d{1,2}\]\[price_data\]\[product_data\]\[name\]$/, text(250)],
    [/^expires_at$/, whole(1)], [/^success_url$/, url], [/^cancel_url$/, url],
  ],
  // Made by hand, without a page: what the suite does in place of a buyer (contract.mjs).
  intent: [
    [/^amount$/, whole(1)], [/^currency$/, word('gbp', 'jpy')], [/^confirm$/, word('true')],
    [/^payment_method$/, word('pm_card_visa')], [/^payment_method_types\[0\]$/, word('card')],
    [/^capture_method$/, word('manual')], [/^metadata\[\w{1,40}\]$/, text(500)],
  ],
  expire: [],
  capture: [[/^amount_to_capture$/, whole(1)]],
  cancel: [],
  refund: [[/^payment_intent$/, text(100)], [/^amount$/, whole(1)], [/^metadata\[\w{1,40}\]$/, text(500)]],
};

// Strict on purpose: what a lenient parser would forgive is a mistake of ours.
function read_form(body, shape) {
  const out = new Map();
  for (const pair of body === '' ? [] : body.split('&')) {
    const at = pair.indexOf('=');
    if (at <= 0) throw new Refused(400, 'form_malformed');
    const [name, value] = [pair.slice(0, at), pair.slice(at + 1)].map((part) => {
      if (/[^A-Za-z0-9\-._~%+[\]]/.test(part))  // the library leaves brackets as they are
        throw new Refused(400, 'form_not_encoded');
      try {
        return decodeURIComponent(part.replaceAll('+', ' '));
      } catch {
        throw new Refused(400, 'form_not_utf8');
      }
    });
    if (out.has(name)) throw new Refused(400, 'parameter_twice');
    const known = SHAPES[shape].find(([pattern]) => pattern.test(name));
    if (!known) throw new Refused(400, 'parameter_unknown', 'invalid_request_error', `Received unknown parameter: ${name}`);
    out.set(name, known[1](value));
  }
  return out;
}

const under = (form, head) => Object.fromEntries([...form].filter(([name]) => name.startsWith(`${head}[`) &&
  name.slice(head.length).match(/^\[\w+\]$/)).map(([name, value]) => [name.slice(head.length + 1, -1), value]));

// -- what Stripe does ---------------------------------------------------------------------------------------------------

const id = (prefix) => `${prefix}_test_${String(state.next++).padStart(8, '0')}`;

function shown(session, expand) {
  const intent = session.payment_intent && state.intents.get(session.payment_intent);
  return { ...session, payment_intent: expand && intent ? intent : session.payment_intent };
}

function create_session(form) {
  const now = Math.floor(Date.now() / 1000);
  const ends = form.get('expires_at') ?? now + 86_400;
  if (ends < now + 30 * 60 - 5 || ends > now + 86_400) throw new Refused(400, 'expires_at_out_of_range');
  if (form.get('mode') !== 'payment' || !form.get('success_url')) throw new Refused(400, 'parameter_missing');
  let total = 0, currency = '';
  const items = new Set([...form.keys()].map((name) => name.match(/^line_items\[(\d+)\]/)?.[1]).filter(Boolean));
  for (const index of items) {
    const of = (rest) => form.get(`line_items[${index}]${rest}`);
    if (!of('[price_data][currency]') || of('[quantity]') === undefined || !of('[price_data][product_data][name]') ||
        of('[price_data][unit_amount]') === undefined) throw new Refused(400, 'parameter_missing');
    if (currency && currency !== of('[price_data][currency]')) throw new Refused(400, 'currency_mixed');
    currency = of('[price_data][currency]');
    total += of('[quantity]') * of('[price_data][unit_amount]');
  }
  if (items.size === 0) throw new Refused(400, 'parameter_missing');
  if (total < 30) throw new Refused(400, 'amount_too_small');
  const session = {
    id: id('cs'), object: 'checkout.session', mode: 'payment', status: 'open', payment_status: 'unpaid',
    amount_total: total, currency, client_reference_id: form.get('client_reference_id') ?? null,
    metadata: under(form, 'metadata'), payment_intent: null, expires_at: ends, livemode: false,
    success_url: form.get('success_url'), url: `http://127.0.0.1:${port}/pay/`,
  };
  session.url += session.id;
  session.hidden = {
    manual: form.get('payment_intent_data[capture_method]') === 'manual',
    metadata: under(form, 'payment_intent_data[metadata]'),
  };
  Object.defineProperty(session, 'hidden', { enumerable: false });
  state.sessions.set(session.id, session);
  return session;
}

function expire_session(session) {
  if (session.status !== 'open')
    throw new Refused(400, undefined, 'invalid_request_error',
      'Only Checkout Sessions with a status in ["open"] can be expired.');
  session.status = 'expired';
  session.url = null;
  emit('checkout.session.expired', session);
  return session;
}

function create_intent(form) {
  for (const name of ['amount', 'currency', 'confirm', 'payment_method'])
    if (!form.has(name)) throw new Refused(400, 'parameter_missing');
  const intent = {
    id: id('pi'), object: 'payment_intent', status: 'requires_capture', amount: form.get('amount'),
    amount_capturable: form.get('amount'), amount_received: 0, currency: form.get('currency'),
    metadata: under(form, 'metadata'), capture_method: 'manual', livemode: false,
  };
  state.intents.set(intent.id, intent);
  emit('payment_intent.amount_capturable_updated', intent);
  return intent;
}

function capture(intent, form) {
  if (intent.status !== 'requires_capture') throw new Refused(400, 'payment_intent_unexpected_state');
  const amount = form.get('amount_to_capture') ?? intent.amount_capturable;
  if (amount > intent.amount_capturable) throw new Refused(400, 'amount_too_large');
  Object.assign(intent, { status: 'succeeded', amount_received: amount, amount_capturable: 0 });
  state.calls.captured = (state.calls.captured ?? 0) + 1;
  emit('payment_intent.succeeded', intent);
  return intent;
}

function cancel(intent) {
  if (!['requires_capture', 'requires_payment_method'].includes(intent.status))
    throw new Refused(400, 'payment_intent_unexpected_state');
  Object.assign(intent, { status: 'canceled', amount_capturable: 0 });
  emit('payment_intent.canceled', intent);
  return intent;
}

function refund(form) {
  const intent = state.intents.get(form.get('payment_intent'));
  if (!intent) throw new Refused(404, 'resource_missing');
  if (intent.status !== 'succeeded') throw new Refused(400, 'charge_not_captured');
  const before = state.refunds.filter((one) => one.payment_intent === intent.id &&
    one.status !== 'failed').reduce((sum, one) => sum + one.amount, 0);
  const amount = form.get('amount') ?? intent.amount_received - before;
  if (before + amount > intent.amount_received) throw new Refused(400, 'charge_already_refunded');
  const made = {
    id: id('re'), object: 'refund', amount, currency: intent.currency, payment_intent: intent.id, status: 'succeeded',
    metadata: under(form, 'metadata'),
  };
  state.refunds.push(made);
  return made;
}

function route(method, path, query, body) {
  const found = (pattern) => path.match(pattern);
  const need = (table, key) => {
    const one = table.get(key);
    if (!one) throw new Refused(404, 'resource_missing');
    return one;
  };
  let m;
  if (method === 'POST' && path === '/v1/checkout/sessions') return create_session(read_form(body, 'session'));
  if ((m = found(/^\/v1\/checkout\/sessions\/(\w+)$/)) && method === 'GET') {
    for (const [name, value] of query)
      if (!/^expand\[\d?\]$/.test(name) || value !== 'payment_intent') throw new Refused(400, 'parameter_unknown');
    return shown(need(state.sessions, m[1]), [...query.keys()].length > 0);
  }
  if ((m = found(/^\/v1\/checkout\/sessions\/(\w+)\/expire$/)) && method === 'POST')
    return read_form(body, 'expire') && expire_session(need(state.sessions, m[1]));
  if (method === 'POST' && path === '/v1/payment_intents') return create_intent(read_form(body, 'intent'));
  if ((m = found(/^\/v1\/payment_intents\/(\w+)$/)) && method === 'GET') return need(state.intents, m[1]);
  if ((m = found(/^\/v1\/payment_intents\/(\w+)\/capture$/)) && method === 'POST')
    return capture(need(state.intents, m[1]), read_form(body, 'capture'));
  if ((m = found(/^\/v1\/payment_intents\/(\w+)\/cancel$/)) && method === 'POST')
    return read_form(body, 'cancel') && cancel(need(state.intents, m[1]));
  if (method === 'POST' && path === '/v1/refunds') return refund(read_form(body, 'refund'));
  if (method === 'GET' && path === '/v1/refunds')
    return { object: 'list', data: state.refunds.filter((one) => one.payment_intent === query.get('payment_intent')) };
  if (method === 'GET' && path === '/v1/events') {
    const data = state.events.filter((one) => !query.get('type') || one.type === query.get('type')).reverse();
    return { object: 'list', data: data.slice(0, Number(query.get('limit') ?? 10)), has_more: false, url: path };
  }
  throw new Refused(404, 'url_unknown');
}

// -- a request as Stripe takes it -----------------------------------------------------------------------------------------

const error_of = (refused) => ({ error: { type: refused.type, code: refused.code, message: refused.message } });

function answer(request, body) {
  const { method } = request;
  const at = new URL(request.url, 'http://x');
  if (request.headers.authorization !== `Bearer ${KEY}`)
    return { status: 401, body: { error: { type: 'invalid_request_error', message: `Invalid API Key provided: ${KEY}` } } };
  if (request.headers['stripe-version'] !== VERSION) return { status: 400, body: error_of(new Refused(400, 'version')) };
  if (method !== 'POST') {
    try {
      return { status: 200, body: route(method, at.pathname, at.searchParams, body) };
    } catch (refused) {
      return { status: refused.status ?? 500, body: error_of(refused) };
    }
  }
  const key = request.headers['idempotency-key'];
  if (request.headers['content-type'] !== 'application/x-www-form-urlencoded' || !key || key.length > 255)
    return { status: 400, body: error_of(new Refused(400, 'header_missing')) };
  const what = `${at.pathname}\n${body}`;
  const known = state.stored.get(key);
  if (known) {
    if (known.what !== what)
      return { status: 400, body: error_of(new Refused(400, 'idempotency_key_in_use', 'idempotency_error')) };
    return { ...known.answer, replayed: true };
  }
  let made;
  try {
    made = { status: 200, body: structuredClone(route(method, at.pathname, at.searchParams, body)) };
  } catch (refused) {
    if (!(refused instanceof Refused)) throw refused;
    made = { status: refused.status, body: error_of(refused) };
  }
  state.stored.set(key, { what, answer: made });
  return made;
}

// -- events -----------------------------------------------------------------------------------------------------------------

function emit(type, object) {
  const event = {
    id: id('evt'), object: 'event', type, api_version: VERSION, created: Math.floor(Date.now() / 1000),
    livemode: false, pending_webhooks: 1, data: { object: structuredClone(object) },
  };
  state.events.push(event);
  return event;
}

function sign(payload, secret, timestamp) {
  return signer.webhooks.generateTestHeaderString({ payload, secret, ...(timestamp ? { timestamp } : {}) });
}

// -- what a test may do -----------------------------------------------------------------------------------------------------

function pay(session, hand) {
  if (session.status !== 'open') return { refused: session.status };
  const intent = {
    id: id('pi'), object: 'payment_intent', status: session.hidden.manual ? 'requires_capture' : 'succeeded',
    amount: session.amount_total, amount_capturable: session.hidden.manual ? session.amount_total : 0,
    amount_received: session.hidden.manual ? 0 : session.amount_total, currency: session.currency,
    metadata: session.hidden.metadata, capture_method: session.hidden.manual ? 'manual' : 'automatic',
  };
  state.intents.set(intent.id, intent);
  Object.assign(session, { status: 'complete', payment_intent: intent.id, url: null });
  const events = [emit('payment_intent.amount_capturable_updated', intent), emit('checkout.session.completed', session)];
  if (hand) capture(intent, new Map());
  return { intent: intent.id, events: events.map((event) => event.id) };
}

const TEST = {
  '/test/state': () => ({
    sessions: [...state.sessions.values()], intents: [...state.intents.values()], refunds: state.refunds,
    requests: state.requests, events: state.events.map(({ id: name, type }) => ({ id: name, type })), calls: state.calls,
    connections: state.connections,
  }),
  // Closes every connection that calls came on, as a server does with those that it does not want to keep.
  '/test/hang_up': () => {
    for (const line of state.lines) line.end();
    return { closed: state.lines.size };
  },
  '/test/pay': ({ session, by_hand }) => pay(state.sessions.get(session), by_hand),
  '/test/signed': ({ event, secret, timestamp }) => {
    const payload = JSON.stringify(state.events.find((one) => one.id === event));
    return { payload, header: sign(payload, secret, timestamp) };
  },
  // Each of the next requests whose path holds `match`: hang N ms; do it and lose the answer; refuse with a status
  // before or after doing it.
  '/test/weather': ({ weather }) => ((state.weather = weather), {}),
  '/test/cancel_intent': ({ intent }) => cancel(state.intents.get(intent)),
  // The buyer's bank sends it back, days later.
  '/test/fail_refund': ({ refund: name, reason }) => {
    const one = state.refunds.find((known) => known.id === name);
    Object.assign(one, { status: 'failed', failure_reason: reason });
    return { events: ['refund.failed', 'charge.refund.updated'].map((type) => emit(type, one).id) };
  },
  '/test/forget_keys': () => (state.stored.clear(), {}),
};

async function serve(request, response) {
  const parts = [];
  for await (const part of request) parts.push(part);
  const body = Buffer.concat(parts).toString('utf8');
  const reply = (status, value, headers = {}) => {
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
    response.end(JSON.stringify(value));
  };
  const test = TEST[request.url];
  if (test) return reply(200, test(body ? JSON.parse(body) : {}));
  if (!state.lines.has(request.socket)) {
    state.lines.add(request.socket);
    state.connections += 1;
    request.socket.on('close', () => state.lines.delete(request.socket));
  }
  const weather = state.weather.find((one) => (one.times ?? 1) > 0 && `${request.method} ${request.url}`.includes(one.match));
  if (weather) weather.times = (weather.times ?? 1) - 1;
  state.requests.push({
    method: request.method, url: request.url, body, at: Date.now(), key: request.headers['idempotency-key'] ?? null,
    version: request.headers['stripe-version'], content_type: request.headers['content-type'] ?? null,
  });
  if (weather?.status && !weather.after) return reply(weather.status, { error: { type: 'api_error', code: weather.code } });
  if (weather?.hang_ms && !weather.after) await new Promise((done) => setTimeout(done, weather.hang_ms));
  const made = answer(request, body);
  if (weather?.status && weather.after) {
    const stored = state.stored.get(request.headers['idempotency-key']);
    if (stored) stored.answer = { status: weather.status, body: { error: { type: 'api_error' } } };
    return reply(weather.status, { error: { type: 'api_error' } });
  }
  if (weather?.lose) return response.destroy();
  if (weather?.hang_ms && weather.after) await new Promise((done) => setTimeout(done, weather.hang_ms));
  return reply(made.status, made.body, made.replayed ? { 'Idempotent-Replayed': 'true' } : {});
}

const handler = (request, response) => serve(request, response).catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  response.destroy();
});
const tls = process.env.FAKE_STRIPE_CERT;
const server = tls
  ? https.createServer({ cert: readFileSync(tls), key: readFileSync(process.env.FAKE_STRIPE_CERT_KEY) }, handler)
  : http.createServer(handler);
server.keepAliveTimeout = 60_000;
let port = 0;
server.listen(0, '127.0.0.1', () => {
  port = server.address().port;
  process.stdout.write(`${JSON.stringify({ port })}\n`);
});
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
