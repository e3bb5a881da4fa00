// How an order stands, in the words of its buyer: a head with its shape, and one sentence on what comes next.
import { money } from './money';
import type { Money, Order } from './types';

export interface Standing {
  head: string;
  more: string;
  shape: 'check' | 'ring' | 'dot' | 'cross';
  tone: '' | 'ok' | 'warn';
}

const some = (value: Money | null | undefined): value is Money => Boolean(value && value.amount > 0);

/** `place`: the name of where it is picked up, or empty. */
export function standing(order: Order, place: string): Standing {
  const by = order.payment?.method ?? '';
  const at = place ? ` at ${place}` : '';
  const pickup = (order.promise?.method ?? 'pickup') === 'pickup';
  const back = some(order.refunded) ? money(order.refunded) : '';
  if (order.status === 'cancelled') {
    const paid = some(order.paid) ? `${money(order.paid)} goes back the way it came.` : 'Nothing was charged.';
    return { head: 'Called off', more: paid, shape: 'cross', tone: '' };
  }
  if (order.refund_state === 'fully') {
    return { head: 'Refunded', more: `${back} went back the way it came.`, shape: 'check', tone: '' };
  }
  const also = order.refund_state === 'partly' ? ` ${back} of it was refunded.` : '';
  const say = (head: string, more: string, shape: Standing['shape'], tone: Standing['tone']): Standing => ({
    head,
    more: more + also,
    shape,
    tone,
  });
  const unpaid = by === 'pay_at_pickup' && !some(order.paid);
  switch (order.status) {
    case 'awaiting_payment':
      if (by === 'bank_transfer')
        return say('Yours once it is paid', 'The shop waits for your transfer.', 'ring', 'warn');
      if (by === 'stripe') return say('Yours', 'The payment is being completed.', 'check', 'ok');
      return say('Yours', at ? `You pick it up${at}.` : '', 'check', 'ok');
    case 'paid':
      if (!pickup) return say('Paid', 'The shop packs it.', 'check', 'ok');
      return say('Paid', `The shop gets it ready${at ? `, to pick up${at}` : ''}.`, 'check', 'ok');
    case 'ready':
      if (!pickup) return say('Packed', 'The carrier takes it next.', 'check', 'ok');
      return say('Ready to pick up', `It waits for you${at}.${unpaid ? ' You pay there.' : ''}`, 'check', 'ok');
    case 'shipped':
      return say('On its way', 'The carrier has it.', 'dot', 'ok');
    case 'delivered':
      return say('Delivered', 'It has arrived.', 'check', 'ok');
    case 'handed_over':
      return say('Picked up', 'Thank you.', 'check', 'ok');
    default:
      return say(order.status.replaceAll('_', ' '), '', 'dot', '');
  }
}

/** The end of "Order 2231: …, £36.00, …": how it is paid. */
export function how_paid(order: Order): string {
  const by = order.payment?.method ?? 'pay_at_pickup';
  if (order.status === 'cancelled') return 'called off.';
  if (by === 'bank_transfer') return 'by bank transfer.';
  if (by === 'stripe') return order.status === 'awaiting_payment' ? 'the payment is being completed.' : 'paid.';
  return some(order.paid) ? 'paid.' : 'to pay at pick-up.';
}

/** May its buyer still call it off? The shop decides; these are the states in which it can. */
export function can_cancel(order: Order): boolean {
  return ['awaiting_payment', 'paid', 'ready'].includes(order.status) && order.refund_state !== 'fully';
}
