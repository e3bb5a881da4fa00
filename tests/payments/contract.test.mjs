// What the shop relies on at Stripe, asked by Stripe's own npm package, without a buyer: the same cases against the stand-in
// and, with STRIPE_TEST_KEY, against Stripe's sandbox, so that the stand-in cannot drift from what it stands for. Started
// by sandbox.py, which says in CONTRACT_PORT where the stand-in is; without it these go to api.stripe.com.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import Stripe from 'stripe';

const port = Number(process.env.CONTRACT_PORT ?? 0);
const key = process.env.CONTRACT_KEY ?? '';
assert.match(key, /^(sk|rk)_test_/, 'a key of the sandbox: with any other nothing is asked');
const SECRET = 'whsec_of_this_test';
const SETTINGS = { maxNetworkRetries: port ? 0 : 2, telemetry: false, apiVersion: '2025-02-24.acacia' };
const at = (its_key) =>
  new Stripe(its_key, port ? { ...SETTINGS, host: '127.0.0.1', port, protocol: 'http' } : SETTINGS);
const stripe = at(key);
const once = () => ({ idempotencyKey: `dropsmith-contract-${randomUUID()}` });
const mark = `contract-${randomUUID()}`;

const words = (more = {}) => ({
  mode: 'payment', client_reference_id: mark, metadata: { dropsmith_checkout: mark },
  payment_intent_data: { capture_method: 'manual', metadata: { dropsmith_checkout: mark } },
  line_items: [{ quantity: 1, price_data: { currency: 'gbp', unit_amount: 5980, product_data: { name: '2 × Vase' } } }],
  expires_at: Math.floor(Date.now() / 1000) + 3600,
  success_url: 'https://shop.example/back', cancel_url: 'https://shop.example/back', ...more,
});
/** Money that a card stands for, as a page leaves it: authorised, not captured. */
const authorised = (amount, currency = 'gbp') =>
  stripe.paymentIntents.create({
    amount, currency, confirm: true, payment_method: 'pm_card_visa', payment_method_types: ['card'],
    capture_method: 'manual', metadata: { dropsmith_checkout: mark },
  }, once());
const refused = async (asked, status, code) => {
  const error = await asked.then(() => assert.fail('it was not refused'), (caught) => caught);
  assert.equal(error.statusCode, status, error.message);
  if (code) assert.equal(error.code, code, error.message);
  return error;
};

test('a page is made, seen open, closed, and not closed twice', async () => {
  const made = await stripe.checkout.sessions.create(words(), once());
  assert.deepEqual(
    [made.object, made.status, made.payment_status, made.amount_total, made.currency, made.client_reference_id],
    ['checkout.session', 'open', 'unpaid', 5980, 'gbp', mark]);
  assert.match(made.url, /^https?:/);
  assert.equal(made.livemode, false);
  const seen = await stripe.checkout.sessions.retrieve(made.id, { expand: ['payment_intent'] });
  assert.deepEqual([seen.id, seen.status, seen.metadata.dropsmith_checkout], [made.id, 'open', mark]);
  assert.equal((await stripe.checkout.sessions.expire(made.id, {}, once())).status, 'expired');
  await refused(stripe.checkout.sessions.expire(made.id, {}, once()), 400);
  const over = await stripe.checkout.sessions.retrieve(made.id, { expand: ['payment_intent'] });
  assert.deepEqual([over.status, over.url], ['expired', null]);
});

test('the same key and words: the same page; the same key and other words: refused', async () => {
  const [asked, wish] = [once(), words()];
  const first = await stripe.checkout.sessions.create(wish, asked);
  const again = await stripe.checkout.sessions.create(wish, asked);
  assert.equal(again.id, first.id);
  assert.equal(again.lastResponse.headers['idempotent-replayed'], 'true');
  const error = await refused(stripe.checkout.sessions.create({ ...wish, client_reference_id: 'other' }, asked), 400);
  assert.equal(error.rawType ?? error.type, 'idempotency_error');
  await stripe.checkout.sessions.expire(first.id, {}, once());
});

test('an end too near and a parameter that is none are refused', async () => {
  await refused(stripe.checkout.sessions.create(words({ expires_at: Math.floor(Date.now() / 1000) + 60 }), once()), 400);
  await refused(stripe.checkout.sessions.create(words({ colour: 'blue' }), once()), 400, 'parameter_unknown');
});

test('a wrong key is 401 and nothing else', async () => {
  const error = await refused(at('sk_test_wrong').checkout.sessions.retrieve('cs_test_none'), 401);
  assert.equal(error.rawType ?? error.type, 'invalid_request_error');
});

