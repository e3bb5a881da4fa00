// What Stripe's own library sends for the calls that the shop makes, against the stand-in: the judge of our encoding,
// and of the stand-in's strictness. node library.mjs PORT KEY 'JSON of a session's parameters'
import Stripe from 'stripe';

const [port, key, words] = process.argv.slice(2);
const stripe = new Stripe(key, { host: '127.0.0.1', port: Number(port), protocol: 'http', maxNetworkRetries: 0,
  telemetry: false, apiVersion: '2025-02-24.acacia' });
const session = await stripe.checkout.sessions.create(JSON.parse(words), { idempotencyKey: `library-${process.pid}` });
const seen = await stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent'] });
const closed = await stripe.checkout.sessions.expire(session.id, {}, { idempotencyKey: `library-x-${process.pid}` });
process.stdout.write(JSON.stringify({ session: session.id, status: seen.status, closed: closed.status }));