test('what is not there is 404', async () => {
  await refused(stripe.paymentIntents.retrieve('pi_none'), 404, 'resource_missing');
  await refused(stripe.checkout.sessions.retrieve('cs_test_none'), 404, 'resource_missing');
});

test('authorised, captured, and given back in parts to the last penny', async () => {
  const intent = await authorised(5981);
  assert.deepEqual([intent.status, intent.amount_capturable, intent.amount_received, intent.currency],
    ['requires_capture', 5981, 0, 'gbp']);
  await refused(stripe.paymentIntents.capture(intent.id, { amount_to_capture: 5982 }, once()), 400, 'amount_too_large');
  const asked = once();
  const captured = await stripe.paymentIntents.capture(intent.id, { amount_to_capture: 5981 }, asked);
  assert.deepEqual([captured.status, captured.amount_received, captured.amount_capturable], ['succeeded', 5981, 0]);
  const again = await stripe.paymentIntents.capture(intent.id, { amount_to_capture: 5981 }, asked);
  assert.deepEqual([again.status, again.amount_received], ['succeeded', 5981], 'the stored answer');
  await refused(stripe.paymentIntents.capture(intent.id, {}, once()), 400, 'payment_intent_unexpected_state');
  await refused(stripe.paymentIntents.cancel(intent.id, {}, once()), 400, 'payment_intent_unexpected_state');
  const parts = [1, 1993, 3987];
  for (const amount of parts) {
    const metadata = { dropsmith_checkout: mark, dropsmith_refund: `part-${amount}` };
    const back = await stripe.refunds.create({ payment_intent: intent.id, amount, metadata }, once());
    assert.deepEqual([back.object, back.amount, back.currency, back.payment_intent], ['refund', amount, 'gbp', intent.id]);
    assert.ok(['succeeded', 'pending'].includes(back.status), back.status);
  }
  await refused(stripe.refunds.create({ payment_intent: intent.id, amount: 1 }, once()), 400, 'charge_already_refunded');
  const listed = await stripe.refunds.list({ payment_intent: intent.id, limit: 100 });
  assert.deepEqual(listed.data.map((one) => one.amount).sort((a, b) => a - b), parts);
  assert.equal(listed.data.reduce((sum, one) => sum + one.amount, 0), captured.amount_received);
  assert.ok(listed.data.every((one) => one.metadata.dropsmith_refund === `part-${one.amount}`));
});

test('less is captured when the price fell; what is let go cannot be captured', async () => {
  const less = await authorised(5980);
  const captured = await stripe.paymentIntents.capture(less.id, { amount_to_capture: 4000 }, once());
  assert.deepEqual([captured.status, captured.amount_received], ['succeeded', 4000]);
  await refused(stripe.refunds.create({ payment_intent: less.id, amount: 4001 }, once()), 400);
  const gone = await authorised(700);
  const cancelled = await stripe.paymentIntents.cancel(gone.id, {}, once());
  assert.deepEqual([cancelled.status, cancelled.amount_capturable], ['canceled', 0]);
  await refused(stripe.paymentIntents.capture(gone.id, {}, once()), 400, 'payment_intent_unexpected_state');
});

test('a currency without small coins is counted in whole ones', async () => {
  const intent = await authorised(1200, 'jpy');
  assert.deepEqual([intent.amount, intent.amount_capturable, intent.currency], [1200, 1200, 'jpy']);
  await stripe.paymentIntents.cancel(intent.id, {}, once());
});

test('an event, fetched and signed with a secret of ours, is taken by the library; bent it is not', async () => {
  const intent = await authorised(900);
  let event;
  for (const end = Date.now() + 60_000; !event; ) {
    const { data } = await stripe.events.list({ type: 'payment_intent.amount_capturable_updated', limit: 50 });
    event = data.find((one) => one.data.object.id === intent.id);
    assert.ok(event || Date.now() < end, 'no event tells of the payment');
    if (!event) await new Promise((done) => setTimeout(done, 1000));
  }
  assert.deepEqual([event.object, event.livemode, event.data.object.metadata.dropsmith_checkout], ['event', false, mark]);
  const payload = JSON.stringify(event);
  const header = stripe.webhooks.generateTestHeaderString({ payload, secret: SECRET });
  assert.equal(stripe.webhooks.constructEvent(payload, header, SECRET).id, event.id);
  const bent = payload.replace('"amount":900', '"amount":901');
  assert.notEqual(bent, payload);
  assert.throws(() => stripe.webhooks.constructEvent(bent, header, SECRET), /signature/);
  assert.throws(() => stripe.webhooks.constructEvent(payload, header, 'whsec_other'), /signature/);
  await stripe.paymentIntents.cancel(intent.id, {}, once());
});
